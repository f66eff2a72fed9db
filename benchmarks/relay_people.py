"""Customers on the page and an agent in Slack, each line of theirs known and timed."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, Self
from uuid import uuid4

import httpx
import websockets

from benchmarks.relay_house import AGENT, HAND_OVER, House
from tests.fake_slack.workspace import SUPPORT

_PATIENCE_S = 30.0


@dataclass
class Customer:
    """A customer with the page open. `heard` are agents' lines in the order of arrival."""

    number: int
    url: str
    token: str
    heard: list[tuple[str, float]] = field(default_factory=list)
    handed_over_at: float = 0.0
    said: list[str] = field(default_factory=list)
    _unacknowledged: dict[str, str] = field(default_factory=dict)
    _seen: int = 0
    _socket: Any = None

    @classmethod
    async def comes(cls, number: int, house: House) -> Self:
        """Open the page."""
        async with httpx.AsyncClient(base_url=house.url, trust_env=False) as http:
            session = (await http.post("/api/session", json={})).json()
        return cls(number, house.url, session["token"])

    async def stays(self) -> None:
        """Keep the socket, and take what it brings, until cancelled."""
        address = f"{self.url.replace('http', 'ws', 1)}/api/chat"
        while True:
            with suppress(websockets.ConnectionClosed, OSError):
                async with websockets.connect(address, proxy=None) as socket:
                    hello = {"type": "hello", "token": self.token, "after": self._seen}
                    await socket.send(json.dumps(hello))
                    for frame in list(self._unacknowledged.values()):
                        await socket.send(frame)
                    self._socket = socket
                    async for raw in socket:
                        self._take(json.loads(raw))
            await asyncio.sleep(0.02)

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "ack":
            self._unacknowledged.pop(frame["client_id"], None)
        if frame["type"] == "message":
            self._seen = max(self._seen, frame["seq"])
            if frame["author"] == "agent":
                self.heard.append((frame["text"], time.monotonic()))

    async def says(self, text: str) -> None:
        """Write a line. It is sent again after each loss until it is acknowledged, as pages do."""
        self.said.append(text)
        client_id = str(uuid4())
        frame = json.dumps({"type": "say", "client_id": client_id, "text": text})
        self._unacknowledged[client_id] = frame
        with suppress(websockets.ConnectionClosed, AttributeError):
            await self._socket.send(frame)

    async def loses_the_socket(self) -> None:
        """The connection is cut; the page comes back by itself."""
        with suppress(AttributeError):
            self._socket.transport.abort()

    async def is_annoyed_three_times(self) -> None:
        """The third time brings a person."""
        await self.says(f"[{self.number}.0] where is my parcel")
        await asyncio.sleep(0.2)
        await self.says(f"[{self.number}.1] that does not help me")
        await asyncio.sleep(0.2)
        self.handed_over_at = time.monotonic()
        await self.says(f"[{self.number}.2] this is useless {HAND_OVER}")


class Agent:
    """The agent, in the threads of the cases. `wrote` is when each line was written."""

    def __init__(self, house: House, chance: Random | None) -> None:
        self._slack = house.slack
        self._chance = chance
        self.wrote: dict[str, float] = {}
        self.hurries = chance is not None

    async def replies(self, thread: str, texts: list[str]) -> None:
        """Write the lines in a row; with `chance`, Slack sends some of them more than once."""
        channel = self._slack.workspace.channels[SUPPORT]
        for text in texts:
            self.wrote[text] = time.monotonic()
            said = {"user": AGENT, "text": text, "client_msg_id": str(uuid4())}
            if self._chance is not None and self._chance.random() < 0.3:
                self._slack.redeliver(times=3)
            self._slack.workspace.add(channel, said, thread)
            if self._chance is not None and self._chance.random() < 0.1:
                await self._twice(said, thread)
        await self._slack.settled()

    async def _twice(self, said: dict[str, Any], thread: str) -> None:
        """One human message as a second event with another time."""
        twin = f"{time.time() + 0.000001:.6f}"
        event = {"type": "message", "ts": twin, "event_ts": twin, "thread_ts": thread}
        await self._slack.send({**said, **event, "channel": SUPPORT})


async def all_there(looks: Any) -> bool:
    """Wait until `looks()` is true. Returns: False where it never was."""
    until = time.monotonic() + _PATIENCE_S
    while not looks():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.02)
    return True
