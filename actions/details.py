"""What a task needs beside the order, and how a customer's words are read for it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from actions.addresses import completed, is_whole, put_right
from actions.message import Incoming
from actions.reasons import gives_reason, other_reason
from actions.wording import days
from conversation.shop import Order, OrderState

_SURE = 0.6  # from this confidence on, another request is taken for one and not for an answer
_LONGEST_TEXT = 300
_LONGEST_REST = 16
_NEEDS = "An address needs street, number, postcode and town."
_LEAD_IN = re.compile(
    r"^.*?\b(?:address(?: is| should be|:)|it(?: is|'?s| should be)|should be|(?:send|ship|deliver)"
    r" (?:it|that|this|them) to|(?:now|instead) to|to|:)\s+(?=\S*.*\d)",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"[\s,.]*\b(please|pls|thanks?( you)?|instead|now)\b.*$|[.\s]+$", re.IGNORECASE
)
_STOP = re.compile(r"\b(stop|unsubscribe|opt out|no more|off|remove|quit|end|don'?t|less)\b", re.I)
_START = re.compile(r"\b(start|subscribe|sign (me )?up|join|on|get|receive|want|send|add)\b", re.I)
_DELETE = re.compile(r"\b(delet\w*|eras\w*|remov\w*|close|forget me|wipe|get rid)\b", re.IGNORECASE)
_COPY = re.compile(r"\b(cop(y|ies)|export|download|send|which|what|see|show|get)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says for a detail: a `value`, a `problem` in a sentence, or neither."""

    value: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """One more fact that a task needs.

    `known` reads it from a message that begins the task, `answer` from the answer to `ask`,
    `corrected` from what follows and what is held, when it is asked whether all is right.
    `recorded` is what the shop's own records say of it: that is not asked.
    """

    slot: str
    ask: str
    known: Callable[[Incoming], str | None]
    answer: Callable[[Incoming], Reading]
    corrected: Callable[[Incoming, str], Reading] = lambda _, __: Reading()
    recorded: Callable[[Order, date], str | None] = lambda _, __: None
    choices: Mapping[str, str] | None = None


def _is_aside(message: Incoming, may_look_like: frozenset[str]) -> bool:
    """True where the message is a question or another wish rather than an answer in free words."""
    if message.unclear or message.intent in may_look_like:
        return False
    asks = message.own_words.rstrip().endswith("?")
    return message.confidence >= (_SURE / 2 if asks else _SURE)


def _text(message: Incoming) -> str:
    return " ".join(message.own_words.split())


_ADDRESSES_LOOK_LIKE = frozenset({
    "give_order_number", "out_of_scope", "change_address", "correct_bot", "deny", "other_one",
    "change_order", "affirm", "delivery_instructions", "change_details", "store_location",
})  # fmt: skip
_REASONS_LOOK_LIKE = frozenset({
    "return_item", "exchange_item", "request_refund", "damaged_item", "wrong_item",
    "missing_item", "late_parcel", "parcel_not_received", "size_advice", "product_question",
    "complain", "repair", "warranty", "out_of_scope", "correct_bot", "give_order_number",
    "product_price", "change_order", "care_help", "setup_help", "product_safety",
})  # fmt: skip


def _reason_known(message: Incoming) -> str | None:
    if message.intent == "exchange_item":
        return f"{EXCHANGE}: {_text(message)}"[:_LONGEST_TEXT]
    return _text(message)[:_LONGEST_TEXT] if gives_reason(message.own_words) else None


def _reason(message: Incoming) -> Reading:
    if _is_aside(message, _REASONS_LOOK_LIKE) or not any(c.isalpha() for c in message.own_words):
        return Reading()
    return _short_enough(_text(message))


def _reason_corrected(message: Incoming, _: str) -> Reading:
    """Another reason after a no; the reasons for which people keep a thing are a plain no."""
    found = other_reason(_text(message)) if message.intent != "affirm" else None
    return _short_enough(found) if found else Reading()


def _reason_recorded(order: Order, today: date) -> str | None:
    if order.state is OrderState.DELIVERED_DAMAGED:
        return "Noted as damaged when it came"
    late = order.days_late(today)
    return f"{days(late)} late" if late else None


def _short_enough(text: str) -> Reading:
    if len(text) > _LONGEST_TEXT:
        return Reading(problem=f"That is too long; {_LONGEST_TEXT} characters fit.")
    return Reading(text)


def _address_in(message: Incoming) -> str | None:
    """An address among other words."""
    found = message.named.get("address")
    if found:
        return found[-1]
    after = _LEAD_IN.sub("", _text(message))
    return after if after != _text(message) and is_whole(after) else None


def _whole_address(text: str, found: str | None) -> str | None:
    """What was found with the rest of the line, where only a code or a country follows."""
    rest = _COURTESY.sub("", text).removeprefix(found or "")
    return (
        found + rest if found and text.startswith(found) and len(rest) <= _LONGEST_REST else found
    )


def _address_known(message: Incoming) -> str | None:
    """A whole address among other words; of a part of one, all is asked for."""
    found = _whole_address(_LEAD_IN.sub("", _text(message)), _address_in(message))
    return found if found and is_whole(found) else None


def _address(message: Incoming) -> Reading:
    """A whole address, or what makes one of the part that was written just before."""
    text = _text(message)
    found = _whole_address(_LEAD_IN.sub("", text), _address_in(message)) or _COURTESY.sub("", text)
    if not is_whole(found):
        found = completed(message.before, text) or found
    if is_whole(found) and not text.endswith("?"):
        return _short_enough(found)
    if _is_aside(message, _ADDRESSES_LOOK_LIKE):
        return Reading()
    return Reading(problem=_NEEDS)


def _address_corrected(message: Incoming, held: str) -> Reading:
    """The held address with what is put right in it; a part that makes none is refused."""
    text = _text(message)
    if text.endswith("?") or (
        _is_aside(message, _ADDRESSES_LOOK_LIKE) and not _address_in(message)
    ):
        return Reading()
    found = _address_known(message) or put_right(text, held)
    if found is None:
        return Reading()
    return _short_enough(found) if is_whole(found) else Reading(problem=_NEEDS)


def _newsletter(message: Incoming) -> str | None:
    if _STOP.search(message.own_words):
        return "off"
    return "on" if _START.search(message.own_words) else None


def _data_kind(message: Incoming) -> str | None:
    if message.intent == "delete_account" or _DELETE.search(message.own_words):
        return "deletion"
    return "copy" if _COPY.search(message.own_words) else None


def _one_of(read: Callable[[Incoming], str | None], own: str) -> Callable[[Incoming], Reading]:
    def answer(message: Incoming) -> Reading:
        looks_like = frozenset({own, "delete_account", "affirm", "deny", "stop_task"})
        aside = _is_aside(message, looks_like)
        return Reading() if aside else Reading(read(message))

    return answer


EXCHANGE = "Exchange"
ADDRESS = Detail(
    slot="new_address",
    ask="What is the new address, with the postcode?",
    known=_address_known,
    answer=_address,
    corrected=_address_corrected,
)
RETURN_REASON = Detail(
    slot="return_reason",
    ask="Why would you like to send it back?",
    known=_reason_known,
    answer=_reason,
    corrected=_reason_corrected,
    recorded=_reason_recorded,
)
REFUND_REASON = Detail(
    slot="refund_reason",
    ask="What is the refund for?",
    known=_reason_known,
    answer=_reason,
    corrected=_reason_corrected,
    recorded=_reason_recorded,
)
NEWSLETTER = Detail(
    slot="newsletter",
    ask="Shall the newsletter come to you, or stop?",
    known=_newsletter,
    answer=_one_of(_newsletter, "newsletter"),
    choices={"Send it": "Start the newsletter", "Stop it": "Stop the newsletter"},
)
DATA_KIND = Detail(
    slot="data_kind",
    ask="Do you want a copy of your data, or shall the account be deleted?",
    known=_data_kind,
    answer=_one_of(_data_kind, "data_request"),
    choices={"A copy": "Send me a copy of my data", "Delete it": "Delete my account"},
)
