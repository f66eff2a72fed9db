"""Hears what agents write in the threads of cases, and nothing else."""

import json

from handoff.case import Case
from handoff.desks.slack.agents import Agents
from handoff.desks.slack.pressed.presses import Pressed
from handoff.desks.slack.requests.request import SOURCE, rank_at
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.web_api.api import SlackApi, delivered
from handoff.desks.slack.web_api.calls import Payload
from handoff.desks.slack.web_api.refusals import Refused
from handoff.desks.slack.written.astray import Astray
from handoff.desks.slack.written.changes import Changes
from handoff.desks.slack.written.replies import Replies
from handoff.desks.slack.written.revised import deleted_unseen, head_gone, revised_in_thread
from handoff.desks.slack.written.said import Said, said_aside, said_in_thread
from handoff.ports import Store
from staff.account import Staff

_BY_HAND = ("block_actions", "view_submission")
_NOT_FINISHED = (
    "Something went wrong, and this was not finished. Look at the case's card, and do it once more "
    "where it is still needed."
)
_NOT_KEPT = "Something went wrong: this private note was not kept. Please write it once more."
_NOT_CHANGED = "Something went wrong: for the customer nothing has changed. Please do it once more."

_TOO_OLD = (
    "Nothing was done: this is too old. Delete your message, then the customer's page loses it."
)


class TooEarly(Exception):
    """What this is about is still on its way: a post of ours, or the message itself."""


class Listeners:
    """Finds the case and the agent for what is written."""

    def __init__(
        self,
        api: SlackApi,
        store: Store,
        agents: Agents,
        replies: Replies,
        changes: Changes,
        astray: Astray,
    ) -> None:
        self._api = api
        self._store = store
        self._agents = agents
        self._replies = replies
        self._changes = changes
        self._astray = astray

    async def gave_up(self, body: Payload, stored_as: str) -> None:
        """Tell whoever did it that it was not done, for a reason of ours."""
        event = _event(body)
        said, revised = said_in_thread(event), revised_in_thread(event)
        if revised is not None:
            await self._agents.tell(revised.message.thread, revised.message.user, _NOT_CHANGED)
        elif said is not None and said.note is not None:
            await self._replies.not_sent(said, _NOT_KEPT)
        elif said is not None:
            await self._replies.gave_up(said, stored_as)
        elif body.get("type") in _BY_HAND and (pressed := Pressed.of(body, {})).place.channel:
            await self._agents.tell(pressed.place, pressed.user, _NOT_FINISHED)

    async def on_message(self, event: Payload, stored_as: str) -> None:
        """A message was written, edited or deleted. Args: stored_as: see `actions.STORED_AS`."""
        if (head := head_gone(event)) is not None:
            await self._changes.head_deleted(head)
        if (place := deleted_unseen(event)) is not None:
            await self._on_deleted(place)
            return
        said, revised = said_in_thread(event), revised_in_thread(event)
        message = revised.message if revised else said
        if message is None:
            if (aside := said_aside(event)) is not None:
                await self._astray.hear(aside)
            return
        case = await self._case_at(message.thread)
        if case is None:
            await self._without_case(message, new=revised is None)
            return

        async def do(agent: Staff) -> None:
            if revised is not None:
                await self._changes.revise(case, agent, revised, stored_as)
            else:
                await self._replies.hear(case, agent, message, stored_as)

        await self._agents.act(message.thread, message.user, do, team=message.team)

    async def take_off(self, pressed: Pressed) -> None:
        """Take a reply that its author has made a note away from the customer's page."""
        async with self._store.read() as work:
            kept = await work.inbox.find(pressed.value)
        if kept is None:
            await self._agents.tell(pressed.place, pressed.user, _TOO_OLD)
        revised = revised_in_thread(_event(json.loads(kept.body))) if kept else None
        if revised is None or revised.after is None or revised.message.user != pressed.user:
            return  # only the author sees the button
        edit, case = revised, await self._case_at(revised.message.thread)
        if case is None:
            return

        async def do(agent: Staff) -> None:
            await self._changes.take_off(case, agent, edit)

        await self._agents.act(edit.message.thread, pressed.user, do, team=pressed.team)

    async def _case_at(self, thread: Place) -> Case | None:
        """The case that stands there, or stood there before."""
        async with self._store.read() as work:
            case = await work.cases.by_ref(thread.ref)
            return case or await work.cases.by_former_ref(thread.ref)

    async def _on_deleted(self, place: Place) -> None:
        """Something was deleted, and Slack says no more than where it stood."""
        async with self._store.read() as work:
            if await work.inbox.under_way(SOURCE, rank_at(place.ts)):
                raise TooEarly(place.ref)
        await self._changes.deleted(place)

    async def _without_case(self, message: Said, *, new: bool) -> None:
        """Tell agents that nobody else reads the thread, where another post of ours heads it.

        Raises: TooEarly where a card may head it: its case is about to stand there.
        """
        me = await self._api.identity()
        if message.thread_of and message.thread_of != me.user_id:
            return
        head = await self._head_of(message.thread)
        if head is None:
            return
        ours = head.get("bot_id") == me.bot_id or me.user_id in (
            head.get("user"),
            message.thread_of,
        )
        if not ours:
            return
        if _may_be_card(head):
            raise TooEarly(message.thread.ref)
        if new:
            await self._astray.hear_in_thread(message)

    async def _head_of(self, thread: Place) -> Payload | None:
        """The message that heads the thread: None where Slack has no such thread any more, empty
        where Slack does not show it."""
        try:
            found = await self._api.replies(thread, float(thread.ts) - 1)
        except Refused as refusal:
            if refusal.passing:
                raise
            return None if refusal.gone else {}
        return next((one for one in found if one.get("ts") == thread.ts), {})


def _may_be_card(head: Payload) -> bool:
    """Whether it was posted as a card. Where Slack leaves out what we noted with it, and it has a
    form, a card is what can be pressed."""
    blocks, parts = head.get("blocks") or (), {part for _, part in delivered(head)}
    pressed = any(block.get("type") == "actions" for block in blocks)
    return "card" in parts if parts else pressed or not blocks


def _event(body: Payload) -> Payload:
    found = body.get("event")
    return found if isinstance(found, dict) else {}
