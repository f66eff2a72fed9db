"""Load what is known of a customer; remember it for a while, and for when a system is down."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import structlog

from conversation.clock import Clock
from conversation.contacts import NOTHING_BEFORE, History, Past
from conversation.customer import CustomerContext, CustomerDirectory, allowed
from conversation.shop import Shop

log = structlog.get_logger()

STALE_FOR = timedelta(hours=24)
AGAIN_AFTER = timedelta(minutes=1)  # where a system did not answer
_MOST_KEPT = 2_000
_Fact = TypeVar("_Fact")


class NoHistory:
    """Satisfies `History` where nothing is kept of what came before."""

    async def of(self, customer_id: str, now: datetime) -> Past:
        """Nothing."""
        return NOTHING_BEFORE


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts come from, which may be known, and for how long they are good.

    Each system gets `timeout_s`; without an answer only its facts are missing.
    """

    directory: CustomerDirectory
    shop: Shop
    history: History
    fields: frozenset[str]
    timeout_s: float
    fresh_for: timedelta


@dataclass(frozen=True, slots=True)
class _Answer(Generic[_Fact]):
    value: _Fact


@dataclass(frozen=True, slots=True)
class _Kept:
    context: CustomerContext
    at: datetime


class Contexts:
    """Knows customers. What a system does not answer is taken from memory, up to a day old."""

    def __init__(self, sources: Sources, clock: Clock) -> None:
        self._sources = sources
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def recent(self, customer_id: str | None) -> CustomerContext:
        """The context, loaded anew only where it is old, or where a system was down."""
        kept = self._kept.get(customer_id or "")
        if kept is not None:
            complete = not kept.context.missing and kept.context.as_of is None
            good_for = self._sources.fresh_for if complete else AGAIN_AFTER
            if self._clock() - kept.at < good_for:
                return kept.context
        return await self.now(customer_id)

    async def now(self, customer_id: str | None) -> CustomerContext:
        """The context as it is now; of an anonymous visitor nothing is known."""
        if customer_id is None:
            return CustomerContext(customer=None)
        loaded = await self._load(customer_id)
        self._kept[customer_id] = _Kept(loaded, self._clock())
        self._kept.move_to_end(customer_id)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return loaded

    async def _load(self, customer_id: str) -> CustomerContext:
        sources, now = self._sources, self._clock()
        customer, orders, past = await asyncio.gather(
            self._or_none("customer", sources.directory.find(customer_id)),
            self._or_none("orders", sources.shop.orders_of(customer_id)),
            self._or_none("past", sources.history.of(customer_id, now)),
        )
        answers = {"customer": customer, "orders": orders, "past": past}
        missing = frozenset(name for name, answer in answers.items() if answer is None)
        context = CustomerContext(
            customer=customer.value if customer else None,
            orders=orders.value if orders else (),
            past=past.value if past else NOTHING_BEFORE,
            missing=missing,
        )
        return allowed(self._from_memory(customer_id, context, now), sources.fields)

    def _from_memory(
        self, customer_id: str, context: CustomerContext, now: datetime
    ) -> CustomerContext:
        kept = self._kept.get(customer_id)
        if not context.missing or kept is None:
            return context
        since = kept.context.as_of or kept.at
        known = context.missing - kept.context.missing
        if not known or now - since > STALE_FOR:
            return context
        facts = {name: getattr(kept.context, name) for name in known}
        return replace(context, missing=context.missing - known, as_of=since, **facts)

    async def _or_none(self, fact: str, asked: Awaitable[_Fact]) -> _Answer[_Fact] | None:
        try:
            async with asyncio.timeout(self._sources.timeout_s):
                return _Answer(await asked)
        except Exception as error:  # any failure of a company's system costs facts, never the case
            log.warning("context_missing", fact=fact, error=type(error).__name__)
            return None
