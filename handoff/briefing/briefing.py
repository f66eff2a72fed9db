"""Gather what an agent needs to know, from the conversation and the company's systems."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from conversation.annotated import AnnotatedTurn
from conversation.clock import Clock, utc_now
from conversation.contacts import History
from conversation.conversation import Conversation
from conversation.customer import FIELDS, CustomerContext, CustomerDirectory
from conversation.messages import Author, Message
from conversation.persona import NO_RULES, Rules, Standing, standing
from conversation.policy import Step
from conversation.reasons import HandoffReason
from conversation.shop import Shop
from conversation.surveys import Survey
from conversation.topics import matter_intent, matter_of, task_of
from conversation.wishes import names_a_matter
from handoff.briefing.contexts import Contexts, NoHistory, Sources
from handoff.briefing.known import about, matter
from handoff.case import VISITOR, Briefing
from handoff.remedies.choices import Remedy, Stands

FRESH_FOR = timedelta(minutes=15)
_QUOTE = 280
UNNAMED = "A signed-in customer"  # whose name no system has said


class Briefer:
    """Knows customers (handoff/briefing/contexts.py) and writes briefings of them."""

    def __init__(
        self,
        directory: CustomerDirectory,
        shop: Shop,
        timeout_s: float,
        *,
        history: History | None = None,
        fields: frozenset[str] = FIELDS,
        clock: Clock = utc_now,
        fresh_for: timedelta = FRESH_FOR,
        rules: Rules = NO_RULES,
    ) -> None:
        """Args: timeout_s: of each system. fields, rules: of data/, see there."""
        self._rules = rules
        sources = Sources(directory, shop, history or NoHistory(), fields, timeout_s, fresh_for)
        self._contexts = Contexts(sources, clock)

    async def context(self, customer_id: str | None) -> CustomerContext:
        """What is known of the customer now; what a system does not answer is left out."""
        return await self._contexts.now(customer_id)

    async def recent(self, customer_id: str | None) -> CustomerContext:
        """The same, as it was loaded a while ago."""
        return await self._contexts.recent(customer_id)

    def standing(self, context: CustomerContext, now: datetime) -> Standing:
        """The customer's persona and pivotal moments."""
        return standing(self._rules, context, now.date())

    def brief(
        self,
        conversation: Conversation,
        context: CustomerContext,
        messages: Sequence[Message],
        turns: Sequence[AnnotatedTurn],
        now: datetime,
    ) -> Briefing:
        """The briefing as of `now`. Args: messages, turns: oldest first."""
        last = turns[-1] if turns else None
        offer = _agreed_to(turns)
        cause = offer or last
        found = self.standing(context, now)
        intents = [turn.turn.intent for turn in turns]
        language = (context.customer and context.customer.language) or conversation.locale
        return Briefing(
            customer=_called(conversation, context),
            goal=matter_of(intents),
            quote=_quote(messages, offer, conversation.began_anew_at),
            facts=(*about(context.customer, conversation), *found.who),
            known=(*matter(context, turns, now), *found.what),
            tried=_tried(turns, signed_in=context.customer is not None),
            effort=cause.effort.rounded if cause else None,
            effort_reasons=_reasons(cause) if cause else (),
            topic=matter_intent(intents),
            language=language.partition("-")[0].lower(),
            tier=context.customer.tier if context.customer else None,
            time_zone=conversation.time_zone,
        )


def with_rating(briefing: Briefing, survey: Survey, done: Sequence[Remedy] = ()) -> Briefing:
    """The briefing of a follow-up: what the customer rated comes first, and why they did so.

    Args: done: what the shop did in the case that they rated.
    """
    facts = tuple(("Done there", one.fact) for one in done if one.stands is Stands.DONE)
    known = (("Rated", survey.rating or ""), *facts, *briefing.known)
    return replace(briefing, quote=_short(survey.why or "") or briefing.quote, known=known)


def _called(conversation: Conversation, context: CustomerContext) -> str:
    known = context.customer.name if context.customer else ""
    return known or (UNNAMED if conversation.customer_id else VISITOR)


def _agreed_to(turns: Sequence[AnnotatedTurn]) -> AnnotatedTurn | None:
    """The turn after which a person was offered, where the last one is a yes to that."""
    agreed = len(turns) > 1 and turns[-1].decision.reason is HandoffReason.ACCEPTED_OFFER
    return turns[-2] if agreed else None


def _reasons(cause: AnnotatedTurn) -> tuple[str, ...]:
    """Why the score decided; what an answer offers by itself has nothing to do with it."""
    by_answer = cause.turn.offered and cause.decision.step is not Step.OFFER
    return () if by_answer else cause.effort.reasons


def _quote(messages: Sequence[Message], offer: AnnotatedTurn | None, since: datetime | None) -> str:
    """The customer's last words, since then, that say what it is about; else the last of all."""
    if offer is not None and names_a_matter(offer.turn.text):
        return _short(offer.turn.text)
    said = [m for m in messages if m.author is Author.CUSTOMER]
    lately = [m.text for m in said if since is None or m.at >= since]
    matter = next((text for text in reversed(lately) if names_a_matter(text)), "")
    return _short(matter or (said[-1].text if said else ""))


def _short(text: str) -> str:
    return text if len(text) <= _QUOTE else f"{text[: _QUOTE - 1]}…"


def _tried(turns: Sequence[AnnotatedTurn], *, signed_in: bool) -> tuple[str, ...]:
    answered = (turn for turn in turns if turn.decision.step is not Step.HAND_OFF)
    tasks = (task_of(turn.turn.intent, signed_in=signed_in) for turn in answered)
    return tuple(dict.fromkeys(task for task in tasks if task))
