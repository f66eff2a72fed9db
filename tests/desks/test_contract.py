"""What every desk does, in sentences: the same tests for Slack and for the browser."""

import asyncio
import re

from conversation.messages import Author
from conversation.outcome import Outcome
from conversation.responder import Responder
from handoff.case import CaseStatus
from handoff.delivery.boxes import Delivery
from tests.desks.harness import Harness


async def test_a_case_is_shown_with_the_whole_conversation_so_far(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer("Ada")
    await ada.says("where is my parcel", "I was told it would be here on Monday")
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    assert (await desk.state(nia, case)).startswith("Waiting")
    read = await desk.reads(nia, case)
    assert _only(read, "where is my parcel", "I was told it would be here on Monday") == [
        "where is my parcel",
        "I was told it would be here on Monday",
    ]


async def test_an_agent_claims_and_the_customer_sees_their_name(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer()
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    await desk.claims(nia, case)
    assert await ada.notices() == ["Nia has joined the chat."]
    assert (await ada.case()).agent == "Nia"
    omar = await desk.agent("Omar")
    assert "Nia" in await desk.state(omar, case)


async def test_a_reply_reaches_the_customer_once_also_when_delivered_twice(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer()
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    await desk.claims(nia, case)
    await desk.replies(nia, case, "I am looking into it & will write < 5 min", times=2)
    await desk.replies(nia, case, "Found it.")
    assert await ada.reads_from_agents() == [
        ("Nia", "I am looking into it & will write < 5 min"),
        ("Nia", "Found it."),
    ]


async def test_a_reply_on_an_unclaimed_case_claims_it(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer()
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    await desk.replies(nia, case, "Good morning!")
    assert await ada.notices() == ["Nia has joined the chat."]
    assert await ada.reads_from_agents() == [("Nia", "Good morning!")]


async def test_a_note_never_reaches_the_customer(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer()
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    before = await ada.sees()
    await desk.notes(nia, case, "Third time this month; be generous.")
    assert await ada.sees() == before
    async with desk.site.store.read() as work:
        kept = [(note.author, note.text) for note in await work.cases.notes(case.id)]
    assert kept == [("Nia", "Third time this month; be generous.")]


async def test_two_agents_claim_at_once_one_wins_the_loser_is_told_who(desk: Harness) -> None:
    people = [await desk.agent("Nia"), await desk.agent("Omar")]
    ada = await desk.site.customer()
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    await asyncio.gather(*(desk.claims(person, case) for person in people))
    winner = (await ada.case()).agent
    assert winner in ("Nia", "Omar")
    assert await ada.notices() == [f"{winner} has joined the chat."]
    loser = next(person for person in people if person.name != winner)
    assert f"{winner} has already claimed this case." in await desk.told(loser)


async def test_customer_lines_reach_the_desk_in_order_and_once(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer()
    case = await ada.asks_for_a_person()
    lines = [f"line {number}" for number in range(6)]
    await ada.says(*lines)
    await desk.site.delivered()
    assert _only(await desk.reads(nia, case), *lines) == lines


async def test_a_cut_connection_loses_and_doubles_nothing(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer()
    await ada.says("before")
    await desk.next_delivery_is_cut()
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    await ada.says("first")
    await desk.site.delivered()
    await desk.next_delivery_is_cut()
    await ada.says("second", "third")
    await desk.site.delivered()
    said = ["before", "first", "second", "third"]
    assert _only(await desk.reads(nia, case), *said) == said
    assert await desk.cases_shown(nia) == 1


async def test_a_crash_between_delivering_and_noting_it_doubles_nothing(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer()
    await ada.says("before")
    case = await ada.asks_for_a_person()
    await desk.site.crash_before_marking(Delivery.OPEN_CASE)
    await ada.says("first", "second")
    await desk.site.crash_before_marking(Delivery.RELAY)
    await ada.says("third")
    await desk.site.delivered()
    said = ["before", "first", "second", "third"]
    assert _only(await desk.reads(nia, case), *said) == said
    assert await desk.cases_shown(nia) == 1


async def test_handed_back_the_assistant_answers_again(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer()
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    await desk.claims(nia, case)
    await desk.hands_back(nia, case)
    assert (await ada.case()).status is CaseStatus.HANDED_BACK
    assert (await ada.notices())[-1] == "Nia has handed over to the automated assistant."
    async with desk.site.store.read() as work:
        conversation = await work.conversations.get(ada.conversation_id)
    assert conversation.responder is Responder.BOT
    assert "anded back" in await desk.state(nia, case)


async def test_resolving_asks_the_survey(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer()
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    await desk.claims(nia, case)
    assert await ada.survey() is None
    await desk.resolves(nia, case)
    assert (await ada.case()).status is CaseStatus.RESOLVED
    assert await ada.survey() is not None
    async with desk.site.store.read() as work:
        conversation = await work.conversations.get(ada.conversation_id)
    assert conversation.outcome is Outcome.AGENT
    assert "esolved" in await desk.state(nia, case)


async def test_a_rating_and_its_reason_stand_on_the_card_of_the_case(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    await desk.resolves(nia, case)
    read, shown = await desk.reads(nia, case), await desk.cases_shown(nia)
    assert "Ease" not in await desk.card(nia, case)
    await ada.rates(6, "She knew <everything> already")
    await desk.site.crash_before_marking(Delivery.UPDATE_CASE)
    card = await desk.card(nia, case)
    assert card.count("Ease 6 of 7") == 1
    assert card.count("She knew <everything> already") == 1
    assert await desk.reads(nia, case) == read, "nothing is posted, the card is edited"
    assert await desk.cases_shown(nia) == shown


async def test_a_low_rating_becomes_a_case_only_where_the_customer_wants_it(desk: Harness) -> None:
    nia, ada, bob = (
        await desk.agent("Nia"),
        await desk.site.customer("Ada"),
        await desk.site.customer("Bob"),
    )
    cases = [await customer.asks_for_a_person() for customer in (ada, bob)]
    await desk.site.delivered()
    for customer, case in zip((ada, bob), cases, strict=True):
        await desk.resolves(nia, case)
        await customer.rates(2, f"{customer.name} was sent in circles")
    await bob.wants_no_follow_up()
    assert await desk.cases_shown(nia) == 2
    follow_up = await ada.wants_a_follow_up()
    await desk.site.delivered()
    assert await desk.cases_shown(nia) == 3
    card = await desk.card(nia, follow_up)
    assert "The customer gave a low rating and wants a colleague to look at it" in card
    assert re.search(r"Rated\W+Ease 2 of 7", card)
    before = rf"Case before.*Case {cases[0].number}\W+ resolved by Nia: Solved"
    assert re.search(before, card, re.DOTALL)
    assert "Ada was sent in circles" in card
    assert "Wants a colleague to look at it: see" in await desk.card(nia, cases[0])
    assert "Wants no colleague to look at it" in await desk.card(nia, cases[1])
    await desk.replies(nia, follow_up, "I have read it all, Ada.")
    assert ("Nia", "I have read it all, Ada.") in await ada.reads_from_agents()
    await desk.resolves(nia, follow_up)
    assert await ada.survey() is None, "a follow-up is not rated again"


async def test_a_reply_after_resolving_is_refused_with_words(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer()
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    await desk.replies(nia, case, "All done.")
    await desk.resolves(nia, case)
    await desk.replies(nia, case, "One more thing")
    assert "This case is resolved; nothing was sent." in await desk.told(nia)
    assert await ada.reads_from_agents() == [("Nia", "All done.")]


async def test_a_strangers_action_is_refused(desk: Harness) -> None:
    sam, ada = await desk.stranger(), await desk.site.customer()
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    before = await ada.sees()
    await desk.replies(sam, case, "Let me help")
    assert "agents" in await desk.told(sam)
    await desk.claims(sam, case)
    await desk.resolves(sam, case)
    assert await ada.sees() == before
    assert (await ada.case()).status is CaseStatus.WAITING


async def test_a_customer_who_leaves_the_queue_leaves_the_desk(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer()
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    await desk.site.handoffs.leave_queue(ada.conversation_id)
    await desk.site.delivered()
    await desk.replies(nia, case, "Are you there?")
    assert "withdrawn" in await desk.told(nia)
    assert not [m for m in await ada.sees() if m.author is Author.AGENT]


def _only(read: list[str], *wanted: str) -> list[str]:
    return [line for line in read if line in wanted]


async def test_card_numbers_and_passwords_are_not_shown_and_order_numbers_are(
    desk: Harness,
) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer()
    await ada.says("order NP-1001, my password is hunter2", "refund it to 4111 1111 1111 1111")
    case = await ada.asks_for_a_person()
    await ada.says("not 5555555555554444 but 4111-1111-1111-1111!")
    await desk.site.delivered()
    read = await desk.reads(nia, case)
    assert "order NP-1001, my password is [SECRET_1]" in read
    assert "refund it to [CARD_1]" in read
    assert "not [CARD_2] but [CARD_1]!" in read
    shown = "\n".join([*read, await desk.card(nia, case)])
    for secret in ("hunter2", "4111", "5555"):
        assert secret not in shown


async def test_what_an_agent_did_stands_in_the_conversation_for_colleagues_alone(
    desk: Harness,
) -> None:
    nia, omar = await desk.agent("Nia"), await desk.agent("Omar")
    ada = await desk.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await desk.site.delivered()
    await desk.claims(nia, case)
    await desk.resolves(nia, case)
    assert (await desk.reads(omar, case)).count("Nia resolved this: Solved.") == 1
    assert "Nia resolved this: Solved." not in [message.text for message in await ada.sees()]


async def test_the_next_case_of_a_customer_leads_to_the_one_before(desk: Harness) -> None:
    nia, ada = await desk.agent("Nia"), await desk.site.customer("Ada")
    bob = await desk.site.customer("Bob")
    first = await ada.asks_for_a_person()
    others = await bob.asks_for_a_person()
    await desk.site.delivered()
    assert "Case before" not in await desk.card(nia, first)
    await desk.claims(nia, first)
    await desk.hands_back(nia, first)
    again = await ada.asks_for_a_person()
    await desk.site.delivered()
    words = rf"Case before.*Case {first.number}\W+ handed back by Nia"
    assert re.search(words, await desk.card(nia, again), re.DOTALL)
    assert "Case before" not in await desk.card(nia, others)
