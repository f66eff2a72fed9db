"""Fetch the files that agents attach in a thread, from Slack's own address for files alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from conversation.files import LARGEST_BYTES
from handoff.desk import DeskError
from handoff.desks.slack.settings import SlackSettings

_MOST = 10
_DELETED = "tombstone"
_DELETED_THERE = (httpx.codes.NOT_FOUND, httpx.codes.GONE)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a message, where Slack keeps it. `url` is "" where Slack tells none."""

    id: str
    name: str
    url: str


class NotReadable(Exception):
    """The file cannot be fetched, however often it is tried; the text says why, for the agent."""


def attached(event: Mapping[str, Any]) -> Sequence[Attached]:
    """The files of a message event, without those that were deleted."""
    files = event.get("files")
    found = files if isinstance(files, list) else []
    return [
        Attached(str(one["id"]), str(one.get("name") or ""), str(one.get("url_private") or ""))
        for one in found[:_MOST]
        if isinstance(one, dict) and one.get("id") and one.get("mode") != _DELETED
    ]


class AgentFiles:
    """Fetches with the app's token, which goes to the configured address and to no other."""

    def __init__(self, settings: SlackSettings) -> None:
        self._token = settings.bot_token
        self._home = urlsplit(settings.files_url)
        self._timeout_s = settings.timeout_s

    async def fetch(self, file: Attached) -> bytes:
        """The content. Raises: NotReadable; DeskError where trying again can help."""
        there = urlsplit(file.url)
        if (there.scheme, there.netloc) != (self._home.scheme, self._home.netloc):
            raise NotReadable("the file is not stored in Slack, so Heard cannot fetch it")
        try:
            return await self._fetch(file.url)
        except httpx.HTTPError as error:
            raise DeskError(f"Slack's files are not reachable: {type(error).__name__}") from error

    async def _fetch(self, url: str) -> bytes:
        headers = {"authorization": f"Bearer {self._token}"}
        async with (
            httpx.AsyncClient(timeout=self._timeout_s, follow_redirects=False) as http,
            http.stream("GET", url, headers=headers) as answer,
        ):
            if answer.status_code >= 500 or answer.status_code == 429:
                raise DeskError(f"Slack's files answer {answer.status_code}")
            if answer.status_code in _DELETED_THERE:
                raise NotReadable("it is not in Slack any more")
            # Without the scope Slack leads to its sign-in page instead of refusing.
            signs_in = answer.headers.get("content-type", "").startswith("text/html")
            if answer.status_code != httpx.codes.OK or signs_in:
                raise NotReadable("the app may not read files: it needs the scope files:read")
            content = bytearray()
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > LARGEST_BYTES:
                    most = LARGEST_BYTES // 1_000_000
                    raise NotReadable(f"it is larger than {most} MB")
        return bytes(content)
