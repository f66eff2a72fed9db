"""The home tab and the command: what is an agent's, what waits, and whether they take cases."""

import asyncio
from datetime import timedelta

import pytest

from handoff.briefing.masked import MaskRules
from handoff.case import CaseStatus
from handoff.delivery.boxes import Delivery
from handoff.desks.slack.agents import Agents
from handoff.desks.slack.parts import SlackParts
from handoff.desks.slack.shown.fresh_homes import LATELY, FreshHomes
from handoff.desks.slack.shown.home import Home
from handoff.desks.slack.web_api.api import SlackApi
from handoff.desks.slack.written.courtesy import Courtesy
from handoff.promises.callbacks import Callbacks, Told
from handoff.queue.view import QueueView
from handoff.wakes import CASES_TOPIC
from staff.account import Staff
from tests.desks.harness import Person
from tests.desks.site import end, eventually
from tests.desks.slack_harness import SlackHarness
from tests.fake_slack import Broken
from tests.patience import PATIENT_S


async def test_the_home_tab_shows_what_is_mine_and_what_waits(slack: SlackHarness) -> None:
    nia = await slack.agent("Nia")
    ada, bea = await slack.site.customer("Ada"), await slack.site.customer("<Bea>")
    mine, waits = await ada.asks_for_a_person(), await bea.asks_for_a_person()
    await slack.claims(nia, mine)
    await ada.says("where is my parcel")
    place = await slack.place(waits)
    await slack.slack.hands.opens_home(nia.handle)
    home = await slack.home_of(nia)
    assert "You take new cases" in home
    assert "1 of 4 cases on hand" in home
    assert "Today: 2 opened" in home
    link = f"archives/{place.channel}/p{place.ts.replace('.', '')}|Case {waits.number}>"
    mine_at, unclaimed_at = home.index("Ada"), home.index("<Bea>")
    assert mine_at < home.index("Unclaimed (1)") < home.index(link) < unclaimed_at


async def test_the_away_switch_of_the_home_tab_holds(slack: SlackHarness) -> None:
    nia = await slack.agent("Nia")
    await slack.slack.hands.opens_home(nia.handle)
    await slack.home_of(nia)
    await slack.presses_at_home(nia, "Set me away")
    assert "You are away" in await slack.home_of(nia)
    [status] = await slack.site.staffing.status()
    assert status.away
    await slack.presses_at_home(nia, "I am back")
    assert "You take new cases" in await slack.home_of(nia)


async def test_a_case_is_claimed_at_home_and_the_loser_is_told_there(slack: SlackHarness) -> None:
    nia, omar = await slack.agent("Nia"), await slack.agent("Omar")
    ada = await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    for agent in (nia, omar):
        await slack.slack.hands.opens_home(agent.handle)
        await slack.home_of(agent)
    old = slack.slack.views.homes[omar.handle]
    await slack.presses_at_home(nia, "Claim")
    assert (await ada.case()).status is CaseStatus.CLAIMED
    assert "The queue is empty" in await slack.home_of(nia)
    await slack.slack.hands.presses_in_view(omar.handle, "Claim", old)
    await slack.worked_off()
    assert "Nia has already claimed this case." in await slack.home_of(omar)
    assert (await slack.state(nia, case)).startswith("With Nia")


async def test_a_home_tab_that_was_shown_meanwhile_is_built_anew(slack: SlackHarness) -> None:
    nia = await slack.agent("Nia")
    await slack.slack.hands.opens_home(nia.handle)
    await slack.home_of(nia)
    old = slack.slack.views.homes[nia.handle]
    await slack.presses_at_home(nia, "Refresh")
    await slack.slack.hands.presses_in_view(nia.handle, "Set me away", old)
    await slack.worked_off()
    assert "You are away" in await slack.home_of(nia)


async def test_a_tab_that_was_looked_at_shows_by_itself_what_changes(slack: SlackHarness) -> None:
    nia, sam = await slack.agent("Nia"), await slack.stranger()
    for person in (nia, sam):
        await slack.slack.hands.opens_home(person.handle)
        await slack.home_of(person)
    ada = await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await _home_says(slack, nia, "Unclaimed (1)")
    await slack.claims(nia, case)
    await _home_says(slack, nia, "The queue is empty.")
    await slack.replies(nia, case, "Which parcel?")
    await _home_says(slack, nia, "Mine, waiting for the customer (1)")
    await ada.says("the blue one")
    await _home_says(slack, nia, "Mine, to answer (1)")
    published = [args["user_id"] for method, args in slack.slack.calls if method == "views.publish"]
    assert published.count(sam.handle) == 1, "nothing has changed on it"


async def test_a_tab_that_slack_did_not_take_is_shown_with_the_next_change(
    slack: SlackHarness,
) -> None:
    nia = await slack.agent("Nia")
    await slack.slack.hands.opens_home(nia.handle)
    await slack.home_of(nia)
    slack.slack.faults.next("views.publish", Broken(status=503))
    await (await slack.site.customer("Ada")).asks_for_a_person()
    await (await slack.site.customer("Bea")).asks_for_a_person()
    await _home_says(slack, nia, "Unclaimed (2)")


async def test_a_tab_of_hours_ago_is_left_as_it_was(slack: SlackHarness) -> None:
    asked: list[str] = []

    class Watched(Home):
        async def refresh(self, user: str, team: str) -> None:
            asked.append(user)
            if user == "U0NEW":
                woken.set()

    woken, now = asyncio.Event(), [slack.site.clock()]
    site, api = slack.site, SlackApi(slack.settings)
    queue = QueueView(site.store, site.rules, site.clock)
    services = (site.store, site.casework, site.remedies, site.staffing, queue, site.rules)
    parts = SlackParts(*services, site.live, site.clock, MaskRules())
    courtesy = Courtesy(site.store, site.live, site.clock, api, site.casework.revealed)
    home = Watched(api, Agents(site.store, api, courtesy), parts)
    fresh = FreshHomes(home, site.live, lambda: now[0], every_s=0.01)
    fresh.looked("U0OLD")
    now[0] += LATELY + timedelta(seconds=1)
    fresh.looked("U0NEW")
    working = asyncio.create_task(fresh.run())
    await asyncio.sleep(0)
    site.live.wake(CASES_TOPIC)
    await asyncio.wait_for(woken.wait(), PATIENT_S)
    await end(working)
    assert asked == ["U0NEW"]


async def _home_says(slack: SlackHarness, who: Person, words: str) -> None:
    async def said() -> bool:
        return words in await slack.home_of(who)

    await eventually(said, PATIENT_S)


async def test_an_answer_that_is_owed_by_e_mail_stands_at_home_and_on_the_card(
    slack: SlackHarness,
) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    async with slack.site.store.work() as work:
        await work.conversations.leave_email(ada.conversation_id, "ada@example.com")
    told = await Callbacks(slack.site.store, slack.site.clock).nobody_there(case.id)
    assert told is Told.PROMISED
    await slack.slack.hands.opens_home(nia.handle)
    home = await slack.home_of(nia)
    assert "answer by e-mail due" in home
    assert "first reply due" not in home

    async def says_so() -> bool:
        return "answer by e-mail due" in await slack.card(nia, case)

    async with slack.site.store.work() as work:
        await work.outbox.put(case.id, Delivery.UPDATE_CASE, slack.site.clock())
    await eventually(says_so, PATIENT_S)


async def test_who_is_no_agent_reads_at_home_what_to_do(slack: SlackHarness) -> None:
    sam, ada = await slack.stranger(), await slack.site.customer("Ada")
    await ada.asks_for_a_person()
    await slack.slack.hands.opens_home(sam.handle)
    home = await slack.home_of(sam)
    assert "only agents" in home
    assert "Ada" not in home


async def test_the_command_says_what_waits_oldest_first(slack: SlackHarness) -> None:
    nia = await slack.agent("Nia")
    assert await slack.commands(nia, "queue") == "The queue is empty."
    for name in ("Ada", "Bea"):
        await (await slack.site.customer(name)).asks_for_a_person()
    answer = await slack.commands(nia, "queue")
    assert answer.index("Ada") < answer.index("Bea")


async def test_the_command_switches_away_and_back(slack: SlackHarness) -> None:
    nia = await slack.agent("Nia")
    assert "You are away until" in await slack.commands(nia, "away 45")
    assert "You take new cases" in await slack.commands(nia, "back")
    assert "whole number" in await slack.commands(nia, "away tomorrow")
    assert "at most a week" in await slack.commands(nia, "away 169 hours")
    assert "You are away." in await slack.commands(nia, " AWAY ")


async def test_who_goes_away_with_cases_on_hand_is_told_what_becomes_of_them(
    slack: SlackHarness,
) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    assert "queue" not in await slack.commands(nia, "away 5 hours")
    await slack.claims(nia, await ada.asks_for_a_person())
    before = slack.site.clock()
    assert "Your cases go back into the queue at" in await slack.commands(nia, "away 5 hours")
    status = await slack.site.staffing.status_of(await _account(slack, nia))
    assert status.away_until is not None
    assert status.away_until - before >= timedelta(hours=5)
    assert "queue" not in await slack.commands(nia, "away 10 min"), "back before they would"


async def _account(slack: SlackHarness, who: Person) -> Staff:
    async with slack.site.store.read() as work:
        account = await work.accounts.by_slack_user(who.handle)
    assert account is not None
    return account


async def test_the_command_has_the_days_figures(slack: SlackHarness) -> None:
    nia, ada = await slack.agent("Nia"), await slack.site.customer("Ada")
    case = await ada.asks_for_a_person()
    await slack.replies(nia, case, "Hello")
    await slack.resolves(nia, case)
    answer = await slack.commands(nia, "stats")
    assert "1 opened · 1 resolved" in answer


@pytest.mark.parametrize("text", ["", "help", "dance"])
async def test_the_command_says_what_it_can_do(slack: SlackHarness, text: str) -> None:
    nia = await slack.agent("Nia")
    assert "/heard away 45" in await slack.commands(nia, text)


async def test_the_command_tells_strangers_nothing(slack: SlackHarness) -> None:
    sam, ada = await slack.stranger(), await slack.site.customer("Ada")
    await ada.asks_for_a_person()
    answer = await slack.commands(sam, "queue")
    assert "only agents" in answer
    assert "Ada" not in answer


async def test_an_answer_that_slack_does_not_take_comes_another_way(slack: SlackHarness) -> None:
    nia = await slack.agent("Nia")
    slack.slack.faults.next("response", Broken(status=404))
    assert await slack.commands(nia, "queue") == "The queue is empty."
