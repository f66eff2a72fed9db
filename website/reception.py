"""Let a visitor in: find or begin their conversation and give them a token for it."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from conversation.clock import Clock
from conversation.conversation import Conversation, UnknownConversation
from conversation.customer import CustomerDirectory, DirectoryUnavailable
from conversation.responder import Responder
from store.store import SqlStore
from website.frames import Fields, read_optional
from website.identity import (
    Pass,
    anonymous_visitor,
    seal,
    unseal,
    verified_customer,
    visitor_of,
)
from website.refusal import Refusal

log = structlog.get_logger()

_ANEW_AFTER = timedelta(days=1)
_MAX_TOKEN, _MAX_PAGE, _MAX_LOCALE = 8192, 2000, 64


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the page knows of its visitor: the company's identity, our earlier token."""

    identity: str | None = None
    token: str | None = None
    page: str = ""
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Admission:
    """A visitor who was let in. `customer` is the name of a verified customer."""

    token: str
    conversation_id: str
    customer: str | None


def read_arrival(fields: Fields) -> Arrival:
    """The body of a session request. Raises: Refusal."""
    return Arrival(
        identity=read_optional(fields, "identity", _MAX_TOKEN),
        token=read_optional(fields, "token", _MAX_TOKEN),
        page=(read_optional(fields, "page", _MAX_PAGE) or "")[:500],
        locale=(read_optional(fields, "locale", _MAX_LOCALE) or "en")[:16],
    )


class Reception:
    """Opens sessions. `secret` signs our tokens, `identity_key` the company's identities."""

    def __init__(
        self,
        store: SqlStore,
        directory: CustomerDirectory,
        clock: Clock,
        secret: str,
        identity_key: str,
    ) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock
        self._secret = secret
        self._identity_key = identity_key

    async def admit(self, arrival: Arrival) -> Admission:
        """Let the visitor in as who they are now.

        A customer is known by the company's identity alone, an anonymous visitor by our token
        alone: so neither ever sees the other's past on a device they share.
        Raises: Refusal where the identity cannot be trusted.
        """
        now = self._clock()
        visitor_id, customer_id = self._who(arrival)
        async with self._store.work() as work:
            found = await work.conversations.latest_of(visitor_id, customer_id)
            if found is None or self._long_closed(found):
                found = await work.conversations.start(
                    visitor_id, customer_id, now, locale=arrival.locale, page=arrival.page
                )
                log.info("conversation_started", conversation=found.id, known=bool(customer_id))
        held = Pass(visitor_id, customer_id, found.id)
        return Admission(seal(held, self._secret, now), found.id, await self._name(customer_id))

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
        return held

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
            if held.customer_id is None:
                return held.visitor_id
        return anonymous_visitor()

    def _long_closed(self, conversation: Conversation) -> bool:
        if conversation.responder is not Responder.CLOSED or conversation.closed_at is None:
            return False
        return self._clock() - conversation.closed_at > _ANEW_AFTER

    async def _name(self, customer_id: str | None) -> str | None:
        if customer_id is None:
            return None
        try:
            customer = await self._directory.find(customer_id)
        except DirectoryUnavailable:  # it has been logged; who may come in does not depend on it
            return None
        return customer.name if customer else None
