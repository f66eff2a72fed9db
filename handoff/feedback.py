"""Ask customers how it was, take their answers to the case's card, bring a person where wanted."""

from datetime import datetime

from conversation.clock import Clock
from conversation.conversation import Conversation
from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from conversation.survey_rules import Contact, NotAsked, SurveyRules
from conversation.surveys import FollowUp, Survey, SurveyKind
from handoff.case import Case, CaseStatus
from handoff.delivery.boxes import Delivery
from handoff.handoffs import Handoffs
from handoff.ports import Store, Work


async def ask_for_rating(
    work: Work, rules: SurveyRules, before: Conversation, outcome: Outcome, at: datetime
) -> None:
    """Ask after a contact, where the rules say so; else the timeline says why not.

    Args: work: the transaction that closes the conversation; before: as it was until then.
    """
    case = await _case_of(work, before)
    contact = Contact(
        before.id,
        outcome,
        verified=before.customer_id is not None,
        left_queue=case is not None and case.status is CaseStatus.WITHDRAWN,
        followed_up=case is not None and case.reason is HandoffReason.LOW_RATING,
        asked_at=await work.surveys.last_asked(before.visitor_id),
        nps_at=await work.surveys.last_asked(before.visitor_id, SurveyKind.NPS),
    )
    question = rules.question(contact, at)
    if isinstance(question, NotAsked):
        await not_asked(work, before.id, question, at)
    else:
        await work.surveys.ask(before.id, question, at, case_id=case.id if case else None)


async def not_asked(work: Work, conversation_id: str, why: NotAsked, at: datetime) -> None:
    """Leave on the timeline why this customer was not asked."""
    await work.timeline.record(conversation_id, "survey_not_asked", at, why=why.value)


async def _case_of(work: Work, conversation: Conversation) -> Case | None:
    """The newest case of the present contact."""
    case = await work.cases.latest_of(conversation.id)
    if case is None or case.closed_at is None or case.closed_at >= conversation.began_anew_at:
        return case
    return None


class Feedback:
    """Takes customers' answers. Every answer is one transaction."""

    def __init__(self, store: Store, handoffs: Handoffs, rules: SurveyRules, clock: Clock) -> None:
        self._store = store
        self._handoffs = handoffs
        self._rules = rules
        self._clock = clock

    async def rate(self, conversation_id: str, kind: SurveyKind, score: int) -> bool:
        """Take a rating. False where this is not asked (any more)."""
        now = self._clock()
        async with self._store.work() as work:
            conversation = await work.conversations.get(conversation_id)
            survey = await work.surveys.open_of(conversation_id)
            if survey is None or survey.kind is not kind:
                return False
            low = self._rules.is_low(kind, score) and await _can_be_reached(work, conversation)
            offer = FollowUp.OFFERED if low else None
            return await _on_the_card(
                work, await work.surveys.rate(conversation_id, score, now, offer), now
            )

    async def tell(self, conversation_id: str, why: str | None) -> bool:
        """Take the customer's words, None where they pass over it. False where it is not asked."""
        now = self._clock()
        async with self._store.work() as work:
            await work.conversations.get(conversation_id)
            return await _on_the_card(work, await work.surveys.tell(conversation_id, why, now), now)

    async def wants_follow_up(self, conversation_id: str, wanted: bool) -> bool:
        """Bring a colleague or not, as the customer answers. False where it is not asked."""
        if wanted:
            return await self._handoffs.follow_up(conversation_id) is not None
        now = self._clock()
        async with self._store.work() as work:
            await work.conversations.get(conversation_id)
            survey = await work.surveys.follow_up(conversation_id, FollowUp.DECLINED)
            return await _on_the_card(work, survey, now)

    async def dismiss(self, conversation_id: str) -> bool:
        """Put the survey away. False where none is open."""
        now = self._clock()
        async with self._store.work() as work:
            await work.conversations.get(conversation_id)
            return await work.surveys.dismiss(conversation_id, now) is not None


async def _can_be_reached(work: Work, conversation: Conversation) -> bool:
    """True where the chat can be resumed: whoever comes back finds their newest one, no other."""
    newest = await work.conversations.latest_of(conversation.visitor_id, conversation.customer_id)
    return newest is not None and newest.id == conversation.id


async def _on_the_card(work: Work, survey: Survey | None, at: datetime) -> bool:
    if survey is not None and survey.case_id is not None:
        await work.outbox.put(survey.case_id, Delivery.UPDATE_CASE, at)
    return survey is not None
