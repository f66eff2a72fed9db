"""How a case ends: resolved or given back to the bot; and how it goes on afterwards."""

from collections.abc import Mapping

from conversation.conversation import Conversation
from conversation.events import CaseResolved, HandedBack
from conversation.outcome import Ending, Outcome, outcome_of
from conversation.survey_rules import NotAsked
from handoff.case import AlreadyClaimed, Case, CaseError, CaseStatus, Ended, Resolution
from handoff.casework.steps import (
    MAX_TEXT,
    Steps,
    check_agent,
    check_reply,
    hold,
    moved,
    still_open,
)
from handoff.feedback import ask_for_rating, not_asked
from handoff.ports import Work
from staff.account import Staff

_NO_FACTS: Mapping[str, str] = {}
_A_FORM = ""  # where no line of the case stands: it is shown at every desk


class Endings(Steps):
    """Resolve, hand back, reopen."""

    async def resolve(
        self,
        case_id: str,
        agent: Staff,
        *,
        resolution: Resolution = Resolution.SOLVED,
        needed: bool | None = None,
        closing: str = "",
        survey: bool = True,
        key: str | None = None,
    ) -> Case:
        """Close the case, with a last word to the customer. Who did so before changes nothing.

        Args: needed: whether the handoff was needed, None where the agent does not say.
            survey: ask for a rating, where the rules of the surveys allow it.
            key: of the act: once done it changes nothing more, also where the case goes on.
        """
        check_agent(agent)
        act = f"resolve:{key}" if key else None
        async with self._store.work() as work:
            conversation, case = await hold(work, case_id)
            if await _done(work, conversation, act) or _ended_by(agent, case, CaseStatus.RESOLVED):
                return case
            outcome = _outcome(still_open(case), resolution)
            if case.agent_id is None:
                await self._take(work, conversation, case, agent, plain=True)
            if closing.strip():
                await self._say_last(work, case, agent, check_reply(closing))
            told = await self._tell(work, case, f"{agent.name} has closed this conversation.", act)
            ended = Ended(agent.id, told.seq, resolution, needed)
            await work.cases.end(case_id, CaseStatus.RESOLVED, self._clock(), ended)
            await self._close(work, case, agent, outcome)
            judged = resolution.value
            await self._record(work, case, "resolved", agent, resolution=judged, needed=needed)
            await self._ask(work, conversation, outcome, survey=survey)
            return await work.cases.get(case_id)

    async def hand_back(
        self,
        case_id: str,
        agent: Staff,
        summary: str,
        facts: Mapping[str, str] = _NO_FACTS,
        *,
        saying: str = "",
        key: str | None = None,
    ) -> Case:
        """Give the conversation back to the bot, with what the bot should know.

        Who did so before changes nothing. Args: facts: label and value, each a line of its own.
            saying: sent to the customer at once, as the agent's words. key: as `resolve` has it.
        """
        check_agent(agent)
        now, act = self._clock(), f"hand-back:{key}" if key else None
        told_bot = _in_lines(summary, facts)
        async with self._store.work() as work:
            conversation, case = await hold(work, case_id)
            if await _done(work, conversation, act) or _ended_by(
                agent, case, CaseStatus.HANDED_BACK
            ):
                return case
            still_open(case)
            responder = moved(conversation, HandedBack(agent.id, told_bot))
            if saying.strip():
                await self._say_last(work, case, agent, check_reply(saying))
            left = _left_to_bot(case, agent, spoke=bool(saying.strip()))
            told = await self._tell(work, case, left, act)
            await work.cases.end(case_id, CaseStatus.HANDED_BACK, now, Ended(agent.id, told.seq))
            await work.conversations.move(case.conversation_id, responder, now)
            await work.conversations.leave_summary(case.conversation_id, told_bot, now)
            if told_bot:
                text, key = f"Told the assistant: {told_bot}", f"hand-back:{case_id}:{told.seq}"
                await work.cases.note(case_id, agent.name, text, key, now)
                await self._share_note(work, case_id, agent, text, _A_FORM)
            await self._record(work, case, "handed_back", agent)
            return await work.cases.get(case_id)

    async def reopen(self, case_id: str, actor: Staff) -> Case:
        """Go on with a case that was resolved or handed back: it is the actor's then.

        Raises: CaseError where another case of the customer is open.
        """
        check_agent(actor)
        async with self._store.work() as work:
            conversation, case = await hold(work, case_id)
            if case.status.open and case.agent_id == actor.id:
                return case
            if case.status.open:
                raise AlreadyClaimed(case.agent) if case.agent_id else _waits()
            if not case.status.may_go_on:
                raise CaseError("The customer left the queue: there is nothing to go on with.")
            other = await work.cases.open_of(conversation.id)
            if other is not None:
                raise CaseError(f"Case {other.number} of the same customer is open: go on there.")
            await self._go_on(work, conversation, case, actor)
            return await work.cases.get(case_id)

    async def _say_last(self, work: Work, case: Case, agent: Staff, text: str) -> None:
        """Say it to the customer, and show it where the case is worked on."""
        message = await self._say(work, case, agent, text)
        await self._echo(work, case, message, _A_FORM)

    async def _close(self, work: Work, case: Case, agent: Staff, outcome: Outcome) -> None:
        conversation = await work.conversations.get(case.conversation_id)
        moved(conversation, CaseResolved(agent.id))
        await work.conversations.close(case.conversation_id, outcome, self._clock())

    async def _ask(
        self, work: Work, conversation: Conversation, outcome: Outcome, *, survey: bool
    ) -> None:
        now = self._clock()
        if survey:
            await ask_for_rating(work, self._rules, conversation, outcome, now)
        else:
            await not_asked(work, conversation.id, NotAsked.AGENT_CHOSE, now)


async def _done(work: Work, conversation: Conversation, act: str | None) -> bool:
    """Whether the act was done before: the message that told of it bears its name."""
    return act is not None and await work.conversations.known(conversation.id, act) is not None


def _ended_by(agent: Staff, case: Case, status: CaseStatus) -> bool:
    return case.status is status and case.closed_by == agent.id


def _left_to_bot(case: Case, agent: Staff, *, spoke: bool) -> str:
    """That the assistant answers again, to a customer who knows only who has joined."""
    if spoke or case.agent_id == agent.id:
        return f"{agent.name} has handed over to the automated assistant."
    if case.agent:
        return f"{case.agent} has left the chat. The automated assistant answers again."
    return "You are no longer in the queue: the automated assistant answers again."


def _waits() -> CaseError:
    return CaseError("The case is open and waits for a person: claim it.")


def _outcome(case: Case, resolution: Resolution) -> Outcome:
    """How the conversation ends with the case: who left before any answer was not helped."""
    if resolution is Resolution.CUSTOMER_LEFT and case.first_reply_at is None:
        return outcome_of(Ending(waiting=True))
    by_callback = case.callback_at is not None
    return outcome_of(Ending(resolved_by_agent=True, by_callback=by_callback))


def _in_lines(summary: str, facts: Mapping[str, str]) -> str:
    pairs = [f"{label.strip()}: {value.strip()}" for label, value in facts.items() if value.strip()]
    return "\n".join(line for line in (summary.strip(), *pairs) if line)[:MAX_TEXT]
