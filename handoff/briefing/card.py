"""The card: everything an agent sees of a case at a glance, the same on every desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversation.messages import Author, Message
from conversation.reasons import HandoffReason
from conversation.surveys import FollowUp, Survey
from conversation.zones import local_time
from handoff.case import Case, CaseStatus
from handoff.promises.sla import overdue
from handoff.queue.groups import Group
from handoff.queue.view import unanswered_since
from staff.account import Staff


@dataclass(frozen=True, slots=True)
class Card:
    """A case as shown. `waited_s` is the time from opening to claim, or until now.

    `asked_at`: when the customer wrote what the agent who has it has not answered, None where all
    is. `late`: an answer is over its promised time. `away`: a reply waits for the customer, who has
    left, and no e-mail can bring it. `masked`: something in it is not shown.
    `survey` is what the customer was asked about it afterwards, None where nothing was. `group` is
    whose case it is, `suggested` the agent who should take it while nobody has. `before` is the
    customer's last case before it.
    """

    case: Case
    waited_s: float
    url: str
    asked_at: datetime | None = None
    late: bool = False
    away: bool = False
    masked: bool = False
    survey: Survey | None = None
    group: Group | None = None
    suggested: Staff | None = None
    before: Case | None = None

    @property
    def why(self) -> str:
        """Why a person was brought in, with what cost the customer effort, in one line."""
        words, because = self.case.reason.for_staff, self.because
        return f"{words}{_JOINED.get(self.case.reason, _BEFORE)}{because}" if because else words

    @property
    def because(self) -> str:
        """What the conversation had cost the customer, in words; "" where nothing is known."""
        return ", ".join(self.case.briefing.effort_reasons)

    @property
    def rating(self) -> str | None:
        """The customer's rating, None where there is none."""
        return self.survey.rating if self.survey else None

    @property
    def follow_up(self) -> str:
        """What the customer answered when a colleague was offered; empty where none was."""
        answer = self.survey.follow_up if self.survey else None
        return _FOLLOW_UPS.get(answer, "") if answer else ""

    @property
    def before_url(self) -> str:
        """The case before on the browser desk, "" where there is none."""
        return f"{self.url.removesuffix(self.case.id)}{self.before.id}" if self.before else ""

    @property
    def before_stands(self) -> str:
        """How the case before ended, or who has it; "" where there is none."""
        return _stands(self.before) if self.before else ""

    @property
    def local_time(self) -> str:
        """What time it was for the customer when they began to wait, and where; "" where that is
        not known."""
        zone = self.case.briefing.time_zone
        return f"{local_time(zone, self.case.waits_since)} ({zone})" if zone else ""

    @property
    def summary(self) -> str:
        """One line that stands alone: for notifications and for screen readers."""
        who = self.case.customer
        return f"Case {self.case.number}: {who} · {self.case.briefing.goal} · {self.why}"


_BEFORE = ". Before that: "
_JOINED = {
    HandoffReason.EFFORT: ": ",
    HandoffReason.ACCEPTED_OFFER: ", made because of this: ",
}
_FOLLOW_UPS = {
    FollowUp.WANTED: "Wants a colleague to look at it: see the customer's next case",
    FollowUp.DECLINED: "Wants no colleague to look at it",
}


def card_of(
    case: Case,
    messages: Sequence[Message],
    now: datetime,
    url: str,
    survey: Survey | None,
    *,
    group: Group | None = None,
    suggested: Staff | None = None,
    masked: bool = False,
    before: Case | None = None,
    away: bool = False,
) -> Card:
    """Build the card of `case`.

    Args: messages: oldest first; url: the case on the browser desk; masked: something in it is not
        shown.
    """
    until = case.claimed_at or case.closed_at or now
    asked_at = unanswered_since(messages) if case.status is CaseStatus.CLAIMED else None
    return Card(
        case=case,
        waited_s=max(0.0, (until - case.waits_since).total_seconds()),
        url=url,
        asked_at=asked_at,
        late=group is not None and overdue(case, group, asked_at, now),
        away=away and case.status is CaseStatus.CLAIMED,
        masked=masked,
        survey=survey,
        group=group,
        suggested=suggested,
        before=before,
    )


def _stands(case: Case) -> str:
    if case.status.open:
        return f"open, with {case.agent}" if case.agent else "open, nobody has claimed it"
    if case.status is CaseStatus.WITHDRAWN:
        return "the customer left the queue"
    agent = f" by {case.agent}" if case.agent else ""
    judged = f": {case.resolution.words}" if case.resolution else ""
    return f"{case.status.value.replace('_', ' ')}{agent}{judged}"


def written(message: Message) -> str:
    """What the message says, and what became of it; what could be pressed below it in one line, and
    each of its links on a line of its own."""
    if message.deleted_at:
        return "(deleted)"
    text = f"{message.text} (edited)" if message.edited_at else message.text
    pressed = ", ".join(one.title for one in message.buttons if one not in message.links)
    links = (f"{link.title}: {link.url}" for link in message.links)
    return "\n".join((text, *([f"Buttons: {pressed}"] if pressed else []), *links))


def speaker(message: Message, customer: str) -> str:
    """Who wrote the message, as staff read it."""
    names = {
        Author.CUSTOMER: customer,
        Author.BOT: "Assistant",
        Author.SYSTEM: "System",
        Author.AGENT: message.name or "Agent",
    }
    name = names[message.author]
    return f"{name}, helping {message.helping}" if message.helping else name
