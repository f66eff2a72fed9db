"""What came before counts as effort, by rules: each where it holds, and where it does not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from conversation.contact_words import told
from conversation.contacts import Channel, Contact, Past, Said, visits
from conversation.customer import CustomerContext
from conversation.effort import effort
from conversation.history import from_history, issue_of
from conversation.shop import Order, OrderState
from conversation.topics import topics
from conversation.turns import Signal, Turn
from heard.effort.versions import NEWEST, weights_named

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
TODAY = NOON.date()
LATE = Order(
    number="1001",
    customer_id="c",
    items=("Tent",),
    total_cents=100,
    currency="EUR",
    state=OrderState.SHIPPED,
    placed_on=date(2026, 2, 20),
    address="1 Sample Street",
    due_on=TODAY - timedelta(days=4),
)
ON_TIME = replace(LATE, number="1002", due_on=TODAY + timedelta(days=2))
OVERDUE = replace(
    LATE, state=OrderState.REFUND_PENDING, due_on=None, refund_due_on=TODAY - timedelta(days=1)
)


def contact(
    channel: Channel = Channel.CHAT,
    *,
    ago: timedelta = timedelta(days=1),
    topic: str = "late_parcel",
    solved: bool = False,
    promised: timedelta | None = None,
    names: frozenset[str] = frozenset(),
) -> Contact:
    at = NOON - ago
    by = at + promised if promised else None
    return Contact(channel, at, at, (topic,), solved, names=names, promised_by=by)


def found(
    *contacts: Contact,
    orders: tuple[Order, ...] = (),
    intent: str | None = "order_status",
    names: frozenset[str] = frozenset(),
) -> dict[Signal, float]:
    turn = Turn("m1", NOON, "where is it", intent, entities=names)
    context = CustomerContext(None, orders=orders, past=Past(contacts))
    return dict(from_history(turn, context, NOON))


def test_without_a_past_nothing_is_found() -> None:
    assert found() == {}
    assert found(orders=(ON_TIME,)) == {}


@pytest.mark.parametrize("channel", list(Channel))
def test_a_contact_about_the_same_within_a_week_is_a_repeat(channel: Channel) -> None:
    assert Signal.REPEAT_CONTACT in found(contact(channel, ago=timedelta(days=7)))
    assert Signal.REPEAT_CONTACT not in found(contact(channel, ago=timedelta(days=7, seconds=1)))
    assert Signal.REPEAT_CONTACT in found(contact(channel, solved=True))


@pytest.mark.parametrize("topic", ["refund_status", "opening_hours", "greet"])
def test_a_contact_about_something_else_is_none(topic: str) -> None:
    assert found(contact(Channel.CALL, topic=topic)) == {}


@pytest.mark.parametrize("intent", [None, "greet", "opening_hours", "delivery_cost", "complain"])
def test_what_is_no_issue_repeats_nothing(intent: str | None) -> None:
    assert found(contact(topic=intent or "greet"), orders=(LATE,), intent=intent) == {}


def test_the_chat_that_is_being_held_is_no_repeat() -> None:
    assert found(contact(ago=timedelta(minutes=50))) == {}
    assert Signal.REPEAT_CONTACT in found(contact(Channel.CALL, ago=timedelta(minutes=50)))


def test_another_order_is_another_issue() -> None:
    about_1002 = contact(names=frozenset({"1002"}))
    both = (LATE, ON_TIME)
    assert Signal.REPEAT_CONTACT not in found(about_1002, orders=both, names=frozenset({"1001"}))
    assert Signal.REPEAT_CONTACT in found(about_1002, orders=both, names=frozenset({"1002"}))
    assert Signal.REPEAT_CONTACT in found(about_1002, orders=both)


@pytest.mark.parametrize("channel", list(Channel))
def test_an_open_matter_elsewhere_is_another_channel(channel: Channel) -> None:
    elsewhere = channel is not Channel.CHAT
    assert (Signal.OTHER_CHANNEL in found(contact(channel))) == elsewhere
    assert Signal.OTHER_CHANNEL not in found(contact(channel, solved=True))
    assert Signal.OTHER_CHANNEL not in found(contact(channel, ago=timedelta(days=8)))


def test_a_parcel_later_than_promised_is_a_broken_promise() -> None:
    assert Signal.BROKEN_PROMISE in found(orders=(ON_TIME, LATE))
    assert Signal.BROKEN_PROMISE not in found(orders=(ON_TIME,))
    assert Signal.BROKEN_PROMISE not in found(orders=(LATE,), intent="refund_status")
    named = frozenset({"1002"})
    assert Signal.BROKEN_PROMISE not in found(orders=(ON_TIME, LATE), names=named)


def test_a_refund_that_is_not_there_in_time_is_a_broken_promise() -> None:
    assert Signal.BROKEN_PROMISE in found(orders=(OVERDUE,), intent="refund_status")
    today = replace(OVERDUE, refund_due_on=TODAY)
    assert Signal.BROKEN_PROMISE not in found(orders=(today,), intent="refund_status")
    back = replace(OVERDUE, state=OrderState.REFUNDED)
    assert Signal.BROKEN_PROMISE not in found(orders=(back,), intent="refund_status")


def test_a_call_back_that_was_missed_is_a_broken_promise() -> None:
    missed = contact(Channel.CALL, promised=timedelta(hours=5))
    assert Signal.BROKEN_PROMISE in found(missed)
    assert Signal.BROKEN_PROMISE not in found(replace(missed, solved=True))
    due = contact(Channel.CALL, promised=timedelta(hours=30))
    assert Signal.BROKEN_PROMISE not in found(due)
    assert Signal.BROKEN_PROMISE not in found(missed, intent="invoice")


@pytest.mark.parametrize(("days", "strength"), [(1, None), (2, 0.2), (5, 0.5), (10, 1), (25, 1)])
def test_an_issue_weighs_by_its_age_up_to_a_limit(days: int, strength: float | None) -> None:
    late = replace(LATE, due_on=TODAY - timedelta(days=days))
    assert found(orders=(late,)).get(Signal.OLD_ISSUE) == strength
    call = contact(Channel.CALL, ago=timedelta(days=days))
    assert found(call).get(Signal.OLD_ISSUE) == strength


def test_an_issue_begins_anew_once_it_was_solved() -> None:
    first = contact(ago=timedelta(days=9))
    solved = contact(ago=timedelta(days=6), solved=True)
    again = contact(ago=timedelta(days=3))
    assert found(again, solved, first)[Signal.OLD_ISSUE] == 0.3
    assert found(again, first)[Signal.OLD_ISSUE] == 0.9


def test_every_issue_is_a_topic_that_can_be_reported() -> None:
    issues = {intent for intent in topics() if issue_of(intent)}
    assert len(issues) >= 20
    for intent in issues:
        assert issue_of(intent) <= set(topics())


def test_the_score_says_why_in_sentences_that_are_true() -> None:
    turn = Turn("m1", NOON, "where is it", "late_parcel")
    call = contact(Channel.CALL, ago=timedelta(days=2))
    context = CustomerContext(None, orders=(LATE,), past=Past((call,)))
    signals = from_history(turn, context, NOON)
    score = effort([replace(turn, signals=signals)], weights_named(NEWEST))
    assert score.reasons == (
        "had to contact us again about the same",
        "had tried another channel before",
        "was promised something that did not happen",
    )
    assert score.score >= weights_named(NEWEST).offer_at


def test_messages_with_a_long_pause_are_two_contacts() -> None:
    at = NOON - timedelta(days=2)
    said = [
        Said("one", at, "greet"),
        Said("one", at + timedelta(minutes=40), "late_parcel", frozenset({"1001"})),
        Said("one", at + timedelta(minutes=80), "late_parcel"),
        Said("two", at + timedelta(hours=9), "refund_status"),
    ]
    late, early = visits(said, [("one", at + timedelta(minutes=90))])
    assert (early.topics, early.solved, early.names) == (
        ("greet", "late_parcel"),
        True,
        frozenset({"1001"}),
    )
    assert (early.at, early.until) == (at, at + timedelta(minutes=80))
    assert (late.topics, late.solved) == (("refund_status",), False)
    assert visits([], []) == ()


@pytest.mark.parametrize(
    ("one", "same", "says"),
    [
        (contact(Channel.CALL, ago=timedelta(days=2)), True,
         "Called on Monday about the same, still open"),
        (contact(Channel.EMAIL, topic="refund_status", solved=True), False,
         "Wrote an e-mail yesterday about where a refund is, solved"),
        (contact(Channel.CHAT, ago=timedelta(days=20)), True,
         "Chatted on 12 February about the same, not confirmed as solved"),
        (contact(Channel.VISIT, ago=timedelta(hours=2), promised=timedelta(hours=1)), True,
         "Came to the shop today about the same, still open, "
         "an answer promised by 4 March 11:00 UTC"),
        (replace(contact(Channel.REVIEW), summary="One star"), True,
         "Wrote a review yesterday about the same, still open: “One star”"),
    ],
)  # fmt: skip
def test_a_contact_is_told_in_a_line(one: Contact, same: bool, says: str) -> None:
    assert told(one, NOON, same=same) == says
