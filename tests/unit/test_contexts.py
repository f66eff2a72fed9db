"""What is known of a customer: loaded once, good for a while, and never worth a wait."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from conversation.contacts import Channel, Contact, OpenCase, Past, Rating
from conversation.conversation import Conversation
from conversation.customer import FIELDS, Customer, CustomerContext, DirectoryUnavailable
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from conversation.shop import Order, OrderState, ShopUnavailable
from conversation.surveys import Survey, SurveyKind
from handoff.briefing.briefing import Briefer, with_rating
from handoff.briefing.card import card_of
from handoff.briefing.contexts import AGAIN_AFTER, STALE_FOR
from handoff.case import Briefing, Case, CaseStatus
from handoff.desks.slack.shown.card import blocks
from handoff.remedies.choices import Remedy, Stands
from handoff.remedies.rules import Task, Wish
from tests.patience import PATIENT_S

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ADA = Customer("ada", "Ada Demo", "a@example.org", "en", "gold", date(2019, 1, 1))
TENT = Order(
    "1001", "ada", ("Tent",), 100, "EUR", OrderState.SHIPPED, date(2026, 2, 20), "1 Street"
)
CALL = Contact(Channel.CALL, NOON, NOON, ("late_parcel",), solved=False)


@dataclass
class Company:
    """The company's systems: a directory, a shop and a history that can be down or slow."""

    now: datetime = NOON
    down: set[str] = field(default_factory=set)
    hangs: bool = False
    asked: list[str] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    async def find(self, customer_id: str) -> Customer | None:
        self.asked.append("customer")
        if self.hangs:
            await asyncio.Event().wait()
        if "customer" in self.down:
            raise DirectoryUnavailable("down")
        return ADA

    async def orders_of(self, customer_id: str) -> tuple[Order, ...]:
        if "orders" in self.down:
            raise ShopUnavailable("down")
        return (TENT,)

    async def of(self, customer_id: str, now: datetime) -> Past:
        if "past" in self.down:
            raise OSError
        return Past((CALL,))

    def briefer(self, timeout_s: float = PATIENT_S, fields: frozenset[str] = FIELDS) -> Briefer:
        return Briefer(
            self,
            self,  # type: ignore[arg-type] - only orders are asked for
            timeout_s,
            history=self,
            fields=fields,
            clock=self,
            fresh_for=timedelta(minutes=15),
        )


async def test_the_context_is_loaded_once_and_again_when_it_is_old() -> None:
    company = Company()
    briefer = company.briefer()
    first = await briefer.recent("ada")
    assert first == CustomerContext(ADA, (TENT,), Past((CALL,)))
    company.now += timedelta(minutes=14)
    assert await briefer.recent("ada") is first
    assert company.asked == ["customer"]
    company.now += timedelta(minutes=1)
    await briefer.recent("ada")
    assert company.asked == ["customer"] * 2
    await briefer.context("ada")  # for a case, as it is now
    assert company.asked == ["customer"] * 3


async def test_of_a_visitor_nothing_is_asked() -> None:
    company = Company()
    assert await company.briefer().recent(None) == CustomerContext(None)
    assert company.asked == []


async def test_a_slow_directory_costs_its_time_once_and_its_facts() -> None:
    company = Company(hangs=True)
    briefer = company.briefer(timeout_s=0.2)
    context = await briefer.recent("ada")
    assert (context.customer, context.orders) == (None, (TENT,))
    assert context.missing == {"customer"}
    await briefer.recent("ada")  # the next message waits for nothing
    assert company.asked == ["customer"]
    company.hangs = False
    company.now += AGAIN_AFTER
    assert (await briefer.recent("ada")).customer == ADA


async def test_everything_down_still_gives_a_context() -> None:
    company = Company(down={"customer", "orders", "past"})
    context = await company.briefer().recent("ada")
    assert context == CustomerContext(None, missing=frozenset({"customer", "orders", "past"}))


async def test_what_was_known_is_used_for_a_day_and_says_how_old_it_is() -> None:
    company = Company()
    briefer = company.briefer()
    await briefer.recent("ada")
    company.down = {"customer", "orders", "past"}
    company.now += timedelta(hours=1)
    stale = await briefer.recent("ada")
    assert (stale.customer, stale.orders, stale.past) == (ADA, (TENT,), Past((CALL,)))
    assert (stale.as_of, stale.missing) == (NOON, frozenset())
    company.now = NOON + STALE_FOR
    assert (await briefer.recent("ada")).as_of == NOON
    company.now += timedelta(minutes=2)
    assert (await briefer.recent("ada")).customer is None
    company.down.clear()
    company.now += AGAIN_AFTER
    fresh = await briefer.recent("ada")
    assert (fresh.customer, fresh.as_of) == (ADA, None)


async def test_what_the_list_does_not_allow_is_not_known() -> None:
    few = FIELDS - {"tier", "contacts"}
    context = await Company().briefer(fields=few).context("ada")
    assert context.customer is not None
    assert (context.customer.tier, context.customer.name) == ("", "Ada Demo")
    assert context.past.contacts == ()


def written(context: CustomerContext) -> Briefing:
    conversation = Conversation("c", "v", "ada", Responder.BOT, NOON, NOON, 0, "en", "")
    return Company().briefer().brief(conversation, context, [], [], NOON)


def brief(context: CustomerContext) -> dict[str, str]:
    told = written(context)
    return dict([*told.facts, *told.known])


def test_the_card_says_what_came_before_in_a_line_each() -> None:
    past = Past((CALL,), OpenCase(7, NOON - timedelta(days=2)), Rating("Ease 2 of 7", NOON))
    lines = brief(CustomerContext(ADA, (TENT,), past))
    assert lines["Before"] == "Called today about a parcel that is late, still open"
    assert lines["Open case"] == "7, opened on Monday"
    assert lines["Last rating"] == "Ease 2 of 7, today"
    assert lines["Customer"] == "gold, since 2019"
    assert lines["Order 1001"] == "Tent, shipped"


async def test_who_is_signed_in_is_no_visitor_also_where_the_directory_is_down() -> None:
    context = await Company(down={"customer"}).briefer().recent("ada")
    told = written(context)
    assert (told.customer, dict(told.facts)["Customer number"]) == ("A signed-in customer", "ada")
    assert dict(told.known)["Not known"] == "The directory did not answer"


def test_the_card_says_what_could_not_be_known() -> None:
    lines = brief(CustomerContext(None, missing=frozenset({"orders"})))
    assert lines["Not known"] == "The shop did not answer"
    old = brief(CustomerContext(ADA, (TENT,), as_of=NOON))
    assert old["As of"] == "4 March 12:00 UTC; a system did not answer since"


def test_in_slack_the_matter_comes_before_the_person() -> None:
    known = tuple((f"Known {n}", "x") for n in range(5))
    facts = tuple((f"Fact {n}", "x") for n in range(8))
    briefing = Briefing("Ada Demo", "A parcel", "", facts=facts, known=known)
    case = Case("k", 1, "c", HandoffReason.ASKED, briefing, CaseStatus.WAITING, NOON, 1)
    card = str(blocks(card_of(case, [], NOON, "", None)))
    labels = [name for name, _ in (*known, *facts)]
    places = [card.index(f"*{name}*") for name in labels]
    assert places == sorted(places)


def test_what_was_done_in_the_case_before_a_low_rating_is_on_the_card() -> None:
    wish = Wish(Task.REFUND, "1001", cents=500)
    paid = Remedy("k", "1", "ada", "Nia", wish, "EUR", NOON, Stands.DONE, "Refunded 5.00 EUR.")
    asked = replace(paid, key="2", stands=Stands.ASKED, fact="")
    briefing, survey = (
        Briefing("Ada Demo", "A parcel", ""),
        Survey("s", "c", SurveyKind.CES, NOON, "k"),
    )
    known = with_rating(briefing, survey, [paid, asked]).known
    assert known[1:] == (("Done there", "Refunded 5.00 EUR."),)
