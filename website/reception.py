"""Let a visitor in: find or begin their conversation and give them a token for it."""

from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from conversation.clock import Clock
from conversation.conversation import Conversation, UnknownConversation
from conversation.customer import (
    OF_VISIT,
    Customer,
    CustomerDirectory,
    DirectoryUnavailable,
    shortened,
)
from conversation.responder import Responder
from handoff.handoffs import Handoffs
from handoff.mail.address import read_address
from store.store import SqlStore, SqlWork
from website.arrival import Arrival
from website.identity import (
    Pass,
    anonymous_visitor,
    seal,
    unseal,
    unseal_link,
    verified_customer,
    visitor_of,
)
from website.refusal import Refusal, link_over, nothing_left

log = structlog.get_logger()

_ANEW_AFTER = timedelta(days=1)
_LEFT_LATELY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Admission:
    """A visitor who was let in. `customer` is the name of a verified customer, `email` the address
    that the company has of them, shortened.

    `left`: somebody chatted on this device a moment ago without signing in; the customer may take
    that along (`Reception.take_along`), and is asked first.
    """

    token: str
    conversation_id: str
    customer: str | None
    left: bool = False
    email: str | None = None


class Reception:
    """Opens sessions. `secret` signs our tokens, `identity_key` the company's identities.

    `keeps`: what data/customer_fields.yml allows to note of a visit, of OF_VISIT.
    """

    def __init__(
        self,
        store: SqlStore,
        directory: CustomerDirectory,
        handoffs: Handoffs,
        clock: Clock,
        secret: str,
        identity_key: str,
        *,
        keeps: frozenset[str] = OF_VISIT,
        link_after_close: timedelta = timedelta(),
    ) -> None:
        """Args: link_after_close: so long a link in an e-mail opens a closed conversation."""
        self._store = store
        self._directory = directory
        self._handoffs = handoffs
        self._clock = clock
        self._secret = secret
        self._identity_key = identity_key
        self._keeps = keeps
        self._link_after_close = link_after_close

    async def admit(self, arrival: Arrival) -> Admission:
        """Let the visitor in as who they are now.

        A customer is known by the company's identity alone, an anonymous visitor by our token
        alone: so neither ever sees the other's past on a device they share. What was written
        before signing in comes along only by `take_along`.
        Raises: Refusal where the identity cannot be trusted.
        """
        if arrival.link is not None:
            return await self._by_link(arrival.link)
        now = self._clock()
        arrival = self._allowed(arrival)
        visitor_id, customer_id = self._who(arrival)
        async with self._store.work() as work:
            found = await work.conversations.latest_of(visitor_id, customer_id)
            if found is None or self._long_closed(found):
                found = await work.conversations.start(
                    visitor_id,
                    customer_id,
                    now,
                    locale=arrival.locale,
                    page=arrival.page,
                    pages=arrival.pages,
                    time_zone=arrival.time_zone,
                )
                log.info("conversation_started", conversation=found.id, known=bool(customer_id))
            elif arrival.time_zone not in ("", found.time_zone):
                await work.conversations.note_time_zone(found.id, arrival.time_zone)
            left = customer_id and await self._left(work, arrival.token, found)
        held = Pass(visitor_id, customer_id, found.id)
        return await self._admitted(held, left=bool(left))

    def _allowed(self, arrival: Arrival) -> Arrival:
        pages = arrival.pages if "pages" in self._keeps else ()
        time_zone = arrival.time_zone if "time_zone" in self._keeps else ""
        return replace(arrival, pages=pages, time_zone=time_zone)

    async def take_along(self, held: Pass, token: str) -> Admission:
        """Make the conversation of an anonymous visitor's `token` the customer's own.

        The token opens nothing any more. Where agents have the conversation, their card is
        written anew. Raises: Refusal where there is nothing to take along.
        """
        now = self._clock()
        async with self._store.work() as work:
            own = await work.conversations.get(held.conversation_id)
            left = await self._left(work, token, own) if held.customer_id else None
            if left is None or held.customer_id is None or held.by_link:
                raise nothing_left()
            await work.conversations.take_along(
                left.conversation_id, held.visitor_id, held.customer_id, now
            )
            await work.timeline.record(left.conversation_id, "taken_along", now)
        log.info("conversation_taken_along", conversation=left.conversation_id)
        await self._handoffs.rebrief(left.conversation_id)
        return await self._admitted(replace(held, conversation_id=left.conversation_id))

    async def check(self, token: str) -> Pass:
        """The pass behind a visitor token.

        Raises: Refusal where it is not valid; UnknownConversation where the conversation is gone.
        """
        held = unseal(token, self._secret, self._clock())
        async with self._store.read() as work:
            conversation = await work.conversations.get(held.conversation_id)
        if (conversation.visitor_id, conversation.customer_id) != (
            held.visitor_id,
            held.customer_id,
        ):
            raise UnknownConversation(held.conversation_id)
        if held.by_link and self._shut(conversation):
            raise link_over()
        return held

    async def _by_link(self, link: str) -> Admission:
        """Let whoever opened a link from an e-mail into that one conversation."""
        held = unseal_link(link, self._secret, self._clock())
        if held is None:
            raise link_over()
        token = seal(held, self._secret, self._clock())
        try:
            await self.check(token)
        except UnknownConversation as error:
            raise link_over() from error
        customer = await self._customer(held.customer_id)
        return Admission(token, held.conversation_id, customer.name if customer else None)

    def _shut(self, conversation: Conversation) -> bool:
        closed_at = conversation.closed_at
        return closed_at is not None and closed_at + self._link_after_close <= self._clock()

    async def _admitted(self, held: Pass, *, left: bool = False) -> Admission:
        token = seal(held, self._secret, self._clock())
        customer = await self._customer(held.customer_id)
        return Admission(
            token,
            held.conversation_id,
            customer.name if customer else None,
            left,
            shortened(customer.email) if customer and read_address(customer.email) else None,
        )

    async def _left(self, work: SqlWork, token: str | None, own: Conversation) -> Pass | None:
        """The anonymous conversation behind `token`, where the customer may take it along.

        Only what was written within the hour, and nobody who is with a person gets another one.
        """
        if token is None or own.responder not in (Responder.BOT, Responder.CLOSED):
            return None
        try:
            held = unseal(token, self._secret, self._clock())
        except Refusal:
            return None
        since = self._clock() - _LEFT_LATELY
        if held.customer_id is not None or held.by_link:
            return None
        there = await work.conversations.left_by(held.conversation_id, held.visitor_id, since)
        return held if there else None

    def _who(self, arrival: Arrival) -> tuple[str, str | None]:
        if arrival.identity is not None:
            now = self._clock()
            customer_id = verified_customer(arrival.identity, self._identity_key, now)
            return visitor_of(customer_id), customer_id
        return self._anonymous(arrival.token), None

    def _anonymous(self, token: str | None) -> str:
        if token is not None:
            try:
                held = unseal(token, self._secret, self._clock())
            except Refusal:
                return anonymous_visitor()
            if held.customer_id is None and not held.by_link:
                return held.visitor_id
        return anonymous_visitor()

    def _long_closed(self, conversation: Conversation) -> bool:
        if conversation.responder is not Responder.CLOSED or conversation.closed_at is None:
            return False
        return self._clock() - conversation.closed_at > _ANEW_AFTER

    async def _customer(self, customer_id: str | None) -> Customer | None:
        if customer_id is None:
            return None
        try:
            return await self._directory.find(customer_id)
        except DirectoryUnavailable:  # it has been logged; who may come in does not depend on it
            return None
