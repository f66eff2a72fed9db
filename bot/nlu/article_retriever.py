"""Help articles by meaning: those which may answer a message, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import (
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.article_files import fingerprint, read_articles
from bot.nlu.article_index import ArticleIndex
from bot.nlu.message_vector import said, sentence_vector
from bot.nlu.sentence_encoder import model_version

ARTICLES = "articles"
_MODEL = "encoder.txt"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ArticleRetriever(GraphComponent):
    """Adds `articles` [{"slug", "score"}] to the output of a parse, best first.

    An article is found by its title, the questions that it lists and its answer. Those which
    answer the intents that are probable are preferred; it must come after the intent classifier.
    Below the floor nothing is named: a wrong article is worse than none.
    """

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, where: Resource, index: ArticleIndex
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = where
        self._index = index

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings.

        `folder`: of the articles. `floor`: the least score at which an article is named.
        `prefer`: what an article's score gains when its intent is certain. `most`: how many.
        """
        return {"folder": "data/articles", "floor": 0.55, "prefer": 0.3, "most": 3}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Check the settings. Raises: InvalidConfigException that names the wrong one."""
        for name in ("floor", "prefer"):
            value = config[name]
            if not isinstance(value, (int, float)) or not 0 <= value <= 1:
                raise InvalidConfigException(
                    f"{name} of ArticleRetriever must be between 0 and 1, not {value!r}."
                )

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa trains anew when an article has changed."""
        return fingerprint(Path({**cls.get_default_config(), **config}["folder"]))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ArticleRetriever:
        """Build the component for training."""
        cls.validate_config(config)
        return cls(config, model_storage, resource, ArticleIndex.of([]))

    def train(self, training_data: TrainingData) -> Resource:
        """Read and encode the articles; where there is no folder, there are none.

        Raises: InvalidConfigException naming the file that is no article.
        """
        self._index = ArticleIndex.of(read_articles(Path(self._config["folder"])))
        with self._storage.write_to(self._resource) as directory:
            self._index.save(directory)
            (directory / _MODEL).write_text(model_version())
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ArticleRetriever:
        """Build the component of a trained bot.

        Raises: InvalidConfigException when it was trained on another sentence model.
        """
        cls.validate_config(config)
        with model_storage.read_from(resource) as directory:
            trained_on = (directory / _MODEL).read_text()
            index = ArticleIndex.load(directory)
        if trained_on != model_version():
            raise InvalidConfigException(
                f"The articles were read with {trained_on}, but {model_version()} is installed: "
                "train the bot again with `python -m bot.train`."
            )
        return cls(config, model_storage, resource, index)

    def process(self, messages: list[Message]) -> list[Message]:
        """Name the articles that may answer each message."""
        for message in messages:
            message.set(ARTICLES, self._articles_for(message), add_to_output=True)
        return messages

    def _articles_for(self, message: Message) -> list[dict[str, Any]]:
        if not said(message):
            return []
        likely = {
            guess[INTENT_NAME_KEY]: float(guess[PREDICTED_CONFIDENCE_KEY])
            for guess in message.get(INTENT_RANKING_KEY) or ()
        }
        ranked = self._index.nearest(sentence_vector(message), likely, self._config["prefer"])
        return [
            {"slug": slug, "score": round(score, 3)}
            for slug, score in ranked[: self._config["most"]]
            if score >= self._config["floor"]
        ]
