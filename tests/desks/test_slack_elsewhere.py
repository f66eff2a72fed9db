"""Channels shared with other companies, and organisations of several workspaces."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conversation.clock import utc_now
from handoff.case import Case, CaseStatus
from handoff.desks.slack.pressed.actions import CLAIM
from staff.account import Role
from tests.desks.harness import Person
from tests.desks.site import Customers
from tests.desks.slack_harness import SlackHarness, slack_harness
from tests.fake_slack.sender import action_request

PARTNER, ORGANISATION = "T0PARTNER1", "E0OURORG01"


@pytest.fixture
async def grid(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    """A workspace of an Enterprise Grid organisation."""
    async with slack_harness(tmp_path) as harness:
        harness.slack.workspace.enterprise = ORGANISATION
        yield harness


async def _their_agent(slack: SlackHarness) -> Person:
    """Somebody of the partner's who is listed, with a member id that is unique there alone."""
    user = slack.slack.workspace.join("U0THEIRS01", "Paul")
    async with slack.site.store.work() as work:
        await work.accounts.save(
            "paul@partner.example", "Paul", [Role.AGENT], "-", utc_now(),
            slack_user=f"{PARTNER}/{user}",
        )  # fmt: skip
    return Person("Paul", user)


async def _case(slack: SlackHarness) -> tuple[Customers, Case]:
    ada = await slack.site.customer("Ada")
    return ada, await ada.asks_for_a_person()


async def test_who_is_listed_with_their_company_may_answer_and_nobody_with_the_same_id(
    slack: SlackHarness,
) -> None:
    ada, case = await _case(slack)
    paul = await _their_agent(slack)
    await slack.writes(paul, case, "a namesake of ours")
    await slack.writes(paul, case, "a namesake elsewhere", user_team="T0THIRD001")
    assert await ada.reads_from_agents() == []
    await slack.writes(paul, case, "from the partner", user_team=PARTNER)
    assert await ada.reads_from_agents() == [("Paul", "from the partner")]


async def test_who_is_not_listed_of_another_company_is_told_so_alone(slack: SlackHarness) -> None:
    nia, (ada, case) = await slack.agent("Nia"), await _case(slack)
    await slack.writes(nia, case, "with the id of ours", user_team=PARTNER)
    assert await ada.reads_from_agents() == []
    assert "only agents can work on cases" in await slack.told(nia)


async def test_an_agent_is_called_by_the_member_id_alone(slack: SlackHarness) -> None:
    nia, (ada, case) = await slack.agent("Nia"), await _case(slack)
    paul = await _their_agent(slack)
    await slack.fills(nia, case, "Assign", to="Paul · 0 cases", note="yours")
    await slack.site.delivered()
    assert (await ada.case()).agent == "Paul"
    assert any(f"<@{paul.handle}>" in message["text"] for message in await slack.thread(case))


@pytest.mark.parametrize("team", [PARTNER, ORGANISATION])
async def test_outside_of_an_organisation_its_name_opens_nothing(
    slack: SlackHarness, team: str
) -> None:
    nia, (ada, case) = await slack.agent("Nia"), await _case(slack)
    await slack.writes(nia, case, "Hello", user_team=team)
    assert await ada.reads_from_agents() == []


async def test_members_of_our_organisation_are_ours_where_slack_names_it_alone(
    grid: SlackHarness,
) -> None:
    nia, (ada, case) = await grid.agent("Nia"), await _case(grid)
    await grid.writes(nia, case, "Hello", user_team=ORGANISATION)
    assert await ada.reads_from_agents() == [("Nia", "Hello")]
    await grid.writes(nia, case, "from elsewhere in it", user_team="T0SISTER01")
    assert len(await ada.reads_from_agents()) == 1


async def test_a_press_by_a_member_of_another_company_claims_nothing(slack: SlackHarness) -> None:
    nia, (ada, case) = await slack.agent("Nia"), await _case(slack)
    place = await slack.place(case)
    card = slack.message(place)
    [claim] = [
        element
        for block in card["blocks"]
        for element in block.get("elements", ())
        if element.get("action_id") == CLAIM
    ]
    await slack.slack.sender.put(
        action_request(
            {
                "type": "block_actions",
                "user": {"id": nia.handle, "team_id": PARTNER},
                "actions": [{**claim, "block_id": "b", "action_ts": "1800000000.000100"}],
                "container": {"message_ts": place.ts, "channel_id": place.channel},
                "channel": {"id": place.channel},
                "message": card,
            }
        )
    ).sent.wait()
    await slack.worked_off()
    assert (await ada.case()).status is CaseStatus.WAITING


async def test_a_namesake_who_leaves_another_company_takes_nobody_from_the_desk(
    slack: SlackHarness,
) -> None:
    nia = await slack.agent("Nia")
    left = {"id": nia.handle, "team_id": PARTNER, "deleted": True}
    await slack.slack.send({"type": "user_change", "user": left})
    await slack.worked_off()
    [status] = await slack.site.staffing.status()
    assert not status.away
