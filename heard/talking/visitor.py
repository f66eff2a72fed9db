"""A customer with the chat open, over the website's own HTTP address."""

from collections.abc import Sequence
from datetime import timedelta
from time import monotonic
from typing import Any, Self
from uuid import uuid4

import httpx

from conversation.clock import Clock
from heard.settings import Settings
from website.identity import sign_identity

_PATIENCE_S = 30
_POLL_S = 10
_IDENTITY_LASTS = timedelta(hours=1)


class NotRunning(Exception):
    """Nobody answers at the website's address; the message says what to start."""


class Visitor:
    """One open chat. `messages` has all that was said, oldest first."""

    def __init__(self, http: httpx.AsyncClient, conversation: str) -> None:
        self._http = http
        self.conversation = conversation
        self.messages: list[dict[str, Any]] = []
        self.responder = "bot"
        self.thinking = False

    @classmethod
    async def arrives(cls, settings: Settings, customer_id: str | None, clock: Clock) -> Self:
        """Open the chat as this customer, or as an anonymous visitor.

        Raises: NotRunning where the website does not answer.
        """
        http = httpx.AsyncClient(
            base_url=settings.own_url, timeout=_PATIENCE_S + _POLL_S, trust_env=False
        )
        key = settings.identity_key.get_secret_value()
        identity = (
            sign_identity(customer_id, key, clock(), _IDENTITY_LASTS) if customer_id else None
        )
        try:
            answer = await http.post("/api/session", json={"identity": identity})
            answer.raise_for_status()
        except httpx.HTTPError as error:
            await http.aclose()
            raise NotRunning(
                f"Heard does not answer at {settings.own_url}: start it with `make run` in another "
                "terminal first."
            ) from error
        http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        visitor = cls(http, answer.json()["conversation"])
        await visitor.looks()
        return visitor

    async def says(self, text: str) -> Sequence[dict[str, Any]]:
        """Say it and wait until nobody owes an answer. Returns: what came after it.

        Raises: ValueError with the website's sentence where it does not take the message.
        """
        body = {"client_id": str(uuid4()), "text": text}
        sent = await self._http.post("/api/messages", json=body)
        if sent.is_client_error:
            raise ValueError(sent.json()["error"]["text"])
        sent.raise_for_status()
        seq = sent.json()["seq"]
        deadline = monotonic() + _PATIENCE_S
        await self.looks(seq, _POLL_S)
        while self.thinking and monotonic() < deadline:
            await self.looks(self.messages[-1]["seq"], _POLL_S)
        return [m for m in self.messages if m["seq"] > seq]

    async def looks(self, after: int = 0, wait: int = 0) -> list[dict[str, Any]]:
        """What was said after this message, waiting for it up to `wait` seconds."""
        answer = await self._http.get("/api/messages", params={"after": after, "wait": wait})
        answer.raise_for_status()
        state = answer.json()["state"]
        self.responder, self.thinking = state["responder"], state["thinking"]
        new: list[dict[str, Any]] = answer.json()["messages"]
        known = {message["seq"] for message in self.messages}
        self.messages += [message for message in new if message["seq"] not in known]
        return new

    async def leaves(self) -> None:
        """Close the connections."""
        await self._http.aclose()
