"""Who has a case, how much it matters, and when it rests."""

from datetime import datetime, timedelta

from conversation.conversation import Conversation
from conversation.events import CaseReleased, NobodyThere
from conversation.responder import after
from handoff.case import AlreadyClaimed, Case, CaseError, CaseStatus, OwnerChanged, Priority
from handoff.casework.steps import Steps, check_agent, check_text, hold, moved, still_open
from handoff.delivery.boxes import Delivery, Notice
from handoff.ports import Work
from handoff.queue.groups import Group
from handoff.queue.way import route_to
from staff.account import Staff

LONGEST_REST = timedelta(days=30)


class Owners(Steps):
    """Claim, assign, release, pass on, snooze, prioritise."""

    async def claim(self, case_id: str, agent: Staff, *, by_rule: bool = False) -> Case:
        """Take the case. Claiming one's own case again changes nothing.

        Args: by_rule: the rules of the desk gave it to the agent, who has done nothing yet.
        Raises: AlreadyClaimed naming who was first.
        """
        check_agent(agent)
        async with self._store.work() as work:
            conversation, case = await hold(work, case_id)
            if still_open(case).agent_id not in (None, agent.id):
                raise AlreadyClaimed(case.agent)
            if case.agent_id is None:
                await self._take(work, conversation, case, agent, by_rule=by_rule)
            return await work.cases.get(case_id)

    async def assign(
        self, case_id: str, actor: Staff, to: Staff, note: str = "", *, seen: str | None
    ) -> Case:
        """Give the case to a colleague, from the queue or from its owner.

        Args: seen: the id of the owner that the actor saw, None for nobody. note: kept as a
            private note.
        Raises: OwnerChanged where it is no longer that owner's; CaseError.
        """
        check_agent(actor)
        _check_can_take(to)
        async with self._store.work() as work:
            conversation, case = await hold(work, case_id)
            if still_open(case).agent_id == to.id:
                return case
            if case.agent_id != seen:
                raise OwnerChanged(case.agent)
            await self._take(work, conversation, case, to, assigned_by=actor)
            if note.strip():
                now, text = self._clock(), f"For {to.name}: {check_text(note)}"
                await work.cases.note(case_id, actor.name, text, f"assign:{now.isoformat()}", now)
            if actor.id != to.id:
                told = f"{actor.name} has given you this case. {note.strip()}".strip()
                notice = Notice(told, agent_id=to.id)
                await work.outbox.put(case_id, Delivery.NOTICE, self._clock(), notice=notice)
            return await work.cases.get(case_id)

    async def release(self, case_id: str, actor: Staff | None, *, owner: str | None = None) -> Case:
        """Put a claimed case back into the queue, where it keeps its place by age; one whose answer
        was promised by e-mail is a callback again.

        Args: actor: None where nobody did it: the owner is gone. owner: the id of the owner that
            the actor saw, None for whoever has the case.
        Raises: OwnerChanged where it is no longer that owner's.
        """
        if actor is not None:
            check_agent(actor)
        async with self._store.work() as work:
            conversation, case = await hold(work, case_id)
            if still_open(case).status is not CaseStatus.CLAIMED:
                return case
            _check_owner(case, owner)
            await self._let_go(work, conversation, case)
            group = self._desk_rules.group(case.route.group)
            await work.cases.route(
                case.id, await route_to(work, self._desk_rules, group, case, self._clock())
            )
            await self._record(work, case, "released", actor, owner=case.agent)
            return await work.cases.get(case_id)

    async def pass_on(
        self,
        case_id: str,
        actor: Staff | None,
        group: Group,
        note: str = "",
        *,
        owner: str | None = None,
    ) -> Case:
        """Give the case to a group: it waits there for whoever claims it, in its place by age.

        Args: actor: None where nobody did it: the case found no one where it was. note: kept as
            a private note. owner: as `release` has it.
        Raises: OwnerChanged.
        """
        if actor is not None:
            check_agent(actor)
        async with self._store.work() as work:
            conversation, case = await hold(work, case_id)
            here = self._desk_rules.group(still_open(case).route.group)
            if here is group and case.status is not CaseStatus.CLAIMED:
                return case
            if case.status is CaseStatus.CLAIMED:
                _check_owner(case, owner)
                await self._let_go(work, conversation, case)
            now = self._clock()
            await work.cases.route(
                case.id, await route_to(work, self._desk_rules, group, case, now)
            )
            await work.outbox.put(case.id, Delivery.MOVE_CASE, now)
            noted = bool(note.strip())  # the note for the group says it
            await self._record(work, case, "passed_on", actor, plain=noted, group=group.name)
            if note.strip() and actor is not None:
                text = f"For {group.name}: {check_text(note)}"
                await work.cases.note(case_id, actor.name, text, f"pass-on:{now.isoformat()}", now)
                notice = Notice(f"{actor.name}, for {group.name}: {note.strip()}")
                await work.outbox.put(case_id, Delivery.NOTICE, now, notice=notice)
            return await work.cases.get(case_id)

    async def _let_go(self, work: Work, conversation: Conversation, case: Case) -> None:
        responder = moved(conversation, CaseReleased())
        if case.callback_at is not None:
            responder = after(responder, NobodyThere())
        await work.cases.release(case.id)
        await work.conversations.move(conversation.id, responder, self._clock())
        await self._tell(work, case, f"{case.agent} has left the chat. A colleague takes over.")

    async def snooze(self, case_id: str, actor: Staff, until: datetime | None) -> Case:
        """Let a claimed case rest until then, or until the customer writes; None ends the rest.

        The customer is not told.
        """
        check_agent(actor)
        async with self._store.work() as work:
            _, case = await hold(work, case_id)
            if still_open(case).snoozed_until == until:
                return case
            if until is not None:
                _check_can_rest(case, until, self._clock())
            await work.cases.snooze(case_id, until)
            if until is None:
                await self._record(work, case, "woken", actor)
            else:
                await self._record(work, case, "snoozed", actor, until=until.isoformat())
            return await work.cases.get(case_id)

    async def prioritise(self, case_id: str, actor: Staff, priority: Priority) -> Case:
        """Say how much the case matters beside the others."""
        check_agent(actor)
        async with self._store.work() as work:
            _, case = await hold(work, case_id)
            if still_open(case).priority is priority:
                return case
            await work.cases.prioritise(case_id, priority)
            await self._record(work, case, "prioritised", actor, priority=priority.value)
            return await work.cases.get(case_id)


def _check_owner(case: Case, seen: str | None) -> None:
    if seen is not None and case.agent_id != seen:
        raise OwnerChanged(case.agent)


def _check_can_take(agent: Staff) -> None:
    try:
        check_agent(agent)
    except CaseError as error:
        raise CaseError(f"{agent.name} is no agent and can take no case.") from error


def _check_can_rest(case: Case, until: datetime, now: datetime) -> None:
    if case.status is not CaseStatus.CLAIMED:
        raise CaseError("Only a claimed case can rest: claim it first, or leave it in the queue.")
    if not now < until <= now + LONGEST_REST:
        raise CaseError(f"Choose a moment within the next {LONGEST_REST.days} days.")
