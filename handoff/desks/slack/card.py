"""The card of a case as Slack blocks. All text together stays below 9,000 characters."""

from collections.abc import Sequence

from handoff.card import Card, speaker, written
from handoff.case import Case, CaseStatus
from handoff.desks.slack.api import Block
from handoff.desks.slack.text import at_time, fit, quoted

CLAIM, RESOLVE, HAND_BACK = "heard_claim", "heard_resolve", "heard_hand_back"

_HEADER = 140
_WHY = 600
_QUOTE = 800
_RATING = 120
_FIELDS = 9
_LABEL, _VALUE = 40, 250
_MATTER = 350
_TURN = 320
_HINT = (
    "Replies in this thread reach the customer. Begin with `;;` or :lock: for a private note "
    "that stays here."
)


def blocks(card: Card) -> list[Block]:
    """The card as it stands now."""
    parts = [_header(card)]
    if card.rating:
        parts.append(_section(_rating(card)))
    parts += [
        _section(_why(card)),
        {"type": "section", "fields": [_mrkdwn(field) for field in _fields(card)]},
        _section(_matter(card)),
    ]
    if card.last_messages:
        parts.append(_section(_last_turns(card)))
    if card.case.status.open:
        parts += [_context(_HINT), _actions(card.case)]
    parts.append(_context(f"<{card.url}|Open in the browser>"))
    return parts


def fallback(card: Card) -> str:
    """The card in one line, for notifications and screen readers."""
    return fit(f"{_state(card.case)}. {card.summary}", _WHY)


def plain(card: Card) -> str:
    """The card without blocks, for when Slack does not take them: nothing that can be pressed."""
    return f"{fallback(card)}\n{_HINT}\n<{card.url}|Open in the browser>"


def _state(case: Case) -> str:
    agent = case.agent or "an agent"
    states = {
        CaseStatus.WAITING: "Waiting",
        CaseStatus.CLAIMED: f"With {agent}",
        CaseStatus.CALLBACK: "Call back",
        CaseStatus.RESOLVED: f"Resolved by {agent}",
        CaseStatus.HANDED_BACK: "Handed back to the assistant",
        CaseStatus.WITHDRAWN: "Customer left the queue",
    }
    return states[case.status]


def _header(card: Card) -> Block:
    case = card.case
    words = f"{_state(case)} · {case.briefing.customer} · {case.briefing.goal}"
    text = {"type": "plain_text", "text": fit(words, _HEADER), "emoji": False}
    return {"type": "header", "text": text}


def _rating(card: Card) -> str:
    lines = [f"*The customer's rating*\n{fit(card.rating or '', _RATING)}"]
    if card.survey and card.survey.why:
        lines.append(quoted(fit(card.survey.why, _QUOTE)))
    return "\n".join([*lines, *([fit(card.follow_up, _RATING)] if card.follow_up else [])])


def _why(card: Card) -> str:
    lines = [f"*Why now*\n{fit(card.why, _WHY)}"]
    if card.case.briefing.quote:
        lines.append(quoted(fit(card.case.briefing.quote, _QUOTE)))
    return "\n".join(lines)


def _fields(card: Card) -> Sequence[str]:
    briefing = card.case.briefing
    facts = [*briefing.known, *briefing.facts][:_FIELDS]  # what the matter needs comes first
    shown = [f"*{fit(label, _LABEL)}*\n{fit(value, _VALUE)}" for label, value in facts]
    return [f"*Case {card.case.number}*\n{_waiting(card)}", *shown]


def _waiting(card: Card) -> str:
    since = at_time(card.case.opened_at)
    if card.case.status is CaseStatus.WAITING:
        return f"waiting since {since}"
    minutes = round(card.waited_s / 60)
    return f"opened {since}, waited {f'{minutes} min' if minutes else 'less than a minute'}"


def _matter(card: Card) -> str:
    briefing = card.case.briefing
    tried = ", ".join(briefing.tried) or "done nothing yet"
    lines = [
        f"*Goal*  {fit(briefing.goal, _MATTER)}",
        f"*The assistant has*  {fit(tried, _MATTER)}",
    ]
    if briefing.effort is not None:
        lines.append(f"*Effort so far*  {briefing.effort} of 100")
    return "\n".join(lines)


def _last_turns(card: Card) -> str:
    customer = card.case.briefing.customer
    turns = [
        f"*{fit(speaker(m, customer), _LABEL)}*\n{quoted(fit(written(m), _TURN))}"
        for m in card.last_messages
    ]
    return "\n".join(["*Last turns*", *turns])


def _actions(case: Case) -> Block:
    buttons = [
        _button(
            RESOLVE,
            "Resolve",
            case,
            confirm="This closes the chat. The customer may then be asked for a rating.",
        ),
        _button(
            HAND_BACK,
            "Hand back to assistant",
            case,
            confirm="The automated assistant answers the customer from now on.",
        ),
    ]
    if case.agent_id is None:
        buttons.insert(0, _button(CLAIM, "Claim", case, style="primary"))
    return {"type": "actions", "block_id": "heard_case", "elements": buttons}


def _button(
    action: str, label: str, case: Case, *, style: str | None = None, confirm: str | None = None
) -> Block:
    button: Block = {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": label},
        "value": case.id,
    }
    if style:
        button["style"] = style
    if confirm:
        button["confirm"] = {
            "title": {"type": "plain_text", "text": label},
            "text": {"type": "plain_text", "text": confirm},
            "confirm": {"type": "plain_text", "text": label},
            "deny": {"type": "plain_text", "text": "Not yet"},
        }
    return button


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [_mrkdwn(text)]}


def _mrkdwn(text: str) -> Block:
    # verbatim: Slack is not to find links, channels or mentions in customers' words
    return {"type": "mrkdwn", "text": text, "verbatim": True}
