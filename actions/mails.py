"""A mail from us that did not come: where such mails go, and a person who can look."""

import re

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.message import Clause, Event, Incoming, incoming, slot
from actions.people import refuse
from actions.services import services
from conversation.customer import shortened

MAIL_MISSING = "action_mail_missing"
_UNSEEN = "I cannot see where that mail went. A colleague can check the address and send it again."
_FOLDER = r"\b(?:spam|junk|inbox|mailbox)\b"
_MAIL = r"\b(?:e-?mail(?:ed)?|mail(?:ed)?)\b"
_MISSES = re.compile(
    rf"\b(?:check(?:ed)?|looked|searched|nothing|not|n[o']?t|nowhere)\b[^.!?]{{0,40}}{_FOLDER}"
    rf"|{_FOLDER}[^.!?]{{0,20}}\b(?:empty|nothing|checked|not|either|too)\b"
    rf"|\b(?:yo)?u (?:said|told|promised|were going)\b[^.!?]{{0,30}}{_MAIL}"
    r"|\b(?:what|which|where)\b[^.!?]{0,20}\b(?:e-?mail|mail|ad+ress)\b[^.!?]{0,5}"
    r"\b(?:did (?:yo)?u|did it|was it|was that)\b[^.!?]{0,10}\b(?:sen[dt]|go|mail(?:ed)?)\b",
    re.IGNORECASE,
)
_OF_SOMETHING = re.compile(r"\b(?:confirm\w*|invoice|label|parcel|order\w*)\b", re.IGNORECASE)
_SAY_MORE = frozenset({
    "ask_person", "change_details", "fraud", "invoice", "legal_threat", "login_problem",
    "order_status", "late_parcel", "parcel_not_received", "product_safety", "return_label",
})  # fmt: skip


def misses_mail(text: str) -> bool:
    """True for "i checked spam" or "what address did you send it to", without saying which mail."""
    return bool(_MISSES.search(text)) and not _OF_SOMETHING.search(text)


def mail_missed(tracker: Tracker, message: Incoming) -> Event | None:
    """What takes up such a message, whatever else its words sound like."""
    if tracker.active_loop_name or message.intent in _SAY_MORE or not misses_mail(message.text):
        return None
    clause = Clause("confirmation_missing", message.text)
    return slot("second_request", {**clause.to_slot(), "stage": "only"})


class ActionMailMissing(Action):
    """Tells the address that mails go to; only a person can see what became of one."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return MAIL_MISSING

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Say it, and offer a person."""
        address = await _address(incoming(tracker))
        told = f"Our mails to you go to {address}. A colleague can check that and send it again."
        await refuse(dispatcher, tracker, told if address else _UNSEEN)
        return []


async def _address(message: Incoming) -> str | None:
    context = await services().briefer.recent(message.customer_id)
    return shortened(context.customer.email) if context.customer else None
