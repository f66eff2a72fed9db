"""Questions about an order: which orders they may mean, and what is answered about each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from actions.choices import CHOICES
from actions.mails import MAIL_MISSING, misses_mail
from actions.message import Incoming
from actions.wording import named, small, standing
from conversation.amounts import day, money
from conversation.shop import ARRIVED, BEFORE_CARRIER, Order, OrderState


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer about an order. `person`: a person is one tap away; `sorry` is said once.

    Where it asks something, `yes_does` names the task, as a receipt does, that a yes begins, and
    `slots` are what that needs not ask. Where the shop would refuse the task, `otherwise` is said,
    or its refusal, and a person is offered.
    """

    text: str
    buttons: tuple[dict[str, str], ...] = ()
    person: bool = False
    sorry: bool = False
    yes_does: str | None = None
    otherwise: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)


def _standing(order: Order, today: date, _: Incoming) -> Answer:
    return Answer(standing(order, today), person=order.days_late(today) > 0)


@dataclass(frozen=True, slots=True)
class Question:
    """A question about an order. `newest`: where several fit, the newest is meant; `likeliest`:
    of several that fit, the one that is so.

    `instead`: the action that takes the message up, where it turns out to be about something else.
    """

    action: str
    none_fits: str
    fits: Callable[[Order, date], bool] = lambda order, _: order.open
    answer: Callable[[Order, date, Incoming], Answer] = _standing
    newest: bool = False
    likeliest: Callable[[Order, date], bool] = lambda *_: False
    instead: Callable[[Incoming], str | None] = lambda _: None


def _late(order: Order, today: date, _: Incoming) -> Answer:
    late = order.days_late(today) > 0
    return Answer(standing(order, today), person=late, sorry=late)


def _payment(order: Order, today: date, _: Incoming) -> Answer:
    return Answer(standing(order, today), person=True)


def _refund(order: Order, today: date, _: Incoming) -> Answer:
    if order.state not in ARRIVED:
        return Answer(standing(order, today))
    if order.refund_cents:
        due = f" by {day(order.refund_due_on)}" if order.refund_due_on else ""
        amount = money(order.refund_cents, order.currency)
        return Answer(f"{amount} for {small(order)} come back to you{due}.", person=True)
    return Answer(
        f"No refund is recorded for {small(order)}. Do you want it paid back?",
        buttons=({"title": "Pay it back", "payload": "Yes"},),
        person=True,
        yes_does="refund",
        otherwise=f"No refund is recorded for {small(order)}. A colleague can look at it.",
    )


def _not_received(order: Order, today: date, _: Incoming) -> Answer:
    if order.state not in ARRIVED:
        return _late(order, today, _)
    when = f" on {day(order.delivered_on)}" if order.delivered_on else ""
    return Answer(
        f"The carrier noted {small(order)} as delivered{when}. Ask next door and look where it may "
        "lie, or a colleague can trace it.",
        person=True,
    )


def _damaged(order: Order, today: date, message: Incoming) -> Answer:
    if order.state not in ARRIVED:
        return _payment(order, today, message)
    noted = f"{named(order)} is noted as damaged"
    told = f"You write that {small(order)} is damaged"
    return Answer(
        f"{noted if order.state is OrderState.DELIVERED_DAMAGED else told}: shall I take it back?",
        buttons=({"title": "Return it", "payload": "Yes"},),
        person=True,
        yes_does="start_return",
        slots={"return_reason": f"Damaged: {message.text}"[:300]},
    )


def _whole_refund(what: str, reason: str) -> Callable[[Order, date, Incoming], Answer]:
    def answer(order: Order, today: date, message: Incoming) -> Answer:
        if order.state not in ARRIVED or not order.whole:
            return _payment(order, today, message)
        return Answer(
            f"A colleague can send {what} for {small(order)}. Or shall I pay back all "
            f"{money(order.total_cents, order.currency)} instead?",
            buttons=({"title": "Pay it back", "payload": "Yes"},),
            person=True,
            yes_does="refund",
            otherwise=f"A colleague can send {what} for {small(order)}, or see to the refund.",
            slots={"refund_reason": f"{reason}: {message.text}"[:300]},
        )

    return answer


def _charged(order: Order, today: date, message: Incoming) -> Answer:
    if order.state is OrderState.PAYMENT_FAILED:
        return _payment(order, today, message)
    return Answer(
        f"Our records have {small(order)} once, for {money(order.total_cents, order.currency)}. "
        "A colleague has to check a second charge with you.",
        person=True,
    )


def _change(order: Order, today: date, message: Incoming) -> Answer:
    if order.state not in BEFORE_CARRIER:
        return _payment(order, today, message)
    return Answer(
        f"I cannot change what is in {small(order)}. Until it leaves our warehouse you can cancel "
        "it and order anew, or a colleague can look.",
        buttons=({"title": "Cancel it", "payload": f"Cancel order {order.number}"},),
        person=True,
    )


def _went_through(order: Order, today: date, message: Incoming) -> Answer:
    if order.state is OrderState.PAYMENT_FAILED:
        return _payment(order, today, message)
    return Answer(
        f"{named(order)} reached us on {day(order.placed_on)}. Shall I send its invoice to your "
        "e-mail address?",
        buttons=({"title": "Send it", "payload": "Yes"},),
        yes_does="resend_invoice",
        otherwise=f"{named(order)} reached us on {day(order.placed_on)}.",
    )


def _asked_standing(order: Order, today: date, message: Incoming) -> Answer:
    """Where it stands; whether it is cancelled is said in so many words where that was asked."""
    answer = _standing(order, today, message)
    asked = "cancel" in message.text.lower() and order.state is not OrderState.CANCELLED
    return replace(answer, text=f"It is not cancelled. {answer.text}") if asked else answer


STATUS = Question(
    action="action_order_status",
    answer=_asked_standing,
    none_fits="No order of yours is open at the moment. Which order number do you mean?",
)
QUESTIONS = (
    STATUS,
    Question(
        action="action_late_parcel",
        none_fits="No parcel of yours is on its way or late. Which order number do you mean?",
        fits=lambda order, _: order.state in (OrderState.SHIPPED, OrderState.PROCESSING),
        answer=_late,
        likeliest=lambda order, today: order.days_late(today) > 0,
    ),
    Question(
        action="action_parcel_not_received",
        none_fits="No parcel of yours has left us lately. Which order number do you mean?",
        fits=lambda order, _: order.state in (*ARRIVED, OrderState.SHIPPED),
        answer=_not_received,
    ),
    Question(
        action="action_refund_status",
        none_fits="No refund is recorded for your orders. Which order number do you mean?",
        fits=lambda order, _: (
            order.state in (OrderState.REFUND_PENDING, OrderState.RETURNING, OrderState.REFUNDED)
            or (order.refund_cents > 0 and order.state is not OrderState.CANCELLED)
        ),
        answer=_refund,
    ),
    Question(
        action="action_payment_help",
        none_fits="No payment of yours has failed. Which order number do you mean?",
        fits=lambda order, _: order.state is OrderState.PAYMENT_FAILED,
        answer=_payment,
    ),
    Question(
        action="action_charged_twice",
        none_fits="No order of yours has been paid. A colleague can check the charge with you.",
        fits=lambda order, _: order.state is not OrderState.CANCELLED,
        answer=_charged,
    ),
    Question(
        action="action_damaged_item",
        none_fits="No order of yours was delivered lately. Which order number do you mean?",
        fits=lambda order, _: order.state in ARRIVED,
        answer=_damaged,
    ),
    Question(
        action="action_wrong_item",
        none_fits="No order of yours was delivered lately. Which order number do you mean?",
        fits=lambda order, _: order.state in ARRIVED,
        answer=_whole_refund("the right item", "Wrong item"),
    ),
    Question(
        action="action_missing_item",
        none_fits="No order of yours was delivered lately. Which order number do you mean?",
        fits=lambda order, _: order.state in ARRIVED,
        answer=_whole_refund("what is missing", "Missing item"),
    ),
    Question(
        action="action_change_order",
        none_fits="No order of yours can be changed now. What has come can be sent back.",
        fits=lambda order, _: order.state in BEFORE_CARRIER,
        answer=_change,
        instead=lambda message: "address_form" if message.named.get("address") else None,
    ),
    Question(
        action="action_confirmation_missing",
        none_fits="There is no open order in your account, so none has reached us.",
        fits=lambda order, _: order.open,
        answer=_went_through,
        newest=True,
        instead=lambda message: MAIL_MISSING if misses_mail(message.text) else None,
    ),
)
_INTENTS = {choice.takes_up: intent for intent, choice in CHOICES.items()}


def intent_of(question: Question) -> str:
    """The intent with which a customer asks it."""
    return _INTENTS[question.action]
