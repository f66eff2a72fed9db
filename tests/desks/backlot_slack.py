"""Slack as the emulator `backlot` answers it, with what it leaves out added by the tests' own.

backlot has no events, no interactivity, no files and no scopes, and keeps neither metadata nor
blocks of a message. So whatever is posted, edited, deleted and read goes through it and is as it
says: times, threads, refusals. A copy on this side keeps the rest, and people act on the copy.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import backlot
from aiohttp import ClientSession, ClientTimeout

from tests.fake_slack import FakeSlack
from tests.fake_slack.limits import Json, NotOkError
from tests.fake_slack.workspace import SUPPORT

_WRITES = ("chat.postMessage", "chat.update", "chat.delete")
_READS = ("conversations.history", "conversations.replies")
_HELLO = {
    "source_type": "slack",
    "doc_id": "hello",
    "channel": "support",
    "content": "Hello",
    "created": "2026-02-09T09:12:00Z",
    "visibility": "public",
    "author_email": "nia@example.com",
    "author_name": "Nia",
}
_PATIENCE = ClientTimeout(total=10)


@contextmanager
def running_backlot() -> Iterator[backlot.Server]:
    """backlot in a process of its own, on a loopback port."""
    with backlot.serve([_HELLO], telemetry=False) as server:
        yield server


class BacklotSlack(FakeSlack):
    """Satisfies what the harness needs of a Slack."""

    def __init__(self, server: backlot.Server, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._server = server
        self._channel_there = ""

    async def _call(self, method: str, args: Json) -> Json:
        if method not in (*_WRITES, *_READS):
            return await super()._call(method, args)
        said = await self._ask(method, {**args, "channel": await self._their_channel()})
        if method in _READS:
            return {**said, "messages": [self._whole(message) for message in said["messages"]]}
        if method == "chat.postMessage":
            self.workspace.ts_to_come = said["ts"]
            args = {**args, "thread_ts": said["message"].get("thread_ts")}
        await super()._call(method, args)
        return {**said, "channel": args["channel"]}

    async def _ask(self, method: str, args: Json) -> Json:
        """backlot's answer without `ok`. Raises: NotOkError."""
        form = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in args.items()
        }
        headers = {"Authorization": f"Bearer {self._server.token}"}
        url = f"{self._server.base_url}/slack/api/{method}"
        async with (
            ClientSession(headers=headers, timeout=_PATIENCE) as session,
            session.post(url, data=form) as response,
        ):
            answer: Json = await response.json()
        if not answer.pop("ok"):
            raise NotOkError(answer.pop("error"), **answer)
        return answer

    async def _their_channel(self) -> str:
        if not self._channel_there:
            answer = await self._ask("conversations.list", {})
            names = {channel["name"]: channel["id"] for channel in answer["channels"]}
            self._channel_there = names["support"]
        return self._channel_there

    def _whole(self, message: Json) -> Json:
        """Their message with what only our copy has of it."""
        kept = self.workspace.channels[SUPPORT].messages.get(message["ts"], {})
        more = {name: kept[name] for name in ("metadata", "blocks", "files") if name in kept}
        return {**message, **more}
