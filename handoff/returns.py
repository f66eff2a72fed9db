"""A customer writes again after the end: to the agent who had the case, or to the bot."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from conversation.clock import Clock
from conversation.conversation import Conversation
from conversation.events import CaseReleased, CaseReopened, CustomerReturned, NobodyThere
from conversation.farewell import is_farewell
from conversation.messages import Author, Draft, Message
from conversation.responder import Responder, after
from handoff.case import Case, CaseStatus, Resolution
from handoff.delivery.boxes import Delivery, Notice
from handoff.delivery.relaying import relay
from handoff.ports import Work
from staff.account import Role

REOPEN_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Return:
    """Who answers now. `case` is the one that goes on, or that is closed and stays so."""

    responder: Responder
    case: Case | None = None


class Returns:
    """Decides who answers, in the transaction that stores the customer's message."""

    def __init__(self, clock: Clock, reopen_for: timedelta = REOPEN_FOR) -> None:
        """Args: reopen_for: so long after its end a case goes on."""
        self._clock = clock
        self._reopen_for = reopen_for

    async def begin(self, work: Work, conversation: Conversation, text: str) -> Return:
        """Before the message is stored. A closed conversation stays so where nothing is asked."""
        returned = await self.go_on(work, conversation, text)
        return returned or Return(await self.to_bot(work, conversation))

    async def go_on(
        self, work: Work, conversation: Conversation, text: str, *, by_email: bool = False
    ) -> Return | None:
        """Open the case of a closed conversation again, or leave it closed where nothing is asked.

        Returns: None where its last case is over for good, or there was none; nothing changes then.
        Args: by_email: the customer wrote an e-mail and waits for one.
        """
        case = await work.cases.latest_of(conversation.id)
        if case is None or not self._goes_on(case, conversation):
            return None
        if is_farewell(text, [case.agent] if case.agent else []):
            return Return(Responder.CLOSED, case)
        return await self._reopen(work, conversation, case, by_email=by_email)

    async def finish(self, work: Work, returned: Return, message: Message) -> None:
        """After the message is stored: the agents see it, and the customer who has the chat."""
        await self.show(work, returned, message)
        await self.say_so(work, returned, message.conversation_id)

    async def show(self, work: Work, returned: Return, message: Message) -> None:
        """What the customer wrote to the agents, also behind the end of a case."""
        now, case = self._clock(), returned.case
        if case is not None and returned.responder is Responder.CLOSED:
            await work.outbox.put(case.id, Delivery.RELAY, now, seq=message.seq)
        else:
            await relay(work, message, now)

    async def say_so(self, work: Work, returned: Return, conversation_id: str) -> None:
        """Tell the customer with whom an opened case goes on."""
        now, case = self._clock(), returned.case
        if case is None or returned.responder is Responder.CLOSED:
            return
        with_whom = case.agent if returned.responder is Responder.AGENT else "a colleague"
        draft = Draft(Author.SYSTEM, f"This chat goes on with {with_whom}.")
        await work.conversations.append(conversation_id, draft, now)

    async def to_bot(self, work: Work, conversation: Conversation) -> Responder:
        """The bot answers again."""
        now = self._clock()
        responder = after(conversation.responder, CustomerReturned())
        await work.conversations.move(conversation.id, responder, now)
        ended = conversation.outcome.words if conversation.outcome else None
        await work.timeline.record(conversation.id, "returned", now, ended=ended)
        return responder

    def _goes_on(self, case: Case, conversation: Conversation) -> bool:
        """Whether the end of the case was the end of the contact, and is not long ago."""
        if case.status is not CaseStatus.RESOLVED or case.closed_at is None:
            return False
        needed = case.resolution is not Resolution.NOT_NEEDED
        same_contact = case.closed_at >= conversation.began_anew_at
        return needed and same_contact and self._clock() - case.closed_at < self._reopen_for

    async def _reopen(
        self, work: Work, conversation: Conversation, case: Case, *, by_email: bool
    ) -> Return:
        now = self._clock()
        there = await _is_there(work, case, now)
        responder = after(conversation.responder, CaseReopened())
        if not there:
            responder = after(responder, CaseReleased())
        await work.cases.reopen(case.id, case.agent_id if there else None, now)
        if by_email:
            await work.cases.call_back(case.id, now)
            responder = responder if there else after(responder, NobodyThere())
        await work.conversations.move(conversation.id, responder, now)
        await work.timeline.record(conversation.id, "reopened", now, case=case.number)
        await work.outbox.put(case.id, Delivery.UPDATE_CASE, now)
        notice = _wrote_again(case) if there else _nobodys(case)
        await work.outbox.put(case.id, Delivery.NOTICE, now, notice=notice)
        return Return(responder, case)


async def _is_there(work: Work, case: Case, now: datetime) -> bool:
    owner = await work.presence.of(case.agent_id) if case.agent_id else None
    return owner is not None and Role.AGENT in owner.staff.roles and not owner.away(now)


def _wrote_again(case: Case) -> Notice:
    text = f"{case.customer} has written again: the case is open again, and yours."
    return Notice(text, agent_id=case.agent_id)


def _nobodys(case: Case) -> Notice:
    text = (
        f"{case.customer} has written again, and {case.agent} is not there. Reply in the "
        "thread of the case, or claim it on its card."
    )
    return Notice(text, group=case.route.group or None, aloud=True)
