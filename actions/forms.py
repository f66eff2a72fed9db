"""Forms: take known facts from the account, check what is given, ask for the rest.

Rasa calls `validate_<form>` after every message in a form and `action_ask_<slot>` for what is
missing. All of them are made here from the tasks, so that a new task needs no class of its own.
"""

from typing import ClassVar

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.candidates import Candidates, candidates
from actions.details import Detail
from actions.filling import Filling
from actions.message import Event, Incoming, incoming, since_message
from actions.orders import order_buttons, own_orders
from actions.people import YES_NO, orders_unseen
from actions.repeats import once_more, said_lately
from actions.services import services
from actions.task_rules import TASKS, Task, task_of_form
from conversation.shop import ShopUnavailable


class _Validate:
    """Validates the slots of one form.

    A SlotSet comes back only where something changes: Rasa takes a turn without one as an
    interruption, which the rules then answer.
    """

    task: ClassVar[Task]

    def name(self) -> str:
        """The name that Rasa knows."""
        return f"validate_{self.task.form}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Take from the message what it holds for the form."""
        if _was_interrupted(tracker, self.task.form):
            return []
        message = incoming(tracker)
        filling = Filling(
            self.task, tracker.slots, message, entered=_entered(tracker, self.task.form)
        )
        filling.drop_leftovers()
        try:
            orders = await candidates(self.task, await own_orders(message))
        except ShopUnavailable:
            orders = Candidates()
        if message.customer_id is None:
            filling.end()
        elif self.task.orders:
            filling.take_order(orders)
        if filling.ended:
            return filling.events
        order = orders.with_number(filling.number())
        filling.take_detail()
        filling.take_record(order, services().clock().date())
        filling.take_part(order)
        filling.take_confirmation(self.task.question(order, filling.detail()))
        filling.ask_again()
        if filling.problem:
            await _rejected(message)
            dispatcher.utter_message(text=filling.problem)
        return filling.events


class _AskDetail:
    """Asks for what a task needs beside the order."""

    detail: ClassVar[Detail]

    def name(self) -> str:
        """The name that Rasa knows."""
        return f"action_ask_{self.detail.slot}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Ask, with a button for each choice."""
        said = await said_lately(tracker, incoming(tracker))
        choices = self.detail.choices or {}
        buttons = [{"title": title, "payload": payload} for title, payload in choices.items()]
        dispatcher.utter_message(text=once_more(self.detail.ask, said), buttons=buttons)
        return []


class ActionAskOrderNumber(Action):
    """Asks which order, offering those that fit."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_ask_order_number"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Ask, with one button an order."""
        message = incoming(tracker)
        task = task_of_form(tracker.active_loop_name)
        try:
            orders = await candidates(task, await own_orders(message))
        except ShopUnavailable:
            orders = Candidates()
        which = task.orders.which if task.orders else ""
        text = once_more(which, await said_lately(tracker, message))
        dispatcher.utter_message(text=text, buttons=order_buttons(orders.to_choose_from))
        return []


class ActionAskConfirmed(Action):
    """Asks before anything changes."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_ask_confirmed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Ask for a yes or a no, naming the order and what will happen."""
        message = incoming(tracker)
        task = task_of_form(tracker.active_loop_name)
        number = tracker.get_slot("order_number")
        detail = str(tracker.get_slot(task.detail.slot) or "") if task.detail else ""
        try:
            order = next((o for o in await own_orders(message) if o.number == number), None)
        except ShopUnavailable:
            await orders_unseen(dispatcher, tracker)
            return []
        question = task.question(order, detail)
        if question:
            text = once_more(question, await said_lately(tracker, message))
            dispatcher.utter_message(text=text, buttons=YES_NO)
        return []


async def answers_form(tracker: Tracker, message: Incoming) -> bool:
    """True where the message is an answer that the active form takes, however odd its words."""
    if not tracker.active_loop_name:
        return False
    task = task_of_form(tracker.active_loop_name)
    filling = Filling(task, tracker.slots, message, entered=False)
    if task.orders:
        try:
            filling.take_order(await candidates(task, await own_orders(message)))
        except ShopUnavailable:
            return False
    filling.take_detail()
    return filling.answers


def _made(base: type, **fields: Task | Detail) -> type[Action]:
    (thing,) = fields.values()
    own = f"{base.__name__}{thing.form if isinstance(thing, Task) else thing.slot}"
    return type(own, (base, Action), {**fields, "__doc__": base.__doc__, "__module__": __name__})


FORM_ACTIONS: tuple[type[Action], ...] = (
    *(_made(_Validate, task=task) for task in TASKS),
    *(_made(_AskDetail, detail=task.detail) for task in TASKS if task.detail),
)


def _entered(tracker: Tracker, form: str) -> bool:
    """True where this message is the one with which the form began."""
    return any(
        event.get("event") == "active_loop" and event.get("name") == form
        for event in since_message(tracker)
    )


def _was_interrupted(tracker: Tracker, form: str) -> bool:
    """True where the message was answered as something else, and the form only comes back."""
    return any(
        event.get("event") == "action_execution_rejected" and event.get("name") == form
        for event in since_message(tracker)
    )


async def _rejected(message: Incoming) -> None:
    async with services().store.work() as work:
        await work.timeline.record(
            message.conversation_id,
            "value_rejected",
            services().clock(),
            key=f"{message.message_id}:value_rejected",
        )
