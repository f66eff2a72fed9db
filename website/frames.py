"""What a customer's page can ask, read from JSON: dataclasses, or a refusal that says why."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from conversation.surveys import SurveyKind
from handoff.mail.address import LONGEST, read_address
from website.refusal import MAX_TEXT, bad_address, bad_field, bad_type, empty, not_json, too_long
from website.state import Known

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_MAX_SEQ = 2**31 - 1

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hello:
    """The first frame: the visitor token, and what the page has."""

    token: str
    known: Known


@dataclass(frozen=True, slots=True)
class Say:
    """A message. `client_id` is the page's own key: the same key is the same message."""

    client_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """The wish to talk to a person."""

    client_id: str | None


@dataclass(frozen=True, slots=True)
class Back:
    """The wish to leave the queue."""


@dataclass(frozen=True, slots=True)
class Email:
    """The address for answers, None for the one that the company has of the customer."""

    address: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """The page has the messages up to `seq`."""

    seq: int


@dataclass(frozen=True, slots=True)
class Rate:
    """The rating that a survey of this kind asks for, on its scale."""

    kind: SurveyKind
    score: int


@dataclass(frozen=True, slots=True)
class Why:
    """The reason for the rating in the customer's words; empty where they pass over it."""

    text: str


@dataclass(frozen=True, slots=True)
class WantsFollowUp:
    """Whether a colleague should look at it."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class Dismiss:
    """No wish to answer the survey."""


@dataclass(frozen=True, slots=True)
class Ping:
    """Is the connection alive?"""


Answer = Rate | Why | WantsFollowUp | Dismiss
Frame = Hello | Say | Person | Back | Email | Seen | Answer | Ping


def parse(raw: str | bytes) -> Frame:
    """Read a socket frame. Raises: Refusal."""
    fields = read_object(raw)
    reader = _READERS.get(_kind(fields))
    if reader is None:
        raise bad_type(", ".join(_READERS))
    return reader(fields)


def read_object(raw: str | bytes) -> Fields:
    """Read a JSON object. Raises: Refusal."""
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise not_json() from error
    if not isinstance(fields, dict):
        raise not_json()
    return fields


def read_say(fields: Fields) -> Say:
    """A message with its key. Raises: Refusal."""
    client_id = read_client_id(fields)
    text = _text(fields, client_id)
    if not text:
        raise empty(client_id)
    return Say(client_id, text)


def read_person(fields: Fields) -> Person:
    """The wish for a person; the key may be missing. Raises: Refusal."""
    return Person(read_client_id(fields) if fields.get("client_id") is not None else None)


def read_email(fields: Fields) -> Email:
    """The address for answers, or known: true. Raises: Refusal."""
    if fields.get("known") is True:
        return Email(None)
    address = read_address(read_optional(fields, "address", LONGEST) or "")
    if address is None:
        raise bad_address()
    return Email(address)


def read_survey(fields: Fields) -> Answer:
    """An answer to the survey: score (with kind), why, follow_up or dismiss. Raises: Refusal."""
    if "score" in fields:
        return _read_rate(fields)
    if "why" in fields:
        return Why(_text({"text": fields["why"]}, None))
    if "follow_up" in fields:
        return _read_follow_up({"wanted": fields["follow_up"]})
    if fields.get("dismiss") is True:
        return Dismiss()
    raise bad_field("score, why, follow_up or dismiss", "present")


def read_optional(fields: Fields, name: str, longest: int) -> str | None:
    """A text that may be missing, without characters that cannot be stored. Raises: Refusal."""
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > longest:
        raise bad_field(name, f"a text of at most {longest} characters")
    return _storable(value).strip() or None


def _kind(fields: Fields) -> str:
    kind = fields.get("type")
    return kind if isinstance(kind, str) else ""


def _read_hello(fields: Fields) -> Hello:
    token = fields.get("token")
    if not isinstance(token, str):
        raise bad_field("token", "a text")
    return Hello(token, Known(_seq(fields, "after"), _seq(fields, "changes")))


def _seq(fields: Fields, name: str) -> int:
    seq = fields.get(name, 0)
    if type(seq) is not int or not 0 <= seq <= _MAX_SEQ:
        raise bad_field(name, "a whole number, 0 or greater")
    return seq


def _read_rate(fields: Fields) -> Rate:
    name, score = fields.get("kind"), fields.get("score")
    if not isinstance(name, str) or name not in set(SurveyKind):
        raise bad_field("kind", f"one of {', '.join(SurveyKind)}")
    kind = SurveyKind(name)
    if type(score) is not int or not kind.lowest <= score <= kind.highest:
        raise bad_field("score", f"a whole number from {kind.lowest} to {kind.highest}")
    return Rate(kind, score)


def _read_follow_up(fields: Fields) -> WantsFollowUp:
    wanted = fields.get("wanted")
    if not isinstance(wanted, bool):
        raise bad_field("wanted", "true or false")
    return WantsFollowUp(wanted)


def read_client_id(fields: Fields) -> str:
    """The page's own key. Raises: Refusal."""
    client_id = fields.get("client_id")
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise bad_field("client_id", "1 to 64 letters, digits, hyphens or underscores")
    return client_id


def _text(fields: Fields, client_id: str | None) -> str:
    text = fields.get("text")
    if not isinstance(text, str):
        raise bad_field("text", "a text", client_id)
    text = _storable(text).strip()
    if len(text) > MAX_TEXT:
        raise too_long(len(text), client_id)
    return text


def _storable(text: str) -> str:
    # Databases take neither NUL nor half a surrogate pair; other control characters show nothing.
    text = text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")
    return _UNSTORABLE.sub("", text)


_READERS: dict[str, Callable[[Fields], Frame]] = {
    "hello": _read_hello,
    "say": read_say,
    "person": read_person,
    "back": lambda _: Back(),
    "email": read_email,
    "seen": lambda fields: Seen(_seq(fields, "seq")),
    "rate": _read_rate,
    "why": lambda fields: Why(_text(fields, None)),
    "follow_up": _read_follow_up,
    "dismiss": lambda _: Dismiss(),
    "ping": lambda _: Ping(),
}
