# environment: app
"""How long a customer waits for the card in Slack and for an agent's reply, and what gets lost.

    make -s bench NAME=relay ARGS="--customers 20 --replies 10 [--faults] [--socket-mode] [--json]"

The app runs in a process of its own, on SQLite on disk, as `heard run` starts it; Slack is the
tests' server, without rate limits; the bot is a stand-in that has the real action hand over at the
third annoyed message (Rasa's own time, some 50 ms a turn, comes on top: `make bench NAME=turn`).
`p95_card_ms`: from that message to the card in the channel. `p95_reply_ms`: from an agent's line in
the thread to the customer's socket. Beside it, in the same run, a bare socket push as a peer.
With --faults connections are cut after Slack took a post, 429, 5xx and silence come between, events
come twice, out of order and under two times, and customers lose their sockets: what counts then is
`lost`, `doubled` and `reordered`, over lines in both directions. Replies then wait longer for those
before them (HEARD_SLACK_SETTLE_S), as two that are sent the wrong way round may be that far apart.
"""

import argparse
import asyncio
import json
import re
import sys
import tempfile
from collections import Counter
from functools import partial
from itertools import chain
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.relay_faults import disturb
from benchmarks.relay_house import House, house
from benchmarks.relay_people import Agent, Customer, all_there
from benchmarks.relay_push import pushed
from tests.fake_slack.workspace import SUPPORT

_LINE = re.compile(r"\[\d+\.\d+\]")
_SEED = 20260101
_AS_SHIPPED = {"timeout_s": 10, "settle_s": 0.06}
_PATIENT = {"timeout_s": 1, "settle_s": 0.5}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=20)
    parser.add_argument("--replies", type=int, default=10, help="per customer")
    parser.add_argument("--faults", action="store_true", help="disturb everything")
    parser.add_argument("--socket-mode", action="store_true", help="instead of HTTP events")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    given = parser.parse_args()
    if given.customers < 1 or given.replies < 1:
        parser.error("--customers and --replies must be at least 1")
    found = asyncio.run(_measure(given))
    print(json.dumps(found) if given.json else _table(found))


async def _measure(given: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        pace = {"post_every_s": 0.02, **(_PATIENT if given.faults else _AS_SHIPPED)}
        async with house(Path(folder), socket_mode=given.socket_mode, **pace) as running:
            found = await _walk(running, given)
    peer = await pushed(given.customers, given.replies)
    return {
        **found,
        "p95_push_ms": peer["p95_ms"],
        "p50_reply_to_push": round(found["p50_reply_ms"] / peer["p50_ms"], 1),
        "faults": given.faults,
        "bot": "a stand-in; the real hand-off action",
        "events": "socket mode" if given.socket_mode else "http",
        **pace,
    }


async def _walk(running: House, given: argparse.Namespace) -> dict[str, Any]:
    chance = Random(_SEED) if given.faults else None
    people = [await Customer.comes(number, running) for number in range(given.customers)]
    pages = [asyncio.create_task(one.stays()) for one in people]
    disturbing = asyncio.create_task(disturb(running, people, chance))
    agent = Agent(running, chance)
    try:
        for one in people:
            await one.is_annoyed_three_times()
        await all_there(lambda: len(_cards(running)) >= len(people))
        await _talk(running, agent, people, given.replies)
        disturbing.cancel()
        await _all_arrived(running, agent, people)
    finally:
        for task in (*pages, disturbing):
            task.cancel()
        await asyncio.gather(*pages, disturbing, return_exceptions=True)
    return _figures(running, agent, people)


async def _talk(running: House, agent: Agent, people: list[Customer], replies: int) -> None:
    """Both sides talk at once; where Slack may send out of order, agents write lines in a row."""
    threads, at_once = _cards(running), 2 if agent.hurries else 1
    for turn in range(0, replies, at_once):
        for one in people:
            await one.says(f"[{one.number}.{turn + 3}] and another thing")
            numbers = range(turn, min(turn + at_once, replies))
            await agent.replies(threads[one.number][0], [f"{one.number} {n}" for n in numbers])
            await all_there(partial(_heard, one, len(numbers) + turn))


async def _all_arrived(running: House, agent: Agent, people: list[Customer]) -> None:
    expected = len(agent.wrote)
    await all_there(lambda: sum(len({t for t, _ in one.heard}) for one in people) >= expected)
    lines = sum(len(one.said) for one in people)
    await all_there(lambda: len(set(chain(*_lines(running, people)))) >= lines)


def _heard(one: Customer, lines: int) -> bool:
    return len({text for text, _ in one.heard}) >= lines


def _cards(running: House) -> dict[int, list[str]]:
    """The cards of each customer, by their time in the channel."""
    found: dict[int, list[str]] = {}
    for message in running.slack.workspace.top(running.slack.workspace.channels[SUPPORT]):
        if marks := _LINE.findall(json.dumps(message)):
            found.setdefault(int(marks[0][1:].split(".")[0]), []).append(message["ts"])
    return found


def _lines(running: House, people: list[Customer]) -> list[list[str]]:
    """The customers' lines as they stand in the threads, customer by customer."""
    channel, cards = running.slack.workspace.channels[SUPPORT], _cards(running)
    shown = []
    for one in people:
        thread = running.slack.workspace.thread(channel, cards.get(one.number, [""])[0])
        texts = [_text(message) for message in thread]
        shown.append([mark for text in texts for mark in _LINE.findall(text)])
    return shown


def _text(message: dict[str, Any]) -> str:
    blocks = [str((block.get("text") or {}).get("text")) for block in message.get("blocks") or ()]
    return "\n".join(blocks) if message.get("blocks") else str(message["text"])


def _figures(running: House, agent: Agent, people: list[Customer]) -> dict[str, Any]:
    cards = _cards(running)
    offset = running.slack.wall_to_monotonic
    waits = [
        (float(cards[one.number][0]) - offset - one.handed_over_at) * 1000
        for one in people
        if one.number in cards
    ]
    answers = [(at - agent.wrote[text]) * 1000 for one in people for text, at in one.heard]
    heard = [[text for text, _ in one.heard] for one in people]
    shown = _lines(running, people)
    said = [[mark for text in one.said for mark in _LINE.findall(text)] for one in people]
    wrote = [[text for text in agent.wrote if text.split()[0] == str(p.number)] for p in people]
    pairs = [*zip(wrote, heard, strict=True), *zip(said, shown, strict=True)]
    return {
        "p95_card_ms": _cut(waits, 19),
        "p95_reply_ms": _cut(answers, 19),
        "lost": sum(len(set(sent) - set(came)) for sent, came in pairs) + len(people) - len(cards),
        "doubled": sum(sum((Counter(came) - Counter(sent)).values()) for sent, came in pairs)
        + sum(len(places) - 1 for places in cards.values()),
        "reordered": sum(_first_times(came) != _known(sent, came) for sent, came in pairs),
        "messages": sum(len(sent) for sent, _ in pairs),
        "p50_card_ms": _cut(waits, 10),
        "p50_reply_ms": _cut(answers, 10),
        "customers": len(people),
        "slack_calls": dict(Counter(method for method, _ in running.slack.calls)),
    }


def _first_times(came: list[str]) -> list[str]:
    return list(dict.fromkeys(came))


def _known(sent: list[str], came: list[str]) -> list[str]:
    return [one for one in sent if one in set(came)]


def _cut(times: list[float], twentieth: int) -> float:
    cuts = quantiles(times, n=20) if len(times) > 1 else times * 19 or [float("nan")] * 19
    return round(cuts[twentieth - 1], 1)


def _table(found: dict[str, Any]) -> str:
    return "\n".join(f"{name:<18} {value}" for name, value in found.items())


if __name__ == "__main__":
    main()
