"""Whoever was refused is told so, whatever breaks in between: else they believe it was sent."""

from pathlib import Path

import pytest
from sqlalchemy import update

from handoff.case import Case
from store.tables import CaseRow
from tests.desks.harness import Person
from tests.desks.site import Customers, eventually
from tests.desks.slack_harness import SlackHarness, slack_harness
from tests.fake_slack import Broken, NotOk, RateLimited, Reset, Silence
from tests.fake_slack.workspace import SUPPORT


@pytest.mark.parametrize(
    "fault", [Broken(status=503), RateLimited(retry_after_s=1), Reset(), NotOk()], ids=repr
)
async def test_a_refusal_is_told_also_after_a_bad_moment_of_slacks(
    slack: SlackHarness, fault: Broken | RateLimited | Reset | NotOk
) -> None:
    nia, _, case = await _resolved(slack)
    for method in ("chat.postEphemeral", "reactions.add"):
        slack.slack.faults.next(method, fault)
    ts = await slack.writes(nia, case, "One more thing")
    assert "resolved; nothing was sent" in await slack.told(nia)
    await _crossed(slack, ts)


async def test_a_refusal_is_told_also_after_a_crash(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, timeout_s=20) as slack:
        nia, _, case = await _resolved(slack)
        slack.slack.faults.next("reactions.add", Silence(seconds=30))
        place = await slack.place(case)
        ts = await slack.slack.says(nia.handle, "One more thing", thread_ts=place.ts)

        async def under_way() -> bool:
            return not slack.slack.faults.waiting("reactions.add")

        await eventually(under_way)
        assert slack.whispers(nia) == []
        await slack.crashes()
        assert "resolved; nothing was sent" in await slack.told(nia)
        await _crossed(slack, ts)


async def test_whom_slack_cannot_tell_keeps_no_other_from_being_told(slack: SlackHarness) -> None:
    nia, _, case = await _resolved(slack)
    omar = await slack.agent("Omar")
    slack.slack.faults.next("chat.postEphemeral", NotOk(error="user_not_in_channel"))
    await slack.writes(nia, case, "One more thing")
    await slack.writes(omar, case, "And another")
    assert "resolved; nothing was sent" in await slack.told(omar)
    assert slack.whispers(nia) == []


async def test_the_author_of_an_edit_hears_when_it_is_given_up(slack: SlackHarness) -> None:
    nia, ada, case = await _asked(slack)
    ts = await slack.writes(nia, case, "On Tusday")
    await slack.site.delivered()
    async with slack.site.engine.begin() as connection:
        await connection.execute(update(CaseRow).values(ref=None))
    slack.slack.workspace.change(slack.slack.workspace.channels[SUPPORT], ts, text="On Tuesday")
    await slack.worked_off()
    assert "for the customer nothing has changed" in await slack.told(nia)
    assert await ada.reads_from_agents() == [("Nia", "On Tusday")]


async def test_the_author_of_a_note_hears_when_it_is_given_up(slack: SlackHarness) -> None:
    nia, _, case = await _asked(slack)
    place = await slack.place(case)
    await slack.site.delivered()
    async with slack.site.engine.begin() as connection:
        await connection.execute(update(CaseRow).values(ref=None))
    await slack.slack.says(nia.handle, ";; be generous", thread_ts=place.ts)
    await slack.worked_off()
    assert "this private note was not kept" in await slack.told(nia)


async def test_whoever_pressed_hears_when_it_is_given_up(
    slack: SlackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    nia, ada, case = await _asked(slack)
    await slack.place(case)

    async def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(slack.site.casework, "claim", broken)
    await slack.claims(nia, case)
    assert "this was not finished" in await slack.told(nia)
    assert (await ada.case()).agent is None


async def _asked(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    return nia, ada, await ada.asks_for_a_person()


async def _resolved(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada, case = await _asked(slack)
    await slack.claims(nia, case)
    await slack.resolves(nia, case)
    return nia, ada, case


async def _crossed(slack: SlackHarness, ts: str) -> None:
    channel = slack.slack.workspace.channels[SUPPORT]

    async def shown() -> bool:
        return any(one["name"] == "x" for one in channel.messages[ts].get("reactions", ()))

    await eventually(shown)
