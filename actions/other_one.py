"""Corrections: "no, the other order", "no, I meant 1008", "that is not what I asked"."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.message import Clause, Event, Incoming, answering, followed_by, incoming, slot
from actions.order_answers import answered, question_before
from actions.order_questions import STATUS
from actions.orders import own_orders
from actions.people import orders_unseen
from actions.task_rules import TASKS, Task
from conversation.shop import ShopUnavailable

TAKE_NUMBER = "action_take_order_number"
_WITHIN = 3  # turns; what was asked longer ago is not what is corrected
_BY_ACTION = {task.action: task for task in TASKS if task.orders}


class ActionTakeOrderNumber(Action):
    """A bare order number: for what was asked or done last, or for where the order is."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return TAKE_NUMBER

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Answer or do it for this order."""
        message = incoming(tracker)
        task = _task_before(tracker)
        if task is not None and not tracker.active_loop_name:
            return _again(task, message.order_number, message)
        question = question_before(tracker, within=1) or STATUS
        return await answered(question, dispatcher, tracker, message)


class ActionOtherOne(Action):
    """Does or answers the last thing again, for another order."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_other_one"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Take the order that is named, or the other one; ask what is meant where neither is."""
        message = incoming(tracker)
        held = tracker.get_slot("order_number")
        means_an_order = message.intent == "other_one" or message.order_number is not None
        if tracker.active_loop_name or not means_an_order:
            return [followed_by("action_clarify")]
        task = _task_before(tracker)
        if task is None:
            question = question_before(tracker, _WITHIN) or STATUS
            return await answered(question, dispatcher, tracker, message, other_than=held)
        try:
            others = [o.number for o in await own_orders(message) if o.number != held]
        except ShopUnavailable:
            await orders_unseen(dispatcher, tracker)
            return []
        other = others[0] if len(others) == 1 else None
        return _again(task, message.order_number or other, message)


def _again(task: Task, number: str | None, message: Incoming) -> list[Event]:
    """The task once more, for the order of this number or one that is asked for."""
    clause = Clause(task.intents[0], "", number)
    return [slot("order_number", None), answering(clause, message), followed_by(task.form)]


def _task_before(tracker: Tracker) -> Task | None:
    """The task that was done in the turn before, if one was."""
    turns = 0
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            turns += 1
        elif turns > 1:
            return None
        elif turns and event.get("event") == "action" and event.get("name") in _BY_ACTION:
            return _BY_ACTION[event["name"]]
    return None
