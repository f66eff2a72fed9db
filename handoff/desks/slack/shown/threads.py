"""A case's thread: what stands in it, and what is added to it."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import structlog

from handoff.desk import CaseGone
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.web_api.api import Post, SlackApi, delivered
from handoff.desks.slack.web_api.calls import Payload
from handoff.desks.slack.web_api.refusals import Refused

log = structlog.get_logger()

_JUST_BEFORE_S = 1.0
_TAKEN_BACK = "This belonged in the thread of a case, and stands there."


class Threads:
    """Raises, everywhere: DeskError; CaseGone where the thread is not there any more."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api

    async def read(self, place: Place, since: float, keys: Collection[str]) -> Sequence[Payload]:
        """What was written in the thread since then (Unix seconds).

        Args: keys: of the delivery that was tried before. Where the thread is gone, nothing of it
            is left in the channel.
        """
        try:
            with gone_is_said():
                return await self._api.replies(place, since)
        except CaseGone:
            await self._take_back_all(place.channel, since, keys)
            raise

    async def reply(self, place: Place, post: Post) -> None:
        """Post into the thread, and nowhere else."""
        with gone_is_said():
            answer = await self._api.post(place.channel, post, thread_ts=place.ts)
        ts = str(answer["ts"])
        stands_in = (answer.get("message") or {}).get("thread_ts")
        if stands_in == place.ts or (not stands_in and await self._holds(place, ts)):
            return
        # Slack puts a reply to a thread that is gone at the top of the channel, for all to see.
        # Where it cannot be taken back now, the delivery's next try does so before anything else.
        await self._take_back(Place(place.channel, ts))
        raise CaseGone("The thread of this case was deleted in Slack")

    async def _take_back_all(self, channel: str, since: float, keys: Collection[str]) -> None:
        for message in await self._api.posted(channel, since):
            of_thread = message.get("thread_ts") not in (None, message["ts"])
            ours = any(key in keys and part != "card" for key, part in delivered(message))
            if ours and not of_thread:
                await self._take_back(Place(channel, str(message["ts"])))

    async def _take_back(self, place: Place) -> None:
        """Leave no word of it: where Slack lets nobody delete, the words alone go."""
        try:
            await self._api.delete(place)
        except Refused as refusal:
            if refusal.gone:
                return
            if refusal.passing or refusal.permanent:
                raise
            log.warning("slack_stray_not_deleted", code=refusal.code)
            await self._api.edit(place, _TAKEN_BACK, [])

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


async def is_shared(
    threads: Threads,
    place: Place,
    thread: Sequence[Payload],
    filename: str,
    key: str,
    late_share_s: float,
) -> bool:
    """Whether the file stands in the thread, which was read before, or comes there yet.

    Slack shares a file a while after it has taken it: so it is looked for more than once.
    Args: key: of the delivery that was tried before. late_share_s: how long that may take.
    """
    for pause in (late_share_s / 4, late_share_s * 3 / 4):
        if _has_file(thread, filename):
            return True
        await asyncio.sleep(pause)
        thread = await threads.read(place, float(place.ts), [key])
    return _has_file(thread, filename)


def _has_file(thread: Sequence[Payload], filename: str) -> bool:
    """True where the file is shared in the thread."""
    files = [file for message in thread for file in message.get("files") or ()]
    return any(file.get("name") == filename for file in files)
