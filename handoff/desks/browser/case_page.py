"""The page of one case: its card, the conversation, the private notes, and what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jinja2 import Environment
from sanic import HTTPResponse, Request

from conversation.conversation import Conversation
from conversation.files import LARGEST_BYTES, TAKEN, TAKEN_TYPES
from conversation.messages import Author, Message
from conversation.sensitive import Kind
from handoff.briefing.card import Card, card_of, speaker
from handoff.briefing.masked import read_masked
from handoff.case import Note, Priority, Resolution
from handoff.casework.handing_back import A_FACT, TAKEN_UP
from handoff.casework.needed import QUESTION, Needed
from handoff.casework.not_yours import ALL_THE_SAME, not_yours
from handoff.desks.browser.acts import Acted, among, told_beside
from handoff.desks.browser.attached import attached
from handoff.desks.browser.board import due_s
from handoff.desks.browser.desk import NAME
from handoff.desks.browser.parts import DeskParts
from handoff.desks.browser.rests import REST_FOR
from handoff.desks.browser.stuck import stuck_of
from handoff.desks.browser.submitted import Typed, agent_of
from handoff.queue.view import unanswered_since
from staff.account import Staff

_AWAY_AFTER = timedelta(minutes=1)
_AWAY = "waits: the customer is away, no e-mail can be sent"

SAID, KEPT_AS_NOTE = "said", "note"
"""In the page's address: what became of the form that was sent last, where that is not plain."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with everything its page shows, masked.

    `before`: what changed messages said, by `seq`. `thread`: the messages, and among them what
    agents did about this case. `written`: what messages say, unmasked, for
    their own authors alone. `masked`: the tokens that stand somewhere, each with its kind.
    `by_email`: the answers that have gone out by e-mail. `now`: when it was read.
    """

    card: Card
    conversation: Conversation
    messages: Sequence[Message]
    before: Mapping[int, Sequence[str]]
    notes: Sequence[Note]
    thread: Sequence[Message | Acted]
    written: Mapping[int, str]
    masked: Mapping[str, Kind]
    by_email: frozenset[int]
    now: datetime

    def state_of(self, message: Message) -> str:
        """How far an agent's message has come; empty for the others."""
        if message.author is not Author.AGENT or message.deleted_at:
            return ""
        if message.seq <= self.conversation.shown_seq:
            return "on their page"
        if message.seq in self.by_email:
            return "sent by e-mail"
        away = self.conversation.email is None and self.now - message.at > _AWAY_AFTER
        return _AWAY if away else "not on their page yet"


@dataclass(frozen=True, slots=True)
class Revealed:
    """What stands behind a token. It is on one page alone: the next one masks it again."""

    token: str
    text: str


class CasePage:
    """Reads and renders a case."""

    def __init__(self, parts: DeskParts, environment: Environment) -> None:
        self._parts = parts
        self._environment = environment

    async def whole(
        self,
        request: Request,
        case_id: str,
        *,
        status: int = 200,
        problem: str | None = None,
        sent: Typed | None = None,
        revealed: Revealed | None = None,
    ) -> HTTPResponse:
        """The page. `problem` says why the form that was `sent` last was refused.

        Raises: UnknownCase.
        """
        context = await self._context(request, case_id, sent or Typed())
        return self._parts.door.render(
            request,
            self._environment,
            "case.html",
            status=status,
            problem=problem,
            revealed=revealed,
            kept_as_note=request.args.get(SAID) == KEPT_AS_NOTE,
            **context,
        )

    async def live(self, request: Request, case_id: str) -> HTTPResponse:
        """The parts of the page that change by themselves. Raises: UnknownCase."""
        context = await self._context(request, case_id, Typed())
        return self._parts.door.render(request, self._environment, "_case.html", **context)

    async def _context(self, request: Request, case_id: str, sent: Typed) -> dict[str, Any]:
        shown, me, now = await self._read(case_id), agent_of(request), self._parts.clock()
        async with self._parts.store.read() as work:
            stuck = await stuck_of(work, self._parts, now)
        case = shown.card.case
        return {
            "shown": shown,
            "card": shown.card,
            "case": case,
            "group": self._parts.rules.group(case.route.group),
            "groups": self._parts.rules.groups,
            "due_s": due_s(case, now, self._parts.rules),
            "rests": case.rests(now),
            "now": now,
            "speaker": speaker,
            "attached": attached,
            "takes": {"kinds": TAKEN, "types": ",".join(TAKEN_TYPES), "largest": LARGEST_BYTES},
            "mine": case.agent_id == me.id,
            "whose": not_yours(case, me),
            "all_the_same": ALL_THE_SAME,
            "taken_up": TAKEN_UP,
            "a_fact": A_FACT,
            "may_change": lambda message: _may_change(message, me),
            "unanswered_since": unanswered_since(shown.messages),
            "agents": await self._parts.staffing.status(),
            "rest_for": REST_FOR,
            "Priority": Priority,
            "Resolution": Resolution,
            "Needed": Needed,
            "needed_question": QUESTION,
            "typed": sent,
            **stuck,
        }

    async def _read(self, case_id: str) -> Shown:
        async with self._parts.store.read() as work:
            case = await work.cases.get(case_id)
            conversation = await work.conversations.get(case.conversation_id)
            messages = await work.conversations.transcript(case.conversation_id)
            before = await work.revisions.versions(case.conversation_id)
            mask = self._parts.masks.of_desk(NAME)
            seen = await read_masked(work, mask, case)
            by_email = await work.mails.carried(case.conversation_id)
            earlier = await work.cases.before(case)
            happened = await work.timeline.of(case.conversation_id, case.opened_at)
        url = f"/desk/cases/{case.id}"
        return Shown(
            card=card_of(
                seen.case, seen.messages, self._parts.clock(), url, seen.survey, before=earlier
            ),
            conversation=conversation,
            messages=seen.messages,
            before={seq: [mask(one.text) for one in said] for seq, said in before.items()},
            notes=seen.notes,
            thread=among(seen.messages, told_beside(case, happened, self._parts.rules.zone)),
            written={message.seq: message.text for message in messages},
            masked={token: kind for token, (kind, _) in mask.originals.items()},
            by_email=by_email,
            now=self._parts.clock(),
        )


def _may_change(message: Message, me: Staff) -> bool:
    """Where a reply was written, there it is changed."""
    here = (message.client_id or "").startswith(f"{NAME}:")
    return here and message.staff_id == me.id and not message.deleted_at
