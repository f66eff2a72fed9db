"""A workspace in memory: people, channels, messages and their threads."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fake_slack.limits import Json, NotOkError

TEAM, APP, BOT, BOT_USER = "T0HEARD001", "A0HEARD001", "B0HEARD001", "U0HEARDBOT"
SUPPORT, RANDOM = "C0SUPPORT1", "C0RANDOM01"


@dataclass
class Channel:
    """A channel. Messages are kept by `ts`, oldest first."""

    id: str
    name: str
    has_bot: bool = True
    archived: bool = False
    messages: dict[str, Json] = field(default_factory=dict)


class Workspace:
    """Everything Slack keeps. `on_event` hears what happened, as Slack tells apps."""

    def __init__(self, on_event: Callable[[Json], None]) -> None:
        self.channels = {SUPPORT: Channel(SUPPORT, "support"), RANDOM: Channel(RANDOM, "random")}
        self.people = {BOT_USER: "Heard"}
        self.whispers: list[Json] = []
        self.files: dict[str, Json] = {}
        self.changes = 0
        self.enterprise = ""
        self.share_late_s = 0.0
        self.silent = False
        self.ts_to_come = ""
        self._on_event = on_event
        self._last_ts = 0.0

    def join(self, user: str, name: str) -> str:
        """Add a person. Returns: the user's id."""
        self.people[user] = name
        return user

    def channel(self, channel_id: str) -> Channel:
        """The channel, where the bot may work in it. Raises: NotOkError."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise NotOkError("channel_not_found")
        if channel.archived:
            raise NotOkError("is_archived")
        if not channel.has_bot:
            raise NotOkError("not_in_channel")
        return channel

    def add(self, channel: Channel, message: Json, thread_ts: str | None = None) -> Json:
        """Add a message. A thread that names nothing is passed over, as Slack does."""
        message = {"type": "message", **message, "ts": self._next_ts(), "team": TEAM}
        root = channel.messages.get(thread_ts or "")
        if root is not None:
            message["thread_ts"] = thread_ts
            message["parent_user_id"] = root.get("user", "USLACKBOT")
            root["thread_ts"] = thread_ts
            root["reply_count"] = root.get("reply_count", 0) + 1
        channel.messages[message["ts"]] = message
        self._tell(channel, without_metadata(message))
        return message

    def change(self, channel: Channel, ts: str, **changes: Any) -> Json:
        """Edit a message. Raises: NotOkError where it is not there."""
        before = self.message(channel, ts)
        message = {**before, **changes, "edited": {"user": before.get("user"), "ts": ts}}
        channel.messages[ts] = message
        self._tell(
            channel,
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "message": without_metadata(message),
                "previous_message": without_metadata(before),
                "ts": self._next_ts(),
            },
        )
        return message

    def delete(self, channel: Channel, ts: str) -> None:
        """Delete a message; a thread with replies keeps its place."""
        before = self.message(channel, ts)
        told = {"hidden": True, "previous_message": without_metadata(before)}
        if before.get("reply_count"):
            left = {
                "type": "message",
                "subtype": "tombstone",
                "user": "USLACKBOT",
                "text": "This message was deleted.",
                "ts": ts,
                "thread_ts": ts,
                "reply_count": before["reply_count"],
            }
            channel.messages[ts] = left
            told |= {"subtype": "message_changed", "message": left}
        else:
            del channel.messages[ts]
            told |= {"subtype": "message_deleted", "deleted_ts": ts}
        self._tell(channel, {"type": "message", **told, "ts": self._next_ts()})

    def message(self, channel: Channel, ts: str) -> Json:
        """The message. Raises: NotOkError where it is not there (any more)."""
        message = channel.messages.get(ts)
        if message is None or message.get("subtype") == "tombstone":
            raise NotOkError("message_not_found")
        return message

    def top(self, channel: Channel) -> Iterator[Json]:
        """What stands in the channel itself, oldest first."""
        for message in channel.messages.values():
            aloud = message.get("subtype") == "thread_broadcast"
            if aloud or message.get("thread_ts") in (None, message["ts"]):
                yield message

    def thread(self, channel: Channel, ts: str) -> list[Json]:
        """The replies in a thread, oldest first."""
        return [m for m in channel.messages.values() if m.get("thread_ts") == ts != m["ts"]]

    def _next_ts(self) -> str:
        given, self.ts_to_come = self.ts_to_come, ""
        if given:
            return given
        self._last_ts = max(time.time(), self._last_ts + 0.000002)
        return f"{self._last_ts:.6f}"

    def changed(self) -> None:
        """Note that there is something new to see."""
        self.changes += 1

    def _tell(self, channel: Channel, event: Json) -> None:
        self.changed()
        if channel.has_bot and not self.silent:
            ts = event["ts"]
            self._on_event(
                {**event, "channel": channel.id, "channel_type": "channel", "event_ts": ts}
            )


def without_metadata(message: Json) -> Json:
    """The message as events and plain look-ups show it."""
    return {name: value for name, value in message.items() if name != "metadata"}
