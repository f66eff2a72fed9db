"""Who has a case, how much it matters and when it rests, as the forms of its page set it."""

from collections.abc import Mapping

from sanic import HTTPResponse, Request
from sanic.exceptions import BadRequest

from handoff.case import Case, CaseError, Priority
from handoff.desks.browser.rests import REST_FOR, rest_until
from handoff.desks.browser.submitted import INCOMPLETE, Typed, agent_of, typed
from handoff.desks.browser.verbs import Handler, Verbs
from handoff.queue.groups import Group
from staff.account import Staff

_GROUP = "group:"


class Owning(Verbs):
    """Claim, assign, release, snooze, wake, priority."""

    @property
    def verbs(self) -> Mapping[str, Handler]:
        """The handlers by the last part of their path."""
        return {
            "claim": self.claim,
            "assign": self.assign,
            "release": self.release,
            "snooze": self.snooze,
            "wake": self.wake,
            "priority": self.priority,
        }

    async def claim(self, request: Request, case_id: str) -> HTTPResponse:
        """Take the case."""
        done = self._casework.claim(case_id, agent_of(request))
        return await self._answer(request, case_id, done, Typed(), "composer")

    async def assign(self, request: Request, case_id: str) -> HTTPResponse:
        """Give the case to a colleague or to a group, with a word for them."""
        sent = typed(request, "assign", "to", "note", "seen")
        done = self._assign(case_id, agent_of(request), sent)
        return await self._answer(request, case_id, done, sent, "main")

    async def release(self, request: Request, case_id: str) -> HTTPResponse:
        """Put the case back into the queue."""
        done = self._casework.release(case_id, agent_of(request))
        return await self._answer(request, case_id, done, Typed(), "main")

    async def snooze(self, request: Request, case_id: str) -> HTTPResponse:
        """Let the case rest."""
        sent = typed(request, "snooze", "for")
        if sent.fields["for"] not in REST_FOR:
            raise BadRequest(INCOMPLETE)
        until = rest_until(sent.fields["for"], self._parts.clock(), self._parts.rules.zone)
        done = self._casework.snooze(case_id, agent_of(request), until)
        return await self._answer(request, case_id, done, sent, "main")

    async def wake(self, request: Request, case_id: str) -> HTTPResponse:
        """End the case's rest."""
        done = self._casework.snooze(case_id, agent_of(request), None)
        return await self._answer(request, case_id, done, Typed(), "main")

    async def priority(self, request: Request, case_id: str) -> HTTPResponse:
        """Say how much the case matters."""
        sent = typed(request, "priority", "priority")
        if sent.fields["priority"] not in set(Priority):
            raise BadRequest(INCOMPLETE)
        priority = Priority(sent.fields["priority"])
        done = self._casework.prioritise(case_id, agent_of(request), priority)
        return await self._answer(request, case_id, done, sent, "main")

    async def _assign(self, case_id: str, actor: Staff, sent: Typed) -> Case:
        to_whom, note = sent.fields["to"], sent.fields["note"]
        if not to_whom:
            raise CaseError("Choose who gets the case.")
        if to_whom.startswith(_GROUP):
            group, seen = self._group(to_whom), sent.fields["seen"] or None
            return await self._casework.pass_on(case_id, actor, group, note, owner=seen)
        async with self._parts.store.read() as work:
            to = await work.accounts.by_id(to_whom)
        if to is None:
            raise CaseError("There is no such colleague any more. Choose another.")
        seen = sent.fields["seen"] or None
        return await self._casework.assign(case_id, actor, to, note, seen=seen)

    def _group(self, chosen: str) -> Group:
        for group in self._parts.rules.groups:
            if f"{_GROUP}{group.key}" == chosen:
                return group
        raise CaseError("There is no such group any more. Choose another.")
