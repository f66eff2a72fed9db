"""Tasks that change something, each done once per customer message."""

from typing import ClassVar

import structlog
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.candidates import candidates
from actions.filling import no_order
from actions.message import Event, Incoming, incoming, slot
from actions.orders import own_orders
from actions.people import PERSON_BUTTON, YES_NO, ask_to_sign_in, orders_unseen, refuse
from actions.repeats import said_lately, still
from actions.services import services
from actions.task_rules import TASKS, Task, Wish
from conversation.reasons import HandoffReason
from conversation.shop import Refused, ShopUnavailable

log = structlog.get_logger()


class DoTask:
    """Does the task once its form is complete."""

    task: ClassVar[Task]

    def name(self) -> str:
        """The name that Rasa knows."""
        return self.task.action

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Do it if it was confirmed, and say what now holds."""
        message = incoming(tracker)
        task = self.task
        detail = task.detail.slot if task.detail else None
        events = [slot(name, None) for name in ("confirmed", detail) if name]
        confirmed = "confirmed" in task.slots and tracker.get_slot("confirmed") is True
        if message.customer_id is None:
            await ask_to_sign_in(dispatcher, tracker)
        elif task.orders and not confirmed and await _stops(task, dispatcher, tracker):
            return events
        elif "confirmed" in task.slots and not confirmed:
            dispatcher.utter_message(text="Nothing was changed.")
            events.append(slot("order_number", None))  # a no may have meant: another order
        else:
            number = str(tracker.get_slot("order_number")) if task.orders else ""
            given = str(tracker.get_slot(detail) or "") if detail else ""
            wish = Wish(message.customer_id, number, given, message.message_id)
            events += await _attempt(task, wish, dispatcher, tracker)
        return events


async def _stops(task: Task, dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Say why it cannot be done, where it cannot; what was confirmed never comes here."""
    message, number = incoming(tracker), tracker.get_slot("order_number")
    try:
        orders = await candidates(task, await own_orders(message))
    except ShopUnavailable:
        await _record(message, "task_failed", task, number or "")
        await orders_unseen(dispatcher, tracker)
        return True
    unasked = message.intent == "affirm" and "confirmed" not in task.slots
    if number is None and (unasked or orders.to_choose_from):  # of no order was it asked
        dispatcher.utter_message(text="There is nothing open to say yes to. What do you need?")
    elif number is None:
        none_fits = task.orders.none_fits if task.orders else ""
        text = still(none_fits, await said_lately(tracker, message))
        dispatcher.utter_message(text=text, buttons=[PERSON_BUTTON])
    elif orders.with_number(number) is None or number in orders.why_not:
        await _record(message, "task_failed", task, number)
        await refuse(dispatcher, tracker, orders.why_not.get(number, no_order(number)))
    else:
        return False
    return True


async def _attempt(
    task: Task, wish: Wish, dispatcher: CollectingDispatcher, tracker: Tracker
) -> list[Event]:
    message = incoming(tracker)
    services().orders_read.forget(message.message_id)
    try:
        receipt = await task.do(services().shop, wish)
    except Refused as refusal:
        await _record(message, "task_failed", task, wish.number)
        await refuse(dispatcher, tracker, str(refusal))
        return []
    except ShopUnavailable as error:
        log.warning("shop_unavailable", task=task.action, error=str(error))
        await _record(message, "task_failed", task, wish.number)
        return [slot("handoff_reason", HandoffReason.TASK_FAILED.value)]
    await _record(message, "task_done", task, wish.number)
    asked = task.then(wish.detail)
    text, buttons = f"{receipt.fact} {asked}".strip(), YES_NO if asked else []
    dispatcher.utter_message(text=text, buttons=buttons)
    return []


async def _record(message: Incoming, kind: str, task: Task, number: str) -> None:
    async with services().store.work() as work:
        await work.timeline.record(
            message.conversation_id,
            kind,
            services().clock(),
            key=f"{message.message_id}:{kind}",
            task=task.form,
            order=number or None,
        )


def _made(task: Task) -> type[Action]:
    fields = {"task": task, "__doc__": DoTask.__doc__, "__module__": __name__}
    return type(f"DoTask{task.action}", (DoTask, Action), fields)


TASK_ACTIONS: tuple[type[Action], ...] = tuple(map(_made, TASKS))
