"""Ask the bot: one message to Rasa's gateway channel, its replies back."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
import structlog

from conversation.messages import Author, Button, Draft, Link, may_be_linked

log = structlog.get_logger()


class BotFailure(Exception):
    """The bot is down, late or broken; the text says which. A person has to answer."""


class _Passing(Exception):
    """It failed in a way that may be over at once."""


_PASSING = (httpx.codes.BAD_GATEWAY, httpx.codes.SERVICE_UNAVAILABLE)
_AGAIN_AFTER_S = 0.3


@dataclass(frozen=True, slots=True)
class Question:
    """A customer message on its way to the bot. `handed_back` is what an agent left for it."""

    conversation_id: str
    message_id: str
    text: str
    customer_id: str | None
    locale: str
    page: str
    handed_back: str | None


class BotClient:
    """Speaks to Rasa's gateway channel. One instance holds the connections."""

    def __init__(self, url: str, token: str, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(timeout_s, connect=min(2.0, timeout_s)),
            trust_env=False,  # Rasa is on loopback or a private network, never behind a proxy
        )

    async def ask(self, question: Question) -> tuple[Draft, ...]:
        """The bot's replies, in order. The same message id again gives the same replies.

        A passing failure is tried once more: the bot answers a message id once only.
        Raises: BotFailure.
        """
        deadline = asyncio.get_running_loop().time() + self._timeout_s
        try:
            async with asyncio.timeout_at(deadline):
                try:
                    return await self._ask(question)
                except _Passing:
                    await asyncio.sleep(_AGAIN_AFTER_S)
                    return await self._ask(question)
        except TimeoutError as error:
            raise BotFailure("The bot did not answer in time") from error
        except _Passing as error:
            raise BotFailure(str(error)) from error

    async def _ask(self, question: Question) -> tuple[Draft, ...]:
        try:
            response = await self._http.post("/webhooks/gateway/turn", json=_body(question))
            response.raise_for_status()
            return tuple(_draft(reply) for reply in response.json()["replies"])
        except httpx.TimeoutException as error:
            raise BotFailure("The bot did not answer in time") from error
        except httpx.HTTPStatusError as error:
            kind = _Passing if error.response.status_code in _PASSING else BotFailure
            raise kind(f"The bot answered {error.response.status_code}") from error
        except httpx.TransportError as error:
            raise _Passing(f"The bot is not reachable: {type(error).__name__}") from error
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise BotFailure(f"The bot's answer makes no sense: {type(error).__name__}") from error

    async def ready(self) -> bool:
        """True where the bot has its model and answers."""
        try:
            return (await self._http.get("/readyz")).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _body(question: Question) -> dict[str, Any]:
    handed_back = {"summary": question.handed_back} if question.handed_back is not None else None
    return {
        "conversation": question.conversation_id,
        "message_id": question.message_id,
        "text": question.text,
        "metadata": {
            "message_id": question.message_id,
            "customer_id": question.customer_id,
            "locale": question.locale,
            "page": question.page,
            "handed_back": handed_back,
        },
    }


def _draft(reply: dict[str, Any]) -> Draft:
    buttons = (_button(button) for button in reply.get("buttons") or ())
    return Draft(Author.BOT, reply["text"], buttons=tuple(one for one in buttons if one))


def _button(given: dict[str, Any]) -> Button | Link | None:
    if "url" not in given:
        return Button(given["title"], given["payload"])
    if may_be_linked(given["url"]):
        return Link(given["title"], given["url"])
    log.warning("link_dropped", url=given["url"])  # the answer is worth more than its link
    return None
