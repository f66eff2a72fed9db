"""The card of a case as Slack blocks: what holds now, in the customer's words, comes first."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from conversation.reasons import HandoffReason
from conversation.topics import NOT_CLEAR
from handoff.briefing import VISITOR
from handoff.card import Card, speaker, written
from handoff.case import Case, CaseStatus, Priority
from handoff.desks.slack.actions import CLAIM, MENU, REOPEN, opens
from handoff.desks.slack.api import Block
from handoff.desks.slack.blocks import (
    actions,
    button,
    context,
    fields,
    header,
    overflow,
    section,
    size,
)
from handoff.desks.slack.calling import called
from handoff.desks.slack.owed import promised
from handoff.desks.slack.text import ago, at_moment, at_time, fit, quoted

MOST_TEXT = 9_000

_WHY, _QUOTE, _RATING = 400, 500, 120
_LABEL, _VALUE, _LINE = 40, 200, 240
_FACTS, _KNOWN = 9, 6
_TURNS_FIT = (240, 120, 60)
_HINT = (
    "Replies in this thread reach the customer. Begin with `;;` or :lock: for a private note "
    "that stays here."
)
_BY_EMAIL = "The customer gets your replies by e-mail, marked :e-mail:"
_ORDER = "Order "
_OFTEN = ("resolve", "hand_back", "shop")
_CLOSED = (CaseStatus.RESOLVED, CaseStatus.HANDED_BACK)


def blocks(card: Card) -> list[Block]:
    """The card as it stands now, within what Slack takes of one message."""
    for turn_fits in _TURNS_FIT:
        shown = list(_blocks(card, turn_fits))
        if size(shown) <= MOST_TEXT:
            return shown
    return list(_blocks(card, 0))


def fallback(card: Card) -> str:
    """The card in one line, for notifications and screen readers."""
    quote = _in_a_line(card.case.briefing.quote)
    said = f" “{quote}”" if quote else ""
    return fit(f"{state(card.case)}. {card.summary}{said}", _WHY)


def plain(card: Card) -> str:
    """The card without blocks, for when Slack does not take them: nothing that can be pressed."""
    return f"{fallback(card)}\n{_HINT}\n<{card.url}|Open in the browser>"


def offers(case: Case) -> Sequence[tuple[str, str]]:
    """The forms that the case can be worked on with: name and label, most used first."""
    if not case.status.open:
        return ()
    known, claimed = case.briefing.customer != VISITOR, case.status is CaseStatus.CLAIMED
    return (
        ("resolve", "Resolve"),
        ("hand_back", "Hand back to assistant"),
        *([("shop", "Refund, resend, extend")] if known else []),
        ("assign", "Assign"),
        ("priority", "Priority"),
        *([("snooze", "Snooze")] if claimed else []),
        ("not_needed", "No person needed"),
        ("reveal", "Show what is masked"),
    )


def state(case: Case) -> str:
    """How the case stands, in a few words."""
    agent = case.agent or "an agent"
    states = {
        CaseStatus.WAITING: "Waiting",
        CaseStatus.CLAIMED: f"With {agent}",
        CaseStatus.CALLBACK: "Call back by e-mail",
        CaseStatus.RESOLVED: f"Resolved by {agent}",
        CaseStatus.HANDED_BACK: "Handed back to the assistant",
        CaseStatus.WITHDRAWN: "Customer left the queue",
    }
    words = states[case.status]
    urgent = case.status.open and case.priority is not Priority.NORMAL
    return f"{case.priority.value.capitalize()}: {words}" if urgent else words


def _blocks(card: Card, turn_fits: int) -> Iterator[Block]:
    case = card.case
    yield header(f"{state(case)} · {case.briefing.customer} · {_topic(case)}")
    yield context(_standing(card))
    if card.rating:
        yield section(_rating(card))
    yield section(_why(card))
    yield section(_matter(card))
    if facts := [f"*{fit(k, _LABEL)}*\n{fit(v, _VALUE)}" for k, v in _facts(card)]:
        yield fields(facts)
    if card.last_messages and turn_fits:
        yield section(_last_turns(card, turn_fits))
    yield from _to_do(case)
    hints = (*([_BY_EMAIL] if case.callback_at else []), _HINT, "") if case.status.open else ("",)
    hint = "  ·  ".join(hints)
    yield context(f"{hint}<{card.url}|Open in the browser>")


def _facts(card: Card) -> Sequence[tuple[str, str]]:
    """Who the customer is, and what time it is for them; a card that stands shows no clock."""
    facts = list(card.case.briefing.facts)
    if card.local_time:
        after_language = 1 + next((n for n, fact in enumerate(facts) if fact[0] == "Language"), -1)
        facts.insert(after_language, ("Local time", f"{card.local_time} when they asked"))
    return facts[:_FACTS]


def _topic(case: Case) -> str:
    """What it is about: where that is not clear yet, the customer's own words say more."""
    briefing = case.briefing
    words = _in_a_line(briefing.quote)
    return f"“{words}”" if briefing.goal == NOT_CLEAR and words else briefing.goal


def _standing(card: Card) -> str:
    """The case's number and its times."""
    case = card.case
    parts = [f"Case {case.number}"]
    if case.status is CaseStatus.WAITING:
        parts.append(f"waiting since {at_time(case.waits_since)} ({ago(case.waits_since)})")
    else:
        minutes = round(card.waited_s / 60)
        waited = f"{minutes} min" if minutes else "less than a minute"
        parts.append(f"opened {at_time(case.opened_at)}, waited {waited}")
    if card.group is not None and card.group.name:
        parts.append(fit(card.group.name, _LABEL))
    if card.suggested is not None and case.status is CaseStatus.WAITING:
        parts.append(f"suggested: {called(card.suggested)}")
    if card.group and case.status.open and (owed := promised(case, card.group)):
        parts.append(owed)
    if case.snoozed_until and case.status.open:
        parts.append(f"rests until {at_moment(case.snoozed_until)} or until the customer writes")
    if case.resolution and not case.status.open:
        parts.append(case.resolution.words)
    return "  ·  ".join(parts)


def _rating(card: Card) -> str:
    lines = [f"*The customer's rating*\n{fit(card.rating or '', _RATING)}"]
    if card.survey and card.survey.why:
        lines.append(quoted(fit(card.survey.why, _QUOTE)))
    return "\n".join([*lines, *([fit(card.follow_up, _RATING)] if card.follow_up else [])])


def _why(card: Card) -> str:
    said = card.case.briefing.quote
    quote = [quoted(fit(said, _QUOTE))] if said else []
    return "\n".join([*quote, f"*Why now*  {fit(_reason(card), _WHY)}"])


def _reason(card: Card) -> str:
    """What brought a person in: where it was effort, what cost it, and nothing in general."""
    briefing = card.case.briefing
    if card.case.reason is not HandoffReason.EFFORT or not briefing.effort_reasons:
        return card.why
    causes = ", ".join(briefing.effort_reasons)
    effort = f" (effort {briefing.effort} of 100)" if briefing.effort is not None else ""
    return f"{causes[:1].upper()}{causes[1:]}{effort}"


def _matter(card: Card) -> str:
    briefing = card.case.briefing
    tried = ", ".join(briefing.tried) or "done nothing yet"
    # Where the orders stand is what the customer asks about; what came before explains the mood.
    known = sorted(briefing.known, key=lambda fact: not fact[0].startswith(_ORDER))[:_KNOWN]
    return "\n".join(
        [
            *[f"*{fit(label, _LABEL)}*  {fit(fact, _LINE)}" for label, fact in known],
            f"*Goal*  {fit(briefing.goal, _LINE)}",
            f"*The assistant has*  {fit(tried, _LINE)}",
        ]
    )


def _last_turns(card: Card, turn_fits: int) -> str:
    customer = card.case.briefing.customer
    lines = ["*Last turns*"]
    for name, said in groupby(card.last_messages, key=lambda m: speaker(m, customer)):
        turns = [quoted(fit(_in_a_line(written(m)), turn_fits)) for m in said]
        lines += [f"*{fit(name, _LABEL)}*", *turns]
    return "\n".join(lines)


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


def _to_do(case: Case) -> Iterator[Block]:
    if case.status in _CLOSED:
        yield actions([button(REOPEN, "Reopen", case.id)])
    elif case.status.open:
        claim = [] if case.agent_id else [button(CLAIM, "Claim", case.id, style="primary")]
        offered = offers(case)
        often = [button(opens(form), words, case.id) for form, words in offered if form in _OFTEN]
        rarely = [(words, f"{form}:{case.id}") for form, words in offered if form not in _OFTEN]
        yield actions([*claim, *often, overflow(MENU, rarely)])
