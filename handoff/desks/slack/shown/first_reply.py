"""The conversation so far, as the first reply in a case's thread, with a file where it is long,
and the private notes after it."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from conversation.messages import Message
from handoff.briefing.card import Card
from handoff.case import Note
from handoff.desk import DeskError
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.shown.threads import Threads, has, is_shared
from handoff.desks.slack.shown.transcript import Transcript, notes_so_far, transcript
from handoff.desks.slack.web_api.api import Post, SlackApi
from handoff.desks.slack.web_api.calls import Payload
from handoff.desks.slack.web_api.refusals import Refused

log = structlog.get_logger()


class FirstReply:
    """Posts what is missing of it."""

    def __init__(self, api: SlackApi, threads: Threads, late_share_s: float) -> None:
        """Args: late_share_s: how long a file may take from its upload to its place."""
        self._api = api
        self._threads = threads
        self._late_share_s = late_share_s

    async def post(
        self,
        place: Place,
        card: Card,
        messages: Sequence[Message],
        notes: Sequence[Note],
        key: str,
        thread: Sequence[Payload],
        *,
        again: bool,
    ) -> None:
        """Post the conversation, then the notes. Args: thread: what an earlier try may have left
        there."""
        shown = transcript(messages, card.case.customer)
        if not has(thread, key, "transcript"):
            age = card.case.number
            post = Post(shown.fallback, key, "transcript", blocks=shown.blocks, order=age)
            await self._post_or_say_where(place, card, post)
        left = thread if has(thread, key, "transcript") else ()
        await self._post_file(place, card, shown, key, left, again=again)
        if notes and not has(thread, key, "notes"):
            said = f"{len(notes)} private notes"
            blocks = notes_so_far(notes, _elsewhere(card))
            await self._post_or_say_where(place, card, Post(said, key, "notes", blocks=blocks))

    async def _post_or_say_where(self, place: Place, card: Card, post: Post) -> None:
        try:
            await self._threads.reply(place, post)
        except Refused as refusal:
            only_of_form(refusal, card)
            await self._threads.reply(place, replace(post, text=_elsewhere(card), blocks=None))

    async def _post_file(
        self,
        place: Place,
        card: Card,
        shown: Transcript,
        key: str,
        thread: Sequence[Payload],
        *,
        again: bool,
    ) -> None:
        name = f"conversation-{card.case.number}.txt"
        if shown.file is None or has(thread, key, "no file"):
            return
        late_s = self._late_share_s
        if thread and await is_shared(self._threads, place, thread, name, key, late_s):
            return
        try:
            await self._api.upload(place, name, shown.file.encode())
        except DeskError as error:
            # One more try is given to what may pass: no file is worth a case that stands still.
            if not again and not (isinstance(error, Refused) and not error.passing):
                raise
            log.warning("transcript_file_refused", case=card.case.number, error=str(error))
            await self._threads.reply(place, Post(_elsewhere(card), key, "no file"))


def only_of_form(refusal: Refused, card: Card) -> None:
    """Raises: the refusal, where a plainer message would be refused as well."""
    if not refusal.of_form:
        raise refusal
    log.error("slack_form_refused", case=card.case.number, code=refusal.code)


def _elsewhere(card: Card) -> str:
    return f"The whole conversation is in the browser: <{card.url}|case {card.case.number}>"
