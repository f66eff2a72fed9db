"""What is known of a customer and their matter, as lines of a card: label and value."""

from collections.abc import Sequence
from datetime import date, datetime

from conversation.amounts import day, money
from conversation.annotated import AnnotatedTurn
from conversation.contact_words import told, when
from conversation.conversation import Conversation
from conversation.customer import Customer, CustomerContext
from conversation.history import goes_on, same_issue
from conversation.languages import language_name
from conversation.shop import Order, OrderState

Lines = tuple[tuple[str, str], ...]
CUSTOMER, LANGUAGE, ORDER = "Customer", "Language", "Order "
"""Labels: what the customer is to the shop; what they read; before the number of an order."""

_MAX_ORDERS, _MAX_CONTACTS = 4, 2
_SYSTEMS = {"customer": "The directory", "orders": "The shop", "past": "The database"}


def about(customer: Customer | None, conversation: Conversation) -> Lines:
    """Who the customer is."""
    seen = (("Page", conversation.page), ("Looked at before", ", ".join(conversation.pages)))
    page = tuple(line for line in seen if line[1])
    if customer is None:
        number = conversation.customer_id
        who = ("Customer number", number) if number else (CUSTOMER, "Not signed in")
        return (who, (LANGUAGE, language_name(conversation.locale)), *page)
    lines = (
        (CUSTOMER, _standing(customer)),
        ("Customer number", customer.id),
        (LANGUAGE, _languages(customer.language, conversation.locale)),
        ("Prefers", ", ".join(customer.preferences)),
    )
    return (*(line for line in lines if line[1]), *page)


def _languages(of_profile: str, of_page: str) -> str:
    """The language that the customer has chosen, and the one that the page is read in."""
    chosen, page = language_name(of_profile or of_page), language_name(of_page)
    return chosen if chosen == page else f"{chosen} in the profile, {page} on the page"


def matter(context: CustomerContext, turns: Sequence[AnnotatedTurn], now: datetime) -> Lines:
    """What came before and where the orders stand, what weighs most first."""
    relevant = _relevant(context, turns, now.date())
    orders = ((f"{ORDER}{order.number}", order_words(order, now)) for order in relevant)
    return (*_before(context, turns, now), *orders, *_gaps(context))


def _standing(customer: Customer) -> str:
    since = f"since {customer.since.year}" if customer.since else ""
    worth = customer.lifetime_value_cents
    paid = f"{money(worth, customer.currency)} paid so far" if worth and customer.currency else ""
    return ", ".join(part for part in (customer.tier, since, paid) if part)


def _before(context: CustomerContext, turns: Sequence[AnnotatedTurn], now: datetime) -> Lines:
    same = {one for turn in turns for one in same_issue(turn.turn, context, now)}
    over = [one for one in context.past.contacts if not goes_on(one, now)]
    shown = [one for one in over if one in same][:_MAX_CONTACTS] or over[:1]
    lines = [("Before", told(one, now, same=one in same)) for one in shown]
    case, rating = context.past.open_case, context.past.rating
    if case is not None:
        lines.append(("Open case", f"{case.number}, opened {when(case.opened_at, now)}"))
    if rating is not None:
        lines.append(("Last rating", f"{rating.words}, {when(rating.at, now)}"))
    return tuple(lines)


def _relevant(
    context: CustomerContext, turns: Sequence[AnnotatedTurn], today: date
) -> Sequence[Order]:
    """The orders that are likely meant, the latest of them first."""
    named = frozenset().union(*(turn.turn.entities for turn in turns))
    orders = [o for o in context.orders if o.number in named]
    meant = orders or [o for o in context.orders if o.open]
    return sorted(meant, key=lambda order: -order.days_late(today))[:_MAX_ORDERS]


def order_words(order: Order, now: datetime) -> str:
    """What the order is and where it stands, in one line."""
    words = f"{order.title}, {order.state.value.replace('_', ' ')}"
    late = order.days_late(now.date())
    if late:
        words = f"{words}, {late} {'day' if late == 1 else 'days'} late"
    if order.state is OrderState.REFUND_PENDING and order.refund_due_on:
        words = f"{words}, due {day(order.refund_due_on)}"
    elif order.refund_cents:
        words = f"{words}, {money(order.refund_cents, order.currency)} paid back"
    if order.state is OrderState.SHIPPED and order.missed_on:
        words = f"{words}, carrier came in vain on {day(order.missed_on)}"
    if order.replaces:
        words = f"{words}, in the place of order {order.replaces}"
    return words


def _gaps(context: CustomerContext) -> Lines:
    lines = [("Not known", f"{_SYSTEMS[one]} did not answer") for one in sorted(context.missing)]
    if context.as_of is not None:
        lines.append(("As of", f"{context.as_of:%-d %B %H:%M} UTC; a system did not answer since"))
    return tuple(lines)
