"""What the desk asks of Slack's Web API."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from handoff.desk import DeskError
from handoff.desks.slack.pace import Pace
from handoff.desks.slack.place import Place
from handoff.desks.slack.refusals import translated
from handoff.desks.slack.settings import SlackSettings

Block = dict[str, Any]
Payload = dict[str, Any]
_Call = Callable[..., Awaitable[Any]]

_PAGE = 200
_MOST_PAGES = 5
_METADATA = "heard_delivery"


def quiet_logger() -> logging.Logger:
    """A logger for Slack's libraries: below warnings they write out messages and tokens."""
    logger = logging.getLogger("heard.slack")
    logger.setLevel(logging.WARNING)
    return logger


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the workspace, and what we may do there."""

    team_id: str
    user_id: str
    bot_id: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Post:
    """A message to post. `key` and `part` name it, so that a later try can find it."""

    text: str
    key: str
    part: str
    blocks: Sequence[Block] | None = None
    username: str | None = None
    literal: bool = False


class SlackApi:
    """Calls Slack, each call with a time-out and without silent second tries.

    Raises, everywhere: DeskError.
    """

    def __init__(self, settings: SlackSettings) -> None:
        self._client = AsyncWebClient(
            token=settings.bot_token,
            base_url=settings.api_url,
            timeout=settings.timeout_s,
            retry_handlers=[],  # the outbox tries again, and looks first what has arrived
            logger=quiet_logger(),
        )
        self._pace = Pace(settings.post_every_s)
        self._identity: Identity | None = None

    async def identity(self) -> Identity:
        """Who we are; asked once."""
        if self._identity is None:
            response = await self._ask("auth.test", self._client.auth_test)
            scopes = str(response.headers.get("X-OAuth-Scopes", ""))
            self._identity = Identity(
                team_id=str(response.get("team_id", "")),
                user_id=str(response.get("user_id", "")),
                bot_id=str(response.get("bot_id", "")),
                scopes=frozenset(scope.strip() for scope in scopes.split(",")),
            )
        return self._identity

    async def post(self, channel: str, post: Post, thread_ts: str | None = None) -> Payload:
        """Post in the channel, or in a thread of it, when its turn comes. Returns: the answer."""
        optional = {"username": post.username, "blocks": post.blocks, "thread_ts": thread_ts}
        await self._pace.turn(channel)
        response = await self._ask_paced(
            "chat.postMessage",
            self._client.chat_postMessage,
            channel=channel,
            text=post.text,
            mrkdwn=not post.literal,
            metadata={
                "event_type": _METADATA,
                "event_payload": {"key": post.key, "part": post.part},
            },
            unfurl_links=False,
            unfurl_media=False,
            **{name: value for name, value in optional.items() if value is not None},
        )
        return _data(response)

    async def edit(self, place: Place, text: str, blocks: Sequence[Block]) -> None:
        """Show the message anew."""
        await self._ask(
            "chat.update",
            self._client.chat_update,
            channel=place.channel,
            ts=place.ts,
            text=text,
            blocks=blocks,
        )

    async def delete(self, place: Place) -> None:
        """Take one of our own messages back."""
        await self._ask("chat.delete", self._client.chat_delete, channel=place.channel, ts=place.ts)

    async def whisper(self, place: Place, user: str, text: str) -> None:
        """Say something in the thread that only this user sees."""
        await self._ask(
            "chat.postEphemeral",
            self._client.chat_postEphemeral,
            channel=place.channel,
            user=user,
            thread_ts=place.ts,
            text=text,
        )

    async def react(self, place: Place, emoji: str) -> None:
        """Put a reaction on a message."""
        await self._ask(
            "reactions.add",
            self._client.reactions_add,
            channel=place.channel,
            timestamp=place.ts,
            name=emoji,
        )

    async def user_name(self, user: str) -> str:
        """The name the user goes by, "" where there is none."""
        response = await self._ask("users.info", self._client.users_info, user=user)
        found: Payload = response.get("user") or {}
        profile: Payload = found.get("profile") or {}
        return str(profile.get("display_name") or found.get("real_name") or "")

    async def upload(self, place: Place, filename: str, content: str) -> None:
        """Share a text file in the thread."""
        await self._pace.turn(place.channel)
        await self._ask_paced(
            "files.completeUploadExternal",
            self._client.files_upload_v2,
            channel=place.channel,
            thread_ts=place.ts,
            filename=filename,
            title=filename,
            content=content.encode(),
        )

    async def posted(self, channel: str, since: float) -> Sequence[Payload]:
        """Top-level messages since then (Unix seconds), at most the latest thousand."""
        return await self._pages(
            "conversations.history",
            self._client.conversations_history,
            channel=channel,
            oldest=f"{since:.6f}",
        )

    async def replies(self, place: Place, since: float) -> Sequence[Payload]:
        """The thread's messages since then (Unix seconds), at most the first thousand."""
        return await self._pages(
            "conversations.replies",
            self._client.conversations_replies,
            channel=place.channel,
            ts=place.ts,
            oldest=f"{since:.6f}",
        )

    async def _pages(self, method: str, call: _Call, **arguments: Any) -> Sequence[Payload]:
        found: list[Payload] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            response = await self._ask(
                method,
                call,
                limit=_PAGE,
                include_all_metadata=True,
                cursor=cursor or None,
                **arguments,
            )
            found += response.get("messages") or []
            cursor = (response.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return found

    async def _ask_paced(self, method: str, call: _Call, **arguments: Any) -> Any:
        try:
            return await self._ask(method, call, **arguments)
        except DeskError as refusal:
            if refusal.retry_after_s is not None:
                self._pace.be_silent(refusal.retry_after_s)
            raise

    async def _ask(self, method: str, call: _Call, **arguments: Any) -> Any:
        try:
            return await call(**arguments)
        except Exception as error:  # the SDK lets answers it cannot read through as any error
            raise translated(method, error) from error


def delivered_as(message: Payload) -> tuple[str, str] | None:
    """The key and part under which we posted the message, None where it is not ours."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != _METADATA:
        return None
    payload = metadata.get("event_payload") or {}
    return str(payload.get("key")), str(payload.get("part"))


def _data(response: Any) -> Payload:
    return response.data if isinstance(response.data, dict) else {}
