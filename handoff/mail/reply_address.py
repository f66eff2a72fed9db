"""The address to which a customer's reply comes: it names the conversation and cannot be guessed.

Mail servers may change capitals, so the token is in lower case letters and digits alone.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

_PURPOSE = b"heard: replies by e-mail"
_SIGNED = 10  # bytes of the signature: 80 bits
_TOKEN = 42  # characters: 16 bytes of the conversation and the signature, in base32


class ReplyAddresses:
    """Makes and reads addresses such as support+token@shop.example. `secret` signs them."""

    def __init__(self, sender: str, secret: str) -> None:
        self._local, _, self._domain = sender.rpartition("@")
        self._key = hashlib.sha256(_PURPOSE + secret.encode()).digest()

    def of(self, conversation_id: str) -> str:
        """The address for replies in this conversation."""
        whole = UUID(conversation_id).bytes
        token = base64.b32encode(whole + self._signature(whole)).decode().rstrip("=").lower()
        return f"{self._local}+{token}@{self._domain}"

    def conversation_in(self, addresses: Iterable[str]) -> str | None:
        """The conversation that one of the addresses names; None where none is one of ours."""
        for address in addresses:
            local, _, domain = address.strip().lower().rpartition("@")
            name, _, token = local.rpartition("+")
            if (name, domain) == (self._local.lower(), self._domain.lower()):
                found = self._read(token)
                if found is not None:
                    return found
        return None

    def _read(self, token: str) -> str | None:
        if len(token) != _TOKEN or not token.isascii():
            return None
        try:
            raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        except ValueError:
            return None
        whole, signature = raw[:16], raw[16:]
        if not hmac.compare_digest(signature, self._signature(whole)):
            return None
        return str(UUID(bytes=whole))

    def _signature(self, whole: bytes) -> bytes:
        return hmac.new(self._key, whole, hashlib.sha256).digest()[:_SIGNED]
