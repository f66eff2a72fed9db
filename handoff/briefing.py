"""Gather what an agent needs to know, from the conversation and the company's systems."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import structlog

from conversation.annotated import AnnotatedTurn
from conversation.conversation import Conversation
from conversation.customer import Customer, CustomerContext, CustomerDirectory
from conversation.messages import Author, Message
from conversation.policy import Step
from conversation.shop import Order, OrderState, Shop
from conversation.surveys import Survey
from conversation.topics import matter_of, task_of
from handoff.case import Briefing

log = structlog.get_logger()

_Fact = TypeVar("_Fact")
_QUOTE = 280
_VISITOR = "A visitor"
_MAX_ORDERS = 4


class Briefer:
    """Writes briefings. The company's systems get `timeout_s`; without them only facts miss."""

    def __init__(self, directory: CustomerDirectory, shop: Shop, timeout_s: float = 2.0) -> None:
        self._directory = directory
        self._shop = shop
        self._timeout_s = timeout_s

    async def context(self, customer_id: str | None) -> CustomerContext:
        """The customer and their orders; what a system does not answer is left out."""
        if customer_id is None:
            return CustomerContext(customer=None)
        customer, orders = await asyncio.gather(
            self._or_missing("customer", self._directory.find(customer_id)),
            self._or_missing("orders", self._shop.orders_of(customer_id)),
        )
        return CustomerContext(customer=customer, orders=orders or ())

    async def _or_missing(self, fact: str, asked: Awaitable[_Fact]) -> _Fact | None:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await asked
        except Exception as error:  # any failure of a company's system costs facts, never the case
            log.warning("context_missing", fact=fact, error=type(error).__name__)
            return None

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
        return Briefing(
            customer=context.customer.name if context.customer else _VISITOR,
            goal=matter_of([turn.turn.intent for turn in turns]),
            quote=_quote(messages),
            facts=_about(context.customer, conversation.page),
            known=tuple((f"Order {o.number}", _state(o, now)) for o in _relevant(context, turns)),
            tried=_tried(turns, signed_in=context.customer is not None),
            effort=last.effort.rounded if last else None,
            effort_reasons=last.effort.reasons if last else (),
        )


def with_rating(briefing: Briefing, survey: Survey) -> Briefing:
    """The briefing of a follow-up: what the customer rated comes first, and why they did so."""
    known = (("Rated", survey.rating or ""), *briefing.known)
    return replace(briefing, quote=_short(survey.why or "") or briefing.quote, known=known)


def _quote(messages: Sequence[Message]) -> str:
    said = [m.text for m in messages if m.author is Author.CUSTOMER]
    return _short(said[-1]) if said else ""


def _short(text: str) -> str:
    return text if len(text) <= _QUOTE else f"{text[: _QUOTE - 1]}…"


def _about(customer: Customer | None, page: str) -> tuple[tuple[str, str], ...]:
    where = (("Page", page),) if page else ()
    if customer is None:
        return (("Account", "Not signed in"), *where)
    return (
        ("Account", customer.id),
        ("Tier", customer.tier),
        ("Language", customer.language),
        *((("Customer since", str(customer.since.year)),) if customer.since else ()),
        *where,
    )


def _relevant(context: CustomerContext, turns: Sequence[AnnotatedTurn]) -> Sequence[Order]:
    named = frozenset().union(*(turn.turn.entities for turn in turns))
    orders = [o for o in context.orders if o.number in named]
    return (orders or [o for o in context.orders if o.open])[:_MAX_ORDERS]


def _state(order: Order, now: datetime) -> str:
    words = f"{order.title}, {order.state.value.replace('_', ' ')}"
    late = order.days_late(now.date())
    if late:
        return f"{words}, {late} {'day' if late == 1 else 'days'} late"
    if order.state is OrderState.REFUND_PENDING and order.refund_due_on:
        return f"{words}, due {order.refund_due_on:%-d %B}"
    return words


def _tried(turns: Sequence[AnnotatedTurn], *, signed_in: bool) -> tuple[str, ...]:
    answered = (turn for turn in turns if turn.decision.step is not Step.HAND_OFF)
    tasks = (task_of(turn.turn.intent, signed_in=signed_in) for turn in answered)
    return tuple(dict.fromkeys(task for task in tasks if task))
