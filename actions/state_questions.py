"""Questions whether or why something is done: they ask for a fact and begin no task."""

import re

from rasa_sdk.interfaces import Tracker

from actions.choices import CHANGES
from actions.message import Clause, Event, Incoming, slot

_DONE = (
    r"(?:cancell?ed|refunded|returned|paid back|sent back|changed|placed again|re-?ordered"
    r"|called off|stopped)"
)
_ASKS = re.compile(
    r"\W*(?:(?:so|and|but|ok(?:ay)?|well|hi|hello|hey|wait|sorry|then|now|just checking"
    r"|why|how come)\W+)*"
    rf"(?:(?:is|was|are|were|has|have|isn'?t|wasn'?t|hasn'?t)\b[^.!?]{{1,50}}\b{_DONE}\b"
    r"|did\s(?:you|they|he|she|it|someone|somebody|your colleague|the \w+)\b[^.!?]{0,30}"
    r"\b(?:cancel|refund|change|return)\b"
    rf"|who\s{_DONE}\b|(?:yo)?u\s{_DONE}\b[^.!?]{{0,30}}\bwhy\b"
    r"|(?:i|we)\s(?:did ?n[o']?t|never)\scancel)",
    re.IGNORECASE,
)
_MAY_IT = re.compile(r"\b(possible|able|allowed|could|would|can|too late)\b", re.IGNORECASE)
_OF_MONEY = frozenset({"request_refund", "refund_status"})


def asks_state(message: Incoming) -> bool:
    """True where it is asked whether a thing is done already, not that it be done."""
    text = message.own_words
    return bool(_ASKS.match(text)) and not _MAY_IT.search(text)


def answered_first(
    tracker: Tracker, message: Incoming, order_number: str | None = None
) -> Event | None:
    """What answers the question in the place of the task that the words sound like.

    Args: order_number: the order that an agent spoke of just before.
    """
    if tracker.active_loop_name or message.intent not in CHANGES or not asks_state(message):
        return None
    about = "refund_status" if message.intent in _OF_MONEY else "order_status"
    number = message.order_number or order_number or tracker.get_slot("order_number")
    clause = Clause(about, message.text, number)
    return slot("second_request", {**clause.to_slot(), "stage": "only"})
