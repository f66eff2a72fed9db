"""A second request in one message: "cancel 1007 and where is my refund for 1005?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.message_vector import CLASSIFIER, said

SECOND = "second"
_MOST_CLAUSES = 5
_FEWEST_WORDS = 2
_LONGEST_MESSAGE = 600
_SENTENCE_ENDS = re.compile(r"(?:[.!?;]+(?=\s+\D)|\n)\s*")
_JOINTS = re.compile(
    r"\s*,?\s+(?:and|also|plus|but|then|&)\s+(?:(?:also|then|please|pls|btw|another thing)\s+)*"
    r"|\s*,\s+(?=(?:where|when|how|what|why|can|could|do|does|is|are|i|please|pls|my|cancel)\b)",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:where|wheres|when|whens|how|what|whats|why|which|who|can|could|would|will|do|does|did|is"
    r"|are|has|have|i|id|i'd|im|i'm|ive|i've|we|you|please|pls|my|the|it|there|cancel|change|send"
    r"|give|refund|return|exchange|reorder|order|stop|delete|add|remove|track|check|tell|resend)\b",
    re.IGNORECASE,
)


class Classifier(Protocol):
    """Who can tell the intent of any text; the intent classifier leaves itself on the message."""

    def classify(self, texts: Sequence[str]) -> Sequence[Sequence[tuple[str, float]]]:
        """Rank the intents of each text, with their probabilities 0..1; the decision first."""
        ...


@dataclass(frozen=True)
class Clause:
    """A part of a message which could stand alone: `text` is `message[start:end]`."""

    text: str
    start: int
    end: int


def clauses(text: str, *, fixed: Sequence[tuple[int, int]] = ()) -> list[Clause]:
    """Split a message into what could be requests of their own, in their order.

    A sentence's end splits always. "And" splits only where what follows begins like a request, so
    that "the tent and the poles" stays one. Clauses of one word are left out.
    Args: fixed: spans that no cut may touch, such as an address.
    """
    cuts = [(0, 0)]
    for match in sorted(
        [*_SENTENCE_ENDS.finditer(text), *_JOINTS.finditer(text)], key=lambda m: m.start()
    ):
        inside = any(start < match.end() and match.start() < end for start, end in fixed)
        is_joint = match.re is _JOINTS
        if inside or match.start() < cuts[-1][1]:
            continue
        if not is_joint or _OPENING.match(text, match.end()):
            cuts.append(match.span())
    cuts.append((len(text), len(text)))
    spans = [(before[1], after[0]) for before, after in pairwise(cuts)]
    return [
        Clause(text[start:end], start, end)
        for start, end in spans
        if len(text[start:end].split()) >= _FEWEST_WORDS
    ]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SecondRequest(GraphComponent):
    """Adds `second` {"intent", "confidence", "text"} where a message holds two requests.

    The text is the clause as written. It is reported only where two clauses are both understood
    with certainty, differ in intent and are both requests: no greeting, thanks or complaint. Of
    the two the one that is not the message's own intent is the second.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._certain = float(config["certain"])
        self._no_request = frozenset(config["no_request"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`certain`: the probability from which a clause counts as understood.

        `no_request`: intents that ask for nothing by themselves.
        """
        return {
            "certain": 0.6,
            "no_request": [
                *("greet", "goodbye", "thank", "affirm", "deny", "hold_on", "small_talk"),
                *("complain", "praise", "correct_bot", "give_order_number", "bot_challenge"),
                *("next_step", "previous_step", "repeat_step", "stop_task", "other_one"),
                *("out_of_scope", "nlu_fallback"),
            ],
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SecondRequest:
        """Build the component; there is nothing to train."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Look for a second request in each message."""
        for message in messages:
            message.set(SECOND, self._second_in(message), add_to_output=True)
        return messages

    def _second_in(self, message: Message) -> dict[str, Any] | None:
        classifier: Classifier | None = message.get(CLASSIFIER)
        text = said(message)
        if classifier is None or not text or len(text) > _LONGEST_MESSAGE:
            return None
        spans = [(e["start"], e["end"]) for e in message.get(ENTITIES) or ()]
        parts = clauses(message.get(TEXT), fixed=spans)[:_MOST_CLAUSES]
        if len(parts) < 2:
            return None
        requests = self._requests(parts, classifier)
        if len({intent for _, intent, _ in requests}) < 2:
            return None
        first = (message.get("intent") or {}).get("name")
        own = first if any(intent == first for _, intent, _ in requests) else requests[0][1]
        clause, intent, confidence = next(one for one in requests if one[1] != own)
        return {"intent": intent, "confidence": round(confidence, 3), "text": clause.text}

    def _requests(
        self, parts: list[Clause], classifier: Classifier
    ) -> list[tuple[Clause, str, float]]:
        read = classifier.classify([part.text for part in parts])
        return [
            (part, intent, confidence)
            for part, ((intent, confidence), *_) in zip(parts, read, strict=True)
            if confidence >= self._certain and intent not in self._no_request
        ]
