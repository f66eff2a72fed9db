"""Fetch customers' replies from a mailbox. An e-mail is marked as read once it is stored."""

import asyncio
import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog

from handoff.mail.letterbox import Letterbox
from handoff.mail.settings import Mailbox

log = structlog.get_logger()

_MOST_BYTES = 10_000_000  # of one e-mail; what follows is files, whose names alone are read
_LONGEST_PAUSE_S = 300.0
_UNREADABLE = (imaplib.IMAP4.error, OSError, ssl.SSLError)


class Fetching:
    """Looks into the mailbox regularly. What is for nobody here stays there unread."""

    def __init__(self, mailbox: Mailbox, letterbox: Letterbox) -> None:
        self._mailbox = mailbox
        self._letterbox = letterbox
        self._strange: set[str] = set()  # what is for nobody here need not be looked at again

    async def run(self) -> None:
        """Fetch until cancelled; a mailbox that does not answer is asked less often."""
        pause = self._mailbox.poll_s
        while True:
            try:
                await self.fetch()
                pause = self._mailbox.poll_s
            except _UNREADABLE as error:
                pause = min(_LONGEST_PAUSE_S, pause * 2)
                log.warning("mailbox_unreachable", error=type(error).__name__)
            except Exception:
                log.exception("mailbox_failed")
            await asyncio.sleep(pause)

    async def fetch(self) -> int:
        """Take what has come since. Returns: how many e-mails. Raises: IMAP4.error, OSError."""
        loop = asyncio.get_running_loop()
        return await asyncio.to_thread(self._fetch, loop)

    def _fetch(self, loop: asyncio.AbstractEventLoop) -> int:
        taken = 0
        with _opened(self._mailbox) as box:
            for number in _found(box.uid("search", "UNSEEN")):
                if number in self._strange:
                    continue
                if self._letterbox.meant_for(_part(box, number, "BODY.PEEK[HEADER]")) is None:
                    self._strange.add(number)
                    continue
                raw = _part(box, number, f"BODY.PEEK[]<0.{_MOST_BYTES}>")
                putting = asyncio.run_coroutine_threadsafe(self._letterbox.put(raw), loop)
                if putting.result(self._mailbox.timeout_s):
                    box.uid("store", number, "+FLAGS", r"(\Seen)")
                    taken += 1
                else:
                    self._strange.add(number)
        return taken


def check_mailbox(mailbox: Mailbox) -> None:
    """Sign in and open the folder. Raises: IMAP4.error, OSError."""
    with _opened(mailbox):
        return


@contextmanager
def _opened(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    if mailbox.tls:
        secure = ssl.create_default_context()
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            mailbox.host, mailbox.port, ssl_context=secure, timeout=mailbox.timeout_s
        )
    else:
        box = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=mailbox.timeout_s)
    try:
        box.login(mailbox.user, mailbox.password)
        status, _ = box.select(_quoted(mailbox.folder))
        if status != "OK":
            raise imaplib.IMAP4.error("There is no such folder")
        yield box
    finally:
        with suppress(*_UNREADABLE):
            box.logout()


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", r"\\").replace('"', r"\"") + '"'


def _found(answer: tuple[str, list[bytes | None]]) -> list[str]:
    _, lines = answer
    return (lines[0] or b"").decode("ascii").split() if lines else []


def _part(box: imaplib.IMAP4, number: str, part: str) -> bytes:
    """A part of the e-mail; empty where it has just been removed."""
    _, lines = box.uid("fetch", number, f"({part})")
    return next((line[1] for line in lines if isinstance(line, tuple)), b"")
