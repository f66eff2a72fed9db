"""Personas and moments: visible rules over what a customer has done, and nothing hidden."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from conversation.customer import Customer, CustomerContext
from conversation.persona import OF_CUSTOMER, OF_ORDER, Rules, Standing, standing
from conversation.shop import Order, OrderState
from heard.checks import readable
from heard.data_files import DATA_FILES
from heard.settings import PERSONAS
from store.personas import BadPersonas, load_personas

TODAY = datetime(2026, 3, 4, tzinfo=UTC).date()
ADA = Customer("ada", "Ada Demo", "", "en", "gold", date(2019, 1, 1))
RULES = load_personas(PERSONAS)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def order(number: int = 1, **fields: object) -> Order:
    whole = Order(
        str(number), "ada", ("Tent",), 100, "EUR", OrderState.DELIVERED, ago(100 - number), "1 St"
    )
    return replace(whole, **fields)  # type: ignore[arg-type]


def found(*orders: Order, since: date | None = ADA.since) -> tuple[str | None, list[str]]:
    """The names of the persona's rule and of the moments' rules, these with their orders."""
    context = CustomerContext(replace(ADA, since=since), orders=orders)
    told = standing(RULES, context, TODAY)
    moments = [f"{rule.name} {number}" for rule, number in told.moments]
    return told.persona and told.persona.name, moments


RUNNING = order(state=OrderState.SHIPPED, placed_on=ago(40))


@pytest.mark.parametrize(
    ("orders", "since", "persona"),
    [
        ((RUNNING,), ago(40), "first_order_running"),
        ((order(1, state=OrderState.REFUNDED), order(2, state=OrderState.RETURNING), order(3)),
         ago(800), "returns_often"),
        ((order(1, state=OrderState.REFUNDED), order(2), order(3)), ago(800), "regular"),
        ((order(1), order(2)), ago(365), "regular"),
        ((order(1), order(2)), ago(364), None),
        ((order(placed_on=ago(365)),), ago(2000), "comes_back"),
        ((), ago(90), "new_customer"),
        ((), ago(91), None),
        ((), None, None),
    ],
)  # fmt: skip
def test_the_first_persona_that_holds_is_taken(
    orders: tuple[Order, ...], since: date | None, persona: str | None
) -> None:
    assert found(*orders, since=since)[0] == persona


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        ({"state": OrderState.PAYMENT_FAILED}, "payment_failed"),
        ({"state": OrderState.SHIPPED, "due_on": ago(1)}, "late_parcel"),
        ({"state": OrderState.SHIPPED, "missed_on": ago(7)}, "missed_delivery"),
        ({"state": OrderState.DELIVERED, "missed_on": ago(7)}, None),
        ({"state": OrderState.SHIPPED, "missed_on": ago(8)}, None),
        ({"state": OrderState.DELIVERED_DAMAGED}, "arrived_damaged"),
        ({"state": OrderState.REFUND_PENDING, "refund_due_on": ago(1)}, "refund_late"),
        ({"state": OrderState.REFUND_PENDING, "refund_due_on": ago(0)}, None),
        ({"state": OrderState.REFUNDED, "refund_due_on": ago(1)}, None),
        ({"state": OrderState.CANCELLED, "placed_on": ago(30)}, "cancelled"),
        ({"state": OrderState.CANCELLED, "placed_on": ago(31)}, None),
        ({}, None),
    ],
)
def test_each_moment_holds_where_its_rule_says(
    fields: dict[str, object], moment: str | None
) -> None:
    older = order(1)  # so that it is not the first order as well
    _, moments = found(order(2, placed_on=ago(50)) if not fields else order(2, **fields), older)
    assert [one for one in moments if not one.startswith("first_order")] == (
        [f"{moment} 2"] if moment else []
    )


def test_the_first_order_is_the_oldest_whatever_comes_first() -> None:
    _, moments = found(order(2, placed_on=ago(3)), order(1, placed_on=ago(9)))
    assert moments == ["first_order 1"]


def test_what_is_not_known_fulfils_no_condition() -> None:
    unknown = CustomerContext(replace(ADA, since=None), missing=frozenset({"orders"}))
    assert standing(RULES, unknown, TODAY) == Standing()
    assert standing(RULES, CustomerContext(None), TODAY) == Standing()


def test_agents_read_what_was_found_and_leads_by_which_rule() -> None:
    late = replace(RUNNING, number="1001", due_on=ago(4), placed_on=ago(11))
    context = CustomerContext(ADA, orders=(late,))
    told = standing(RULES, context, TODAY)
    assert told.who == (("Persona", "First order is running"),)
    assert told.what == (("Moments", "Late parcel, order 1001; First order, order 1001"),)
    assert told.by_rule == (
        "Persona: First order is running (rule first_order_running)",
        "Moments: Late parcel, order 1001 (rule late_parcel); "
        "First order, order 1001 (rule first_order)",
    )
    nothing = standing(Rules(), context, TODAY)
    assert (nothing.who, nothing.what, nothing.by_rule) == ((), (), ())


def test_the_file_names_every_fact() -> None:
    comments = PERSONAS.read_text().split("first_order_running:")[0]
    assert all(fact in comments for fact in (*OF_CUSTOMER, *OF_ORDER))
    assert all(readable(one).good for one in DATA_FILES)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("{kind: persona, says: A, when: [age >= 60]}", "age is no fact here: known are orders"),
        ("{kind: persona, says: A, when: [days_late >= 1]}", "days_late is no fact here"),
        ("{kind: moment, says: A, when: [orders >= 1]}", "orders is no fact here"),
        ("{kind: moment, says: A, when: [state = lost]}", "state can only be = one of"),
        ("{kind: moment, says: A, when: [state >= shipped]}", "state can only be = one of"),
        ("{kind: persona, says: A, when: [orders > 1]}", 'write it like "orders >= 3"'),
        ("{kind: persona, says: A, when: [orders = many]}", "orders is a number: many is none"),
        ("{kind: persona, says: A, when: []}", "must be a list of conditions"),
        ("{kind: persona, says: A, when: orders = 1}", "must be a list of conditions"),
        ("{kind: mood, says: A, when: [orders = 1]}", "must be persona or moment"),
        ("{kind: persona, says: '', when: [orders = 1]}", "a text of at most 60"),
        ("{kind: persona, says: A}", "give one exactly: kind, says, when"),
    ],
)
def test_a_rule_that_cannot_be_read_says_where_and_why(
    tmp_path: Path, rule: str, says: str
) -> None:
    file = tmp_path / "personas.yml"
    file.write_text(f"# rules\none: {rule}\n")
    with pytest.raises(BadPersonas) as raised:
        load_personas(file)
    assert f"{tmp_path.name}/personas.yml:2: " in str(raised.value)
    assert says in str(raised.value)


def test_every_slip_is_named_at_once(tmp_path: Path) -> None:
    file = tmp_path / "personas.yml"
    file.write_text("one: 1\ntwo: {kind: persona, says: A, when: [x, age = 1]}\n")
    with pytest.raises(BadPersonas) as raised:
        load_personas(file)
    assert len(str(raised.value).splitlines()) == 3
    with pytest.raises(BadPersonas, match="is missing"):
        load_personas(tmp_path / "none.yml")
