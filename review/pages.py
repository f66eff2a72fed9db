"""The CX lead's pages: the list of conversations, and one conversation with its reasons."""

from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request

from conversation.clock import Clock
from conversation.conversation import Conversation, UnknownConversation
from conversation.survey_rules import SurveyRules
from handoff.case import Case
from review.curve import Curve, curve
from review.elsewhere import touchpoints
from review.figures import figures
from review.filters import answer_choices, choices, rated_choices, read_filters
from review.story import Entry, readings, story
from review.survey_figures import asked_when, survey_figures
from review.why import why
from review.words import stands
from staff.account import Role
from staff.door import StaffDoor
from store.review import Found
from store.store import SqlStore, SqlWork

_PER_PAGE = 25
_VISITOR = "A visitor"


@dataclass(frozen=True, slots=True)
class Told:
    """A conversation with everything its page shows."""

    conversation: Conversation
    customer: str
    cases: tuple[Case, ...]
    entries: tuple[Entry, ...]
    curve: Curve | None
    peak: int | None


def blueprint(
    door: StaffDoor, store: SqlStore, clock: Clock, survey_rules: SurveyRules
) -> Blueprint:
    """/review and everything below it, for leads and admins."""
    pages = Blueprint("review", url_prefix="/review")
    environment = door.environment("review")
    environment.filters["why"] = why
    environment.globals["stands"] = stands

    @pages.get("/")
    @door.requires(Role.LEAD, Role.ADMIN)
    async def listed(request: Request) -> HTTPResponse:
        filters = read_filters(request, survey_rules)
        async with store.read() as work:
            totals = await work.review.totals()
            responses = await work.surveys.responses(clock())
            answers = {
                name: await work.review.count(Found(rated=rated))
                for name, (_, rated) in rated_choices(survey_rules).items()
            }
            matching = await work.review.count(filters.found)
            offset = (filters.page - 1) * _PER_PAGE
            rows = await work.review.page(filters.found, offset=offset, limit=_PER_PAGE)
        return door.render(
            request,
            environment,
            "list.html",
            filters=filters,
            choices=choices(filters, totals),
            answers=answer_choices(filters, survey_rules, answers),
            figures=figures(totals),
            surveys=survey_figures(responses),
            asked_when=asked_when(survey_rules),
            handed_over=totals.handed_over,
            rows=rows,
            matching=matching,
            more=offset + len(rows) < matching,
        )

    @pages.get("/conversations/<conversation_id:str>")
    @door.requires(Role.LEAD, Role.ADMIN)
    async def one(request: Request, conversation_id: str) -> HTTPResponse:
        async with store.read() as work:
            told = await _tell(work, conversation_id)
        return door.render(request, environment, "conversation.html", told=told, now=clock())

    async def unknown(request: Request, _: UnknownConversation) -> HTTPResponse:
        text = "There is no such conversation. It may have been removed; look in the list."
        return door.problem(request, 404, "No such conversation", text)

    pages.exception(UnknownConversation)(unknown)
    return pages


async def _tell(work: SqlWork, conversation_id: str) -> Told:
    conversation = await work.conversations.get(conversation_id)
    customer = await work.review.customer(conversation.customer_id) or _VISITOR
    messages = await work.conversations.transcript(conversation_id)
    events = [
        *await touchpoints(work, conversation),
        *await work.timeline.of(conversation_id),
    ]
    read = readings(messages, await work.turns.of(conversation_id), events)
    notes = await work.review.notes(conversation_id)
    before = await work.revisions.versions(conversation_id)
    surveys = await work.surveys.of(conversation_id)
    return Told(
        conversation=conversation,
        customer=customer,
        cases=tuple(
            [await work.cases.get(one) for one in await work.review.cases(conversation_id)]
        ),
        entries=story(messages, read, events, notes, surveys, customer, before),
        curve=curve(read),
        peak=max((one.score for one in read), default=None),
    )
