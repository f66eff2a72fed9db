"""What the database records, in words for leads."""

from collections.abc import Callable
from datetime import datetime

from conversation.annotated import AnnotatedTurn
from conversation.outcome import Outcome
from conversation.policy import Step
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from conversation.sensitive import Kind
from conversation.survey_rules import NotAsked
from conversation.surveys import FollowUp, Survey
from conversation.topics import topic_of
from handoff.case import Resolution
from handoff.casework.happenings import Happening

_STANDS = {
    Responder.BOT: "Open, the assistant answers",
    Responder.QUEUE: "Open, waiting for a person",
    Responder.AGENT: "Open, an agent answers",
    Responder.CALLBACK: "Open, an answer by e-mail is due",
    Responder.CLOSED: "Closed",
}

_SMALL_TALK = {
    "affirm": "Yes",
    "ask_person": "Wants a person",
    "bot_challenge": "Asks whether this is a person",
    "correct_bot": "Corrects the assistant",
    "deny": "No",
    "goodbye": "Takes leave",
    "greet": "Greets",
    "hold_on": "Asks for a moment",
    "next_step": "Next step of a guide",
    "other_one": "Means another order",
    "out_of_scope": "Something the assistant cannot do",
    "praise": "Praises",
    "previous_step": "One step back in a guide",
    "repeat_step": "The same step of a guide again",
    "small_talk": "Small talk",
    "stop_task": "Wants to leave it",
    "thank": "Says thanks",
    "what_can_you_do": "Asks what the assistant can do",
}

_TASKS = {
    "cancel_form": "cancel the order",
    "address_form": "change the delivery address",
    "return_form": "open a return",
    "refund_form": "pay the order back",
    "reorder_form": "place the order again",
    "invoice_form": "send the invoice",
    "label_form": "send the return label",
    "newsletter_form": "start or stop the newsletter",
    "data_form": "take up a wish about the customer's data",
}

_HAPPENED: dict[str, Callable[[Happening], str]] = {
    "handoff_requested": lambda it: f"Case {it.detail['case']} opened. {_reason(it)}",
    "claimed": lambda it: f"{it.detail['agent']} claimed case {it.detail['case']}",
    "handed_back": lambda it: (
        f"{it.detail['agent']} handed case {it.detail['case']} back to the assistant"
    ),
    "resolved": lambda it: f"{it.detail['agent']} resolved case {it.detail['case']}{_judged(it)}",
    "assigned": lambda it: f"Case {it.detail['case']} was given to {it.detail['to']}{_by(it)}",
    "released": lambda it: (
        f"Case {it.detail['case']} went back into the queue{_by(it)}; {it.detail['owner']} had it"
    ),
    "passed_on": lambda it: f"Case {it.detail['case']} went to {it.detail['group']}{_by(it)}",
    "answer_late": lambda it: (
        f"Case {it.detail['case']}: no answer within {it.detail['promised_min']} minutes"
        + (f", {it.detail['agent']} had it" if it.detail.get("agent") else "")
    ),
    "reopened": lambda it: f"Case {it.detail['case']} was opened again{_by(it)}",
    "snoozed": lambda it: (
        f"{it.detail['agent']} let case {it.detail['case']} rest until {_moment(it)}"
    ),
    "woken": lambda it: f"Case {it.detail['case']} rests no more",
    "prioritised": lambda it: (
        f"{it.detail['agent']} set the priority of case {it.detail['case']}: "
        f"{it.detail['priority']}"
    ),
    "revealed": lambda it: (
        f"{it.detail['agent']} looked at {_masked(it)} of case {it.detail['case']}"
    ),
    "reply_edited": lambda it: f"{it.detail['agent']} edited message {it.detail['seq']}",
    "reply_deleted": lambda it: f"{it.detail['agent']} deleted message {it.detail['seq']}",
    "left_queue": lambda it: f"The customer left the queue of case {it.detail['case']}",
    "returned": lambda it: (
        "The customer came back after the conversation was closed"
        + (f" ({it.detail['ended']})" if it.detail.get("ended") else "")
    ),
    "went_silent": lambda _: "The customer said nothing more; the conversation was closed",
    "solved_confirmed": lambda _: "The customer confirmed that the issue is solved",
    "task_done": lambda it: f"Done: {_task(it)}",
    "task_failed": lambda it: f"Failed: {_task(it)}",
    "article_shown": lambda it: f"Answered from the article {it.detail['slug']}",
    "article_missing": lambda _: "No article answers this",
    "article_helped": lambda it: f"The article {it.detail['slug']} has helped",
    "article_not_helped": lambda it: f"The article {it.detail['slug']} has not helped",
    "remedy": lambda it: f"{it.detail['agent']} had the shop do: {it.detail['what']}",
    "remedy_not_known": lambda it: (
        f"{it.detail['agent']} asked the shop, which did not answer: {it.detail['what']}"
    ),
    "survey_not_asked": lambda it: (
        f"No rating was asked for: {NotAsked(str(it.detail['why'])).words}"
    ),
    "standing": lambda it: str(it.detail["lines"]),
    "taken_along": lambda _: "The customer signed in and took this conversation along",
    "tip": lambda it: f"Told of the article {it.detail['slug']}, about something they have",
    "touchpoint": lambda it: str(it.detail["told"]),
    "value_rejected": lambda _: "An answer of the customer was not accepted",
}


def stands(responder: Responder, outcome: Outcome | None) -> str:
    """How the conversation ended, or who answers now."""
    return outcome.words if outcome else _STANDS[responder]


def happened(it: Happening) -> str:
    """One entry of the timeline. A kind without words of its own is shown by its name."""
    words = _HAPPENED.get(it.kind)
    return words(it) if words else it.kind.replace("_", " ").capitalize()


def understood(turn: AnnotatedTurn) -> str:
    """What the assistant took the message for."""
    intent = turn.turn.intent
    if intent is None or intent == "nlu_fallback":
        return "Not understood"
    name = intent.replace("_", " ").capitalize()
    return topic_of(intent) or _SMALL_TALK.get(intent, name)


def decided(turn: AnnotatedTurn) -> str:
    """What followed from the turn; empty where the assistant simply went on."""
    if turn.turn.offered:
        return "A person was offered"
    if turn.decision.step is Step.HAND_OFF and turn.decision.reason:
        return f"A person was brought in. {turn.decision.reason.for_staff}"
    return ""


def answered(survey: Survey) -> str:
    """What the customer answered to the survey, with their words."""
    name = f"{survey.kind.label} ({survey.kind.value.upper()})"
    if survey.score is None:
        return f"{name}: {'dismissed' if survey.dismissed_at else 'asked, not answered'}"
    rating = f"{name}: {survey.score} of {survey.kind.highest}"
    told = f"{rating}. “{survey.why}”" if survey.why else rating
    return f"{told} {_FOLLOWED[survey.follow_up]}" if survey.follow_up else told


_FOLLOWED = {
    FollowUp.OFFERED: "(Was asked whether a colleague should look at it.)",
    FollowUp.WANTED: "(Wants a colleague to look at it.)",
    FollowUp.DECLINED: "(Wants no colleague to look at it.)",
}


def _reason(it: Happening) -> str:
    return HandoffReason(str(it.detail["reason"])).for_staff


def _by(it: Happening) -> str:
    return f", by {it.detail['agent']}" if it.detail.get("agent") else ""


def _masked(it: Happening) -> str:
    kind, which = str(it.detail["of"]), it.detail["which"]
    return f"message {which}, unmasked," if kind == "message" else f"{Kind(kind).words} ({which})"


def _judged(it: Happening) -> str:
    """What the agent said of the case when it was resolved; older entries say nothing."""
    resolution = it.detail.get("resolution")
    judged = f" ({Resolution(str(resolution)).words})" if resolution else ""
    needed = it.detail.get("needed")
    return judged if needed is None else f"{judged}. Handoff needed: {'yes' if needed else 'no'}"


def _moment(it: Happening) -> str:
    return f"{datetime.fromisoformat(str(it.detail['until'])):%Y-%m-%d %H:%M} UTC"


def _task(it: Happening) -> str:
    name = str(it.detail["task"])
    task = _TASKS.get(name, name.replace("_", " "))
    order = it.detail.get("order")
    return f"{task}, {order}" if order else task
