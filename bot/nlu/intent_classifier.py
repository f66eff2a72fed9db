"""A Rasa intent classifier: what the customer wants, how sure that is, and whether it is ours."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.foundation import FoundationMissing
from bot.nlu.intent_model import IntentModel, ModelMismatch, Options, Reading
from bot.nlu.message_vector import CLASSIFIER
from bot.nlu.sentence_encoder import BACKENDS
from bot.nlu.sentence_models import DEFAULT, UnknownModel
from bot.nlu.training import NothingToLearn

_log = logging.getLogger(__name__)
Ranking = list[tuple[str, float]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):
    """Sets `intent` and `intent_ranking` by a fine-tuned sentence model and a linear one.

    The first of the ranking is the decision: an intent, `out_of_scope` for what is clearly none of
    ours, or `nlu_fallback` where no reading is sure enough (the best guess comes second then).
    Other components classify texts of their own with `classify`.
    """

    def __init__(self, config: dict[str, Any], model: IntentModel | None, where: Resource) -> None:
        self._config = config
        self._model = model
        self._where = where
        self._storage: ModelStorage | None = None  # only while training

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings.

        `quality`: `best` fine-tunes the sentence model, `fast` trains in seconds without.
        `epochs`: how often `best` goes through the sentences, unless as suits their number.
        `foundation`: a folder of NLU files that the sentence model is taught first, where there are
        fewer than 100 sentences an intent.
        `ask_below`: readings less probable than this become `nlu_fallback`.
        `out_of_scope`: the intent of sentences that are none of ours. `ranking_length`: how many
        intents a ranking has. `model`, `backend`: as SentenceEmbedder has them. `seed`.
        """
        return {
            "quality": "best",
            "epochs": None,
            "ask_below": 0.4,
            "out_of_scope": "out_of_scope",
            "ranking_length": 10,
            "model": DEFAULT,
            "backend": "onnx",
            "foundation": None,
            "seed": 1,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Check the settings. Raises: InvalidConfigException that names the wrong one."""
        choices = {"quality": ("best", "fast"), "backend": BACKENDS}
        for key, allowed in choices.items():
            if config[key] not in allowed:
                raise InvalidConfigException(
                    f"{key} of IntentClassifier must be one of {', '.join(allowed)}, "
                    f"not {config[key]!r}."
                )
        epochs = config["epochs"]
        if epochs is not None and (not isinstance(epochs, int) or epochs < 1):
            raise InvalidConfigException("epochs of IntentClassifier must be at least 1.")
        if not isinstance(config["ask_below"], (int, float)) or not 0 <= config["ask_below"] <= 1:
            raise InvalidConfigException("ask_below of IntentClassifier must be between 0 and 1.")

    @classmethod
    def required_components(cls) -> list[type]:
        """None: texts are encoded here where no SentenceEmbedder did it."""
        return []

    @staticmethod
    def required_packages() -> list[str]:
        """Packages which must be installed for this component to run."""
        return ["onnxruntime", "tokenizers", "sklearn"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Build the component for training."""
        cls.validate_config(config)
        classifier = cls(config, None, resource)
        classifier._storage = model_storage
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Train on all examples with an intent. Raises: InvalidConfigException when few."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        labels = [one.get(INTENT) for one in examples]
        outside = self._config["out_of_scope"]
        options = Options(
            seed=self._config["seed"],
            fine_tune=self._config["quality"] == "best",
            epochs=self._config["epochs"],
            model=self._config["model"],
            backend=self._config["backend"],
            oos_label=outside if outside in labels else None,
            foundation=self._config["foundation"],
        )
        labelled = [one.get(TEXT) for one in examples], labels
        if self._storage is None:
            raise RuntimeError("Only a component built by `create` can be trained.")
        try:
            with self._storage.write_to(self._where) as folder:
                self._model = IntentModel.fit(
                    labelled, options, Path(folder), progress=lambda step: _log.info("%s", step)
                )
        except (FoundationMissing, NothingToLearn, UnknownModel) as error:
            raise InvalidConfigException(str(error)) from error
        return self._where

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Build the component of a trained bot.

        Raises: InvalidConfigException when the bot was trained on another sentence model.
        """
        cls.validate_config(config)
        try:
            with model_storage.read_from(resource) as folder:
                return cls(config, IntentModel.load(Path(folder)), resource)
        except (ModelMismatch, UnknownModel) as error:
            raise InvalidConfigException(str(error)) from error

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking`; a message without text has no intent."""
        for message in messages:
            text = message.get(TEXT)
            ranking = self.classify([text], self._vectors(message))[0] if text else []
            named = [
                {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: sure} for name, sure in ranking
            ]
            nothing = {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
            message.set(INTENT, named[0] if named else nothing, add_to_output=True)
            message.set(INTENT_RANKING_KEY, named, add_to_output=True)
            message.set(CLASSIFIER, self)  # for components that read parts of the message
        return messages

    def classify(self, texts: Sequence[str], vectors: np.ndarray | None = None) -> list[Ranking]:
        """Rank the intents of texts: pairs of name and probability, the decision first.

        The first may be `nlu_fallback` (with the probability that the best guess is wrong) or
        the intent of what is out of scope; the others follow, most probable first.

        Args: vectors: general sentence vectors (n, d), where they are known already.
        """
        if self._model is None:
            raise RuntimeError("This IntentClassifier is neither trained nor loaded.")
        return [self._rank(reading) for reading in self._model.read(texts, vectors)]

    def _rank(self, reading: Reading) -> Ranking:
        inside = [(name, (1 - reading.outside) * sure) for name, sure in reading.intents]
        none_of_ours = (self._config["out_of_scope"], reading.outside)
        if reading.rejected:
            ranking = [none_of_ours, *inside]
        else:
            ranking = [inside[0], *sorted([*inside[1:], none_of_ours], key=lambda one: -one[1])]
            if inside[0][1] < self._config["ask_below"]:
                ranking = [(DEFAULT_NLU_FALLBACK_INTENT_NAME, 1 - inside[0][1]), *ranking]
        return ranking[: self._config["ranking_length"]]

    def _vectors(self, message: Message) -> np.ndarray | None:
        """Those of SentenceEmbedder, unless it is not there or uses another model."""
        _, sentence = message.get_dense_features(TEXT, [])
        if sentence is None or self._model is None:
            return None
        vectors = np.asarray(sentence.features, dtype=np.float32)
        return vectors if vectors.shape[1] == self._model.encoder.dimensions else None
