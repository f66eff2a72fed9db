"""A case: one request for a person, from the handoff until it is resolved or given back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from conversation.reasons import HandoffReason

CaseRef = NewType("CaseRef", str)
"""Where a desk keeps the case, in the desk's own words."""

VISITOR = "A visitor"
"""Who a briefing is about where nobody has signed in."""


class CaseStatus(StrEnum):
    """Where the case stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    CALLBACK = "callback"
    RESOLVED = "resolved"
    HANDED_BACK = "handed_back"
    WITHDRAWN = "withdrawn"

    @property
    def open(self) -> bool:
        """True while somebody still has to do something."""
        return self in (CaseStatus.WAITING, CaseStatus.CLAIMED, CaseStatus.CALLBACK)

    @property
    def may_go_on(self) -> bool:
        """True where an agent can open it again."""
        return self in (CaseStatus.RESOLVED, CaseStatus.HANDED_BACK)


class Priority(StrEnum):
    """How much a case matters beside the others."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Resolution(StrEnum):
    """How a case ended, in the agent's judgement."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    PASSED_ON = "passed_on"
    CUSTOMER_LEFT = "customer_left"
    NOT_NEEDED = "not_needed"

    @property
    def words(self) -> str:
        """The judgement as staff read it."""
        return _RESOLVED_AS[self]


_RESOLVED_AS = {
    Resolution.SOLVED: "Solved",
    Resolution.NOT_SOLVED: "Could not be solved",
    Resolution.PASSED_ON: "Passed on to another team",
    Resolution.CUSTOMER_LEFT: "The customer did not answer any more",
    Resolution.NOT_NEEDED: "No person was needed",
}


@dataclass(frozen=True, slots=True)
class Briefing:
    """What an agent needs to know at a glance, as it was when the case was opened.

    `facts` are about the customer, `known` about the matter: label and value. `tried` is what
    the bot did, oldest first. `quote` is what the customer said last that names a matter.
    `effort` is 0..100, None where no turn was scored; `effort_reasons` are its causes in words.
    The case finds its group by `topic` (an intent), `language` (a code such as "de", "" where it
    is not known) and `tier`. `time_zone` is the customer's, "" where it is not known.
    """

    customer: str
    goal: str
    quote: str
    facts: tuple[tuple[str, str], ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    tried: tuple[str, ...] = ()
    effort: int | None = None
    effort_reasons: tuple[str, ...] = ()
    topic: str | None = None
    language: str = ""
    tier: str | None = None
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Which group has a case. `group` is its key among the rules of the desk, "" in old cases.

    `since`: when the case came to the group. `suggested_id` and `suggested` name the agent who
    should take it. `reply_due_at`: when its first reply is late, None where none was promised.
    `place` counts from 1: where the case stood in the group's queue when it came.
    """

    group: str = ""
    since: datetime | None = None
    suggested_id: str | None = None
    suggested: str | None = None
    reply_due_at: datetime | None = None
    place: int = 1


@dataclass(frozen=True, slots=True)
class Case:
    """A case. `number` is what people call it; `agent_id` and `agent` name its owner.

    `opened_seq` is the last message that it was opened with: later ones are relayed. `opening` is
    the delivery that showed it at `ref`, None once all that was said before stands there as well.
    `callback_at`: since then its answer is due by e-mail, None where it was never promised. Until
    `snoozed_until`, or until the customer writes, a claimed case rests. `closed_by` is the id of
    who closed it, `closed_seq` the last message until then. `resolution` and `needed` (was the
    handoff needed?) are what the agent who resolved it said, None where they did not say.
    """

    id: str
    number: int
    conversation_id: str
    reason: HandoffReason
    briefing: Briefing
    status: CaseStatus
    opened_at: datetime
    opened_seq: int
    agent_id: str | None = None
    agent: str | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    ref: CaseRef | None = None
    opening: str | None = None
    callback_at: datetime | None = None
    route: Route = Route()
    priority: Priority = Priority.NORMAL
    snoozed_until: datetime | None = None
    first_reply_at: datetime | None = None
    reopened_at: datetime | None = None
    closed_by: str | None = None
    closed_seq: int | None = None
    resolution: Resolution | None = None
    needed: bool | None = None

    @property
    def customer(self) -> str:
        """What staff call the customer: the name, else a number that tells visitors apart."""
        nameless = self.briefing.customer == VISITOR
        return f"Visitor {self.number}" if nameless else self.briefing.customer

    @property
    def waits_since(self) -> datetime:
        """When the customer began to wait for a person, this time."""
        return self.reopened_at or self.opened_at

    @property
    def nobody_key(self) -> str:
        """Names among all that was done about the case: its customer was told that nobody can
        answer, since it came to its group."""
        return f"nobody:{(self.route.since or self.opened_at).isoformat()}"

    def late(self, now: datetime) -> bool:
        """True where the first reply came, or is still to come, later than it was promised."""
        due = self.route.reply_due_at
        return due is not None and (self.first_reply_at or self.closed_at or now) > due

    def rests(self, now: datetime) -> bool:
        """True while nobody has to do anything about it."""
        return self.snoozed_until is not None and now < self.snoozed_until


@dataclass(frozen=True, slots=True)
class Ended:
    """How an agent ended a case: who, after which message, as what; see `Case`."""

    by: str | None = None
    seq: int | None = None
    resolution: Resolution | None = None
    needed: bool | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A private note on a case: never shown to the customer."""

    id: str
    case_id: str
    author: str
    text: str
    at: datetime


class CaseError(Exception):
    """The agent's action is not possible; the text says why, in words for the agent."""


class UnknownCase(CaseError):
    """There is no such case."""

    def __init__(self, case_id: str) -> None:
        super().__init__("There is no such case. It may have been removed; reload the list.")
        self.case_id = case_id


class AlreadyClaimed(CaseError):
    """Somebody else was first."""

    def __init__(self, agent: str | None) -> None:
        super().__init__(f"{agent or 'Somebody else'} has already claimed this case.")


class OwnerChanged(CaseError):
    """The case has another owner than the one that was seen."""

    def __init__(self, agent: str | None) -> None:
        holder = f"{agent} has it now" if agent else "Nobody has it now"
        super().__init__(f"The case has changed hands meanwhile: {holder}. Nothing was done.")


class TakenBack(CaseError):
    """The reply was deleted before it arrived here."""

    def __init__(self) -> None:
        super().__init__("You deleted this reply before it was sent: the customer did not see it.")


class FileNotTaken(CaseError):
    """The file is of no kind, or no size, that goes to customers. The text says why."""


class CaseClosed(CaseError):
    """The case is no longer open."""

    def __init__(self, status: CaseStatus) -> None:
        self.status = status
        super().__init__(f"This case is {status.value.replace('_', ' ')}; nothing was sent.")
