"""A company's own customers behind `CustomerDirectory`, over its HTTP API: docs/shop-api.md."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from company.api import Answer, CompanyApi, NoAnswer
from company.reading import read_customer
from conversation.clock import Clock
from conversation.customer import Customer, DirectoryUnavailable

log = structlog.get_logger()

STALE_FOR = timedelta(hours=24)
REST_FOR = timedelta(seconds=10)
_MOST_KEPT = 10_000
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class _Kept:
    customer: Customer
    at: datetime


class HttpDirectory:
    """Satisfies `CustomerDirectory`, and remembers whom it found.

    A customer is asked for anew once `fresh_for` has passed. Where that fails, who was known up to
    24 hours ago is still known, and nobody waits for the directory again within 10 seconds.
    """

    def __init__(self, api: CompanyApi, clock: Clock, fresh_for: timedelta) -> None:
        self._api = api
        self._clock = clock
        self._fresh_for = fresh_for
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._resting_until: datetime | None = None

    async def find(self, customer_id: str) -> Customer | None:
        """The customer with this id, or None. Raises: DirectoryUnavailable."""
        now = self._clock()
        kept = self._kept.get(customer_id)
        if kept is not None and now - kept.at < self._fresh_for:
            return kept.customer
        try:
            answer = await self._ask(customer_id, now)
            return self._read(answer, customer_id, now)
        except NoAnswer as error:
            log.warning("directory_unavailable", reason=str(error), stale=kept is not None)
            if kept is not None and now - kept.at < STALE_FOR:
                return kept.customer
            raise DirectoryUnavailable(f"The directory cannot be asked: {error}") from error

    async def _ask(self, customer_id: str, now: datetime) -> Answer:
        if self._resting_until is not None and now < self._resting_until:
            raise NoAnswer("it failed a moment ago")
        try:
            answer = await self._api.get("customers", customer_id)
        except NoAnswer:
            self._resting_until = self._clock() + REST_FOR
            raise
        self._resting_until = None
        return answer

    def _read(self, answer: Answer, customer_id: str, now: datetime) -> Customer | None:
        if answer.status == _NOT_FOUND:
            self._kept.pop(customer_id, None)
            return None
        if not answer.good:
            raise NoAnswer(f"it answered {answer.status}")
        found = read_customer(answer.body, customer_id)
        self._keep(found, now)
        return found

    def _keep(self, customer: Customer, now: datetime) -> None:
        self._kept[customer.id] = _Kept(customer, now)
        self._kept.move_to_end(customer.id)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
