"""Bring a person in, or let the customer leave the queue: case, owner and outbox in one go."""

import structlog

from conversation.clock import Clock
from conversation.conversation import Conversation
from conversation.customer import CustomerContext
from conversation.events import HandoffRequested, LeftQueue
from conversation.messages import Author, Draft, Message
from conversation.reasons import HandoffReason
from conversation.responder import Responder, after
from conversation.surveys import FollowUp, Survey
from handoff.briefing.briefing import Briefer, with_rating
from handoff.case import Briefing, Case, CaseStatus, Route
from handoff.delivery.boxes import Delivery
from handoff.ports import Store, Work
from handoff.promises.waits import Wait, Waits
from handoff.queue.groups import DeskRules
from handoff.queue.way import route_of

log = structlog.get_logger()

_WITH_A_PERSON = (Responder.QUEUE, Responder.AGENT, Responder.CALLBACK)
_LEFT = {
    Responder.QUEUE: "You have left the queue.",
    Responder.CALLBACK: "Nobody writes you an e-mail about this any more.",
}


class Handoffs:
    """Opens cases, and withdraws them when the customer changes their mind."""

    def __init__(
        self, store: Store, briefer: Briefer, clock: Clock, rules: DeskRules | None = None
    ) -> None:
        """Args: rules: who works at the desk, and when."""
        self._rules = rules or DeskRules()
        self.waits = Waits(self._rules, clock)
        self._store = store
        self._briefer = briefer
        self._clock = clock

    async def request(self, conversation_id: str, reason: HandoffReason) -> Case:
        """Queue the conversation for a person and tell the customer so, in one transaction.

        Asking again while a case is open returns that case and changes nothing.
        Raises: UnknownConversation.
        """
        context = await self._context(conversation_id)
        async with self._store.work() as work:
            conversation = await work.conversations.get(conversation_id)
            existing = await work.cases.open_of(conversation_id)
            if existing is not None and conversation.responder in _WITH_A_PERSON:
                return existing
            briefing = await self._brief(work, conversation, context)
            return await self._open(work, conversation, reason, briefing)

    async def follow_up(self, conversation_id: str) -> Case | None:
        """Queue a customer for a person who wishes for one after a low rating.

        Returns: None where they are not asked about that (any more); nothing changes then.
        Raises: UnknownConversation.
        """
        context = await self._context(conversation_id)
        async with self._store.work() as work:
            conversation = await work.conversations.get(conversation_id)
            survey = await work.surveys.follow_up(conversation_id, FollowUp.WANTED)
            if survey is None:
                return None
            if survey.case_id is not None:
                await work.outbox.put(survey.case_id, Delivery.UPDATE_CASE, self._clock())
            briefing = await self._brief(work, conversation, context)
            briefing = await _after_rating(work, conversation, briefing, survey)
            return await self._open(work, conversation, HandoffReason.LOW_RATING, briefing)

    async def rebrief(self, conversation_id: str) -> None:
        """Write the open case's card anew, because it is known now who the customer is.

        Raises: UnknownConversation.
        """
        context = await self._context(conversation_id)
        async with self._store.work() as work:
            conversation = await work.conversations.get(conversation_id)
            case = await work.cases.open_of(conversation_id)
            if case is None:
                return
            briefing = await self._brief(work, conversation, context)
            await work.cases.rebrief(case.id, briefing)
            await work.outbox.put(case.id, Delivery.UPDATE_CASE, self._clock())

    async def leave_queue(self, conversation_id: str) -> bool:
        """Give the conversation back to the bot because the customer no longer wants to wait.

        An answer that was promised by e-mail is called off likewise.
        Returns: False where the customer was not waiting (any more); nothing changes then.
        """
        now = self._clock()
        async with self._store.work() as work:
            conversation = await work.conversations.get(conversation_id)
            case = await work.cases.open_of(conversation_id)
            if case is None or conversation.responder not in _LEFT:
                return False
            await work.cases.end(case.id, CaseStatus.WITHDRAWN, now)
            await work.conversations.move(
                conversation_id, after(conversation.responder, LeftQueue()), now
            )
            await work.conversations.begin_anew(conversation_id, now)
            text = f"{_LEFT[conversation.responder]} I am the automated assistant again."
            await work.conversations.append(conversation_id, Draft(Author.BOT, text), now)
            await work.timeline.record(conversation_id, "left_queue", now, case=case.number)
            await work.outbox.put(case.id, Delivery.UPDATE_CASE, now)
        return True

    async def _context(self, conversation_id: str) -> CustomerContext:
        async with self._store.read() as work:
            conversation = await work.conversations.get(conversation_id)
        return await self._briefer.context(conversation.customer_id)

    async def _brief(
        self, work: Work, conversation: Conversation, context: CustomerContext
    ) -> Briefing:
        messages = await work.conversations.transcript(conversation.id)
        turns = await work.turns.of(conversation.id, conversation.began_anew_at)
        return self._briefer.brief(conversation, context, messages, turns, self._clock())

    async def _open(
        self, work: Work, conversation: Conversation, reason: HandoffReason, briefing: Briefing
    ) -> Case:
        now = self._clock()
        responder = after(conversation.responder, HandoffRequested(reason))
        route = await route_of(work, self._rules, briefing, now)
        told = await self._tell_customer(work, conversation.id, reason, route)
        case = await work.cases.open(
            conversation.id, reason, briefing, now, opened_seq=told.seq, route=route
        )
        await work.conversations.move(conversation.id, responder, now)
        await work.timeline.record(
            conversation.id,
            "handoff_requested",
            now,
            reason=reason.value,
            case=case.number,
            group=route.group,
        )
        await work.outbox.put(case.id, Delivery.OPEN_CASE, now)
        log.info(
            "case_opened",
            conversation=conversation.id,
            case=case.number,
            reason=reason.value,
            group=route.group,
        )
        return case

    async def _tell_customer(
        self, work: Work, conversation_id: str, reason: HandoffReason, route: Route
    ) -> Message:
        wait = await self.waits.at(work, route.group, route.place)
        if wait.back or wait.away:
            await work.conversations.ask_email(conversation_id)
        place = _place(wait)
        text = f"{reason.for_customer} {place}"
        return await work.conversations.append(
            conversation_id, Draft(Author.BOT, text), self._clock()
        )


async def _after_rating(
    work: Work, conversation: Conversation, briefing: Briefing, survey: Survey
) -> Briefing:
    if survey.case_id is None:
        return with_rating(briefing, survey)
    customer = conversation.customer_id
    remedies = await work.remedies.of_customer(customer) if customer else ()
    done = [one for one in remedies if one.case_id == survey.case_id]
    return with_rating(briefing, survey, done)


def _place(wait: Wait) -> str:
    if wait.back:
        return f"Nobody is there now; people are back {wait.back} and find this chat then."
    if wait.away:
        return "Nobody is at the desk at the moment; this chat waits for the first who is back."
    ahead = wait.place - 1
    place = f"There are {ahead} before you" if ahead > 1 else "There is one before you"
    place = place if ahead else "You are next"
    minutes = "a minute" if wait.within_min == 1 else f"{wait.within_min} minutes"
    return f"{place}; it usually takes up to {minutes}." if wait.within_min else f"{place}."
