"""The gateway channel: one HTTP call a customer message, safe to repeat, honest about failures."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.tracker_rows import Conflict
from bot.turn import TurnFailed, take_turn

log = logging.getLogger("bot.channel")

_LONGEST_TEXT = 4000
_LONGEST_ID = 200


class BadTurn(ValueError):
    """The body of a request is not a turn; the message says what is wrong with it."""


@dataclass(frozen=True)
class TurnRequest:
    """A customer's message as the gateway sends it."""

    conversation: str
    message_id: str
    text: str
    metadata: dict[str, Any]

    @classmethod
    def of(cls, body: object) -> TurnRequest:
        """Check a decoded JSON body.

        Raises: BadTurn with a sentence on the first thing that is wrong.
        """
        if not isinstance(body, dict):
            raise BadTurn("The body must be a JSON object.")
        unknown = sorted(set(body) - {"conversation", "message_id", "text", "metadata"})
        if unknown:
            raise BadTurn(f"Unknown field: {unknown[0]}.")
        metadata = body.get("metadata", {})
        if not isinstance(metadata, dict):
            raise BadTurn("metadata must be an object.")
        return cls(
            conversation=_text(body, "conversation", _LONGEST_ID),
            message_id=_text(body, "message_id", _LONGEST_ID),
            text=_text(body, "text", _LONGEST_TEXT),
            metadata=metadata,
        )

    def as_user_message(self, channel: str) -> UserMessage:
        """Return the message in Rasa's form."""
        return UserMessage(
            text=_in_words(self.text),
            output_channel=CollectingOutputChannel(),
            sender_id=self.conversation,
            input_channel=channel,
            message_id=self.message_id,
            metadata={**self.metadata, "message_id": self.message_id},
        )


def _text(body: dict[str, Any], field: str, longest: int) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not value.strip():
        raise BadTurn(f"{field} must be a text that is not empty.")
    if len(value) > longest:
        raise BadTurn(f"{field} must be at most {longest} characters long.")
    return value


def _in_words(text: str) -> str:
    """Take the slash away that would let a customer speak to Rasa in intents and commands."""
    return text.strip().lstrip(INTENT_MESSAGE_PREFIX).strip() or "?"


class GatewayInput(InputChannel):  # type: ignore[misc]
    """Rasa's side of the gateway."""

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its route."""
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        """Build the channel from its part of credentials.yml.

        Raises: RasaException without a token: the channel is never open to all.
        """
        token = str((credentials or {}).get("token") or "")
        if not token or token.startswith("${"):
            raise RasaException("The gateway channel needs a token: set HEARD_BOT_TOKEN.")
        return cls(token)

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the route `POST turn`. `on_new_message` hides failures and is not used."""
        gateway = Blueprint("gateway_webhook")

        @gateway.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._turn(request)

        return gateway

    async def _turn(self, request: Request) -> HTTPResponse:
        given = request.headers.get("authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._expected):
            return _error(401, "The bearer token is missing or wrong.")
        try:
            wanted = TurnRequest.of(request.json)
        except BadTurn as error:
            return _error(400, str(error))
        except Exception:  # Sanic's name for a body that is not JSON differs between its versions
            return _error(400, "The body must be a JSON object.")
        if not is_ready(request.app):
            return _error(503, "The bot is still starting. Try again in a few seconds.")
        return await self._answer(request.app, wanted)

    async def _answer(self, app: Sanic, wanted: TurnRequest) -> HTTPResponse:
        try:
            turn = await take_turn(app.ctx.agent, wanted.as_user_message(self.name()))
        except TurnFailed as error:
            log.error("turn failed: conversation=%s cause=%s", wanted.conversation, error)
            return _error(502, f"The turn could not be finished ({error}). It may be tried again.")
        except LockError:
            log.error("turn failed: conversation=%s cause=busy", wanted.conversation)
            return _error(503, "Another message of this conversation is still being answered.")
        except Conflict:
            log.error("turn failed: conversation=%s cause=conflict", wanted.conversation)
            return _error(503, "Another process has answered this conversation meanwhile.")
        except Exception as error:
            log.exception("turn broke: conversation=%s", wanted.conversation)
            return _error(500, f"The bot broke on this message ({type(error).__name__}).")
        return response.json({"replies": turn.replies, "replayed": turn.replayed})


def is_ready(app: Sanic) -> bool:
    """Tell whether a model is loaded and messages can be answered."""
    agent = getattr(app.ctx, "agent", None)
    return agent is not None and agent.is_ready()


async def readyz(request: Request) -> HTTPResponse:
    """Answer 200 when the bot can answer, else 503."""
    if is_ready(request.app):
        return response.json({"status": "ready"})
    return _error(503, "The bot is still starting.")


def _error(status: int, sentence: str) -> HTTPResponse:
    return response.json({"error": sentence}, status=status)
