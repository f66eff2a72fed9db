"""The page of one case: its card, the conversation, the private notes, and what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from jinja2 import Environment
from sanic import HTTPResponse, Request

from conversation.clock import Clock
from conversation.messages import Message, Version
from handoff.card import Card, card_of, speaker
from handoff.case import Note
from handoff.ports import Store
from handoff.queue_view import unanswered_since
from staff.door import StaffDoor


@dataclass(frozen=True, slots=True)
class Typed:
    """What the agent had typed when an action was refused: it is shown again, not lost.

    `key` is the refused form's own, so that sending it once more is still the same message.
    """

    reply: str = ""
    note: str = ""
    summary: str = ""
    closing: str = ""
    survey: bool = True
    key: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with everything its page shows."""

    card: Card
    messages: Sequence[Message]
    notes: Sequence[Note]
    versions: Mapping[int, Sequence[Version]]


class CasePage:
    """Reads and renders a case."""

    def __init__(
        self, door: StaffDoor, environment: Environment, store: Store, clock: Clock
    ) -> None:
        self._door = door
        self._environment = environment
        self._store = store
        self._clock = clock

    async def whole(
        self,
        request: Request,
        case_id: str,
        *,
        status: int = 200,
        problem: str | None = None,
        typed: Typed | None = None,
    ) -> HTTPResponse:
        """The page. `problem` says why the last action was refused.

        Raises: UnknownCase.
        """
        context = await self._context(request, case_id, typed or Typed())
        return self._door.render(
            request, self._environment, "case.html", status=status, problem=problem, **context
        )

    async def parts(self, request: Request, case_id: str) -> HTTPResponse:
        """The parts of the page that change by themselves. Raises: UnknownCase."""
        context = await self._context(request, case_id, Typed())
        return self._door.render(request, self._environment, "_case.html", **context)

    async def _context(self, request: Request, case_id: str, typed: Typed) -> dict[str, Any]:
        shown = await self._read(case_id)
        me = request.ctx.session.staff
        case = shown.card.case
        return {
            "card": shown.card,
            "case": case,
            "messages": shown.messages,
            "notes": shown.notes,
            "versions": shown.versions,
            "speaker": speaker,
            "mine": case.agent_id == me.id,
            "unanswered_since": unanswered_since(shown.messages),
            "typed": typed,
            "key": lambda: typed.key or str(uuid4()),
        }

    async def _read(self, case_id: str) -> Shown:
        async with self._store.read() as work:
            case = await work.cases.get(case_id)
            messages = await work.conversations.transcript(case.conversation_id)
            notes = await work.cases.notes(case_id)
            survey = await work.surveys.about(case_id)
            versions = await work.revisions.versions(case.conversation_id)
        url = f"/desk/cases/{case.id}"
        return Shown(card_of(case, messages, self._clock(), url, survey), messages, notes, versions)
