# environment: app
"""A turn of the running bot beside one of stock Rasa, on the same domain, data and actions.

    make -s bench NAME=turn ARGS="[--quick] [--stock-epochs N] [--json]"

Ours is `bot.serve` behind the gateway channel, as `heard run` starts it; stock is `rasa run` with
the pipeline and policies of `rasa init`, the REST channel and the SQL tracker store. Both call the
same action server, one after the other. Turn 5 and turn 200 are turns of one conversation, held
from its beginning. Takes 6 minutes, 4 with --quick, and once the training of both: of stock Rasa's
100 epochs only some are trained (half a minute each), which changes nothing about a turn's time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.turn_bots import (
    ROOT,
    BenchmarkError,
    Bot,
    actions,
    memory_mb,
    our_bot,
    say,
    started,
    stock_bot,
)
from tests.ports import free_ports

_ASKS: tuple[str, ...] = (
    "greet",
    "order_status",
    "late_parcel",
    "delivery_cost",
    "refund_status",
    "cancel_order",
)
_ASKS += ("affirm", "opening_hours", "what_can_you_do", "thank")
_AT_ONCE = (1, 8, 32)
_WARM_UP = 2
_LONG = 200
_PATIENCE_S = 300

Found = dict[str, Any]


def main() -> int:
    """Measure both and print. Returns: 1 after one sentence when that is not possible."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--stock-epochs", type=int, default=10, help="of rasa init's 100")
    parser.add_argument("--quick", action="store_true", help="a third of the time, less exact")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    given = parser.parse_args()
    if given.stock_epochs < 1:
        parser.error("--stock-epochs must be at least 1")
    try:
        found = asyncio.run(_both(given.stock_epochs, given.quick))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(found) if given.json else _table(found))
    return 0


async def _both(epochs: int, quick: bool) -> Found:
    ours_port, stock_port, actions_port = free_ports(3)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = our_bot(ours_port, actions_port, folder)
        stock = stock_bot(stock_port, actions_port, folder, epochs)
        with actions(actions_port) as url:
            found: Found = {}
            for bot in (ours, stock):
                found[bot.name] = await _measure(bot, url, folder, quick)
    found["ratio"] = round(found["ours"]["p50_ms"] / found["stock"]["p50_ms"], 3)
    found["load_15_min"] = round(os.getloadavg()[2], 2)
    return found


async def _measure(bot: Bot, actions_url: str, folder: Path, quick: bool) -> Found:
    seconds, conversations = (8, 4) if quick else (25, 12)
    with started(bot, folder) as (process, start_s):
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
        async with httpx.AsyncClient(
            headers=bot.headers, timeout=_PATIENCE_S, trust_env=False, limits=limits
        ) as http:
            talk = Talk(bot, http)
            for number in range(_WARM_UP):
                await talk.conversation(f"warm-{number}")
            say(f"{bot.name}: {conversations} conversations of {len(_ASKS)} turns, one by one")
            asked = (await http.get(f"{actions_url}/count")).json()
            times = [
                took
                for number in range(conversations)
                for took in await talk.conversation(f"single-{number}")
            ]
            asked = (await http.get(f"{actions_url}/count")).json() - asked
            rates = {}
            for at_once in _AT_ONCE:
                say(f"{bot.name}: {at_once} conversations at once for {seconds} s")
                rates[str(at_once)] = round(await talk.rate(at_once, seconds), 2)
            say(f"{bot.name}: turn 5 and turn {_LONG} of one conversation")
            growth = await talk.growth()
            memory = memory_mb(process)
    return {
        "p50_ms": round(statistics.median(times) * 1000, 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[18] * 1000, 1),
        "turns_per_s": rates,
        "growth": round(growth, 2),
        "rss_mb": round(memory),
        "start_s": round(start_s, 1),
        "actions_per_turn": round(asked / len(times), 2),
    }


class Talk:
    """Customers who say the same to either bot: one sentence of the data for each intent."""

    def __init__(self, bot: Bot, http: httpx.AsyncClient) -> None:
        self._bot = bot
        self._http = http
        self._says = [_example(intent) for intent in _ASKS]

    async def conversation(self, name: str) -> list[float]:
        """Hold one conversation. Returns: the seconds of each turn."""
        return [await self._turn(name, number, text) for number, text in enumerate(self._says)]

    async def rate(self, at_once: int, seconds: float) -> float:
        """Turns a second with so many conversations at once."""
        began = time.perf_counter()
        done = 0

        async def customer(number: int) -> None:
            nonlocal done
            turn = 0
            while time.perf_counter() - began < seconds:
                name = f"rate-{at_once}-{number}-{turn // len(self._says)}"
                await self._turn(name, turn, self._says[turn % len(self._says)])
                done += 1
                turn += 1

        await asyncio.gather(*(customer(number) for number in range(at_once)))
        return done / (time.perf_counter() - began)

    async def growth(self) -> float:
        """Time of turn 200 over that of turn 5: medians of turns 3 to 7 and of the last five."""
        text = self._says[_ASKS.index("order_status")]
        times = [await self._turn("long", number, text) for number in range(_LONG)]
        return statistics.median(times[-5:]) / statistics.median(times[2:7])

    async def _turn(self, conversation: str, number: int, text: str) -> float:
        url, body = self._bot.turn(conversation, f"{conversation}-{number}", text)
        began = time.perf_counter()
        answer = await self._http.post(url, json=body)
        took = time.perf_counter() - began
        if answer.status_code != 200:
            raise BenchmarkError(f"{self._bot.name} answered {answer.status_code}: {answer.text}")
        return took


def _example(intent: str) -> str:
    for file in sorted((ROOT / "data/nlu").glob("*.yml")):
        entry: Found
        for entry in yaml.safe_load(file.read_text("utf-8")).get("nlu", ()):
            if entry.get("intent") == intent:
                lines = [str(line[2:]) for line in entry["examples"].splitlines()]
                return next(line for line in lines if line and "[" not in line)
    raise BenchmarkError(f"data/nlu has no intent {intent}, which the benchmark's customers say.")


def _table(found: Found) -> str:
    ours, stock = found["ours"], found["stock"]
    rows = [f"{'':<26}{'ours':>10}{'stock':>10}{'ours/stock':>12}"]

    def row(label: str, a: float, b: float) -> None:
        rows.append(f"{label:<26}{a:>10}{b:>10}{a / b:>12.2f}")

    row("turn, p50 ms", ours["p50_ms"], stock["p50_ms"])
    row("turn, p95 ms", ours["p95_ms"], stock["p95_ms"])
    for at_once in map(str, _AT_ONCE):
        rates = ours["turns_per_s"][at_once], stock["turns_per_s"][at_once]
        row(f"turns/s, {at_once} at once", *rates)
    row(f"turn {_LONG} over turn 5", ours["growth"], stock["growth"])
    row("memory, MB", ours["rss_mb"], stock["rss_mb"])
    row("start, s", ours["start_s"], stock["start_s"])
    row("calls of actions a turn", ours["actions_per_turn"], stock["actions_per_turn"])
    rows.append(f"load of the machine, 15 minutes: {found['load_15_min']}")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
