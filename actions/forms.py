"""Forms: take known facts from the account, check what is given, ask for the rest."""

from collections.abc import Sequence

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.message import Event, Incoming, incoming, slot
from actions.orders import order_buttons, orders_named, own_orders
from actions.services import services
from actions.task_rules import Task, task_of_form
from conversation.shop import Order

_SHORTEST_ADDRESS = 8
_LONGEST_TEXT = 300
_YES_NO = [{"title": "Yes", "payload": "Yes"}, {"title": "No", "payload": "No"}]


class TaskForm:
    """Validates the slots of the active form.

    A SlotSet comes back only where something changes: Rasa takes a turn without one as an
    interruption, which the rules then answer.
    """

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Drop what is left over from another task, then settle the order and its details."""
        message = incoming(tracker)
        task = task_of_form(tracker.active_loop_name)
        events = _leftovers(tracker, message, task)
        fitting = [order for order in await own_orders(message) if task.fits(order)]
        if not fitting:
            return [*events, slot("order_number", None), slot("requested_slot", None)]
        events += await _settle_order(dispatcher, tracker, message, fitting)
        events += await _check_detail(dispatcher, tracker, message, task)
        return events


class ValidateCancelForm(TaskForm, Action):
    """Validation of the cancel form."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "validate_cancel_form"


class ValidateAddressForm(TaskForm, Action):
    """Validation of the address form."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "validate_address_form"


class ValidateReturnForm(TaskForm, Action):
    """Validation of the return form."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "validate_return_form"


class ActionAskOrderNumber(Action):
    """Asks which order, offering those that fit."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_ask_order_number"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Ask, with one button an order."""
        task = task_of_form(tracker.active_loop_name)
        fitting = [order for order in await own_orders(incoming(tracker)) if task.fits(order)]
        dispatcher.utter_message(text=task.which, buttons=order_buttons(fitting))
        return []


class AskConfirmed:
    """Asks before anything changes."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Ask for a yes or a no, naming the order and what will happen."""
        task = task_of_form(tracker.active_loop_name)
        number = tracker.get_slot("order_number")
        detail = str(tracker.get_slot(task.detail) or "") if task.detail else ""
        for order in await own_orders(incoming(tracker)):
            if order.number == number:
                dispatcher.utter_message(text=task.confirm(order, detail), buttons=_YES_NO)
        return []


class ActionAskCancelFormConfirmed(AskConfirmed, Action):
    """Asks before an order is cancelled."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_ask_cancel_form_confirmed"


class ActionAskAddressFormConfirmed(AskConfirmed, Action):
    """Asks before an address is changed."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_ask_address_form_confirmed"


class ActionAskReturnFormConfirmed(AskConfirmed, Action):
    """Asks before a return is opened."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_ask_return_form_confirmed"


def _leftovers(tracker: Tracker, message: Incoming, task: Task) -> list[Event]:
    requested = tracker.get_slot("requested_slot")
    stale = []
    asks_anew = message.order_number is not None  # a yes meant the order it was asked about
    if (requested != "confirmed" or asks_anew) and tracker.get_slot("confirmed") is not None:
        stale.append("confirmed")
    if requested is None and task.detail and tracker.get_slot(task.detail) is not None:
        stale.append(task.detail)
    return [slot(name, None) for name in stale]


async def _settle_order(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    message: Incoming,
    fitting: Sequence[Order],
) -> list[Event]:
    number = tracker.get_slot("order_number")
    if number in {order.number for order in fitting}:
        return []
    events: list[Event] = []
    if number is not None:
        events.append(slot("order_number", None))
        if message.order_number == number:
            await _rejected(message)
            dispatcher.utter_message(text=f"Order {number} is not one this is possible for.")
    wanted = tracker.get_slot("requested_slot") in (None, "order_number")
    named = orders_named(message.text, fitting) if wanted else []
    choice = named if len(named) == 1 else fitting
    if len(choice) == 1 and message.order_number in (None, choice[0].number):
        events.append(slot("order_number", choice[0].number))
    return events


async def _check_detail(
    dispatcher: CollectingDispatcher, tracker: Tracker, message: Incoming, task: Task
) -> list[Event]:
    if task.detail is None or tracker.get_slot("requested_slot") != task.detail:
        return []
    given = tracker.get_slot(task.detail)
    if given is None:
        return []
    text = " ".join(str(given).split())
    problem = _problem(task.detail, text)
    if problem is None:
        return [slot(task.detail, text)]
    await _rejected(message)
    dispatcher.utter_message(text=problem)
    return [slot(task.detail, None)]


def _problem(detail: str, text: str) -> str | None:
    if len(text) > _LONGEST_TEXT:
        return f"That is too long; {_LONGEST_TEXT} characters fit."
    if detail == "new_address" and (
        len(text) < _SHORTEST_ADDRESS or not any(letter.isdigit() for letter in text)
    ):
        return "An address needs street, number, postcode and town."
    return None


async def _rejected(message: Incoming) -> None:
    async with services().store.work() as work:
        await work.timeline.record(
            message.conversation_id,
            "value_rejected",
            services().clock(),
            key=f"{message.message_id}:value_rejected",
        )
