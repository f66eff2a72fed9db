"""What a person decides, a part paid back, an order sent again, a longer return, on every shop."""

import asyncio
from collections import Counter
from datetime import date, timedelta

import pytest

from conversation.shop import OrderState, Receipt, Refused
from tests.shop.conftest import World, refusal

BY = {"by": "Nia"}


async def test_a_part_comes_back_and_the_order_stands_as_it_was(world: World):
    receipt = await world.shop.pay_back("demo-kemi", "1016", 1250, "a dent", **BY, key="k1")
    assert receipt == Receipt(
        "pay_back", "1016", "12.50 EUR for order 1016 come back to you by 11 March."
    )
    order = await world.order("1016")
    assert (order.state, order.refund_cents) == (OrderState.DELIVERED, 1250)
    assert order.refund_due_on == date(2026, 3, 11)


async def test_parts_add_up_to_what_was_paid_and_never_to_more(world: World):
    await world.shop.pay_back("demo-kemi", "1016", 60000, "a dent", **BY, key="k1")
    told = await refusal(world.shop.pay_back("demo-kemi", "1016", 8901, "x", **BY, key="k2"))
    assert told == ("Of order 1016 89.00 EUR are left to pay back, so 89.01 EUR is too much.")
    await world.shop.pay_back("demo-kemi", "1016", 8900, "the rest", **BY, key="k3")
    order = await world.order("1016")
    assert (order.state, order.refund_cents) == (OrderState.REFUND_PENDING, 68900)
    told = await refusal(world.shop.pay_back("demo-kemi", "1016", 1, "x", **BY, key="k4"))
    assert told == "Nothing of order 1016 is left to pay back: its refund is on the way."


async def test_of_parts_that_are_too_much_together_at_once_one_is_paid(world: World):
    doing = (
        world.shop.pay_back("demo-chloe", "1004", 6000, "dent", **BY, key=f"k{n}") for n in range(4)
    )
    results = await asyncio.gather(*doing, return_exceptions=True)
    assert Counter(type(result) for result in results) == {Receipt: 1, Refused: 3}


@pytest.mark.parametrize(
    ("customer_id", "number", "told"),
    [
        ("demo-elif", "1006", "its payment failed"),
        ("demo-jonas", "1014", "it was refunded"),
        ("demo-kemi", "1017", "it is cancelled"),
        ("demo-ada", "1003", "There is no order 1003 in your account."),
    ],
)
async def test_nothing_is_paid_back_of_what_was_not_paid(
    world: World, customer_id: str, number: str, told: str
):
    before = await world.order(number)
    doing = world.shop.pay_back(customer_id, number, 100, "why", **BY, key="k1")
    assert told in await refusal(doing)
    assert await world.order(number) == before


async def test_no_machine_pays_back_the_rest_of_what_a_person_began(world: World):
    await world.shop.pay_back("demo-pia", "1022", 500, "a hole", **BY, key="k1")
    told = await refusal(world.shop.refund("demo-pia", "1022", "all of it", key="m1"))
    assert told == (
        "5.00 EUR for order 1022 come back to you already. The rest is decided by a colleague."
    )


async def test_a_cancelled_order_pays_back_no_part_twice(world: World):
    await world.shop.pay_back("demo-lars", "1018", 2000, "late", **BY, key="k1")
    await world.shop.cancel("demo-lars", "1018", key="m1")
    order = await world.order("1018")
    assert (order.state, order.refund_cents) == (OrderState.CANCELLED, 8400)


async def test_the_same_items_go_out_again_at_no_cost(world: World):
    receipt = await world.shop.send_again("demo-omar", "1020", "it leaks", **BY, key="k1")
    assert receipt == Receipt(
        "send_again",
        "2001",
        "Order 1020 is sent to you again at no cost, as order 2001. It should arrive by 11 March.",
    )
    old, new = await world.order("1020"), await world.order("2001")
    assert (new.items, new.address, new.total_cents) == (old.items, old.address, 0)
    assert (new.replaces, new.state) == ("1020", OrderState.PROCESSING)
    assert await world.letters("demo-omar") == ["Your order 1020 is sent again"]


async def test_an_order_is_sent_again_once_however_many_agents_decide_so(world: World):
    doing = (
        world.shop.send_again("demo-omar", "1020", "it leaks", **BY, key=f"k{n}") for n in range(3)
    )
    results = await asyncio.gather(*doing, return_exceptions=True)
    assert Counter(type(result) for result in results) == {Receipt: 1, Refused: 2}
    told = await refusal(world.shop.send_again("demo-omar", "1020", "x", **BY, key="k9"))
    assert told == "Order 1020 was sent again already, as order 2001."


@pytest.mark.parametrize(
    ("customer_id", "number", "told"),
    [
        (
            "demo-omar",
            "1021",
            "Climbing rope, 60 m is sold out, so order 1021 cannot be sent again.",
        ),
        ("demo-finn", "1007", "it has not left our warehouse"),
        ("demo-david", "1005", "its refund is on the way"),
        ("demo-hugo", "1011", "its return is open"),
    ],
)
async def test_what_cannot_go_out_again_is_refused(
    world: World, customer_id: str, number: str, told: str
):
    assert told in await refusal(world.shop.send_again(customer_id, number, "x", **BY, key="k1"))
    assert all(order.number < "2000" for order in await world.shop.orders_of(customer_id))


async def test_what_was_sent_for_nothing_is_neither_paid_back_nor_billed(world: World):
    await world.shop.send_again("demo-omar", "1020", "it leaks", **BY, key="k1")
    for doing in (
        world.shop.pay_back("demo-omar", "2001", 100, "x", **BY, key="k2"),
        world.shop.resend_invoice("demo-omar", "2001", key="m1"),
        world.shop.reorder("demo-omar", "2001", key="m2"),
    ):
        assert await refusal(doing) == (
            "Order 2001 cost nothing: it was sent in the place of order 1020, which is the one to "
            "look at."
        )
    await world.shop.cancel("demo-omar", "2001", key="m3")
    cancelled = await world.order("2001")
    assert (cancelled.refund_cents, cancelled.refund_due_on) == (0, None)


async def test_a_return_may_be_open_for_longer(world: World):
    told = await refusal(world.shop.start_return("demo-ada", "1002", "too small", key="m1"))
    assert "more than 30 days ago" in told
    receipt = await world.shop.extend_return("demo-ada", "1002", 14, "was ill", **BY, key="k1")
    assert receipt.fact == "Order 1002 can be returned until 18 March."  # from today: it was over
    assert (await world.order("1002")).return_until == date(2026, 3, 18)
    await world.shop.start_return("demo-ada", "1002", "too small", key="m2")


async def test_days_are_added_to_those_that_are_left(world: World):
    receipt = await world.shop.extend_return("demo-kemi", "1016", 14, "away", **BY, key="k1")
    assert receipt.fact == "Order 1016 can be returned until 5 April."
    world.clock.now += timedelta(days=33)
    told = await refusal(world.shop.start_return("demo-kemi", "1016", "too big", key="m1"))
    assert "too late for a return" in told


async def test_what_has_not_arrived_has_no_days_to_extend(world: World):
    told = await refusal(world.shop.extend_return("demo-ben", "1003", 7, "x", **BY, key="k1"))
    assert told == (
        "The days for a return of order 1003 cannot be extended: it is with the carrier."
    )


async def test_the_shop_keeps_who_decided_and_why(world: World):
    await world.shop.pay_back("demo-kemi", "1016", 1250, "a dent", **BY, key="k1")
    async with world.store.read() as work:
        details = await work.shop.details("demo-kemi")
    assert details == ["1250 cents by Nia: a dent"]
