"""What may be known of a customer: one list, which the code obeys and the page shows."""

from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from conversation.contacts import Channel, Contact, OpenCase, Past, Rating
from conversation.customer import FIELDS, NEEDED, OF_VISIT, Customer, CustomerContext, allowed
from heard.settings import CUSTOMER_FIELDS, ROOT
from store.customer_fields import BadCustomerFields, fields_table, load_customer_fields

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ADA = Customer(
    "demo-ada",
    "Ada Demo",
    "ada@example.org",
    "en",
    "gold",
    date(2019, 1, 1),
    lifetime_value_cents=37140,
    currency="EUR",
    preferences=("E-mail",),
)
PAST = Past(
    (Contact(Channel.CALL, NOON, NOON, ("late_parcel",), solved=False),),
    OpenCase(7, NOON),
    Rating("Ease 2 of 7", NOON),
)
WHOLE = CustomerContext(ADA, past=PAST)


def test_the_shipped_list_has_a_purpose_for_every_field_and_no_other() -> None:
    assert {field.name for field in load_customer_fields(CUSTOMER_FIELDS)} == FIELDS


def test_the_page_shows_the_list() -> None:
    table = fields_table(load_customer_fields(CUSTOMER_FIELDS))
    page = (ROOT / "docs" / "privacy.md").read_text()
    assert table in page, "put into docs/privacy.md what `heard customer-fields` writes"


def test_with_every_field_allowed_nothing_is_blanked() -> None:
    assert allowed(WHOLE, FIELDS) == WHOLE


def test_nothing_is_known_that_the_list_cannot_take_out() -> None:
    """Every field of a customer and of their past is needed, or is blanked without permission."""
    bare = allowed(WHOLE, NEEDED)
    kept = {one.name for one in fields(Customer) if getattr(bare.customer, one.name)}
    assert kept == {"id", "name"}
    assert bare.past == Past()


@pytest.mark.parametrize("name", sorted(FIELDS - NEEDED - OF_VISIT))
def test_a_field_that_is_taken_out_is_blanked_and_no_other(name: str) -> None:
    without = allowed(WHOLE, FIELDS - {name})
    assert without != WHOLE
    assert allowed(without, FIELDS) == without
    assert allowed(WHOLE, NEEDED | {name}) != allowed(WHOLE, NEEDED)


SAID = "{purpose: a, seen by: b, kept: c}"
GOOD = f"id: {SAID}\nname: {SAID}\norders: {SAID}\n"


def test_a_list_of_what_is_needed_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "fields.yml"
    path.write_text(GOOD)
    assert {field.name for field in load_customer_fields(path)} == NEEDED


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD + f"religion: {SAID}\n", r"fields.yml:4: religion is no field: known are contacts"),
        (GOOD + "tier: {purpose: a}\n", r"fields.yml:4: give tier exactly: purpose, seen by, kept"),
        (GOOD + "tier: {purpose: '', seen by: b, kept: c}\n", r"purpose of tier must be a text"),
        (GOOD + "tier: gold\n", r"give tier exactly"),
        (GOOD.replace("name", "tier"), r"fields.yml:1: name cannot be taken out"),
        (GOOD + f"name: {SAID}\n", r"stands there twice"),
        ("- id", r"fields.yml:1: give fields"),
        ("id: [", r"this is no YAML"),
    ],
)
def test_a_list_that_cannot_be_used_says_where_and_why(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "fields.yml"
    path.write_text(text)
    with pytest.raises(BadCustomerFields, match=says):
        load_customer_fields(path)


def test_a_list_that_is_missing_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(BadCustomerFields, match="cannot be read"):
        load_customer_fields(tmp_path / "none.yml")
