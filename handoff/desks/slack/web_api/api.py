"""What the desk asks of Slack's Web API."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from handoff.desk import DeskError
from handoff.desks.slack.settings import SlackSettings
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.web_api.calls import Calls, Payload
from handoff.desks.slack.web_api.refusals import Refused

log = structlog.get_logger()

Block = dict[str, Any]

_METADATA = "heard_delivery"
_RANKS = {"card": 0, "transcript": 1, "act": 3}
_OTHERS = 2


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the workspace, whose address is `url`, and what we may do there.

    `app_id` is "" and `scopes` None where not known, `enterprise_id` "" outside of an organisation.
    """

    url: str
    team_id: str
    user_id: str
    bot_id: str
    app_id: str
    scopes: frozenset[str] | None
    enterprise_id: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A message to post. `key` and `part` name it, so that a later try can find it.

    `more`: the keys of further deliveries that it carries. `broadcast`: a reply that stands in the
    channel as well.
    """

    text: str
    key: str
    part: str
    blocks: Sequence[Block] | None = None
    username: str | None = None
    literal: bool = False
    more: tuple[str, ...] = ()
    order: float = 0.0
    broadcast: bool = False


class SlackApi:
    """What Heard asks of Slack. Raises, everywhere: DeskError."""

    def __init__(self, settings: SlackSettings) -> None:
        self._calls = Calls(settings)
        self._client = self._calls.client
        self._app_id = settings.app_id
        self._app_asked = bool(settings.app_id)
        self._identity: Identity | None = None

    @property
    def known(self) -> Identity | None:
        """Who we are, None until Slack was asked."""
        return self._identity

    async def identity(self) -> Identity:
        """Who we are; asked once."""
        if self._identity is None:
            response = await self._calls.ask("auth.test", self._client.auth_test)
            self._identity = Identity(
                url=str(response.get("url", "")),
                team_id=str(response.get("team_id", "")),
                user_id=str(response.get("user_id", "")),
                bot_id=str(response.get("bot_id", "")),
                app_id=self._app_id,
                scopes=_scopes(response.headers.get("X-OAuth-Scopes")),
                enterprise_id=str(response.get("enterprise_id") or ""),
            )
        if not self._app_asked:
            app_id = await self._find_app_id(self._identity.bot_id)
            self._identity = replace(self._identity, app_id=app_id)
        return self._identity

    async def check(self) -> None:
        """Ask whether Slack still knows us."""
        await self._calls.ask("auth.test", self._client.auth_test)

    async def _find_app_id(self, bot_id: str) -> str:
        """The app's id, "" where Slack does not tell; what only failed in passing is asked anew."""
        if not bot_id:
            return ""
        try:
            response = await self._calls.ask("bots.info", self._client.bots_info, bot=bot_id)
        except DeskError as error:
            self._app_asked = isinstance(error, Refused) and not error.passing
            log.warning("slack_app_unknown", error=str(error))
            return ""
        self._app_asked = True
        return str((response.get("bot") or {}).get("app_id") or "")

    async def post(self, channel: str, post: Post, thread_ts: str | None = None) -> Payload:
        """Post in the channel, or in a thread of it, when its turn comes. Returns: the answer."""
        optional = {
            "username": post.username,
            "blocks": post.blocks,
            "thread_ts": thread_ts,
            "reply_broadcast": post.broadcast or None,
        }
        named = {"key": post.key, "part": post.part, "more": " ".join(post.more)}
        response = await self._calls.ask_in_turn(
            channel,
            (_RANKS.get(post.part, _OTHERS), post.order),
            "chat.postMessage",
            self._client.chat_postMessage,
            channel=channel,
            text=post.text,
            mrkdwn=not post.literal,
            metadata={
                "event_type": _METADATA,
                "event_payload": {name: value for name, value in named.items() if value},
            },
            unfurl_links=False,
            unfurl_media=False,
            **{name: value for name, value in optional.items() if value is not None},
        )
        return response.data if isinstance(response.data, dict) else {}

    async def edit(self, place: Place, text: str, blocks: Sequence[Block]) -> None:
        """Show the message anew."""
        await self._calls.ask(
            "chat.update",
            self._client.chat_update,
            channel=place.channel,
            ts=place.ts,
            text=text,
            blocks=blocks,
        )

    async def delete(self, place: Place) -> None:
        """Take one of our own messages back."""
        await self._calls.ask(
            "chat.delete", self._client.chat_delete, channel=place.channel, ts=place.ts
        )

    async def whisper(
        self, place: Place, user: str, text: str, blocks: Sequence[Block] | None = None
    ) -> None:
        """Say something in the thread that only this user sees; without `ts` in the channel."""
        shown: dict[str, Any] = {"blocks": blocks} if blocks else {}
        if place.ts:
            shown["thread_ts"] = place.ts
        await self._calls.ask(
            "chat.postEphemeral",
            self._client.chat_postEphemeral,
            channel=place.channel,
            user=user,
            text=text,
            **shown,
        )

    async def react(self, place: Place, emoji: str) -> None:
        """Put a reaction on a message."""
        await self._calls.ask(
            "reactions.add",
            self._client.reactions_add,
            channel=place.channel,
            timestamp=place.ts,
            name=emoji,
        )

    async def unreact(self, place: Place, emoji: str) -> None:
        """Take our reaction off a message."""
        await self._calls.ask(
            "reactions.remove",
            self._client.reactions_remove,
            channel=place.channel,
            timestamp=place.ts,
            name=emoji,
        )

    async def call(self, method: str, **arguments: Any) -> Payload:
        """Ask any method. Returns: the answer."""

        async def ask() -> Any:
            return await self._client.api_call(method, json=arguments)

        response = await self._calls.ask(method, ask)
        return response.data if isinstance(response.data, dict) else {}

    async def user_name(self, user: str) -> str:
        """The name the user goes by, "" where there is none."""
        response = await self._calls.ask("users.info", self._client.users_info, user=user)
        found: Payload = response.get("user") or {}
        profile: Payload = found.get("profile") or {}
        return str(profile.get("display_name") or found.get("real_name") or "")

    async def upload(self, place: Place, filename: str, content: bytes, *, title: str = "") -> None:
        """Share a file in the thread. Args: title: what is shown; the file's name where none."""
        await self._calls.ask_in_turn(
            place.channel,
            (_RANKS["transcript"], 0.0),
            "files.completeUploadExternal",
            self._client.files_upload_v2,
            channel=place.channel,
            thread_ts=place.ts,
            filename=filename,
            title=title or filename,
            content=content,
        )

    async def posted(self, channel: str, since: float) -> Sequence[Payload]:
        """Top-level messages since then (Unix seconds), at most the latest thousand."""
        return await self._calls.pages(
            "conversations.history",
            self._client.conversations_history,
            channel=channel,
            oldest=f"{since:.6f}",
        )

    async def replies(self, place: Place, since: float) -> Sequence[Payload]:
        """The thread's messages since then (Unix seconds), at most the first thousand."""
        return await self._calls.pages(
            "conversations.replies",
            self._client.conversations_replies,
            channel=place.channel,
            ts=place.ts,
            oldest=f"{since:.6f}",
        )


def _scopes(header: str | None) -> frozenset[str] | None:
    if header is None:  # a proxy on the way may leave it out
        return None
    return frozenset(scope.strip() for scope in header.split(","))


def delivered(message: Payload) -> frozenset[tuple[str, str]]:
    """The keys and parts that the message carries, none where it is not ours."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != _METADATA:
        return frozenset()
    payload = metadata.get("event_payload") or {}
    keys = [str(payload.get("key")), *str(payload.get("more") or "").split()]
    return frozenset((key, str(payload.get("part"))) for key in keys)
