"""The card of a case as Slack blocks: who, what, why and what to do, before anything else."""

from collections.abc import Iterator, Sequence

from conversation.reasons import HandoffReason
from conversation.topics import NOT_CLEAR
from handoff.briefing.card import Card
from handoff.briefing.known import CUSTOMER, LANGUAGE, ORDER
from handoff.case import VISITOR, Case, CaseStatus, Priority
from handoff.desks.slack.pressed.actions import CLAIM, MENU, REOPEN, opens
from handoff.desks.slack.shown.blocks import actions, button, context, header, overflow, section
from handoff.desks.slack.shown.calling import called
from handoff.desks.slack.shown.owed import promised
from handoff.desks.slack.shown.text import ago, at_moment, at_time, fit, quoted
from handoff.desks.slack.web_api.api import Block

_WHY, _QUOTE, _RATING = 400, 300, 120
_LABEL, _VALUE, _LINE = 40, 200, 240
_FACTS, _KNOWN, _ORDERS_FIRST = 9, 6, 2
_APART = "  ·  "
_HINT = (
    "Replies in this thread reach the customer. Begin with `;;` or :lock: for a private note "
    "that stays here."
)
_BY_EMAIL = "The customer gets your replies by e-mail, marked :e-mail:"
_OFTEN = ("resolve", "hand_back", "shop")
_CLOSED = (CaseStatus.RESOLVED, CaseStatus.HANDED_BACK)


def blocks(card: Card) -> list[Block]:
    """The card as it stands now, within what Slack takes of one message."""
    return list(_blocks(card))


def fallback(card: Card) -> str:
    """The card in one line, for notifications and screen readers."""
    quote = _in_a_line(card.case.briefing.quote)
    said = f" “{quote}”" if quote else ""
    return fit(f"{state(card)}. {card.summary}{said}", _WHY)


def plain(card: Card) -> str:
    """The card without blocks, for when Slack does not take them: nothing that can be pressed."""
    return f"{fallback(card)}\n{_HINT}\n<{card.url}|Open in the browser>"


def offers(case: Case, *, masked: bool) -> Sequence[tuple[str, str]]:
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
        *([("reveal", "Show what is masked")] if masked else []),
    )


def state(card: Card) -> str:
    """How the case stands, in a few words."""
    case = card.case
    agent = case.agent or "an agent"
    words = {
        CaseStatus.WAITING: "Waiting",
        CaseStatus.CLAIMED: f"With {agent}, {_answered(card)}",
        CaseStatus.CALLBACK: "Call back by e-mail",
        CaseStatus.RESOLVED: f"Resolved by {agent}",
        CaseStatus.HANDED_BACK: "Handed back to the assistant",
        CaseStatus.WITHDRAWN: "Customer left the queue",
    }[case.status]
    urgent = case.status.open and case.priority is not Priority.NORMAL
    first = [*([case.priority.value] if urgent else []), *(["late"] if card.late else [])]
    return f"{', '.join(first).capitalize()}: {words}" if first else words


def _answered(card: Card) -> str:
    if card.case.first_reply_at is None:
        return "not answered yet"
    if card.asked_at is not None:
        return "customer waits"
    return "snoozed" if card.case.snoozed_until else "answered"


def _blocks(card: Card) -> Iterator[Block]:
    case = card.case
    yield header(f"{state(card)} · {case.customer} · {_topic(case)}")
    yield section(_at_a_glance(card))
    if card.rating:
        yield section(_rating(card))
    yield from _to_do(card)
    yield section(_matter(card))
    if facts := _APART.join(_facts(card)):
        yield context(facts)
    yield context(_APART.join(_foot(card)))


def _topic(case: Case) -> str:
    """What it is about: where that is not clear yet, the customer's own words say more."""
    briefing = case.briefing
    words = _in_a_line(briefing.quote)
    return f"“{words}”" if briefing.goal == NOT_CLEAR and words else briefing.goal


def _at_a_glance(card: Card) -> str:
    """Who, with what and since when, in a line; their words in a line; why a person was needed."""
    said = _in_a_line(card.case.briefing.quote)
    return "\n".join(
        [
            _APART.join([*_times(card), *_who(card)]),
            *([quoted(fit(said, _QUOTE))] if said else []),
            f"*Why now*  {_reason(card)}",
        ]
    )


def _times(card: Card) -> Iterator[str]:
    case = card.case
    if case.status is CaseStatus.WAITING:
        yield f"Waiting since {at_time(case.waits_since)} ({ago(case.waits_since)})"
    if card.asked_at is not None and case.first_reply_at is not None:
        yield f"Customer waits since {at_time(card.asked_at)} ({ago(card.asked_at)})"
    if card.away:
        yield "*Customer is away*; no e-mail can be sent, replies wait in the chat"
    if card.group and case.status.open and (owed := promised(case, card.group)):
        yield owed
    if case.snoozed_until and case.status.open:
        yield f"snoozed until {at_moment(case.snoozed_until)} or until the customer writes"
    if card.suggested is not None and case.status is CaseStatus.WAITING:
        yield f"suggested: {called(card.suggested)}"
    if case.resolution and not case.status.open:
        yield case.resolution.words


def _who(card: Card) -> Iterator[str]:
    """What the customer is to the shop, and the orders that are most likely meant."""
    briefing = card.case.briefing
    customer = dict(briefing.facts).get(CUSTOMER) or briefing.tier
    if customer:
        yield fit(customer, _VALUE)
    for label, words in _orders(card)[:_ORDERS_FIRST]:
        yield f"*{fit(label, _LABEL)}*  {fit(words, _VALUE)}"


def _orders(card: Card) -> Sequence[tuple[str, str]]:
    return [fact for fact in card.case.briefing.known if fact[0].startswith(ORDER)]


def _reason(card: Card) -> str:
    """What brought a person in: where it was effort, what cost it, and nothing in general."""
    effort = card.case.briefing.effort
    if not card.because:
        return fit(card.why, _WHY)
    by_effort = card.case.reason is HandoffReason.EFFORT
    why = f"{card.because[:1].upper()}{card.because[1:]}" if by_effort else card.why
    return fit(why, _WHY) + (f" (effort {effort} of 100)" if effort is not None else "")


def _rating(card: Card) -> str:
    lines = [f"*The customer's rating*\n{fit(card.rating or '', _RATING)}"]
    if card.survey and card.survey.why:
        lines.append(quoted(fit(card.survey.why, _QUOTE)))
    return "\n".join([*lines, *([fit(card.follow_up, _RATING)] if card.follow_up else [])])


def _to_do(card: Card) -> Iterator[Block]:
    case = card.case
    if case.status in _CLOSED:
        yield actions([button(REOPEN, "Reopen", case.id)])
    elif case.status.open:
        claim = [] if case.agent_id else [button(CLAIM, "Claim", case.id, style="primary")]
        offered = offers(case, masked=card.masked)
        often = [button(opens(form), words, case.id) for form, words in offered if form in _OFTEN]
        rarely = [(words, f"{form}:{case.id}") for form, words in offered if form not in _OFTEN]
        yield actions([*claim, *often, overflow(MENU, rarely)])


def _matter(card: Card) -> str:
    briefing = card.case.briefing
    tried = f"has {', '.join(briefing.tried)}" if briefing.tried else "has not answered anything"
    orders = _orders(card)
    others = [fact for fact in briefing.known if fact not in orders]
    known = [*orders[_ORDERS_FIRST:], *others][:_KNOWN]
    return "\n".join(
        [
            *_before(card),
            *[f"*{fit(label, _LABEL)}*  {fit(fact, _LINE)}" for label, fact in known],
            f"*Wants*  {fit(briefing.goal, _LINE)}",
            f"*The assistant*  {fit(tried, _LINE)}",
        ]
    )


def _before(card: Card) -> Iterator[str]:
    if card.before is not None:
        name = f"<{card.before_url}|Case {card.before.number}>"
        yield f"*Case before*  {name}, {fit(card.before_stands, _LINE)}"


def _facts(card: Card) -> Iterator[str]:
    """Who the customer is, and what time it is for them; a card that stands shows no clock."""
    facts = [fact for fact in card.case.briefing.facts if fact[0] != CUSTOMER]
    if card.local_time:
        after_language = 1 + next((n for n, fact in enumerate(facts) if fact[0] == LANGUAGE), -1)
        facts.insert(after_language, ("Local time", f"{card.local_time} when they asked"))
    return (f"*{fit(label, _LABEL)}*  {fit(value, _VALUE)}" for label, value in facts[:_FACTS])


def _foot(card: Card) -> Iterator[str]:
    """The case's number and group, and what a reply in its thread does."""
    case = card.case
    yield f"Case {case.number}"
    if card.group is not None and card.group.name:
        yield fit(card.group.name, _LABEL)
    if case.status is not CaseStatus.WAITING:
        minutes = round(card.waited_s / 60)
        waited = f"{minutes} min" if minutes else "less than a minute"
        yield f"opened {at_time(case.opened_at)}, waited {waited}"
    if case.status.open:
        yield from (*([_BY_EMAIL] if case.callback_at else []), _HINT)
    yield f"<{card.url}|Open in the browser>"


def _in_a_line(text: str) -> str:
    return " ".join(text.split())
