"""What every `Shop` and `CustomerDirectory` promises, through each adapter."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from conversation.shop import DataRequest, OrderState, Receipt, Refused, Shop
from tests.shop.conftest import TODAY, World, refusal

IN_A_WEEK, IN_A_MONTH = date(2026, 3, 11), date(2026, 4, 3)
Doing = Callable[[Shop, str], Awaitable[Receipt]]

TASKS: dict[str, tuple[str, Doing]] = {
    "cancel": ("demo-finn", lambda shop, key: shop.cancel("demo-finn", "1007", key=key)),
    "change_address": (
        "demo-lars",
        lambda shop, key: shop.change_address("demo-lars", "1018", "9 New Street", key=key),
    ),
    "start_return": (
        "demo-gita",
        lambda shop, key: shop.start_return("demo-gita", "1009", "too small", key=key),
    ),
    "refund": ("demo-nora", lambda shop, key: shop.refund("demo-nora", "1019", "late", key=key)),
    "resend_invoice": (
        "demo-ada",
        lambda shop, key: shop.resend_invoice("demo-ada", "1002", key=key),
    ),
    "send_return_label": (
        "demo-hugo",
        lambda shop, key: shop.send_return_label("demo-hugo", "1011", key=key),
    ),
    "reorder": ("demo-pia", lambda shop, key: shop.reorder("demo-pia", "1022", key=key)),
    "pay_back": (
        "demo-chloe",
        lambda shop, key: shop.pay_back("demo-chloe", "1004", 1200, "dent", by="Nia", key=key),
    ),
    "send_again": (
        "demo-omar",
        lambda shop, key: shop.send_again("demo-omar", "1020", "broken", by="Nia", key=key),
    ),
    "extend_return": (
        "demo-kemi",
        lambda shop, key: shop.extend_return("demo-kemi", "1016", 14, "away", by="Nia", key=key),
    ),
    "set_newsletter": (
        "demo-ben",
        lambda shop, key: shop.set_newsletter("demo-ben", True, key=key),
    ),
    "request_data": (
        "demo-kemi",
        lambda shop, key: shop.request_data("demo-kemi", DataRequest.COPY, key=key),
    ),
}


async def everything(world: World, customer_id: str) -> list[object]:
    """All that the shop holds on a customer."""
    async with world.store.read() as work:
        return [
            *await work.shop.orders_of(customer_id),
            *await work.letters.of(customer_id),
            *await work.data_requests.of(customer_id),
            await work.shop.newsletter(customer_id),
        ]


@pytest.mark.parametrize("task", TASKS)
async def test_the_same_call_five_times_at_once_is_done_once(world: World, task: str):
    customer_id, do = TASKS[task]
    receipts = await asyncio.gather(*(do(world.shop, "m1") for _ in range(5)))
    after = await everything(world, customer_id)
    assert len(set(receipts)) == 1
    assert receipts[0].task == task
    assert len(receipts[0].fact.split()) <= 45
    assert await do(world.shop, "m1") == receipts[0]
    assert await everything(world, customer_id) == after


@pytest.mark.parametrize("task", TASKS)
async def test_a_task_changes_what_the_shop_holds(world: World, task: str):
    customer_id, do = TASKS[task]
    before = await everything(world, customer_id)
    await do(world.shop, "m1")
    assert await everything(world, customer_id) != before


async def test_the_same_key_of_another_customer_is_another_wish(world: World):
    await world.shop.set_newsletter("demo-ben", True, key="m1")
    await world.shop.set_newsletter("demo-finn", True, key="m1")
    assert await world.newsletter("demo-ben")
    assert await world.newsletter("demo-finn")


@pytest.mark.parametrize("customer_id", ["demo-ada", "nobody", "..", "a/b", "a?b#c", "é"])
async def test_somebody_elses_order_looks_like_none(world: World, customer_id: str):
    for number in ("1007", "..", "1007/cancel", "%2e%2e"):
        told = await refusal(world.shop.cancel(customer_id, number, key="m1"))
        assert told == f"There is no order {number} in your account."
    assert (await world.order("1007")).state is OrderState.PROCESSING


async def test_who_is_unknown_has_no_orders_and_no_tasks(world: World):
    assert await world.shop.orders_of("nobody") == ()
    assert "does not know your account" in await refusal(
        world.shop.set_newsletter("nobody", True, key="m1")
    )


async def test_orders_come_newest_first_and_whole(world: World):
    orders = await world.shop.orders_of("demo-ada")
    assert [order.number for order in orders] == ["1001", "1002"]
    assert list(orders) == [await world.order("1001"), await world.order("1002")]


@pytest.mark.parametrize(
    ("customer_id", "number", "cents"),
    [("demo-nora", "1019", 3690), ("demo-omar", "1020", 2390), ("demo-pia", "1022", 4740)],
    ids=["late", "damaged", "delivered lately"],
)
async def test_a_small_refund_is_on_its_way(
    world: World, customer_id: str, number: str, cents: int
):
    receipt = await world.shop.refund(customer_id, number, "it is torn", key="m1")
    order = await world.order(number)
    assert order.state is OrderState.REFUND_PENDING
    assert (order.refund_cents, order.refund_due_on) == (cents, IN_A_WEEK)
    assert receipt.fact == f"{cents / 100:.2f} EUR for order {number} come back to you by 11 March."


@pytest.mark.parametrize(
    ("customer_id", "number", "told"),
    [
        ("demo-ada", "1002", "more than 30 days ago"),
        ("demo-chloe", "1004", "Refunds above 50.00 EUR are decided by a colleague"),
        ("demo-ada", "1001", "Refunds above 50.00 EUR are decided by a colleague"),
        ("demo-ben", "1003", "on its way and not late"),
        ("demo-finn", "1007", "Cancel it instead"),
        ("demo-jonas", "1015", "Cancel it instead"),
        ("demo-elif", "1006", "Nothing was paid"),
        ("demo-hugo", "1011", "The return of order 1011 is open"),
        (
            "demo-david",
            "1005",
            "219.00 EUR for order 1005 is on its way already and due by 7 March",
        ),
        ("demo-jonas", "1014", "99.00 EUR for order 1014 were refunded already"),
        ("demo-kemi", "1017", "is cancelled"),
    ],
)
async def test_a_refund_that_is_not_due_is_refused(
    world: World, customer_id: str, number: str, told: str
):
    before = await world.order(number)
    assert told in await refusal(world.shop.refund(customer_id, number, "now", key="m1"))
    assert await world.order(number) == before


async def test_nothing_is_refunded_twice(world: World):
    await world.shop.refund("demo-nora", "1019", "late", key="m1")
    told = await refusal(world.shop.refund("demo-nora", "1019", "late", key="m2"))
    assert told == (
        "The refund of 36.90 EUR for order 1019 is on its way already and due by 11 March."
    )


async def test_of_refunds_with_different_keys_at_once_one_is_done(world: World):
    doing = (world.shop.refund("demo-nora", "1019", "late", key=f"m{n}") for n in range(4))
    results = await asyncio.gather(*doing, return_exceptions=True)
    assert Counter(type(result) for result in results) == {Receipt: 1, Refused: 3}


async def test_a_cancelled_order_is_paid_back_where_it_was_paid(world: World):
    await world.shop.cancel("demo-finn", "1007", key="m1")
    await world.shop.cancel("demo-elif", "1006", key="m1")
    paid, unpaid = await world.order("1007"), await world.order("1006")
    assert (paid.state, paid.refund_cents, paid.refund_due_on) == (
        OrderState.CANCELLED,
        18900,
        IN_A_WEEK,
    )
    assert (unpaid.state, unpaid.refund_cents) == (OrderState.CANCELLED, 0)


async def test_an_invoice_goes_to_the_address_of_the_account(world: World):
    receipt = await world.shop.resend_invoice("demo-ada", "1002", key="m1")
    assert receipt.fact == "The invoice for order 1002 was sent to a…@example.org."
    async with world.store.read() as work:
        [sent] = await work.letters.of("demo-ada")
    assert (sent.to, sent.at.date()) == ("ada@example.org", TODAY)
    assert "Trail socks" in sent.letter.body
    assert "23.40 EUR" in sent.letter.body


@pytest.mark.parametrize(("customer_id", "number"), [("demo-elif", "1006"), ("demo-kemi", "1017")])
async def test_what_was_not_paid_has_no_invoice(world: World, customer_id: str, number: str):
    told = await refusal(world.shop.resend_invoice(customer_id, number, key="m1"))
    assert told.startswith(f"There is no invoice for order {number}")
    assert await world.letters(customer_id) == []


@pytest.mark.parametrize(
    ("customer_id", "number", "told"),
    [
        ("demo-ada", "1002", "more than 30 days ago"),
        ("demo-ben", "1003", "cannot be returned now: it is with the carrier"),
    ],
)
async def test_a_return_needs_an_order_that_came_lately(
    world: World, customer_id: str, number: str, told: str
):
    before = await world.order(number)
    assert told in await refusal(world.shop.start_return(customer_id, number, "why", key="m1"))
    assert await world.order(number) == before


async def test_a_label_needs_an_open_return(world: World):
    told = await refusal(world.shop.send_return_label("demo-gita", "1009", key="m1"))
    assert "Start the return first" in told
    await world.shop.start_return("demo-gita", "1009", "too small", key="m2")
    await world.shop.send_return_label("demo-gita", "1009", key="m3")
    assert await world.letters("demo-gita") == ["Return label for order 1009"]
    told = await refusal(world.shop.send_return_label("demo-ben", "1003", key="m4"))
    assert "no return that needs a label" in told


async def test_the_same_again_is_a_new_order(world: World):
    receipt = await world.shop.reorder("demo-pia", "1022", key="m1")
    assert receipt.order_number == "2001"
    old, new = await world.order("1022"), await world.order("2001")
    assert (new.items, new.address, new.total_cents) == (old.items, old.address, old.total_cents)
    assert (new.state, new.placed_on, new.due_on) == (OrderState.PROCESSING, TODAY, IN_A_WEEK)
    assert old.state is OrderState.DELIVERED
    assert await world.letters("demo-pia") == ["Your order 2001"]
    assert "47.40 EUR" in receipt.fact
    assert [order.number for order in await world.shop.orders_of("demo-pia")] == ["2001", "1022"]


async def test_what_is_sold_out_cannot_be_ordered_again(world: World):
    told = await refusal(world.shop.reorder("demo-omar", "1021", key="m1"))
    assert told.startswith("Climbing rope, 60 m is sold out")
    assert len(await world.shop.orders_of("demo-omar")) == 2


async def test_an_order_whose_payment_failed_is_not_placed_again(world: World):
    assert "failed" in await refusal(world.shop.reorder("demo-elif", "1006", key="m1"))


async def test_of_many_customers_who_want_the_last_one_one_gets_it(world: World):
    poles = await world.order("1010")
    buyers = {"demo-ada": "p1", "demo-ben": "p2", "demo-kemi": "p3", "demo-lars": "p4"}
    async with world.store.work() as work:
        await work.stock.take(["Walking poles"] * 14)
        for buyer, number in buyers.items():
            await work.shop.put(replace(poles, customer_id=buyer, number=number))
    for turn in range(5):  # once is luck
        async with world.store.work() as work:
            await work.stock.put_back(["Walking poles"])
        doing = (world.shop.reorder(who, n, key=f"m{turn}") for who, n in buyers.items())
        results = await asyncio.gather(*doing, return_exceptions=True)
        assert Counter(type(result) for result in results) == {Receipt: 1, Refused: 3}


async def test_a_cancelled_order_goes_back_into_stock(world: World):
    async with world.store.work() as work:
        await work.stock.take(["Head torch"] * 40)
    assert "sold out" in await refusal(world.shop.reorder("demo-finn", "1008", key="m1"))
    await world.shop.cancel("demo-finn", "1008", key="m2")
    assert (await world.shop.reorder("demo-finn", "1008", key="m3")).order_number == "2001"


async def test_orders_placed_at_the_same_moment_have_numbers_of_their_own(world: World):
    again = {"demo-pia": "1022", "demo-gita": "1009", "demo-ben": "1003", "demo-ada": "1001"}
    numbers = []
    for turn in range(3):  # once is luck
        doing = (world.shop.reorder(who, number, key=f"m{turn}") for who, number in again.items())
        numbers += [str(receipt.order_number) for receipt in await asyncio.gather(*doing)]
    assert sorted(numbers) == [str(number) for number in range(2001, 2013)]


async def test_a_number_that_is_about_to_be_taken_is_waited_for(world: World):
    async def take() -> str:
        async with world.store.work() as work:
            return await work.stock.next_number()

    async with world.store.work() as work:
        first = await work.stock.next_number()
        second = asyncio.create_task(take())
        await asyncio.wait({second}, timeout=0.5)
        assert not second.done()
    assert (first, await second) == ("2001", "2002")


async def test_nobody_pays_more_than_the_first_time(world: World):
    async with world.store.work() as work:
        order = await work.shop.order("1022")
        assert order is not None
        await work.shop.put(replace(order, total_cents=4739))
    told = await refusal(world.shop.reorder("demo-pia", "1022", key="m1"))
    assert told.startswith("Prices have changed")
    assert "47.40 EUR" in told


async def test_the_newsletter_is_switched_on_and_off(world: World):
    on = await world.shop.set_newsletter("demo-ben", True, key="m1")
    assert on == Receipt("set_newsletter", None, "The newsletter now goes to b…@example.org.")
    assert await world.newsletter("demo-ben")
    off = await world.shop.set_newsletter("demo-ben", False, key="m2")
    assert off.fact == "The newsletter no longer goes to b…@example.org."
    assert not await world.newsletter("demo-ben")


async def test_a_wish_about_data_has_a_day_and_is_not_opened_twice(world: World):
    first = await world.shop.request_data("demo-kemi", DataRequest.COPY, key="m1")
    world.clock.now += timedelta(days=3)
    again = await world.shop.request_data("demo-kemi", DataRequest.COPY, key="m2")
    other = await world.shop.request_data("demo-kemi", DataRequest.DELETION, key="m3")
    assert first.fact == (
        "Your request for a copy of your data is noted since 4 March. It is answered by 3 April."
    )
    assert again == first
    assert "deletion" in other.fact
    async with world.store.read() as work:
        wishes = await work.data_requests.of("demo-kemi")
    assert [(wish.kind, wish.due_on) for wish in wishes] == [
        (DataRequest.DELETION, IN_A_MONTH + timedelta(days=3)),
        (DataRequest.COPY, IN_A_MONTH),
    ]
    assert len(await world.letters("demo-kemi")) == 2


async def test_the_directory_knows_whom_the_shop_serves(world: World):
    ada = await world.directory.find("demo-ada")
    assert ada is not None
    assert (ada.id, ada.name, ada.email, ada.tier) == (
        "demo-ada",
        "Ada Demo",
        "ada@example.org",
        "gold",
    )
    assert (ada.language, ada.since) == ("en", date(2019, 1, 1))


async def test_the_directory_knows_what_a_customer_has_paid_and_kept(world: World):
    worth = {}
    for name in ("ada", "jonas", "elif", "mona"):
        customer = await world.directory.find(f"demo-{name}")
        assert customer is not None
        worth[name] = (customer.lifetime_value_cents, customer.currency)
    assert worth == {
        "ada": (37140, "EUR"),
        "jonas": (14900, "EUR"),  # one of two orders was refunded
        "elif": (None, None),  # the only payment failed
        "mona": (None, None),
    }


async def test_preferences_and_a_carrier_who_came_in_vain_are_told(world: World):
    async with world.store.work() as work:
        [nora_order] = await work.shop.orders_of("demo-nora")
        nora = await work.shop.customer("demo-nora")
        assert nora is not None
        told = replace(nora, preferences=("E-mail rather than calls",))
        await work.shop.add(told, [replace(nora_order, missed_on=TODAY)])
    found = await world.directory.find("demo-nora")
    assert found is not None
    assert found.preferences == ("E-mail rather than calls",)
    [order] = await world.shop.orders_of("demo-nora")
    assert order.missed_on == TODAY


@pytest.mark.parametrize("customer_id", ["nobody", "", "..", "demo-ada/orders", "demo-ada?x=1"])
async def test_the_directory_says_that_it_does_not_know_somebody(world: World, customer_id: str):
    assert await world.directory.find(customer_id) is None
