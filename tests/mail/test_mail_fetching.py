"""Replies are fetched from a real mailbox: stored first, marked as read after it, each once."""

import asyncio
import imaplib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from handoff.mail.fetching import Fetching, check_mailbox
from handoff.mail.settings import Mailbox
from tests.desks.site import HOST, eventually
from tests.mail.talk import Talk
from tests.mail.test_mail_in import reply_to
from tests.ports import free_ports

_USER, _PASSWORD = "support", "a password"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """A mailbox on a server of the tests' own."""
    port = free_ports(1)[0]
    command = [
        *(Path(sys.executable).with_name("pymap"), "--no-tls", "--host", HOST, "--port", str(port)),
        *("--no-service", "managesieve", "dict"),
        *("--demo-user", _USER, "--demo-password", _PASSWORD),
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        yield Mailbox(HOST, port, _USER, _PASSWORD, tls=False, timeout_s=5.0)
        server.terminate()


async def _open(mailbox: Mailbox) -> imaplib.IMAP4:
    async def connected() -> imaplib.IMAP4 | None:
        try:
            return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=5)
        except OSError:
            return None

    box = await eventually(connected, 20)
    assert box is not None
    box.login(_USER, _PASSWORD)
    return box


async def _puts(mailbox: Mailbox, *mails: bytes) -> None:
    def put() -> None:
        for raw in mails:
            box.append("INBOX", "", "", raw)
        box.logout()

    box = await _open(mailbox)
    await asyncio.to_thread(put)


async def _unread(mailbox: Mailbox) -> list[bytes]:
    box = await _open(mailbox)
    box.select("INBOX")
    _, found = box.uid("search", "UNSEEN")
    box.logout()
    return found[0].split()


async def test_a_reply_is_fetched_once_and_marked_as_read(talk: Talk, mailbox: Mailbox):
    await talk.is_promised()
    await _puts(mailbox, bytes(reply_to(talk, "Hello from my mail program")))
    fetching = Fetching(mailbox, talk.letterbox)
    assert await fetching.fetch() == 1
    assert await fetching.fetch() == 0
    assert await _unread(mailbox) == []
    async with talk.mail_runs():

        async def said() -> bool:
            return await talk.customer_said() == ["Hello from my mail program"]

        await eventually(said)


async def test_what_is_for_nobody_here_stays_unread(talk: Talk, mailbox: Mailbox):
    await _puts(mailbox, b"From: a@example.com\r\nTo: support@shop.example\r\n\r\nAn offer\r\n")
    fetching = Fetching(mailbox, talk.letterbox)
    assert await fetching.fetch() == 0
    assert await fetching.fetch() == 0
    assert len(await _unread(mailbox)) == 1


async def test_what_could_not_be_stored_is_fetched_again(
    talk: Talk, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    await talk.is_promised()
    await _puts(mailbox, bytes(reply_to(talk, "Not lost")))
    fetching = Fetching(mailbox, talk.letterbox)

    async def fails(_: bytes) -> bool:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken, pytest.raises(OSError, match="disk"):
        broken.setattr(talk.letterbox, "put", fails)
        await fetching.fetch()
    assert await fetching.fetch() == 1


async def test_a_wrong_password_is_found_by_the_check(mailbox: Mailbox):
    (await _open(mailbox)).logout()
    wrong = Mailbox(mailbox.host, mailbox.port, _USER, "wrong", tls=False, timeout_s=5.0)
    with pytest.raises(imaplib.IMAP4.error):
        await asyncio.to_thread(check_mailbox, wrong)
    await asyncio.to_thread(check_mailbox, mailbox)
