"""What agents do with a case, as they would say it. Every verb is one transaction."""

from conversation.clock import Clock
from conversation.conversation import Conversation
from conversation.events import CaseClaimed, CaseResolved, Event, HandedBack
from conversation.messages import Author, Draft, Message
from conversation.outcome import Ending, outcome_of
from conversation.responder import NotPossible, Responder, after
from conversation.survey_rules import NotAsked, SurveyRules
from handoff.boxes import Delivery
from handoff.case import AlreadyClaimed, Case, CaseClosed, CaseError, CaseStatus, Note
from handoff.feedback import ask_for_rating, not_asked
from handoff.ports import Store, Work
from staff.account import Role, Staff

MAX_TEXT = 4000


class Casework:
    """The agents' verbs. `via` names the desk an action came from, so that it is not echoed there.

    Raises, everywhere: UnknownCase, CaseClosed, CaseError where the person is no agent.
    """

    def __init__(
        self, store: Store, desk_name: str, clock: Clock, rules: SurveyRules | None = None
    ) -> None:
        self._store = store
        self._desk_name = desk_name
        self._clock = clock
        self._rules = rules or SurveyRules()

    async def claim(self, case_id: str, agent: Staff) -> Case:
        """Take the case. Claiming one's own case again changes nothing.

        Raises: AlreadyClaimed naming who was first.
        """
        _check_agent(agent)
        async with self._store.work() as work:
            conversation, case = await _hold(work, case_id)
            if _still_open(case).agent_id != agent.id:
                await self._claim(work, conversation, case, agent)
            return await work.cases.get(case_id)

    async def reply(self, case_id: str, agent: Staff, text: str, *, key: str, via: str) -> Message:
        """Say something to the customer. A reply on an unclaimed case claims it.

        The same `key` again returns the first message.
        """
        _check_agent(agent)
        text = _check_text(text)
        now = self._clock()
        async with self._store.work() as work:
            conversation, case = await _hold(work, case_id)
            client_id = f"{via}:{key}"
            known = await work.conversations.known(conversation.id, client_id)
            if known is not None:
                return known
            if _still_open(case).agent_id is None:
                await self._claim(work, conversation, case, agent)
            draft = Draft(Author.AGENT, text, name=agent.name, client_id=client_id)
            message = await work.conversations.append(conversation.id, draft, now)
            if via != self._desk_name:
                await work.outbox.put(case_id, Delivery.RELAY, now, seq=message.seq)
        return message

    async def note(self, case_id: str, agent: Staff, text: str, *, key: str) -> Note:
        """Keep a private note on the case, open or closed. It never reaches the customer."""
        _check_agent(agent)
        async with self._store.work() as work:
            await work.cases.get(case_id)
            return await work.cases.note(case_id, agent.name, _check_text(text), key, self._clock())

    async def hand_back(self, case_id: str, agent: Staff, summary: str) -> Case:
        """Give the conversation back to the bot, with what the bot should know."""
        _check_agent(agent)
        now = self._clock()
        event = HandedBack(agent.id, summary.strip()[:MAX_TEXT])
        async with self._store.work() as work:
            conversation, case = await _hold(work, case_id)
            _still_open(case)
            responder = _after(conversation, event)
            await work.cases.end(case_id, CaseStatus.HANDED_BACK, now)
            await work.conversations.move(case.conversation_id, responder, now)
            await work.conversations.leave_summary(case.conversation_id, event.summary, now)
            if event.summary:
                told = f"Told the assistant: {event.summary}"
                await work.cases.note(case_id, agent.name, told, f"hand-back:{case_id}", now)
            text = f"{agent.name} has handed over to the automated assistant."
            await work.conversations.append(case.conversation_id, Draft(Author.SYSTEM, text), now)
            await work.timeline.record(
                case.conversation_id, "handed_back", now, case=case.number, agent=agent.name
            )
            await work.outbox.put(case_id, Delivery.UPDATE_CASE, now)
            return await work.cases.get(case_id)

    async def resolve(
        self, case_id: str, agent: Staff, *, closing: str = "", survey: bool = True
    ) -> Case:
        """Close the case as resolved, with a last word to the customer.

        Args: survey: ask for a rating, where the rules of the surveys allow it.
        """
        _check_agent(agent)
        now = self._clock()
        async with self._store.work() as work:
            conversation, case = await _hold(work, case_id)
            by_callback = _still_open(case).callback_at is not None
            if case.agent_id is None:
                await self._claim(work, conversation, case, agent)
            if closing.strip():
                await self._say_last(work, case, agent, closing)
            await work.cases.end(case_id, CaseStatus.RESOLVED, now)
            _after(conversation, CaseResolved(agent.id))
            outcome = outcome_of(Ending(resolved_by_agent=True, by_callback=by_callback))
            await work.conversations.close(case.conversation_id, outcome, now)
            text = f"{agent.name} has closed this conversation."
            await work.conversations.append(case.conversation_id, Draft(Author.SYSTEM, text), now)
            await work.timeline.record(
                case.conversation_id, "resolved", now, case=case.number, agent=agent.name
            )
            if survey:
                await ask_for_rating(work, self._rules, conversation, outcome, now)
            else:
                await not_asked(work, conversation.id, NotAsked.AGENT_CHOSE, now)
            await work.outbox.put(case_id, Delivery.UPDATE_CASE, now)
            return await work.cases.get(case_id)

    async def _claim(
        self, work: Work, conversation: Conversation, case: Case, agent: Staff
    ) -> None:
        now = self._clock()
        if not await work.cases.claim(case.id, agent.id, now):
            raise AlreadyClaimed(case.agent)
        responder = _after(conversation, CaseClaimed(agent.id))
        await work.conversations.move(case.conversation_id, responder, now)
        await work.conversations.append(
            case.conversation_id,
            Draft(Author.SYSTEM, f"{agent.name} has joined the chat."),
            now,
        )
        await work.timeline.record(
            case.conversation_id, "claimed", now, case=case.number, agent=agent.name
        )
        await work.outbox.put(case.id, Delivery.UPDATE_CASE, now)

    async def _say_last(self, work: Work, case: Case, agent: Staff, closing: str) -> None:
        await work.conversations.append(
            case.conversation_id,
            Draft(Author.AGENT, _check_text(closing), name=agent.name),
            self._clock(),
        )


async def _hold(work: Work, case_id: str) -> tuple[Conversation, Case]:
    # Everybody locks the conversation first and its case after it, so that nobody waits in a ring.
    conversation_id = await work.cases.conversation_of(case_id)
    conversation = await work.conversations.get(conversation_id)
    return conversation, await work.cases.get(case_id)


def _after(conversation: Conversation, event: Event) -> Responder:
    try:
        return after(conversation.responder, event)
    except NotPossible as error:
        raise CaseError(f"{error}. Reload the case to see how it stands.") from error


def _check_agent(agent: Staff) -> None:
    if Role.AGENT not in agent.roles:
        raise CaseError("Only agents can work on cases. Ask an admin for the agent role.")


def _check_text(text: str) -> str:
    text = text.replace("\0", "").strip()
    if not text:
        raise CaseError("There is nothing to send. Write something first.")
    if len(text) > MAX_TEXT:
        raise CaseError(f"This is {len(text)} characters long; at most {MAX_TEXT} can be sent.")
    return text


def _still_open(case: Case) -> Case:
    if not case.status.open:
        raise CaseClosed(case.status)
    return case
