"""Ask the bot: one message to Rasa's gateway channel, its replies back."""

from dataclasses import dataclass
from typing import Any

import httpx

from conversation.messages import Author, Button, Draft


class BotFailure(Exception):
    """The bot is down, late or broken; the text says which. A person has to answer."""


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
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(timeout_s, connect=min(2.0, timeout_s)),
            trust_env=False,  # Rasa is on loopback or a private network, never behind a proxy
        )

    async def ask(self, question: Question) -> tuple[Draft, ...]:
        """The bot's replies, in order. The same message id again gives the same replies.

        Raises: BotFailure.
        """
        try:
            response = await self._http.post("/webhooks/gateway/turn", json=_body(question))
            response.raise_for_status()
            return tuple(_draft(reply) for reply in response.json()["replies"])
        except httpx.TimeoutException as error:
            raise BotFailure("The bot did not answer in time") from error
        except httpx.HTTPStatusError as error:
            raise BotFailure(f"The bot answered {error.response.status_code}") from error
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise BotFailure(f"The bot is not reachable: {type(error).__name__}") from error

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
    buttons = tuple(Button(b["title"], b["payload"]) for b in reply.get("buttons") or ())
    return Draft(Author.BOT, reply["text"], buttons=buttons)
