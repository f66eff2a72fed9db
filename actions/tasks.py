"""Tasks that change an order, each done once per customer message."""

from abc import ABC, abstractmethod

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.message import Event, Incoming, incoming, slot
from actions.people import PERSON_BUTTON
from actions.services import services
from actions.task_rules import CANCEL, CHANGE_ADDRESS, RETURN, Task
from conversation.shop import Receipt, Refused


class OrderTask(ABC):
    """Does the task once its form is complete."""

    task: Task

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Do it if it was confirmed, and say what now holds."""
        message = incoming(tracker)
        number = tracker.get_slot("order_number")
        if message.customer_id is None:
            dispatcher.utter_message(
                text="I can only change orders of customers who are signed in. Sign in on this "
                "page, or a colleague can help.",
                buttons=[PERSON_BUTTON],
            )
        elif number is None:
            dispatcher.utter_message(text=self.task.none_fits, buttons=[PERSON_BUTTON])
        elif tracker.get_slot("confirmed") is not True:
            dispatcher.utter_message(text="Nothing was changed.")
        else:
            await self._attempt(dispatcher, tracker, message, message.customer_id, number)
        over = ["confirmed", self.task.detail]
        if tracker.get_slot("confirmed") is not True:
            over.append("order_number")  # a no may have meant: another order
        return [slot(name, None) for name in over if name]

    @abstractmethod
    async def do(self, customer_id: str, number: str, detail: str, key: str) -> Receipt:
        """Change the order. Raises: Refused."""

    async def _attempt(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        message: Incoming,
        customer_id: str,
        number: str,
    ) -> None:
        detail = str(tracker.get_slot(self.task.detail) or "") if self.task.detail else ""
        try:
            receipt = await self.do(customer_id, number, detail, message.message_id)
        except Refused as refusal:
            await _record(message, "task_failed", self.task.form, number)
            dispatcher.utter_message(text=str(refusal), buttons=[PERSON_BUTTON])
            return
        await _record(message, "task_done", self.task.form, number)
        dispatcher.utter_message(text=receipt.fact)


class ActionCancelOrder(OrderTask, Action):
    """Cancels the order of the form."""

    task = CANCEL

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_cancel_order"

    async def do(self, customer_id: str, number: str, detail: str, key: str) -> Receipt:
        """Cancel it. Raises: Refused."""
        return await services().shop.cancel(customer_id, number, key=key)


class ActionChangeAddress(OrderTask, Action):
    """Sends the order of the form to another address."""

    task = CHANGE_ADDRESS

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_change_address"

    async def do(self, customer_id: str, number: str, detail: str, key: str) -> Receipt:
        """Change the address. Raises: Refused."""
        return await services().shop.change_address(customer_id, number, detail, key=key)


class ActionStartReturn(OrderTask, Action):
    """Opens a return for the order of the form."""

    task = RETURN

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_start_return"

    async def do(self, customer_id: str, number: str, detail: str, key: str) -> Receipt:
        """Open the return. Raises: Refused."""
        return await services().shop.start_return(customer_id, number, detail, key=key)


async def _record(message: Incoming, kind: str, task: str, number: str) -> None:
    async with services().store.work() as work:
        await work.timeline.record(
            message.conversation_id,
            kind,
            services().clock(),
            key=f"{message.message_id}:{kind}",
            task=task,
            order=number,
        )
