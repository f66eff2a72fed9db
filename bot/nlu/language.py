"""Which language a message is in, so that one the bot does not speak is answered plainly."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from rapidfuzz import process
from rapidfuzz.distance import OSA
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.common_words import Likeness, common_words
from bot.nlu.message_vector import said

LANGUAGE = "language"
_RECORD = "words.json"
_TOLD_APART = "en de fr es it nl sv da no fi pl cs pt tr ro hu el ru uk ar hi zh ja"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LATIN_END = 0x250  # letters beyond are of another script
_ENOUGH_STRANGE_WORDS = 2
_ENOUGH_STRANGE_LETTERS = 10
_FOREIGN_FROM = 0.6
_AGREED = 0.85  # where one common word and the detector say the same
_PLENTY_OF_WORDS = 5
_SHORTEST_SLIP = 5
_RARE = 3  # a word in at most so many training sentences may have come with a foreign one


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageDetector(GraphComponent):
    """Adds `language` {"code", "confidence" 0..1} to the output of a parse.

    A detector alone takes "tent pegs" for French. The bot's own training sentences say which words
    belong to its language, slips and product names included. A message counts as foreign when most
    of its words are common ones of another language, or when enough of them are strange to the bot
    and the detector is certain. Everything else stays in the bot's language; with a low confidence
    where there are few words to go by.
    """

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, where: Resource, words: frozenset[str]
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = where
        self._words = words
        self._detector = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
        try:
            self._detector.set_languages(config["languages"])
        except ValueError as error:
            raise InvalidConfigException(
                f"languages of LanguageDetector: {error}. Use two-letter codes such as de."
            ) from error

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`served`: the bot's language. `languages`: those told apart, the served one with them.

        `not_from`: intents whose training sentences may be in any language.
        """
        return {
            "served": "en",
            "languages": _TOLD_APART.split(),
            "not_from": ["out_of_scope"],
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Packages which must be installed for this component to run."""
        return ["py3langid", "rapidfuzz"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        """Build the component for training.

        Raises: InvalidConfigException when a language is unknown to the detector.
        """
        return cls(config, model_storage, resource, frozenset())

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words of the bot's language from its training sentences."""
        self._words = self._vocabulary(
            [
                message.get(TEXT) or ""
                for message in training_data.training_examples
                if message.get(INTENT) not in self._config["not_from"]
            ]
        )
        with self._storage.write_to(self._resource) as directory:
            (directory / _RECORD).write_text(json.dumps(sorted(self._words)), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageDetector:
        """Build the component of a trained bot."""
        with model_storage.read_from(resource) as directory:
            words = frozenset(json.loads((directory / _RECORD).read_text(encoding="utf-8")))
        return cls(config, model_storage, resource, words)

    def process(self, messages: list[Message]) -> list[Message]:
        """Name the language of each message."""
        for message in messages:
            text = message.get(TEXT) if said(message) else ""
            code, confidence = self.detect(text, message.get(ENTITIES) or ())
            message.set(
                LANGUAGE, {"code": code, "confidence": round(confidence, 2)}, add_to_output=True
            )
        return messages

    def detect(self, text: str, entities: Iterable[dict[str, Any]] = ()) -> tuple[str, float]:
        """Return the language's code and how certain that is (0..1).

        Args: entities: those found in the text; names and addresses are of no language.
        """
        text = _without(text, entities).lower()
        words = _words_of(text)
        if not words:
            return self._served, 0.0
        ranked = self._detector.rank(text)
        likest = self._likest(words, self._words.__contains__, [code for code, _ in ranked])
        if likest and likest.certainty:
            return likest.code, likest.certainty
        strange = [word for word in words if word not in self._words and not self._is_slip(word)]
        likeliest, certainty = ranked[0][0], float(ranked[0][1])
        foreign = certainty * self._foreignness(words, strange)
        if likeliest != self._served:
            if likest and _agrees(likest, likeliest, foreign):
                return likest.code, max(foreign, _AGREED)
            unlisted = _is_other_script(strange) or not common_words().lists(likeliest)
            if foreign >= _FOREIGN_FROM and (likest or unlisted):
                return likeliest, foreign
        known = 1 - len(strange) / len(words)
        plenty = min(1.0, len(words) / _PLENTY_OF_WORDS)
        return self._served, plenty * max(known, certainty * (likeliest == self._served))

    def _likest(
        self, words: list[str], is_known: Callable[[str], bool], codes: Sequence[str] = ()
    ) -> Likeness | None:
        return common_words().likest(words, is_known, codes, besides=self._served)

    def _vocabulary(self, sentences: list[str]) -> frozenset[str]:
        """Collect the words that are not rather those of sentences in another language."""
        spoken = [_words_of(sentence) for sentence in sentences]
        often = Counter(word for words in spoken for word in set(words))
        foreign: Counter[str] = Counter()
        for words in spoken:
            if self._looks_foreign(words, [word for word in words if often[word] <= _RARE]):
                foreign.update(set(words))
        return frozenset(word for word in often if 2 * foreign[word] < often[word])

    def _looks_foreign(self, words: list[str], strange: list[str]) -> bool:
        likest = self._likest(words, is_known=lambda word: False)
        if likest and likest.certainty:
            return True
        foreignness = self._foreignness(words, strange)
        if not foreignness:
            return False
        likeliest, certainty = self._detector.classify(" ".join(words))
        return likeliest != self._served and float(certainty) * foreignness >= _FOREIGN_FROM

    def _is_slip(self, word: str) -> bool:
        """True where one letter less, more, other or swapped makes a word of the language."""
        if len(word) < _SHORTEST_SLIP:
            return False
        near = process.extractOne(word, self._words, scorer=OSA.distance, score_cutoff=1)
        return near is not None

    @property
    def _served(self) -> str:
        return str(self._config["served"])

    def _foreignness(self, words: list[str], strange: list[str]) -> float:
        if _is_other_script(strange):
            return len(strange) / len(words)
        letters = sum(map(len, strange))
        if len(strange) < _ENOUGH_STRANGE_WORDS or letters < _ENOUGH_STRANGE_LETTERS:
            return 0.0
        return min(1.0, 1.8 * len(strange) / len(words))


def _agrees(likest: Likeness, likeliest: str, foreign: float) -> bool:
    """True where the detector bears out one common word among words that are all strange."""
    several = likest.words > 1 and likest.is_half and likest.code == likeliest
    return not likest.served and (several or foreign >= _FOREIGN_FROM)


def _is_other_script(words: list[str]) -> bool:
    return any(ord(letter) >= _LATIN_END for word in words for letter in word)


def _words_of(text: str) -> list[str]:
    return [word.replace("’", "'").lower() for word in _WORD.findall(text)]


def _without(text: str, entities: Iterable[dict[str, Any]]) -> str:
    for entity in sorted(entities, key=lambda entity: int(entity["start"]), reverse=True):
        text = f"{text[: entity['start']]} {text[entity['end'] :]}"
    return text
