"""Why a person was brought in, in one sentence."""

from dataclasses import dataclass

from conversation.reasons import HandoffReason
from handoff.case import Case, CaseStatus
from staff.words import span


@dataclass(frozen=True, slots=True)
class Why:
    """The sentence, the words of the customer that decided it, and what came of it."""

    sentence: str
    quote: str
    after: str


def why(case: Case) -> Why:
    """What a lead says about this case when asked."""
    clause = case.reason.for_staff
    sentence = f"A person was brought in because {clause[0].lower()}{clause[1:]}"
    if case.briefing.effort_reasons and case.reason is HandoffReason.EFFORT:
        sentence = f"{sentence}: {', '.join(case.briefing.effort_reasons)}"
    return Why(f"{sentence}.", case.briefing.quote, _after(case))


def _after(case: Case) -> str:
    if case.claimed_at is None:
        return {
            CaseStatus.WAITING: "Nobody has claimed the case yet.",
            CaseStatus.CALLBACK: "Nobody was there; an answer by e-mail is due.",
        }.get(case.status, "Nobody claimed the case before it ended.")
    claimed = (
        f"{case.agent} claimed it after {span((case.claimed_at - case.opened_at).total_seconds())}"
    )
    if case.closed_at is None:
        return f"{claimed} and is on it."
    verb = "handed it back" if case.status is CaseStatus.HANDED_BACK else "resolved it"
    return f"{claimed} and {verb} {span((case.closed_at - case.claimed_at).total_seconds())} later."
