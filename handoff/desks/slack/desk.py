"""Cases in Slack: a card in the channel, the conversation in its thread."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from conversation.messages import Message
from handoff.card import Card
from handoff.case import CaseRef
from handoff.desk import DeskError, Line
from handoff.desks.slack.api import Post, SlackApi, delivered
from handoff.desks.slack.calling import called, gone_to
from handoff.desks.slack.calls import Payload
from handoff.desks.slack.card import blocks, fallback, plain
from handoff.desks.slack.lines import posts
from handoff.desks.slack.place import Place
from handoff.desks.slack.refusals import Refused
from handoff.desks.slack.text import escape
from handoff.desks.slack.transcript import transcript as shown_transcript
from handoff.groups import Group
from staff.account import Staff

log = structlog.get_logger()

_CLOCKS_APART_S = 300.0
_MAY_USE_NAMES = "chat:write.customize"


class SlackDesk:
    """Satisfies `handoff.desk.Desk`. A delivery tried before is looked for by its metadata."""

    name = "slack"

    def __init__(self, api: SlackApi, channel: str) -> None:
        """Args: channel: where cases stand whose group names none."""
        self._api = api
        self._channel = channel

    async def open_case(
        self, card: Card, transcript: Sequence[Message], *, key: str, again: bool
    ) -> CaseRef:
        """Post the card, then the conversation so far as its first reply."""
        since = _seconds(card.case.opened_at)
        channel = self._channel_of(card)
        place = await self._find_card(channel, key, since) if again else None
        thread = await self._api.replies(place, since) if place else ()
        if place is None:
            place = await self._post_card(channel, card, key)
        await self._post_transcript(place, card, transcript, thread, key)
        return place.ref

    async def update_case(self, ref: CaseRef, card: Card) -> None:
        """Edit the card. Deleted by a person, it stays so: the error says where to go on."""
        place = Place.of(ref)
        try:
            await self._api.edit(place, fallback(card), blocks(card))
        except Refused as refusal:
            _only_of_form(refusal, card)
            await self._api.edit(place, plain(card), [])

    async def move_case(
        self,
        ref: CaseRef,
        card: Card,
        transcript: Sequence[Message],
        *,
        key: str,
        again: bool,
    ) -> CaseRef:
        """Post the card in the group's channel; the old card becomes a line that says so."""
        place = Place.of(ref)
        if place.channel == self._channel_of(card):
            await self.update_case(ref, card)
            return ref
        moved = await self.open_case(card, transcript, key=key, again=again)
        try:
            await self._api.edit(place, gone_to(card, Place.of(moved)), [])
        except (
            DeskError
        ) as error:  # the case stands in its new place: nothing is lost with this line
            log.warning("old_card_stays", case=card.case.number, error=str(error))
        return moved

    async def relay(
        self, ref: CaseRef, lines: Sequence[Line], customer: str, *, again: bool
    ) -> None:
        """Post the lines into the thread under their authors' names, as few posts as possible."""
        place = Place.of(ref)
        thread = await self._api.replies(place, _seconds(lines[0].message.at)) if again else ()
        missing = [line for line in lines if not _has(thread, line.key, "line")]
        named = _MAY_USE_NAMES in (await self._api.identity()).scopes
        for post in posts(missing, customer, named=named):
            await self._reply(place, post)

    async def notify(
        self,
        ref: CaseRef,
        text: str,
        call: Staff | Group | None,
        *,
        aloud: bool,
        key: str,
        again: bool,
    ) -> None:
        """Post it into the thread, calling whom it concerns; `aloud` to the channel as well."""
        place = Place.of(ref)
        thread = await self._api.replies(place, float(place.ts)) if again else ()
        if not _has(thread, key, "notice"):
            words = f"{called(call)} {escape(text)}" if call else escape(text)
            await self._reply(place, Post(words, key, "notice", broadcast=aloud))

    def _channel_of(self, card: Card) -> str:
        return (card.group.channel if card.group else "") or self._channel

    async def _post_card(self, channel: str, card: Card, key: str) -> Place:
        try:
            post = Post(fallback(card), key, "card", blocks=blocks(card))
            answer = await self._api.post(channel, post)
        except Refused as refusal:
            _only_of_form(refusal, card)
            answer = await self._api.post(channel, Post(plain(card), key, "card"))
        return Place(str(answer["channel"]), str(answer["ts"]))

    async def _find_card(self, channel: str, key: str, since: float) -> Place | None:
        for message in await self._api.posted(channel, since):
            if (key, "card") in delivered(message):
                return Place(channel, str(message["ts"]))
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
            post = Post(shown.fallback, key, "transcript", blocks=shown.blocks)
            try:
                await self._reply(place, post)
            except Refused as refusal:
                _only_of_form(refusal, card)
                await self._reply(place, replace(post, text=_elsewhere(card), blocks=None))
        filename = f"conversation-{card.case.number}.txt"
        if shown.file is None or _has_file(thread, filename) or _has(thread, key, "no file"):
            return
        try:
            await self._api.upload(place, filename, shown.file.encode())
        except Refused as refusal:
            if not refusal.permanent:
                raise
            log.warning("transcript_file_refused", case=card.case.number, code=refusal.code)
            await self._reply(place, Post(_elsewhere(card), key, "no file"))

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


def _only_of_form(refusal: Refused, card: Card) -> None:
    """Raises: the refusal, where a plainer message would be refused as well."""
    if not refusal.of_form:
        raise refusal
    log.error("slack_form_refused", case=card.case.number, code=refusal.code)


def _elsewhere(card: Card) -> str:
    return f"The whole conversation is in the browser: <{card.url}|case {card.case.number}>"


def _has(thread: Sequence[Payload], key: str, part: str) -> bool:
    return any((key, part) in delivered(message) for message in thread)


def _has_file(thread: Sequence[Payload], filename: str) -> bool:
    files = [file for message in thread for file in message.get("files") or ()]
    return any(file.get("name") == filename for file in files)


def _seconds(moment: datetime) -> float:
    return moment.timestamp() - _CLOCKS_APART_S
