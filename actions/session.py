"""After every customer message: who is writing, what has it cost them, is a person needed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.forms import answers_form
from actions.hand_backs import gone_on
from actions.known_problem import stage
from actions.languages import unserved
from actions.mails import mail_missed
from actions.message import Event, Incoming, slot, whole
from actions.order_answers import all_meant
from actions.people import offer_in_passing
from actions.second_request import kept_second, wishes_person_too
from actions.services import Services, services
from actions.state_questions import answered_first
from actions.task_rules import TASKS
from conversation.annotated import AnnotatedTurn
from conversation.customer import CustomerContext
from conversation.effort import Effort, Weights, effort
from conversation.history import from_history
from conversation.messages import Author
from conversation.policy import Decision, Step, decide, level
from conversation.responder import Responder
from conversation.signals import detect
from conversation.turns import Signal, Turn
from store.store import SqlWork

_VISIT_GAP = timedelta(minutes=30)
_LOOK_BACK = 30  # messages; enough for the replies to the turn before
_HAPPENED = {
    "task_done": Signal.TASK_DONE,
    "task_failed": Signal.TASK_FAILED,
    "value_rejected": Signal.VALUE_REJECTED,
}


class ActionValidateSlotMappings(Action):
    """Rasa calls this after every customer message."""

    def name(self) -> str:
        """The name that Rasa knows."""
        return "action_validate_slot_mappings"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Load the context once a session, score the effort, decide about a person."""
        message = whole(tracker)
        at_hand = services()
        context = await at_hand.briefer.recent(message.customer_id)
        in_form = bool(tracker.active_loop_name)
        said_so = in_form and message.intent in ("affirm", "deny")
        answers = message.is_order_number or said_so or await answers_form(tracker, message)
        annotated, contact = await _score(
            at_hand, message, context, in_form=in_form, answers=answers
        )
        visit = _of_this_visit(contact, annotated.turn.at)
        before = visit[-1] if visit else None
        scores = annotated.effort.score, before.effort.score if before else 0.0
        first, decision = before is None, annotated.decision
        previous = str(tracker.get_slot("effort_level") or "calm")
        gone = await gone_on(tracker, message)
        spoken_of = next((one["value"] for one in gone if one["name"] == "order_number"), None)
        return [
            *_known(tracker, message, context),
            *_remembered(tracker, message, spoken_of, first=first, anew=not contact),
            slot("language", unserved(tracker, message)),
            slot("effort_level", level(*scores, _acting(at_hand, context), previous)),
            slot("handoff_reason", decision.reason.value if decision.reason else None),
            slot("offer_person", await _is_to_offer(dispatcher, tracker, message, decision)),
            *gone,
        ]


async def _is_to_offer(
    dispatcher: CollectingDispatcher, tracker: Tracker, message: Incoming, decision: Decision
) -> bool:
    """Whether the answer is to end with an offer; in a form one is made here, before it asks."""
    offers = decision.step is Step.OFFER or wishes_person_too(message)
    if offers and tracker.active_loop_name:
        await offer_in_passing(dispatcher, tracker)
        return False
    return offers


def _remembered(
    tracker: Tracker, message: Incoming, spoken_of: str | None, *, first: bool, anew: bool
) -> list[Event]:
    """What is kept from the turns before: a second request, a problem, facts for a yes."""
    instead = (
        all_meant(tracker, message)
        or answered_first(tracker, message, spoken_of)
        or mail_missed(tracker, message)
    )
    second = instead or kept_second(tracker, message, anew=anew)
    kept = [second, stage(tracker, message, first=first)]
    events = [event for event in kept if event]
    if not tracker.active_loop_name and message.intent != "affirm":
        # What an answer filled in was for the yes to its question, or the same in other words.
        events += [
            slot(task.detail.slot, None)
            for task in TASKS
            if task.detail and tracker.get_slot(task.detail.slot) is not None
            if message.intent not in task.intents
        ]
    return events


def _known(tracker: Tracker, message: Incoming, context: CustomerContext) -> list[Event]:
    """Who is writing, where that is new: at first, after signing in, once the directory is back."""
    customer = context.customer
    known = (message.customer_id if customer else None, customer.name if customer else None)
    held = (tracker.get_slot("customer_id"), tracker.get_slot("customer_name"))
    if tracker.get_slot("context_loaded") and known == held:
        return []
    return [
        slot("context_loaded", True),
        slot("customer_id", known[0]),
        slot("customer_name", known[1]),
    ]


async def _score(
    at_hand: Services,
    message: Incoming,
    context: CustomerContext,
    *,
    in_form: bool,
    answers: bool,
) -> tuple[AnnotatedTurn, Sequence[AnnotatedTurn]]:
    """The turn with its score and decision, and those before it in this contact."""
    async with at_hand.store.work() as work:
        conversation = await work.conversations.get(message.conversation_id)
        past = await work.turns.of(message.conversation_id, conversation.began_anew_at)
        others = [one for one in past if one.turn.message_id != message.message_id]
        visit = _of_this_visit(others, at_hand.clock())
        earlier = [one.turn for one in visit]
        turn = await _observe(at_hand, work, message, earlier, conversation.last_seq)
        before = {} if answers else from_history(turn, context, turn.at)
        got_on = {Signal.PROGRESS} if in_form and answers else set()
        turn = replace(
            turn,
            happened=turn.happened | before.keys() | got_on,
            in_form=in_form,
            sooner=at_hand.handoff_rules.points(_tier(context)),
        )
        usual = at_hand.weights.usual_turns
        found = detect(turn, earlier, answers=answers, usual_turns=usual)
        turn = replace(turn, signals={**found, **before})
        turns = [*earlier, turn]
        score = effort(turns, at_hand.weights)
        shadow = effort(turns, at_hand.shadow) if at_hand.shadow else None
        decision = decide(turns, score, _acting(at_hand, context))
        if conversation.responder is not Responder.BOT:
            decision = Decision(Step.GO_ON)
        if decision.step is not Step.GO_ON:
            score = _with_tier(at_hand, context, turns, score, decision)
        annotated = AnnotatedTurn(turn, score, decision, shadow)
        await work.turns.save(message.conversation_id, annotated)
        if not earlier:
            await _note_standing(at_hand, work, message, context)
    return annotated, others


def _acting(at_hand: Services, context: CustomerContext) -> Weights:
    """The weights with the thresholds for this customer."""
    return at_hand.handoff_rules.applied_to(at_hand.weights, _tier(context))


def _tier(context: CustomerContext) -> str | None:
    return context.customer.tier if context.customer else None


def _with_tier(
    at_hand: Services,
    context: CustomerContext,
    turns: Sequence[Turn],
    score: Effort,
    decision: Decision,
) -> Effort:
    """The score with one more reason, where others would not have been treated so."""
    others = decide(turns, score, at_hand.handoff_rules.applied_to(at_hand.weights))
    if others == decision or context.customer is None:
        return score
    sooner = at_hand.handoff_rules.why_sooner(context.customer.tier)
    return replace(score, reasons=(*score.reasons[:2], sooner))


async def _note_standing(
    at_hand: Services, work: SqlWork, message: Incoming, context: CustomerContext
) -> None:
    """What the rules of data/personas.yml say of the customer, for the timeline."""
    found = at_hand.briefer.standing(context, at_hand.clock())
    if found.by_rule:
        await work.timeline.record(
            message.conversation_id,
            "standing",
            at_hand.clock(),
            key=f"{message.message_id}:standing",
            lines=". ".join(found.by_rule),
        )


def _of_this_visit(turns: Sequence[AnnotatedTurn], now: datetime) -> list[AnnotatedTurn]:
    """The turns since the customer last came back: what was hard an hour ago is another story."""
    visit: list[AnnotatedTurn] = []
    later = now
    for one in reversed(turns):
        if later - one.turn.at > _VISIT_GAP:
            break
        visit.insert(0, one)
        later = one.turn.at
    return visit


async def _observe(
    at_hand: Services,
    work: SqlWork,
    message: Incoming,
    earlier: Sequence[Turn],
    last_seq: int,
) -> Turn:
    return Turn(
        message_id=message.message_id,
        at=at_hand.clock(),
        text=message.text,
        intent=message.intent,
        confidence=message.confidence,
        entities=message.entities,
        embedding=message.embedding,
        frustration=message.frustration,
        replies=await _replies_before(work, message, last_seq),
        happened=await _happened_since(work, message, earlier),
    )


async def _replies_before(work: SqlWork, message: Incoming, last_seq: int) -> tuple[str, ...]:
    replies: list[str] = []
    for said in await work.conversations.transcript(
        message.conversation_id, after=max(0, last_seq - _LOOK_BACK)
    ):
        if said.id == message.message_id:
            break
        if said.author is Author.CUSTOMER:
            replies = []
        elif said.author is Author.BOT:
            replies.append(said.text)
    return tuple(replies)


async def _happened_since(
    work: SqlWork, message: Incoming, earlier: Sequence[Turn]
) -> frozenset[Signal]:
    if not earlier:
        return frozenset()
    entries = await work.timeline.of(message.conversation_id, earlier[-1].at)
    return frozenset(_HAPPENED[entry.kind] for entry in entries if entry.kind in _HAPPENED)
