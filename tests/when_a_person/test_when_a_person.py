"""When a person is due: whole conversations, with the turn on which one is offered or brought.

A case `says` things one after another. `person` is the turn by which a person is due, counted from
1: where somebody asks for one or a rule says so (`how: brought`), just then; else within one turn
of it, by an offer or a handoff. Without `person`, none is offered and none brought. A button among
others is no offer, nor is the question after what the assistant does not know: they are there
whatever the customer has been through.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.people import Customer
from tests.product import Product
from tests.stories.telling import renew_shop

Case = dict[str, Any]
FOLDER = Path(__file__).parent
AN_OFFER = re.compile(r"Shall (I ask one to|one) join|colleague (can take|takes) over")
_KEYS = {"case", "customer", "says", "person", "how"}


def _cases() -> list[Case]:
    cases: list[Case] = []
    for file in sorted(FOLDER.glob("*.yml")):
        cases += yaml.safe_load(file.read_text("utf-8"))
    for case in cases:
        assert set(case) <= _KEYS, case
        assert 0 <= case.get("person", 0) <= len(case["says"]), case
    return cases


CASES = _cases()


def test_there_are_enough_of_both():
    due = [case for case in CASES if "person" in case]
    assert len(due) >= 80
    assert len(CASES) - len(due) >= 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
async def test_a_person_comes_when_due(product: Product, case: Case):
    await renew_shop(product)
    customer = await Customer.arrives(product, case["customer"])
    try:
        offered, brought = await _turns_with_a_person(customer, case["says"])
    finally:
        await customer.leaves_for_good()
    first = min((turn for turn in (offered, brought) if turn), default=None)
    due = case.get("person")
    told = _told(customer)
    if due is None:
        assert first is None, told
    elif case.get("how") == "brought":
        assert brought == due, told
        assert offered is None, told
    else:
        assert first is not None, told
        assert abs(first - due) <= 1, told


async def _turns_with_a_person(
    customer: Customer, says: Sequence[str]
) -> tuple[int | None, int | None]:
    """The turns on which a person was first offered, and brought."""
    offered = None
    for turn, text in enumerate(says, start=1):
        seen = len(customer.messages)
        await customer.says(str(text))
        if customer.state["responder"] != "bot":
            return offered, turn
        answer = customer.messages[seen + 1 :]
        if any(AN_OFFER.search(message["text"]) for message in answer):
            offered = offered or turn
    return offered, None


def _told(customer: Customer) -> str:
    """The conversation so far, for who reads a failure."""
    return "\n".join(f"{one['author']}: {one['text']}" for one in customer.messages)
