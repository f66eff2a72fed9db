"""Hears what agents write in the threads of cases, and nothing else."""

from handoff.desks.slack.agents import Agents
from handoff.desks.slack.api import SlackApi
from handoff.desks.slack.calls import Payload
from handoff.desks.slack.refusals import Refused
from handoff.desks.slack.replies import Replies
from handoff.desks.slack.revised import revised_in_thread
from handoff.desks.slack.said import Said, said_in_thread
from handoff.ports import Store
from staff.account import Staff

_MOVED = "This case has gone to another group, and this did not reach the customer: reply there."


class CaseNotKnownYet(Exception):
    """The thread is headed by a message of ours that no case points to: its post is under way."""


class Listeners:
    """Finds the case and the agent for what is written."""

    def __init__(self, api: SlackApi, store: Store, agents: Agents, replies: Replies) -> None:
        self._api = api
        self._store = store
        self._agents = agents
        self._replies = replies

    def gave_up(self, body: Payload, stored_as: str) -> None:
        """Tell the author of a message that it was not delivered, for a reason of ours."""
        event = body.get("event")
        said = said_in_thread(event) if isinstance(event, dict) else None
        if said is not None and said.note is None:
            self._replies.not_sent(said, stored_as=stored_as)

    async def on_message(self, event: Payload, stored_as: str) -> None:
        """A message was written, edited or deleted. Args: stored_as: see `actions.STORED_AS`."""
        said, revised = said_in_thread(event), revised_in_thread(event)
        message = revised.message if revised else said
        if message is None:
            return
        async with self._store.read() as work:
            case = await work.cases.by_ref(message.thread.ref)
        if case is None:
            await self._nowhere(message)
            return

        async def do(agent: Staff) -> None:
            if revised is not None:
                await self._replies.revise(case, agent, revised)
            else:
                await self._replies.hear(case, agent, message, stored_as)

        await self._agents.act(message.thread, message.user, do, team=message.team)

    async def _nowhere(self, message: Said) -> None:
        """The thread was a case's before, will be one's soon, or is none of ours."""
        async with self._store.read() as work:
            gone = await work.cases.by_former_ref(message.thread.ref)
        if gone is not None:
            self._replies.not_sent(message, _MOVED)
        elif await self._is_ours(message):
            raise CaseNotKnownYet(message.thread.ref)

    async def _is_ours(self, message: Said) -> bool:
        """Whether we head the thread. Slack is asked where the event does not say."""
        me = await self._api.identity()
        if message.thread_of:
            return message.thread_of == me.user_id
        try:
            thread = await self._api.replies(message.thread, float(message.thread.ts) - 1)
        except Refused as refusal:
            if refusal.passing:
                raise
            return False
        heads = [one for one in thread if one.get("ts") == message.thread.ts]
        return any(me.bot_id == one.get("bot_id") or me.user_id == one.get("user") for one in heads)
