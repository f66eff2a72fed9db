"""What replies ask for, and whether the customer had said it before. Pure."""

import re
from collections.abc import Iterator, Sequence

from conversation.wording import closes

_QUESTIONS = re.compile(r"[^.?!\n]*\?")
_REQUESTS = re.compile(
    r"[^.?!\n]*\b(tell|give|send|let me know|provide|enter|share|dm)\b[^.?!\n]*", re.IGNORECASE
)
_WORDS = re.compile(r"[a-z0-9']+")
_EMPTY_WORDS = """
    a an the i you we it is are was be been to of in on at for and or that this with your my me do
    does did have has had can could would will should what which how when where who there any some
    if so as by from about not no yes please like want need else help anything i'm i'd i'll it's
    that's there's
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_SAME_QUESTION = 0.6  # of the words of both
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_KINDS = (
    (r"\b(order|booking|case|reference|ticket|confirmation) (number|no|id)\b|\bwhich order\b",
     r"\b(?=\w*\d{3})[a-z]{0,4}-?[0-9][\w-]{2,}\b"),
    (r"\be-?mail\b", r"\S+@\S+\.\w+"),
    (r"\b(phone|mobile|telephone)\b", r"\+?\d[\d ()/-]{6,}\d"),
    (r"\b(post(al)?[ -]?code|zip( code)?)\b",
     r"\b(\d{5}|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})\b"),
    (r"\bwhat (time|hour)\b|\bat what time\b",
     r"\b\d{1,2}([:.]\d{2})? ?([ap]\.?m\b)|\b\d{1,2}:\d{2}\b|\b(noon|midnight)\b"),
    (r"\b(what|which) (date|day)\b|\bwhen (do|will|would|did|should)\b",
     rf"\b(today|tomorrow|tonight|(mon|tues|wednes|thurs|fri|satur|sun)day"
     rf"|\d{{1,2}}(st|nd|rd|th)|{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH}|\d{{1,2}}[./]\d{{1,2}})\b"),
    (r"\bhow many (people|persons|guests|passengers|tickets)\b",
     r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight) (people|persons|guests|passengers"
     r"|tickets)\b|\bjust me\b|\bmyself\b"),
)  # fmt: skip
_KNOWN = tuple((re.compile(ask, re.IGNORECASE), re.compile(said, re.IGNORECASE))
               for ask, said in _KINDS)  # fmt: skip


def questions(reply: str) -> list[str]:
    """The questions and requests in a reply, without the one whether there is anything else."""
    found = [*_QUESTIONS.findall(reply), *(m.group() for m in _REQUESTS.finditer(reply))]
    return [one.strip() for one in found if one.strip() and not closes(one)]


def asks_for_known(replies: Sequence[str], said: Sequence[str]) -> bool:
    """True where a reply asks for a value of a kind that stands in what the customer had said."""
    asked = [question for reply in replies for question in questions(reply)]
    return any(
        ask.search(question) and any(value.search(text) for text in said)
        for question in asked
        for ask, value in _KNOWN
    )


def asks_once_more(replies: Sequence[str], before: Sequence[str]) -> bool:
    """True where a reply asks a question that an earlier reply had asked in much the same words."""
    earlier = list(_asked(before))
    return any(
        alike(question, past) >= _SAME_QUESTION for question in _asked(replies) for past in earlier
    )


def alike(one: str, other: str) -> float:
    """The share of the words that carry meaning which two texts have in common, 0..1."""
    return _common(_content(one), _content(other))


def _asked(replies: Sequence[str]) -> Iterator[str]:
    return (question for reply in replies for question in questions(reply))


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    both = one | other
    return len(one & other) / len(both) if both else 0.0


def _content(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text.lower())) - _EMPTY
