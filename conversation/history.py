"""What came before counts as effort: found by rules from contacts and orders. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from conversation.contacts import SAME_CONTACT, Channel, Contact
from conversation.customer import CustomerContext
from conversation.shop import Order, OrderState
from conversation.turns import Signal, Turn

LOOK_BACK = timedelta(days=30)
REPEATS_WITHIN = timedelta(days=7)
OLD_FROM, OLDEST = 2, 10  # days: from when an issue is old, and when it can get no older

_PARCEL = frozenset({"order_status", "give_order_number", "late_parcel", "parcel_not_received"})
_MONEY_BACK = frozenset({"refund_status", "request_refund"})
_ISSUES: tuple[frozenset[str], ...] = (
    _PARCEL,
    _MONEY_BACK,
    frozenset({"return_item", "exchange_item", "return_label"}),
    frozenset({"damaged_item", "wrong_item", "missing_item"}),
    frozenset({"payment_failed", "charged_twice"}),
    frozenset({"cancel_order", "change_order", "change_address"}),
    frozenset({"login_problem", "change_details"}),
    frozenset({"delete_account", "data_request"}),
    frozenset({"repair", "warranty"}),
    *map(frozenset, ({"confirmation_missing"}, {"invoice"}, {"product_safety"}, {"fraud"})),
)


def issue_of(intent: str | None) -> frozenset[str]:
    """The intents under which the same issue may come up again; empty where it is no issue.

    Whoever asks twice for the opening hours has no issue that stays open.
    """
    return next((issue for issue in _ISSUES if intent in issue), frozenset())


def same_issue(turn: Turn, context: CustomerContext, now: datetime) -> tuple[Contact, ...]:
    """The contacts before this one about what the turn is about, the latest first."""
    issue = issue_of(turn.intent)
    numbers = {order.number for order in context.orders}
    meant = turn.entities & numbers
    return tuple(
        contact
        for contact in context.past.contacts
        if issue.intersection(contact.topics) and not goes_on(contact, now)
        if not meant or not contact.names & numbers or meant & contact.names
    )


def from_history(turn: Turn, context: CustomerContext, now: datetime) -> Mapping[Signal, float]:
    """The signals that lie in what came before this turn, with strengths 0..1."""
    issue = issue_of(turn.intent)
    if not issue:
        return {}
    contacts = same_issue(turn, context, now)
    orders = _meant(turn, context.orders)
    found: dict[Signal, float] = {}
    lately = [one for one in contacts if now - one.until <= REPEATS_WITHIN]
    if lately:
        found[Signal.REPEAT_CONTACT] = 1.0
    if any(one.channel is not Channel.CHAT and not one.solved for one in lately):
        found[Signal.OTHER_CHANNEL] = 1.0
    if _overdue(issue, orders, now.date()) or any(_broken(one, now) for one in contacts):
        found[Signal.BROKEN_PROMISE] = 1.0
    age = _age(issue, contacts, orders, now)
    if age >= OLD_FROM:
        found[Signal.OLD_ISSUE] = min(1.0, age / OLDEST)
    return found


def goes_on(contact: Contact, now: datetime) -> bool:
    """True for the chat that is being held."""
    return contact.channel is Channel.CHAT and now - contact.until <= SAME_CONTACT


def _meant(turn: Turn, orders: Sequence[Order]) -> Sequence[Order]:
    named = [order for order in orders if order.number in turn.entities]
    return named or orders


def _broken(contact: Contact, now: datetime) -> bool:
    return not contact.solved and contact.promised_by is not None and contact.promised_by < now


def _overdue(issue: frozenset[str], orders: Sequence[Order], today: date) -> int:
    """How many days the shop is behind its own word in this issue; 0 where it kept it."""
    if issue is _PARCEL:
        return max((order.days_late(today) for order in orders), default=0)
    if issue is _MONEY_BACK:
        return max((_refund_overdue(order, today) for order in orders), default=0)
    return 0


def _refund_overdue(order: Order, today: date) -> int:
    pending = order.state is OrderState.REFUND_PENDING and order.refund_due_on is not None
    return max(0, (today - order.refund_due_on).days) if pending and order.refund_due_on else 0


def _age(
    issue: frozenset[str], contacts: Sequence[Contact], orders: Sequence[Order], now: datetime
) -> int:
    """Days since the issue began: the first contact that was not solved, or the day it was due."""
    since: list[int] = []
    for contact in contacts:
        if contact.solved:
            break
        since.append((now - contact.at).days)
    return max([_overdue(issue, orders, now.date()), *since])
