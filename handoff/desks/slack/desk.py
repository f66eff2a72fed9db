"""Cases in Slack: a card in the channel, the conversation in its thread."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from conversation.messages import Message
from handoff.card import Card, speaker, written
from handoff.case import CaseRef
from handoff.desk import DeskError
from handoff.desks.slack.api import Payload, Post, SlackApi, delivered_as
from handoff.desks.slack.card import blocks, fallback
from handoff.desks.slack.place import Place
from handoff.desks.slack.refusals import Refused
from handoff.desks.slack.text import escape, fit, quoted
from handoff.desks.slack.transcript import transcript as shown_transcript

log = structlog.get_logger()

_CLOCKS_APART_S = 300.0
_NAME = 80
_MAY_USE_NAMES = "chat:write.customize"


class SlackDesk:
    """Satisfies `handoff.desk.Desk`. A delivery tried before is looked for by its metadata."""

    name = "slack"

    def __init__(self, api: SlackApi, channel: str) -> None:
        self._api = api
        self._channel = channel

    async def open_case(
        self, card: Card, transcript: Sequence[Message], *, key: str, again: bool
    ) -> CaseRef:
        """Post the card, then the conversation so far as its first reply."""
        since = _seconds(card.case.opened_at)
        place = await self._find_card(key, since) if again else None
        thread = await self._api.replies(place, since) if place else ()
        if place is None:
            post = Post(fallback(card), key, "card", blocks=blocks(card))
            answer = await self._api.post(self._channel, post)
            place = Place(str(answer["channel"]), str(answer["ts"]))
        await self._post_transcript(place, card, transcript, thread, key)
        return place.ref

    async def update_case(self, ref: CaseRef, card: Card) -> None:
        """Edit the card. Deleted by a person, it stays so: the error says where to go on."""
        await self._api.edit(Place.of(ref), fallback(card), blocks(card))

    async def relay(
        self, ref: CaseRef, message: Message, customer: str, *, key: str, again: bool
    ) -> None:
        """Post the message into the thread under its author's name."""
        place = Place.of(ref)
        if again and _has(await self._api.replies(place, _seconds(message.at)), key, "line"):
            return
        name, text = fit(speaker(message, customer), _NAME), written(message)
        if _MAY_USE_NAMES in (await self._api.identity()).scopes:
            post = Post(escape(text), key, "line", username=name, literal=True)
        else:
            post = Post(f"*{name}*\n{quoted(escape(text))}", key, "line")
        await self._reply(place, post)

    async def _find_card(self, key: str, since: float) -> Place | None:
        for message in await self._api.posted(self._channel, since):
            if delivered_as(message) == (key, "card"):
                return Place(self._channel, str(message["ts"]))
        return None

    async def _post_transcript(
        self,
        place: Place,
        card: Card,
        messages: Sequence[Message],
        thread: Sequence[Payload],
        key: str,
    ) -> None:
        shown = shown_transcript(messages, card.case.briefing.customer)
        if not _has(thread, key, "transcript"):
            await self._reply(place, Post(shown.fallback, key, "transcript", blocks=shown.blocks))
        filename = f"conversation-{card.case.number}.txt"
        if shown.file is None or _has_file(thread, filename) or _has(thread, key, "no file"):
            return
        try:
            await self._api.upload(place, filename, shown.file)
        except Refused as refusal:
            if not refusal.permanent:
                raise
            log.warning("transcript_file_refused", case=card.case.number, code=refusal.code)
            text = f"The whole conversation is in the browser: <{card.url}|case {card.case.number}>"
            await self._reply(place, Post(text, key, "no file"))

    async def _reply(self, place: Place, post: Post) -> None:
        answer = await self._api.post(place.channel, post, thread_ts=place.ts)
        if (answer.get("message") or {}).get("thread_ts") == place.ts:
            return
        # Slack puts a reply to a thread that is gone at the top of the channel, for all to see.
        await self._api.delete(Place(place.channel, str(answer["ts"])))
        raise DeskError(
            "The thread of this case was deleted in Slack: work on the case in the browser.",
            permanent=True,
        )


def _has(thread: Sequence[Payload], key: str, part: str) -> bool:
    return any(delivered_as(message) == (key, part) for message in thread)


def _has_file(thread: Sequence[Payload], filename: str) -> bool:
    files = [file for message in thread for file in message.get("files") or ()]
    return any(file.get("name") == filename for file in files)


def _seconds(moment: datetime) -> float:
    return moment.timestamp() - _CLOCKS_APART_S
