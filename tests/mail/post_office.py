"""A real mail server on loopback that keeps what it takes, and fails as mail servers do."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum, auto
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_ports

HOST = "127.0.0.1"


class Fault(Enum):
    """What goes wrong with the next letter."""

    GREYLISTED = auto()
    NO_SUCH_USER = auto()
    REFUSES_CONTENT = auto()
    REFUSES_SENDER = auto()
    CUT_AFTER_DATA = auto()
    SLOW = auto()


class PostOffice:
    """Takes letters. `faults` happen one a letter, in order."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.faults: list[Fault] = []
        self.tries = 0
        self.port = free_ports(1)[0]
        self._controller = Controller(self, hostname=HOST, port=self.port)

    def open(self) -> None:
        """Begin to listen."""
        self._controller.start()

    def close(self) -> None:
        """Stop; again changes nothing."""
        if self._controller.server is not None:
            self._controller.stop()

    async def handle_MAIL(  # noqa: N802 - aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Somebody begins to hand over a letter."""
        self.tries += 1
        if self._next(Fault.REFUSES_SENDER):
            return "553 5.7.1 not one of your addresses"
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whom it is for."""
        if self._next(Fault.GREYLISTED):
            return "450 4.2.0 greylisted, try again"
        if self._next(Fault.NO_SUCH_USER):
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """The letter."""
        if self._next(Fault.REFUSES_CONTENT):
            return "554 5.7.1 looks like spam"
        if self._next(Fault.SLOW):
            await asyncio.sleep(30)
        assert isinstance(envelope.content, bytes)
        self.envelopes.append((envelope.mail_from or "", envelope.rcpt_tos))
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        if self._next(Fault.CUT_AFTER_DATA):
            transport: Any = server.transport
            transport.abort()
        return "250 taken"

    def _next(self, fault: Fault) -> bool:
        if self.faults and self.faults[0] is fault:
            self.faults.pop(0)
            return True
        return False


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """A mail server that listens."""
    office = PostOffice()
    office.open()
    try:
        yield office
    finally:
        office.close()


def text_of(letter: EmailMessage) -> str:
    """The letter's plain text."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
