"""The rules of sincerity, each a function of one text."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from textstat import textstat

from conversation import brevity

MAX_GRADE = 7.0
_OWN_NAME = "automated assistant"  # it must say what it is, so these words cannot be shorter
_TOO_SHORT_TO_GRADE = 8  # words; a grade of "Order 1001 is cancelled." says nothing


class Reader(StrEnum):
    """Who reads a text: what customers read is held to every rule."""

    CUSTOMER = "customer"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the product. `where` is file and line, `template`: parts are filled in later."""

    where: str
    words: str
    reader: Reader = Reader.CUSTOMER


@dataclass(frozen=True, slots=True)
class Fault:
    """A text that breaks a rule, with what to do about it."""

    text: Text
    advice: str

    def __str__(self) -> str:
        return f"{self.text.where}: {self.advice}\n    {self.text.words}"


_BANNED = (
    "i understand how you feel",
    "i know how you feel",
    "i can imagine",
    "oops",
    "whoops",
    "uh-oh",
    "no worries",
    "no problem at all",
    "hang tight",
    "bear with me",
    "gotcha",
    "my bad",
    "any inconvenience",
    "the inconvenience",
    "valued customer",
    "your call is important",
    "great question",
    "good question",
    "awesome",
    "absolutely",
    "rest assured",
    "happy to help",
    "glad to help",
    "pleasure to",
    "my apologies",
    "we apologise",
    "we apologize",
)
_FEELING = re.compile(
    r"\b(i'?m|i am|we'?re|we are|i feel|we feel|i'?d be|makes me)\b"
    r"(\s+(so|really|very|truly|just|deeply|terribly|more than))*"
    r"\s*\b(sorry|happy|glad|excited|thrilled|delighted|sad|afraid|pleased|proud|upset|worried)\b"
    r"|\bi (love|hope|wish|worry|care|feel)\b"
    r"|\b(so|really|very|terribly|deeply) sorry\b",
    re.IGNORECASE,
)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]|[:;]-?[)(DP](?=\\s|$)")
_SORRY = re.compile(r"\bsorry\b", re.IGNORECASE)
_FACT_AFTER_SORRY = re.compile(r"\bsorry\b\W+\w+(\W+\w+){2,}", re.IGNORECASE)


def faults_of(text: Text) -> list[Fault]:
    """What is wrong with this text, in the order of the rules; empty where nothing is."""
    rules = _FOR_ALL if text.reader is Reader.STAFF else (*_FOR_ALL, *_FOR_CUSTOMERS)
    return [Fault(text, advice) for rule in rules for advice in rule(text.words)]


def _marks(words: str) -> Iterator[str]:
    if "!" in words:
        yield "no exclamation marks: say it as a plain sentence."
    if _EMOJI.search(words):
        yield "no emoji."


def _phrases(words: str) -> Iterator[str]:
    low = words.lower().replace("’", "'")
    for phrase in _BANNED:
        if re.search(rf"\b{re.escape(phrase)}\b", low):
            yield f'"{phrase}" is a phrase of nobody who means it: say the fact instead.'


def _feelings(words: str) -> Iterator[str]:
    if _FEELING.search(words.replace("’", "'")):
        yield "an assistant has no feelings: name the fact and what happens next."


def _apology(words: str) -> Iterator[str]:
    said = len(_SORRY.findall(words))
    if said > 1:
        yield "sorry once is enough."
    elif said and not _FACT_AFTER_SORRY.search(words):
        yield "sorry needs the customer's fact after it."


def _length(words: str) -> Iterator[str]:
    count = brevity.words(words)
    if count > brevity.MAX_WORDS:
        yield f"{count} words; at most {brevity.MAX_WORDS}."
    if (number := brevity.sentences(words)) > brevity.MAX_SENTENCES:
        yield f"{number} sentences; at most {brevity.MAX_SENTENCES} short ones."
    if words.count("?") > 1:
        yield "one question a message."


def _grade(words: str) -> Iterator[str]:
    if brevity.words(words) < _TOO_SHORT_TO_GRADE:
        return
    grade = textstat.flesch_kincaid_grade(words.replace(_OWN_NAME, "helper"))
    if grade > MAX_GRADE:
        yield f"reading grade {grade:.1f}; at most {MAX_GRADE:.0f}. Use shorter words."


_FOR_ALL: tuple[Callable[[str], Iterator[str]], ...] = (_marks, _phrases, _feelings)
_FOR_CUSTOMERS = (_apology, _length, _grade)
