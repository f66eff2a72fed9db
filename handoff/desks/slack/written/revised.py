"""What a person made of a message in a case's thread afterwards, read from Slack's event."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.written.agent_files import Attached
from handoff.desks.slack.written.said import Said, said_in_thread

_TRACE = "tombstone"


@dataclass(frozen=True, slots=True)
class Revised:
    """An edit or a deletion. Of a deletion `after` is None; what it was before may not be known.

    `stamp` orders the edits of one message. `files_gone`: which it has no more. `reworded` is False
    where only files have gone.
    """

    message: Said
    before: Said | None
    after: Said | None
    stamp: str
    files_gone: tuple[Attached, ...] = ()
    reworded: bool = True

    @property
    def was_note(self) -> bool:
        """Whether it was a private note until now, as far as Slack tells."""
        return self.before is not None and self.before.note is not None


def revised_in_thread(event: Mapping[str, Any]) -> Revised | None:
    """The edit or deletion of what a person wrote as a reply in a thread; None for all else.

    Links that Slack unfolds change a message as well, but not its text.
    """
    kind = event.get("subtype")
    channel, stamp = event.get("channel"), str(event.get("event_ts") or event.get("ts") or "")
    before = _nested(event.get("previous_message"), channel)
    if kind == "message_deleted":
        return Revised(before, before, None, stamp, before.files) if before is not None else None
    after = _nested(event.get("message"), channel)
    if kind != "message_changed" or after is None:
        return None
    edited = (event.get("message") or {}).get("edited") or {}
    reworded = before.text != after.text if before is not None else bool(edited)
    gone = _gone(before, after)
    if not (reworded or gone):
        return None
    if before is not None and not _keyed(event.get("message")):
        after = replace(after, key=before.key)
    return Revised(after, before, after, str(edited.get("ts") or stamp), gone, reworded)


def deleted_unseen(event: Mapping[str, Any]) -> Place | None:
    """Where a message stood that was deleted, where Slack says no more of it than that."""
    channel, ts, before = (
        event.get(name) for name in ("channel", "deleted_ts", "previous_message")
    )
    if event.get("subtype") != "message_deleted" or not (channel and ts):
        return None
    told = isinstance(before, Mapping) and (before.get("user") or before.get("bot_id"))
    return None if told else Place(str(channel), str(ts))


def head_gone(event: Mapping[str, Any]) -> Place | None:
    """Where a message stood in the channel itself that was deleted, whoever had written it; of
    which a trace is left where it heads a thread. None for everything else."""
    message, before = event.get("message"), event.get("previous_message")
    if isinstance(message, Mapping) and message.get("subtype") == _TRACE:
        return Place(str(event.get("channel")), str(message.get("ts")))
    head = not isinstance(before, Mapping) or before.get("thread_ts") in (None, before.get("ts"))
    if event.get("subtype") != "message_deleted" or not head:
        return None
    return Place(str(event.get("channel")), str(event.get("deleted_ts")))


def _gone(before: Said | None, after: Said) -> tuple[Attached, ...]:
    kept = {file.id for file in after.files}
    return tuple(file for file in before.files if file.id not in kept) if before else ()


def _nested(message: Any, channel: Any) -> Said | None:
    if not isinstance(message, Mapping):
        return None
    return said_in_thread({**message, "channel": channel, "hidden": None})


def _keyed(message: Any) -> bool:
    return isinstance(message, Mapping) and bool(message.get("client_msg_id"))
