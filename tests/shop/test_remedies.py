"""What agents have the shop do from a case: within the policy, once, and noted, on every shop."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

import pytest

from company.api import CompanyApi
from company.http_shop import HttpShop
from conversation.messages import Author
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from conversation.shop import Order, Shop
from handoff.case import Briefing, Case, CaseClosed, CaseError
from handoff.casework.verbs import Casework
from handoff.delivery.boxes import Delivery
from handoff.remedies.choices import BadWish, Remedy, cents_of, days_of
from handoff.remedies.remedies import Allowed, Done, NotKnown, Remedies
from handoff.remedies.rules import RemedyRules, Task, Wish
from staff.account import Role, Staff
from store.store import SqlStore
from tests.shop.conftest import NOON, TIMEOUT_S, World
from tests.shop.reference_server import TOKEN, Fault, ReferenceServer

RULES = RemedyRules(
    refund={Role.AGENT: {"EUR": 5000}, Role.LEAD: {"EUR": 50000}},
    send_again={Role.AGENT: {"EUR": 10000}, Role.LEAD: {"EUR": 50000}},
    extend_return={Role.AGENT: 14, Role.LEAD: 60},
    resend=frozenset({Task.INVOICE, Task.RETURN_LABEL}),
)
DENT = Wish(Task.REFUND, "1016", cents=1250, reason="a dent in the box")


@dataclass
class Desk:
    """An agent's remedies over one shop, with a case of one customer."""

    store: SqlStore
    shop: Shop
    nia: Staff
    case: Case
    rules: RemedyRules = RULES

    @property
    def casework(self) -> Casework:
        return Casework(self.store, "browser", lambda: NOON)

    @property
    def remedies(self) -> Remedies:
        return Remedies(self.store, self.shop, self.casework, lambda: NOON, self.rules)

    async def allows(self, agent: Staff | None = None) -> Allowed:
        return await self.remedies.allowed(self.case.id, agent or self.nia)

    async def does(
        self, wish: Wish, key: str = "k1", *, agent: Staff | None = None, tell: bool = False
    ) -> Done:
        return await self.remedies.do(self.case.id, agent or self.nia, wish, key=key, tell=tell)

    async def notes(self) -> list[tuple[str, str]]:
        async with self.store.read() as work:
            return [(note.author, note.text) for note in await work.cases.notes(self.case.id)]

    async def happened(self) -> list[str]:
        async with self.store.read() as work:
            found = await work.timeline.of(self.case.conversation_id)
        return [str(it.detail["what"]) for it in found if it.kind == "remedy"]

    async def told(self) -> list[tuple[str | None, str]]:
        async with self.store.read() as work:
            messages = await work.conversations.transcript(self.case.conversation_id)
        return [(one.name, one.text) for one in messages if one.author is Author.AGENT]


async def staff(store: SqlStore, name: str, *roles: Role) -> Staff:
    async with store.work() as work:
        return await work.accounts.save(f"{name.lower()}@example.com", name, roles, "-", NOON)


async def a_desk(store: SqlStore, shop: Shop, customer_id: str | None) -> Desk:
    nia = await staff(store, "Nia", Role.AGENT)
    return Desk(store, shop, nia, await a_case(store, customer_id))


async def a_case(store: SqlStore, customer_id: str | None) -> Case:
    async with store.work() as work:
        started = await work.conversations.start(str(uuid4()), customer_id, NOON)
        briefing = Briefing("Kemi Demo", "A dented cool box", "it is dented")
        case = await work.cases.open(started.id, HandoffReason.ASKED, briefing, NOON, opened_seq=0)
        await work.conversations.move(started.id, Responder.QUEUE, NOON)
        return case


@pytest.fixture
async def kemi(world: World) -> Desk:
    """Nia at a case of Kemi, whose order 1016 of 689.00 EUR came twelve days ago."""
    return await a_desk(world.store, world.shop, "demo-kemi")


async def test_an_agent_pays_back_and_everybody_can_read_it(world: World, kemi: Desk):
    done = await kemi.does(DENT, tell=True)
    fact = "12.50 EUR for order 1016 come back to you by 11 March."
    assert done == Done("Refunded 12.50 EUR on order 1016", fact, told=True)
    assert done.words == f"Refunded 12.50 EUR on order 1016. The customer was told: “{fact}”"
    assert (await world.order("1016")).refund_cents == 1250
    assert await kemi.told() == [("Nia", fact)]
    assert await kemi.notes() == [
        (
            "Nia",
            "Refunded 12.50 EUR on order 1016. Reason: a dent in the box. "
            f"The customer is told: “{fact}”",
        )
    ]
    assert await kemi.happened() == ["Refund of 12.50 EUR for order 1016"]
    async with kemi.store.read() as work:
        undone = await work.outbox.undone(kemi.case.id)
    assert Delivery.UPDATE_CASE in {entry.kind for entry in undone}
    [notice] = [entry.notice.text for entry in undone if entry.notice]
    assert notice.startswith("Nia: Refunded 12.50 EUR on order 1016. Reason: a dent in the box.")


async def test_the_customer_is_told_only_where_the_agent_wants_it(kemi: Desk):
    done = await kemi.does(DENT)
    assert not done.told
    assert "The customer was not told: “12.50 EUR" in done.words
    assert await kemi.told() == []
    assert "The customer is not told: “12.50 EUR" in (await kemi.notes())[0][1]


async def test_a_form_that_is_sent_five_times_at_once_is_done_once(world: World, kemi: Desk):
    done = await asyncio.gather(*(kemi.does(DENT, tell=True) for _ in range(5)))
    assert len(set(done)) == 1
    assert (await world.order("1016")).refund_cents == 1250
    assert len(await kemi.told()) == len(await kemi.notes()) == len(await kemi.happened()) == 1


async def test_a_form_that_uses_up_the_limit_may_come_twice_at_once(world: World, kemi: Desk):
    all_of_it = Wish(Task.REFUND, "1016", cents=5000, reason="a dent")
    done = await asyncio.gather(*(kemi.does(all_of_it) for _ in range(4)))
    assert len(set(done)) == 1
    assert (await world.order("1016")).refund_cents == 5000


async def test_the_limit_is_for_an_order_however_often_it_is_asked(world: World, kemi: Desk):
    await kemi.does(Wish(Task.REFUND, "1016", cents=4000, reason="a dent"), "k1")
    with pytest.raises(BadWish) as refused:
        await kemi.does(Wish(Task.REFUND, "1016", cents=1001, reason="another"), "k2")
    assert refused.value.field == "amount"
    assert str(refused.value) == (
        "You may pay back 50.00 EUR for one order, and 40.00 EUR count already. "
        "For 50.01 EUR in all: a lead may decide that."
    )
    await kemi.does(Wish(Task.REFUND, "1016", cents=1000, reason="another"), "k3")
    assert (await world.order("1016")).refund_cents == 5000
    assert await kemi.does(Wish(Task.REFUND, "1016", cents=4000, reason="a dent"), "k1")


async def test_of_two_agents_at_once_only_as_much_as_one_may_is_paid(world: World, kemi: Desk):
    wishes = [Wish(Task.REFUND, "1016", cents=3000, reason="a dent")] * 4
    doing = (kemi.does(wish, f"k{number}") for number, wish in enumerate(wishes))
    results = await asyncio.gather(*doing, return_exceptions=True)
    assert sum(isinstance(one, Done) for one in results) == 1
    assert (await world.order("1016")).refund_cents == 3000


async def test_the_limit_holds_over_several_cases_of_one_customer(world: World, kemi: Desk):
    cases = [kemi.case, *[await a_case(world.store, "demo-kemi") for _ in range(3)]]
    wish = Wish(Task.REFUND, "1016", cents=3000, reason="a dent")
    doing = (
        kemi.remedies.do(case.id, kemi.nia, wish, key=f"k{n}", tell=False)
        for n, case in enumerate(cases)
    )
    results = await asyncio.gather(*doing, return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["BadWish"] * 3 + ["Done"]
    assert (await world.order("1016")).refund_cents == 3000


async def test_a_lead_who_is_an_agent_may_more_and_nobody_may_all(kemi: Desk):
    lea = await staff(kemi.store, "Lea", Role.AGENT, Role.LEAD)
    await kemi.does(Wish(Task.REFUND, "1016", cents=50000, reason="a dent"), agent=lea)
    with pytest.raises(BadWish, match="nobody may decide that: an admin can change data/remedies"):
        await kemi.does(Wish(Task.REFUND, "1016", cents=1, reason="more"), "k2", agent=lea)


async def test_a_lead_who_is_no_agent_works_on_no_case(kemi: Desk):
    lea = await staff(kemi.store, "Lea", Role.LEAD)
    with pytest.raises(CaseError, match="Only agents can work on cases"):
        await kemi.does(DENT, agent=lea)


async def test_the_forms_offer_what_fits_and_say_how_far_it_goes(kemi: Desk):
    allowed = await kemi.allows()
    offered = {
        (one.task, one.order.number): (one.may, one.most, one.hint) for one in allowed.choices
    }
    assert offered == {
        (Task.REFUND, "1016"): (True, 5000, "up to 50.00 EUR; above that ask a lead"),
        (Task.SEND_AGAIN, "1016"): (
            False,
            0,
            "nobody may decide that: an admin can change data/remedies.yml",
        ),
        (Task.EXTEND_RETURN, "1016"): (True, 14, "up to 14 days"),
        (Task.INVOICE, "1016"): (True, 0, ""),
    }  # the other order is cancelled
    assert [one.task for one in allowed.of(Task.SEND_AGAIN, Task.INVOICE)] == [Task.INVOICE]


async def test_days_are_added_once_up_to_the_limit(world: World, kemi: Desk):
    await kemi.does(Wish(Task.EXTEND_RETURN, "1016", days=10, reason="away"), "k1")
    with pytest.raises(BadWish, match="You may add 14 days to one order, and 10 days count") as no:
        await kemi.does(Wish(Task.EXTEND_RETURN, "1016", days=5, reason="away"), "k2")
    assert no.value.field == "days"
    [choice] = (await kemi.allows()).of(Task.EXTEND_RETURN)
    assert choice.most == 4


async def test_what_is_sent_again_counts_with_what_it_was_worth(world: World):
    omar = await a_desk(world.store, world.shop, "demo-omar")
    again = Wish(Task.SEND_AGAIN, "1020", reason="it leaks")
    assert "as order 2001" in (await omar.does(again)).fact
    with pytest.raises(CaseError, match="sent again already, as order 2001"):
        await omar.does(again, "k2")
    kemi = await a_case(world.store, "demo-kemi")
    with pytest.raises(BadWish, match=r"You may send again what was worth 100.00 EUR. For 689.00"):
        await omar.remedies.do(
            kemi.id, omar.nia, Wish(Task.SEND_AGAIN, "1016", reason="x"), key="k3", tell=False
        )


async def test_letters_are_sent_once_more_without_a_reason(world: World):
    hugo = await a_desk(world.store, world.shop, "demo-hugo")
    await hugo.does(Wish(Task.RETURN_LABEL, "1011"), "k1")
    await hugo.does(Wish(Task.INVOICE, "1011"), "k2")
    assert sorted(await world.letters("demo-hugo")) == [
        "Invoice for order 1011",
        "Return label for order 1011",
    ]


async def test_somebody_elses_order_is_out_of_reach(world: World, kemi: Desk):
    with pytest.raises(BadWish, match="This customer has no order 1001") as refused:
        await kemi.does(Wish(Task.REFUND, "1001", cents=100, reason="x"))
    assert refused.value.field == "order"
    assert (await world.order("1001")).refund_cents == 0


async def test_who_is_not_signed_in_has_no_orders(world: World):
    desk = await a_desk(world.store, world.shop, None)
    assert (await desk.allows()).why_none.startswith("The customer is not signed in")
    with pytest.raises(CaseError, match="not signed in"):
        await desk.does(DENT)


async def test_a_closed_case_has_nothing_done(world: World, kemi: Desk):
    await kemi.casework.resolve(kemi.case.id, kemi.nia)
    with pytest.raises(CaseClosed):
        await kemi.does(DENT)
    assert (await kemi.allows()).choices == ()
    assert (await world.order("1016")).refund_cents == 0


async def test_a_case_that_closes_before_the_customer_is_told_says_so(kemi: Desk):
    await kemi.does(DENT)
    await kemi.casework.resolve(kemi.case.id, kemi.nia)
    assert await kemi.does(DENT, tell=True) == Done(
        "Refunded 12.50 EUR on order 1016",
        "12.50 EUR for order 1016 come back to you by 11 March.",
        told=False,
    )


async def test_a_form_is_for_one_wish(kemi: Desk):
    await kemi.does(DENT)
    with pytest.raises(BadWish, match="This form was used already"):
        await kemi.does(Wish(Task.REFUND, "1016", cents=1251, reason="a dent in the box"))


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(Task.REFUND, "1016", cents=100, reason="  "), "reason"),
        (Wish(Task.REFUND, "1016", cents=100, reason="x" * 501), "reason"),
        (Wish(Task.REFUND, "1016", reason="x"), "amount"),
        (Wish(Task.REFUND, "1016", cents=-5, reason="x"), "amount"),
        (Wish(Task.EXTEND_RETURN, "1016", reason="x"), "days"),
        (Wish(Task.SEND_AGAIN, "1016"), "reason"),
    ],
)
async def test_what_is_missing_is_named(world: World, kemi: Desk, wish: Wish, field: str):
    with pytest.raises(BadWish) as refused:
        await kemi.does(wish)
    assert refused.value.field == field
    assert await kemi.notes() == []


async def test_what_no_rule_offers_is_offered_to_nobody(kemi: Desk):
    kemi.rules = RemedyRules()
    assert (await kemi.allows()).choices == ()
    for task in Task:
        wish = Wish(task, "1016", cents=1, days=1, reason="x")
        with pytest.raises(BadWish, match=r"data/remedies.yml"):
            await kemi.does(wish, task.value)


@pytest.fixture
async def behind(server: ReferenceServer, sqlite_store: SqlStore) -> AsyncIterator[Desk]:
    """Nia at Kemi's case, over a shop that can fail."""
    api = CompanyApi(server.url, TOKEN, TIMEOUT_S)
    yield await a_desk(sqlite_store, HttpShop(api), "demo-kemi")
    await api.close()


def fails_with(server: ReferenceServer, desk: Desk, fault: Fault) -> None:
    """What is asked after the orders were read goes wrong, once."""

    class Failing:
        def __getattr__(self, name: str) -> Any:
            return getattr(shop, name)

        async def orders_of(self, customer_id: str) -> tuple[Order, ...]:
            found = await shop.orders_of(customer_id)
            server.faults, desk.shop = [fault], shop
            return found

    shop, desk.shop = desk.shop, cast(Shop, Failing())


async def refunded(desk: Desk) -> int:
    async with desk.store.read() as work:
        order = await work.shop.order("1016")
    assert order is not None
    return order.refund_cents


@pytest.mark.parametrize("after_the_work", [True, False])
async def test_without_an_answer_nobody_says_that_it_was_done_and_again_is_safe(
    behind: Desk, server: ReferenceServer, after_the_work: bool
):
    fails_with(server, behind, Fault(status=418, after_the_work=after_the_work))
    with pytest.raises(NotKnown, match="Press the same button again: it is never done twice"):
        await behind.does(DENT, tell=True)
    assert await refunded(behind) == (1250 if after_the_work else 0)
    assert await behind.told() == []
    assert await behind.happened() == []
    [(_, note)] = await behind.notes()
    assert "it is not known whether this was done" in note

    [pending] = (await behind.allows()).pending
    assert (pending.agent, pending.said) == ("Nia", "Refund of 12.50 EUR for order 1016")
    with pytest.raises(BadWish, match="is not settled"):
        await behind.does(Wish(Task.REFUND, "1016", cents=99, reason="x"))
    sam = await staff(behind.store, "Sam", Role.AGENT)
    done = await behind.does(pending.wish, pending.key, agent=sam, tell=True)
    assert done.told
    assert await refunded(behind) == 1250
    assert (await behind.allows()).pending == ()
    assert len(await behind.happened()) == 1


async def test_what_nobody_knows_counts_until_it_is_known(behind: Desk, server: ReferenceServer):
    async with behind.store.work() as work:
        wish = Wish(Task.REFUND, "1016", cents=4500, reason="a dent")
        asked = Remedy(behind.case.id, "k0", "demo-kemi", "Nia", wish, "EUR", NOON)
        await work.remedies.ask(asked)
    with pytest.raises(BadWish, match=r"45.00 EUR count already"):
        await behind.does(Wish(Task.REFUND, "1016", cents=501, reason="x"))
    await behind.casework.resolve(behind.case.id, behind.nia)
    await behind.does(wish, "k0")  # settled, though the case is closed by now
    assert await refunded(behind) == 4500


async def test_a_shop_that_is_down_before_anything_was_asked_is_said_so(
    behind: Desk, server: ReferenceServer
):
    server.faults = [Fault(status=418)]
    with pytest.raises(CaseError, match=r"Nothing was done. The shop cannot be asked just now"):
        await behind.does(DENT)
    server.faults = [Fault(status=418)]
    assert "cannot be asked" in (await behind.allows()).why_none
    assert await behind.notes() == []


async def test_what_the_shop_refuses_counts_no_more_and_can_be_sent_again(
    behind: Desk, server: ReferenceServer
):
    fails_with(server, behind, Fault(status=409, body=b'{"message": "Not on a Sunday."}'))
    with pytest.raises(CaseError, match="Not on a Sunday"):
        await behind.does(DENT)
    assert await behind.notes() == []
    await behind.does(DENT)
    assert await refunded(behind) == 1250


@pytest.mark.parametrize(
    ("typed", "cents"), [("12", 1200), ("12.5", 1250), (" 12,50 ", 1250), ("0.01", 1)]
)
def test_an_amount_is_read_as_people_write_it(typed: str, cents: int):
    assert cents_of(typed) == cents


@pytest.mark.parametrize("typed", ["", "0", "-1", "1.234", "1e3", "12 EUR", "٣", "0.00", "9999999"])
def test_what_is_no_amount_is_refused(typed: str):
    with pytest.raises(BadWish, match=r"such as 12.50"):
        cents_of(typed)


def test_days_are_whole():
    assert days_of(" 7 ") == 7
    for typed in ("", "0", "1.5", "-2", "1000", "²"):
        with pytest.raises(BadWish, match="whole number of days"):
            days_of(typed)
