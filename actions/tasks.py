"""Tasks that change something, each done once per customer message."""

from typing import ClassVar

import structlog
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.message import Event, Incoming, incoming, slot
from actions.people import PERSON_BUTTON, YES_NO, offered
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
        number = tracker.get_slot("order_number") if task.orders else ""
        if message.customer_id is None:
            dispatcher.utter_message(
                text="I can only do this for customers who are signed in. Sign in on this page, "
                "or a colleague can help.",
                buttons=[PERSON_BUTTON],
            )
        elif number is None and task.orders:
            text = still(task.orders.none_fits, await said_lately(tracker, message))
            dispatcher.utter_message(text=text, buttons=[PERSON_BUTTON])
        elif "confirmed" in task.slots and tracker.get_slot("confirmed") is not True:
            dispatcher.utter_message(text="Nothing was changed.")
            events.append(slot("order_number", None))  # a no may have meant: another order
        else:
            given = str(tracker.get_slot(detail) or "") if detail else ""
            wish = Wish(message.customer_id, str(number), given, message.message_id)
            events += await _attempt(task, wish, dispatcher, tracker)
        return events


async def _attempt(
    task: Task, wish: Wish, dispatcher: CollectingDispatcher, tracker: Tracker
) -> list[Event]:
    message = incoming(tracker)
    try:
        receipt = await task.do(services().shop, wish)
    except Refused as refusal:
        await _record(message, "task_failed", task, wish.number)
        await offered(tracker)
        dispatcher.utter_message(text=str(refusal), buttons=[PERSON_BUTTON])
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
