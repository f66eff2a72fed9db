"""How frustrated the customer who wrote this sounds: a fitted head on the sentence vector."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.frustration_features import FEATURES, surface
from bot.nlu.message_vector import said, sentence_vector
from bot.nlu.sentence_encoder import DIMENSIONS, model_version

FRUSTRATION = "frustration"
WEIGHTS = Path(__file__).with_name("frustration_weights")
_RECORD = "frustration.json"


@dataclass(frozen=True)
class FrustrationHead:
    """One version of the fitted weights, for the vectors of one sentence model."""

    version: str
    encoder: str
    bias: float
    surface: np.ndarray
    embedding: np.ndarray

    @classmethod
    def from_json(cls, text: str) -> FrustrationHead:
        """Read a weights file.

        Raises: InvalidConfigException naming what is missing, or that it was fitted on the vectors
            of another sentence model than the one that is installed.
        """
        try:
            raw: Mapping[str, Any] = json.loads(text)
            head = cls(
                raw["version"],
                raw["encoder"],
                float(raw["bias"]),
                np.array([raw["surface"][name] for name in FEATURES], dtype=np.float32),
                np.array(raw["embedding"], dtype=np.float32),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidConfigException(
                f"The frustration weights are not usable ({error!r}): "
                "fit them again with `python -m bot.fit_frustration`."
            ) from error
        if head.encoder != model_version() or head.embedding.shape != (DIMENSIONS,):
            raise InvalidConfigException(
                f"The frustration weights were fitted on {head.encoder}, but {model_version()} is "
                "installed: fit them again with `python -m bot.fit_frustration`."
            )
        return head

    def score(self, text: str, vector: np.ndarray) -> float:
        """Return the probability (0..1) that the writer of `text` is frustrated.

        Args: vector: the unit vector of the text, shape (384,).
        """
        logit = self.bias + self.surface @ surface(text) + self.embedding @ vector
        return 1 / (1 + math.exp(-float(np.clip(logit, -30, 30))))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FrustrationScorer(GraphComponent):
    """Adds `frustration` (0..1, three decimals) to the output of a parse.

    The weights are fitted apart from the bot, on messages of all kinds, and shipped: training
    copies the chosen version into the model, so that a model scores the same ever after. Texts
    without words (an empty one, a button's payload) score 0.
    """

    def __init__(
        self, head: FrustrationHead, config: dict[str, Any], storage: ModelStorage, where: Resource
    ) -> None:
        self._head = head
        self._config = config
        self._storage = storage
        self._resource = where

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`weights`: the name of a file in bot/nlu/frustration_weights/, without `.json`."""
        return {"weights": "v2"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FrustrationScorer:
        """Build the component with shipped weights.

        Raises: InvalidConfigException when there are none of that name.
        """
        return cls(_shipped(config["weights"]), config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Copy the weights into the model."""
        with self._storage.write_to(self._resource) as directory:
            (directory / _RECORD).write_text(_path(self._config["weights"]).read_text())
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FrustrationScorer:
        """Build the component of a trained bot, with the weights that are in the model."""
        with model_storage.read_from(resource) as directory:
            head = FrustrationHead.from_json((directory / _RECORD).read_text())
        return cls(head, config, model_storage, resource)

    def process(self, messages: list[Message]) -> list[Message]:
        """Score each message."""
        for message in messages:
            text = said(message)
            score = self._head.score(text, sentence_vector(message)) if text else 0.0
            message.set(FRUSTRATION, round(score, 3), add_to_output=True)
        return messages


def _path(name: str) -> Path:
    return WEIGHTS / f"{name}.json"


def _shipped(name: str) -> FrustrationHead:
    try:
        return FrustrationHead.from_json(_path(name).read_text())
    except FileNotFoundError as error:
        there = ", ".join(sorted(path.stem for path in WEIGHTS.glob("*.json")))
        raise InvalidConfigException(
            f"weights of FrustrationScorer is {name!r}, but there are only: {there}."
        ) from error
