"""The people of the journeys, each through the door that they use: without a browser."""

import asyncio
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Self
from uuid import uuid4

import httpx
import jwt

from conversation.clock import utc_now
from conversation.outcome import Outcome
from store.database import connect, transaction
from store.live import LocalLive
from store.store import SqlStore
from store.tables import ConversationRow
from tests.product import Product

_PATIENCE_S = 30


async def eventually(look: Callable[[], Any], within_s: float = _PATIENCE_S) -> Any:
    """What `look` (plain or async) returns, once that is true."""
    deadline = time.monotonic() + within_s
    while True:
        found = look()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        assert time.monotonic() < deadline, f"never came true: {look}"
        await asyncio.sleep(0.05)


class Customer:
    """A customer with the chat open, over HTTP. `messages` is what their page shows."""

    def __init__(self, product: Product, customer_id: str | None) -> None:
        self._http = httpx.AsyncClient(base_url=product.url, timeout=40, trust_env=False)
        self._product = product
        self._customer_id = customer_id
        self.conversation = ""
        self.messages: list[dict[str, Any]] = []
        self.state: dict[str, Any] = {}

    @classmethod
    async def arrives(cls, product: Product, customer_id: str | None = "demo-ada") -> Self:
        """A customer who has opened the chat."""
        customer = cls(product, customer_id)
        identity = customer._identity() if customer_id else None
        answer = await customer._http.post("/api/session", json={"identity": identity})
        answer.raise_for_status()
        customer.conversation = answer.json()["conversation"]
        customer._http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        await customer.looks()
        return customer

    async def says(self, *texts: str) -> None:
        """Say each in turn, waiting for the bot's answer where the bot answers."""
        for text in texts:
            await self.sends(text)
            await eventually(self._answered)

    async def sends(self, text: str, client_id: str | None = None) -> dict[str, Any]:
        """Send without waiting for an answer. Returns: the acknowledgement."""
        body = {"client_id": client_id or str(uuid4()), "text": text}
        answer = await self._http.post("/api/messages", json=body)
        answer.raise_for_status()
        acknowledged: dict[str, Any] = answer.json()
        return acknowledged

    async def presses(self, path: str, body: dict[str, Any] | None = None) -> None:
        """Use a control of the widget: `person`, `back` or `survey`."""
        answer = await self._http.post(f"/api/{path}", json=body or {"client_id": str(uuid4())})
        answer.raise_for_status()
        await self.looks()

    async def looks(self) -> list[dict[str, Any]]:
        """Look at the whole conversation anew."""
        answer = await self._http.get("/api/messages", params={"after": 0, "wait": 0})
        answer.raise_for_status()
        self.messages, self.state = answer.json()["messages"], answer.json()["state"]
        return self.messages

    async def sees(self, words: str) -> dict[str, Any]:
        """Wait until a message with these words is there. Returns: the message."""

        async def look() -> dict[str, Any] | None:
            await self.looks()
            return next((m for m in self.messages if words in m["text"]), None)

        return await eventually(look)

    async def sees_state(self, **expected: Any) -> None:
        """Wait until the page shows this state."""

        async def look() -> bool:
            await self.looks()
            return all(self.state[name] == value for name, value in expected.items())

        await eventually(look)

    async def leaves_for_good(self) -> None:
        """Let two months pass: whoever comes next as this customer begins anew."""
        url = f"sqlite+aiosqlite:///{self._product.folder / 'heard.db'}"
        store = SqlStore(connect(url), LocalLive())

        async def turn_is_over() -> bool:  # a person is in the queue before it is
            async with store.read() as work:
                return await work.conversations.unanswered(self.conversation) is None

        await eventually(turn_is_over)
        if self.state["responder"] == "queue":
            await self.presses("back")
        async with store.work() as work:
            long_ago = utc_now() - timedelta(days=60)
            await work.conversations.close(self.conversation, Outcome.ABANDONED_BOT, long_ago)
        await store.close()
        engine = connect(url)
        async with transaction(engine, writes=True) as session:
            row = await session.get_one(ConversationRow, self.conversation)
            row.created_at = row.last_customer_at = long_ago
        await engine.dispose()

    @property
    def texts(self) -> list[str]:
        """The texts on the page, oldest first."""
        return [message["text"] for message in self.messages]

    async def _answered(self) -> bool:
        await self.looks()
        with_a_person = self.state["responder"] in ("queue", "agent")
        return with_a_person or self.messages[-1]["author"] != "customer"

    def _identity(self) -> str:
        claims = {"sub": self._customer_id, "aud": "heard", "exp": int(time.time()) + 600}
        return jwt.encode(claims, self._product.identity_key, "HS256")


class StaffMember:
    """Somebody signed in to the staff pages, without JavaScript."""

    def __init__(self, product: Product) -> None:
        self._http = httpx.AsyncClient(base_url=product.url, timeout=20, trust_env=False)
        self._product = product

    @classmethod
    async def signs_in(cls, product: Product, email: str) -> Self:
        """A member of the demo staff, signed in."""
        person = cls(product)
        await person._http.get("/sign-in")
        answer = await person._http.post(
            "/sign-in", data={"email": email, "password": product.password, "next": "/"}
        )
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        return person

    async def reads(self, path: str) -> str:
        """A page's HTML."""
        answer = await self._http.get(path)
        answer.raise_for_status()
        return answer.text

    async def does(self, case: str, verb: str, **fields: str) -> httpx.Response:
        """Press a button of the case page: claim, reply, note, hand-back or resolve."""
        page = await self.reads(f"/desk/cases/{case}")
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found is not None
        form = {"csrf": found[1], "key": str(uuid4()), **fields}
        return await self._http.post(f"/desk/cases/{case}/{verb}", data=form)

    async def case_of(self, customer: str) -> str:
        """Wait until the desk lists a case of this customer. Returns: its id."""

        async def look() -> str | None:
            board = await self.reads("/desk")
            rows = re.findall(r'href="/desk/cases/([0-9a-f-]{36})">([^<]+)</a>', board)
            return next((case for case, name in rows if name == customer), None)

        return str(await eventually(look))
