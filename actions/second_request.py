"""Two requests in one message: the second is answered too, or asked about, never dropped.

The slot `second_request` keeps it. Its `stage` is "waiting" until the first is answered, then
"asked"; "choose" where both would change something, then "which"; "only" where it comes first,
because the other part says nothing or would change something (then `rest`). `answering` names the
message in whose turn the kept clause is what is answered (see `actions.message.incoming`).
"""

from dataclasses import replace
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.choices import ANSWERED_AT_ONCE, CHANGES, CHOICES, title_of
from actions.message import Clause, Event, Incoming, answering, followed_by, incoming, slot
from actions.people import PERSON_BUTTON
from conversation.wishes import declines_person

_SLOT = "second_request"
_PERSON = "ask_person"
_SAYS_NOTHING = frozenset(("greet", "thank", "small_talk", "nlu_fallback", "out_of_scope"))


def wishes_person_too(message: Incoming) -> bool:
    """True where the second request is one for a person: that is offered at once, never kept."""
    second = message.second
    return second is not None and second.intent == _PERSON and not declines_person(second.text)


def kept_second(tracker: Tracker, message: Incoming, *, anew: bool = False) -> Event | None:
    """What to remember of a second request after a message; None where nothing changes.

    Args: anew: a contact begins with the message: what was kept is an agent's or nobody's matter.
    """
    kept: dict[str, Any] | None = tracker.get_slot(_SLOT)
    if kept and kept.get("answering") == message.message_id:
        return None
    found = message.second
    may_be_kept = (
        found and found.intent in CHOICES and found.intent not in (message.intent, _PERSON)
    )
    if found and may_be_kept:
        return slot(_SLOT, _fresh(tracker, message, found))
    if not kept:
        return None
    if anew:
        return slot(_SLOT, None)
    if kept.get("rest"):
        return slot(_SLOT, {**kept["rest"], "stage": "waiting"})
    stage = kept.get("stage")
    if stage == "waiting" or (stage in ("asked", "which") and message.intent == "affirm"):
        return None
    if stage == "which":
        for chosen, left in (("first", "second"), ("second", "first")):
            if message.intent == kept[chosen]["intent"]:
                return answering(_chosen(kept[chosen], message), message, rest=kept[left])
    return slot(_SLOT, None)


def _chosen(kept: dict[str, Any], message: Incoming) -> Clause:
    clause = Clause.of_slot(kept)
    return replace(clause, order_number=message.order_number or clause.order_number)


def _fresh(tracker: Tracker, message: Incoming, second: Clause) -> dict[str, Any]:
    if tracker.active_loop_name:
        return {**second.to_slot(), "stage": "waiting"}
    if message.intent in _SAYS_NOTHING:
        return {**second.to_slot(), "stage": "only"}
    first = Clause(str(message.intent), message.own_words.strip(" ,.;"), message.order_number)
    if message.intent in CHANGES and second.intent in CHANGES:
        return {"stage": "choose", "first": first.to_slot(), "second": second.to_slot()}
    if message.intent in CHANGES and second.intent in ANSWERED_AT_ONCE:
        return {**second.to_slot(), "stage": "only", "rest": first.to_slot()}
    return {**second.to_slot(), "stage": "waiting"}


class ActionSecondRequest(Action):
    """Takes up the second request of a message, or asks whether and when to."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_second_request"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Answer at once what an article answers; ask before beginning anything else."""
        kept = tracker.get_slot(_SLOT) or {}
        if kept.get("stage") == "choose":
            _ask_which(dispatcher, kept)
            return [slot(_SLOT, {**kept, "stage": "which"})]
        if kept.get("stage") == "only":
            return _take_up(tracker, Clause.of_slot(kept), rest=kept.get("rest"))
        kept = kept.get("rest") or kept
        clause = Clause.of_slot(kept)
        if clause.intent in ANSWERED_AT_ONCE:
            return _take_up(tracker, clause)
        dispatcher.utter_message(
            text=f"You also wrote about this: {title_of(clause).lower()}. Shall I do that next?",
            buttons=[
                {"title": "Yes, that next", "payload": "Yes"},
                {"title": "No, leave it", "payload": "No"},
                PERSON_BUTTON,
            ],
        )
        return [slot(_SLOT, {**kept, "stage": "asked"})]


class ActionTakeSecondRequest(Action):
    """A yes: takes up the second request with its own words and order number."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_take_second_request"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Take it up; a yes to "which first" takes the first."""
        kept = tracker.get_slot(_SLOT) or {}
        if kept.get("stage") == "which":
            return _take_up(tracker, Clause.of_slot(kept["first"]), rest=kept["second"])
        if not kept.get("intent"):
            dispatcher.utter_message(text="What would you like to do?")
            return []
        return _take_up(tracker, Clause.of_slot(kept))


def _ask_which(dispatcher: CollectingDispatcher, kept: dict[str, Any]) -> None:
    clauses = [Clause.of_slot(kept[one]) for one in ("first", "second")]
    titles = " and ".join(title_of(clause).lower() for clause in clauses)
    dispatcher.utter_message(
        text=f"These are two things: {titles}. Which comes first?",
        buttons=[
            *({"title": title_of(clause), "payload": clause.text} for clause in clauses),
            PERSON_BUTTON,
        ],
    )


def _take_up(tracker: Tracker, clause: Clause, rest: dict[str, Any] | None = None) -> list[Event]:
    taken = answering(clause, incoming(tracker), rest=rest)
    return [taken, followed_by(CHOICES[clause.intent].takes_up)]
