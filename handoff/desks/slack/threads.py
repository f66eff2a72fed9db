"""A case's thread: what stands in it, and what is added to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from handoff.desk import CaseGone
from handoff.desks.slack.api import Post, SlackApi, delivered
from handoff.desks.slack.calls import Payload
from handoff.desks.slack.place import Place
from handoff.desks.slack.refusals import Refused

_JUST_BEFORE_S = 1.0


class Threads:
    """Raises, everywhere: DeskError; CaseGone where the thread is not there any more."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api

    async def read(self, place: Place, since: float) -> Sequence[Payload]:
        """What was written in the thread since then (Unix seconds)."""
        with gone_is_said():
            return await self._api.replies(place, since)

    async def reply(self, place: Place, post: Post) -> None:
        """Post into the thread, and nowhere else."""
        with gone_is_said():
            answer = await self._api.post(place.channel, post, thread_ts=place.ts)
        ts = str(answer["ts"])
        stands_in = (answer.get("message") or {}).get("thread_ts")
        if stands_in == place.ts or (not stands_in and await self._holds(place, ts)):
            return
        # Slack puts a reply to a thread that is gone at the top of the channel, for all to see.
        await self._api.delete(Place(place.channel, ts))
        raise CaseGone("The thread of this case was deleted in Slack")

    async def _holds(self, place: Place, ts: str) -> bool:
        """Whether this message stands in the thread: not every answer of Slack's says so."""
        try:
            thread = await self._api.replies(place, float(ts) - _JUST_BEFORE_S)
        except Refused as refusal:
            if refusal.gone:
                return False
            raise
        return any(message.get("ts") == ts for message in thread)


@contextmanager
def gone_is_said() -> Iterator[None]:
    """Raises: CaseGone in place of Slack's word for it."""
    try:
        yield
    except Refused as refusal:
        if refusal.gone:
            raise CaseGone(str(refusal)) from refusal
        raise


def has(thread: Sequence[Payload], key: str, part: str) -> bool:
    """True where this part of the delivery stands in the thread."""
    return any((key, part) in delivered(message) for message in thread)


def has_file(thread: Sequence[Payload], filename: str) -> bool:
    """True where the file is shared in the thread."""
    files = [file for message in thread for file in message.get("files") or ()]
    return any(file.get("name") == filename for file in files)
