"""Cases in Slack: a card in the channel, the conversation in its thread."""

import time
from collections.abc import Sequence
from datetime import datetime

import structlog

from conversation.messages import Message
from handoff.briefing.card import Card
from handoff.case import CaseRef, Note
from handoff.desk import Act, DeskError, Line
from handoff.desks.slack.shown.calling import called, gone_to
from handoff.desks.slack.shown.card import blocks, fallback, plain
from handoff.desks.slack.shown.digest import digest_post
from handoff.desks.slack.shown.first_reply import FirstReply, only_of_form
from handoff.desks.slack.shown.lines import acts_post, posts, unnamed
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.shown.shared_files import SharedFiles
from handoff.desks.slack.shown.text import escape
from handoff.desks.slack.shown.threads import Threads, gone_is_said, has
from handoff.desks.slack.web_api.api import Post, SlackApi, delivered
from handoff.desks.slack.web_api.refusals import Refused
from handoff.digests.digests import Digest
from handoff.ports import Store
from handoff.queue.groups import Group
from staff.account import Staff

log = structlog.get_logger()

_CLOCKS_APART_S = 300.0
_PUBLISHED_WITHIN_S = 86_400.0
_MAY_USE_NAMES = "chat:write.customize"


class SlackDesk:
    """Satisfies `handoff.desk.Desk`. A delivery tried before is looked for by its metadata."""

    name = "slack"

    def __init__(self, api: SlackApi, store: Store, channel: str, late_share_s: float) -> None:
        """Args: channel: where cases stand whose group names none."""
        self._api = api
        self._channel = channel
        self._threads = Threads(api)
        self._names_refused = False
        self._first_reply = FirstReply(api, self._threads, late_share_s)
        self._files = SharedFiles(store, api, self._threads, late_share_s)

    async def open_case(self, card: Card, *, key: str, again: bool) -> CaseRef:
        """Post the card."""
        channel, since = self._channel_of(card), _seconds(card.case.opened_at)
        place = await self._find_card(channel, key, since) if again else None
        return (place or await self._post_card(channel, card, key)).ref

    async def tell(
        self,
        ref: CaseRef,
        card: Card,
        transcript: Sequence[Message],
        notes: Sequence[Note],
        *,
        key: str,
        again: bool,
    ) -> None:
        """Post the conversation so far as the first reply in the card's thread, then the notes."""
        place = Place.of(ref)
        thread = await self._threads.read(place, float(place.ts), [key]) if again else ()
        await self._first_reply.post(place, card, transcript, notes, key, thread, again=again)

    async def update_case(self, ref: CaseRef, card: Card) -> None:
        """Edit the card."""
        place = Place.of(ref)
        with gone_is_said():
            try:
                await self._api.edit(place, fallback(card), blocks(card))
            except Refused as refusal:
                only_of_form(refusal, card)
                await self._api.edit(place, plain(card), [])

    async def move_case(self, ref: CaseRef, card: Card, *, key: str, again: bool) -> CaseRef:
        """Post the card in the group's channel; the old card becomes a line that says so."""
        place = Place.of(ref)
        if place.channel == self._channel_of(card):
            await self.update_case(ref, card)
            return ref
        moved = await self.open_case(card, key=key, again=again)
        try:
            await self._api.edit(place, gone_to(card, Place.of(moved)), [])
        except DeskError as error:
            # The case stands in its new place: nothing is lost with this line.
            log.warning("old_card_stays", case=card.case.number, error=str(error))
        return moved

    async def relay(
        self, ref: CaseRef, lines: Sequence[Line], customer: str, *, again: bool
    ) -> None:
        """Post the lines into the thread under their authors' names, as few posts as possible,
        and their files behind them."""
        place = Place.of(ref)
        since, keys = _seconds(lines[0].message.at), [line.key for line in lines]
        thread = await self._threads.read(place, since, keys) if again else ()
        missing = [line for line in lines if not has(thread, line.key, "line")]
        for post in posts(missing, customer, named=await self._may_use_names()):
            await self._reply(place, post)
        await self._files.add(place, lines, thread, again=again)

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
        thread = await self._threads.read(place, float(place.ts), [key]) if again else ()
        if not has(thread, key, "notice"):
            words = f"{called(call)} {escape(text)}" if call else escape(text)
            await self._threads.reply(place, Post(words, key, "notice", broadcast=aloud))

    async def add_acts(self, ref: CaseRef, acts: Sequence[Act], *, again: bool) -> None:
        """Post them as one small grey post, behind everything else that waits in the channel."""
        place, keys = Place.of(ref), [act.key for act in acts]
        thread = await self._threads.read(place, float(place.ts), keys) if again else ()
        missing = [act for act in acts if not has(thread, act.key, "act")]
        if missing:
            await self._threads.reply(place, acts_post(missing))

    async def publish(self, digest: Digest, channel: str, *, key: str, again: bool) -> None:
        """Post it in the channel."""
        place = channel or self._channel
        since = time.time() - _PUBLISHED_WITHIN_S
        if again and has(await self._api.posted(place, since), key, "digest"):
            return
        await self._api.post(place, digest_post(digest, key))

    async def _may_use_names(self) -> bool:
        """Whether posts may stand under other names; where Slack does not say, it is tried."""
        scopes = (await self._api.identity()).scopes
        return not self._names_refused if scopes is None else _MAY_USE_NAMES in scopes

    async def _reply(self, place: Place, post: Post) -> None:
        try:
            await self._threads.reply(place, post)
        except Refused as refusal:
            if post.username is None or not (refusal.of_rights or refusal.of_form):
                raise
            log.warning("slack_line_unnamed", code=refusal.code)
            await self._threads.reply(place, unnamed(post))
            self._names_refused = self._names_refused or refusal.of_rights

    def _channel_of(self, card: Card) -> str:
        return (card.group.channel if card.group else "") or self._channel

    async def _post_card(self, channel: str, card: Card, key: str) -> Place:
        age = card.case.number
        try:
            post = Post(fallback(card), key, "card", blocks=blocks(card), order=age)
            answer = await self._api.post(channel, post)
        except Refused as refusal:
            only_of_form(refusal, card)
            answer = await self._api.post(channel, Post(plain(card), key, "card", order=age))
        return Place(str(answer["channel"]), str(answer["ts"]))

    async def _find_card(self, channel: str, key: str, since: float) -> Place | None:
        for message in await self._api.posted(channel, since):
            if (key, "card") in delivered(message):
                return Place(channel, str(message["ts"]))
        return None


def _seconds(moment: datetime) -> float:
    return moment.timestamp() - _CLOCKS_APART_S
