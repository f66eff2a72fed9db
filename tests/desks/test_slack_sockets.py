"""Socket Mode: Slack is listened to without an address of our own, whatever becomes of a socket."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handoff.case import Case
from tests.desks.harness import Person
from tests.desks.site import Customers, eventually
from tests.desks.slack_harness import SlackHarness, slack_harness


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    async with slack_harness(tmp_path, socket_mode=True, heartbeat_s=0.6) as harness:
        await _two_are_open(harness)
        yield harness


async def _two_are_open(slack: SlackHarness) -> None:
    async def two() -> bool:
        return len(slack.slack.sockets.open) == 2

    await eventually(two)


async def _claimed(slack: SlackHarness) -> tuple[Person, Customers, Case]:
    nia, ada = await slack.agent("Nia"), await slack.site.customer()
    case = await ada.asks_for_a_person()
    await slack.claims(nia, case)
    return nia, ada, case


async def test_presses_and_replies_arrive_by_either_of_two_sockets(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    for number in range(4):
        await slack.writes(nia, case, f"{number}")
    assert [text for _, text in await ada.reads_from_agents()] == ["0", "1", "2", "3"]
    assert all(socket.envelopes > 1 for socket in slack.slack.sockets.open)
    assert slack.slack.sender.statuses == []


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_after_a_notice_the_sockets_are_replaced_and_nothing_is_lost(
    slack: SlackHarness, reason: str
) -> None:
    nia, ada, case = await _claimed(slack)
    before = list(slack.slack.sockets.open)
    await slack.slack.sockets.announce(reason, close_after_s=0.2)
    await slack.writes(nia, case, "still here")
    assert await ada.reads_from_agents() == [("Nia", "still here")]

    async def replaced() -> bool:
        now = slack.slack.sockets.open
        return len(now) == 2 and not any(socket in before for socket in now)

    await eventually(replaced)


async def test_before_a_refresh_closes_a_socket_the_next_one_is_open(slack: SlackHarness) -> None:
    await slack.slack.sockets.announce("refresh_requested", close_after_s=None)

    async def four() -> bool:
        return len(slack.slack.sockets.open) == 4

    await eventually(four)


async def test_sockets_cut_without_a_word_are_opened_anew(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    slack.slack.sockets.drop()
    await _two_are_open(slack)
    await slack.writes(nia, case, "back again")
    assert await ada.reads_from_agents() == [("Nia", "back again")]


async def test_a_rejected_ticket_is_not_tried_twice(slack: SlackHarness) -> None:
    slack.slack.sockets.reject(times=2)
    asked = [method for method, _ in slack.slack.calls].count("apps.connections.open")
    slack.slack.sockets.drop()

    async def four_more() -> bool:
        opened = [method for method, _ in slack.slack.calls].count("apps.connections.open")
        return opened >= asked + 4

    await eventually(four_more)
    await _two_are_open(slack)


async def test_a_half_open_connection_is_found_out_and_replaced(slack: SlackHarness) -> None:
    nia, ada, case = await _claimed(slack)
    slack.slack.sockets.go_deaf()

    async def hearing() -> bool:
        return any(not socket.deaf for socket in slack.slack.sockets.open)

    await eventually(hearing)
    await slack.writes(nia, case, "do you hear me?")
    assert await ada.reads_from_agents() == [("Nia", "do you hear me?")]


async def test_envelopes_of_unknown_types_are_acknowledged(slack: SlackHarness) -> None:
    for said in ({"type": "hello_world", "payload": {"a": 1}}, {"type": "events_api"}):
        assert await slack.slack.sockets.send(said) is not None


async def test_what_could_not_be_stored_is_not_acknowledged(
    slack: SlackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    nia, ada, case = await _claimed(slack)
    working, failures = slack.site.store.work, iter([OSError("disk full")])

    def failing() -> object:
        if (failure := next(failures, None)) is not None:
            raise failure
        return working()

    place = await slack.place(case)
    await slack.site.delivered()
    monkeypatch.setattr(slack.site.store, "work", failing)
    await slack.slack.says(nia.handle, "said once", thread_ts=place.ts)
    await slack.worked_off()
    assert await ada.reads_from_agents() == [("Nia", "said once")]


async def test_a_slash_command_arrives_like_any_request(slack: SlackHarness) -> None:
    envelope = {"type": "slash_commands", "payload": {"command": "/heard", "text": "queue"}}
    answer = await slack.slack.sockets.send(envelope)
    assert answer is not None
    assert "payload" not in answer or json.dumps(answer["payload"])
    await slack.worked_off()
