"""The files of a conversation as files in its thread, where the app may share any."""

from collections.abc import Sequence

import structlog

from conversation.files import File, file_id
from conversation.messages import Message
from handoff.desk import DeskError, Line
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.shown.threads import Threads, is_shared
from handoff.desks.slack.web_api.api import SlackApi
from handoff.desks.slack.web_api.calls import Payload
from handoff.desks.slack.web_api.refusals import Refused
from handoff.ports import Store

log = structlog.get_logger()

_MAY_SHARE = "files:write"


class SharedFiles:
    """Puts them behind the lines that tell of them. The link in the line leads there anyway: no
    file holds up what is said after it."""

    def __init__(self, store: Store, api: SlackApi, threads: Threads, late_share_s: float) -> None:
        """Args: late_share_s: how long a file may take from its upload to its place."""
        self._store = store
        self._api = api
        self._threads = threads
        self._late_share_s = late_share_s

    async def add(
        self, place: Place, lines: Sequence[Line], thread: Sequence[Payload], *, again: bool
    ) -> None:
        """Share the files of these lines.

        Args: thread: what an earlier try may have left there; again: there was one.
        Raises: DeskError where another try may help; only the first time.
        """
        for line in lines:
            for file, content in await self._files(line.message):
                name = f"{line.message.seq}-{file.name}"  # two of one name are two files
                if not (again and await self._is_there(place, thread, name, line.key)):
                    await self._share(place, name, file, content, again=again)

    async def _files(self, message: Message) -> Sequence[tuple[File, bytes]]:
        """The message's own files: none of another conversation, whatever a link says."""
        ids = [found for link in message.links if (found := file_id(link.url))]
        if not ids or not await self._may_share():
            return ()
        async with self._store.read() as work:
            kept = [await work.files.get(one) for one in ids]
        return [one for one in kept if one and one[0].conversation_id == message.conversation_id]

    async def _may_share(self) -> bool:
        scopes = (await self._api.identity()).scopes
        return scopes is None or _MAY_SHARE in scopes

    async def _is_there(self, place: Place, thread: Sequence[Payload], name: str, key: str) -> bool:
        return await is_shared(self._threads, place, thread, name, key, self._late_share_s)

    async def _share(
        self, place: Place, name: str, file: File, content: bytes, *, again: bool
    ) -> None:
        try:
            await self._api.upload(place, name, content, title=file.name)
        except DeskError as error:
            # One more try is given to what may pass, as to the file of a long conversation.
            if not again and not (isinstance(error, Refused) and not error.passing):
                raise
            log.warning("file_not_shared", file=file.id[:8], error=str(error))
