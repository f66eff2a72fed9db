"""Where the shop does not answer: it is said, a person is offered, and it is asked once a turn."""

from dataclasses import replace
from typing import cast

import pytest

from actions.orders_read import OrdersRead
from actions.services import provide, services
from conversation.reasons import HandoffReason
from conversation.shop import Order, Shop, ShopUnavailable
from tests.unit.test_actions import Endpoint
from tests.unit.test_actions import endpoint as endpoint

UNSEEN = "I cannot see orders at the moment."


class Down:
    """A shop that does not answer."""

    def __init__(self) -> None:
        self.asked = 0

    async def orders_of(self, customer_id: str) -> tuple[Order, ...]:
        self.asked += 1
        raise ShopUnavailable("no answer")


@pytest.fixture
def down(endpoint: Endpoint) -> Down:
    shop = Down()
    provide(replace(services(), shop=cast(Shop, shop), orders_read=OrdersRead()))
    return shop


async def test_a_question_about_an_order_says_so_and_offers_a_person(
    endpoint: Endpoint, down: Down
):
    message = await endpoint.hears("where is my parcel")
    await endpoint.runs("action_validate_slot_mappings", message, intent="order_status")
    ran = await endpoint.runs("action_order_status", message, intent="order_status")
    assert ran["replies"] == [UNSEEN, "Shall a colleague join?"]
    await endpoint.runs("action_known_problem", message)
    again = await endpoint.hears("yes")
    taken = await endpoint.runs("action_validate_slot_mappings", again, text="yes", intent="affirm")
    assert taken["slots"]["handoff_reason"] == HandoffReason.ACCEPTED_OFFER.value


async def test_a_turn_asks_the_shop_once(endpoint: Endpoint, down: Down):
    message = await endpoint.hears("cancel it")
    for action in ("validate_cancel_form", "action_ask_order_number", "action_cancel_order"):
        await endpoint.runs(action, message, form="cancel_form", intent="cancel_order")
    assert down.asked == 1


async def test_a_task_ends_with_it_and_changes_nothing(endpoint: Endpoint, down: Down):
    message = await endpoint.hears("cancel it")
    entered = [{"event": "active_loop", "name": "cancel_form"}]
    ran = await endpoint.runs(
        "validate_cancel_form", message, form="cancel_form", intent="cancel_order", events=entered
    )
    assert ran["slots"] == {"order_number": None, "requested_slot": None}
    ran = await endpoint.runs("action_cancel_order", message, intent="cancel_order")
    assert ran["replies"] == [UNSEEN, "Shall a colleague join?"]


async def test_after_a_task_the_orders_are_read_anew(endpoint: Endpoint):
    message = await endpoint.hears("yes")
    slots = {"order_number": "1007", "confirmed": True}
    before = await endpoint.runs("action_order_status", message, entities=("1007",))
    await endpoint.runs("action_cancel_order", message, slots=slots)
    after = await endpoint.runs("action_order_status", message, entities=("1007",))
    assert "being packed" in before["replies"][0]
    assert "is cancelled" in after["replies"][0]
