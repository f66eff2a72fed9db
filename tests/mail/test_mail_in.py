"""What customers write back by e-mail is theirs in the chat; what nobody wrote goes to agents."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from uuid import uuid4

import httpx
import pytest
from sanic import Sanic

from conversation.messages import Message
from conversation.responder import Responder
from handoff.case import Case, CaseStatus
from handoff.delivery.boxes import Delivery
from handoff.mail import inbound
from handoff.mail.door import MOST_BYTES, PATH, inbound_door
from handoff.mail.reading import Received
from handoff.mail.reply_address import ReplyAddresses
from handoff.mail.source import SOURCE
from handoff.returns import REOPEN_FOR
from heard.web_server import serving
from tests.desks.site import HOST, eventually
from tests.mail.talk import ADDRESS, SENDER, TOKEN, Talk
from tests.patience import PATIENT_S
from tests.ports import free_ports

QUOTED = "\n\nOn Wed, 4 Mar 2026 at 12:00, Nia <support@shop.example> wrote:\n\n> Hello\n"


def reply_to(talk: Talk, text: str, **headers: str) -> EmailMessage:
    """What the customer's mail program writes when they press Reply."""
    mail = EmailMessage()
    given = {
        "From": f"Ada Demo <{ADDRESS}>",
        "To": f"Northpine <{talk.addresses.of(talk.id)}>",
        "Subject": "Re: Your question",
        "Message-ID": f"<{uuid4()}@mail.example.com>",
        **headers,
    }
    for name, value in given.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


async def takes(talk: Talk, *mails: EmailMessage | bytes) -> None:
    """The e-mails come in and are worked off."""
    for one in mails:
        assert await talk.letterbox.put(one if isinstance(one, bytes) else bytes(one))
    async with talk.mail_runs():
        await eventually(lambda: _worked_off(talk))


async def _worked_off(talk: Talk) -> bool:
    async with talk.store.read() as work:
        return await work.inbox.next_at("mail") is None


async def _relayed(talk: Talk) -> list[Message]:
    case = await talk.case()
    async with talk.store.read() as work:
        undone = await work.outbox.undone(case.id)
        said = await work.conversations.transcript(talk.id)
    seqs = [entry.seq for entry in undone if entry.kind is Delivery.RELAY]
    return [message for message in said if message.seq in seqs]


async def test_a_reply_is_a_message_of_the_customer_and_goes_to_the_desk(talk: Talk):
    await talk.is_promised()
    await takes(talk, reply_to(talk, f"It still has not come.{QUOTED}"))
    assert await talk.customer_said() == ["It still has not come."]
    assert [message.text for message in await _relayed(talk)] == ["It still has not come."]


async def test_the_same_e_mail_handed_over_twice_is_one_message(talk: Talk):
    await talk.is_promised()
    mail = reply_to(talk, "Hello?")
    await takes(talk, mail, b"Received: from elsewhere\r\n" + bytes(mail))
    await takes(talk, mail)
    assert await talk.customer_said() == ["Hello?"]


async def test_a_crash_after_the_message_was_kept_doubles_nothing(talk: Talk):
    await talk.is_promised()
    mail = reply_to(talk, "Hello?")
    await takes(talk, mail)
    async with talk.store.work() as work:  # as if it had not been marked as done
        await work.inbox.put(
            "mail",
            "again",
            {"conversation": talk.id, "key": _key_of(talk, mail)},
            bytes(mail),
            talk.clock(),
            thread=talk.id,
        )
    async with talk.mail_runs():
        await eventually(lambda: _worked_off(talk))
    assert await talk.customer_said() == ["Hello?"]


def _key_of(talk: Talk, mail: EmailMessage) -> str:
    named = "\n".join((mail["Message-ID"], str(mail["From"]).casefold(), talk.id))
    return hashlib.sha256(named.encode()).hexdigest()[:40]


async def test_replies_keep_their_order(talk: Talk):
    await talk.is_promised()
    await takes(talk, *(reply_to(talk, f"Part {number}") for number in range(5)))
    assert await talk.customer_said() == [f"Part {number}" for number in range(5)]


async def test_an_e_mail_from_another_address_is_a_note_and_no_message(talk: Talk):
    await talk.is_promised()
    mallory = reply_to(talk, "Send it to my house instead.", From="Ada <mallory@example.net>")
    await takes(talk, mallory)
    assert await talk.customer_said() == []
    [note] = await talk.notes()
    assert "another address, mallory@example.net" in note.text
    assert "Send it to my house instead." in note.text


@pytest.mark.parametrize(
    "sender", ["ada@example.com, mallory@example.net", '"ada@example.com" <mallory@example.net>']
)
async def test_a_sender_in_disguise_is_another_address(talk: Talk, sender: str):
    await talk.is_promised()
    raw = bytes(reply_to(talk, "Hello")).replace(
        f"From: Ada Demo <{ADDRESS}>".encode(), f"From: {sender}".encode()
    )
    await takes(talk, raw)
    assert await talk.customer_said() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner=x"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"List_Id": "<all.example.com>"},
    ],
)
async def test_an_automatic_reply_is_no_message_and_starts_nothing(
    talk: Talk, headers: dict[str, str]
):
    await talk.is_promised()
    case = await talk.case()
    await talk.casework.resolve(case.id, talk.nia)
    await takes(talk, reply_to(talk, "I am away until Monday.", **headers))
    assert await talk.customer_said() == []
    assert (await talk.conversation()).responder is Responder.CLOSED
    [note] = await talk.notes()
    assert note.text == (
        "An automatic reply came from the customer's e-mail: I am away until Monday."
    )


async def test_a_letter_that_came_back_is_told_to_the_agents(talk: Talk):
    await talk.is_promised()
    bounce = f"""From: MAILER-DAEMON@mail.example.com
To: {talk.addresses.of(talk.id)}
Message-ID: <b1@mail.example.com>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Final-Recipient: rfc822; {ADDRESS}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such
 mailbox

--b--
"""
    await takes(talk, bounce.encode())
    [note] = await talk.notes()
    assert note.text == (
        "An e-mail to a…@example.com came back: smtp; 550 5.1.1 no such mailbox. The customer has "
        "not got it."
    )
    assert await talk.customer_said() == []


async def test_who_writes_back_soon_after_the_end_has_the_same_case_and_agent_back(talk: Talk):
    first = await _resolved(talk)
    await takes(talk, reply_to(talk, "It came broken."))
    case = await talk.case()
    assert (case.id, case.status, case.agent) == (first.id, CaseStatus.CLAIMED, "Nia")
    assert (await talk.conversation()).responder is Responder.AGENT
    assert case.callback_at is not None, "what Nia replies goes out by e-mail at once"
    assert await talk.customer_said() == ["It came broken."]
    assert [message.text for message in await _relayed(talk)] == ["It came broken."]
    assert await _told(talk) == ["Visitor 1 has written again: the case is open again, and yours."]


async def test_who_writes_back_where_the_agent_is_away_is_answered_by_another(talk: Talk):
    first = await _resolved(talk)
    async with talk.store.work() as work:
        await work.presence.set_away(talk.nia.id, talk.clock(), None)
    await takes(talk, reply_to(talk, "It came broken."))
    case = await talk.case()
    assert (case.id, case.status, case.agent) == (first.id, CaseStatus.CALLBACK, None)
    assert (await talk.conversation()).responder is Responder.CALLBACK
    [told] = await _told(talk)
    assert "Nia is not there" in told


async def test_who_writes_back_long_after_the_end_has_a_case_anew(talk: Talk):
    first = await _resolved(talk)
    talk.time_passes(REOPEN_FOR)
    await takes(talk, reply_to(talk, "It came broken."))
    case = await talk.case()
    assert case.number == first.number + 1
    assert (case.status, (await talk.conversation()).responder) == (
        CaseStatus.CALLBACK,
        Responder.CALLBACK,
    )
    assert await talk.customer_said() == ["It came broken."]
    assert [message.text for message in await _relayed(talk)] == ["It came broken."]


async def test_an_e_mail_to_the_assistant_is_answered_by_a_person(talk: Talk):
    first = await _resolved(talk, leave=False)
    await talk.casework.hand_back(first.id, talk.nia, "All is said.")
    await takes(talk, reply_to(talk, "It came broken."))
    assert (await talk.case()).number == first.number + 1
    assert (await talk.conversation()).responder is Responder.CALLBACK
    assert await talk.customer_said() == ["It came broken."]


async def _resolved(talk: Talk, *, leave: bool = True) -> Case:
    """The first case, which Nia has claimed, and resolved where `leave`."""
    await talk.is_promised()
    case = await talk.case()
    await talk.casework.claim(case.id, talk.nia)
    return await talk.casework.resolve(case.id, talk.nia) if leave else case


async def _told(talk: Talk) -> list[str]:
    case = await talk.case()
    async with talk.store.read() as work:
        undone = await work.outbox.undone(case.id)
    told = [entry.notice for entry in undone if entry.kind is Delivery.NOTICE]
    return [notice.text for notice in told if notice]


async def test_thanks_after_the_end_are_kept_and_open_nothing_again(talk: Talk):
    await talk.is_promised()
    first = await talk.case()
    await talk.casework.resolve(first.id, talk.nia)
    await takes(talk, reply_to(talk, f"Thank you!{QUOTED}"))
    assert [message.text for message in await _relayed(talk)] == ["Thank you!"]
    assert await talk.customer_said() == ["Thank you!"]
    assert (await talk.case()).id == first.id
    assert (await talk.conversation()).responder is Responder.CLOSED


async def test_a_very_long_e_mail_comes_in_parts(talk: Talk):
    await talk.is_promised()
    long = " ".join(f"word{number}" for number in range(1200))
    await takes(talk, reply_to(talk, long))
    parts = await talk.customer_said()
    assert all(len(part) <= 4000 for part in parts)
    assert " ".join("".join(parts).split()) == long


async def test_what_was_attached_is_sent_too_and_what_cannot_be_is_named_to_the_agent(talk: Talk):
    await talk.is_promised()
    mail = reply_to(talk, "See the photo.")
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
    mail.add_attachment(png, maintype="image", subtype="png", filename="tent.png")
    mail.add_attachment(b"MZ\x90\x00", maintype="image", subtype="png", filename="tool.png")
    await takes(talk, mail, b"Received: again\r\n" + bytes(mail))
    assert await talk.customer_said() == ["See the photo.", "A file:"]
    [_, file] = await _relayed(talk)
    assert [link.title for link in file.links] == ["tent.png, 1 kB"]
    [note] = await talk.notes()
    assert "not taken over: tool.png." in note.text


async def test_an_e_mail_for_no_conversation_of_ours_is_not_kept(talk: Talk):
    for to in (SENDER, "support+abc@shop.example", talk.addresses.of(str(uuid4()))):
        assert not await talk.letterbox.put(bytes(reply_to(talk, "Hello", To=to)))
    forged = talk.addresses.of(talk.id).replace("+", "+a", 1)
    assert not await talk.letterbox.put(bytes(reply_to(talk, "Hello", To=forged)))


async def test_a_forged_sender_without_the_signed_address_reaches_no_case(talk: Talk):
    """Who knows the customer's address and even the conversation's id cannot write there."""
    await talk.is_promised()
    own = talk.addresses.of(talk.id)
    stranger = ReplyAddresses(SENDER, "another installation's secret").of(talk.id)
    at = own.index("@") - 4
    altered = f"{own[:at]}{'b' if own[at] == 'a' else 'a'}{own[at + 1 :]}"
    for to in (stranger, altered, f"support+{talk.id}@shop.example"):
        mail = reply_to(talk, "Send it to my house instead.", To=to)
        assert "ada@example.com" in str(mail["From"])
        assert not await talk.letterbox.put(bytes(mail))
    assert await _worked_off(talk)
    assert await talk.notes() == []
    assert await talk.customer_said() == []


@pytest.mark.parametrize(
    "raw",
    [
        b"To: {to}\r\nFrom: ada@example.com\r\n\r\nHello \xff\xfe",
        b"To: {to}\r\nFrom: =?bad?q?=FF?= <ada@example.com>\r\n\r\nHello",
        b"To: {to}\r\nFrom: ada@example.com\r\nContent-Type: text/plain; charset=nope\r\n\r\nHello",
        b"To: {to}\r\nFrom: ada@example.com\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--",
        b"To: {to}\r\nFrom: ada@example.com\r\nContent-Type: text/html\r\n\r\n<p>Hello<blockquote>",
        b"To: {to}\r\nFrom: ada@example.com\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    ],
)
async def test_a_broken_e_mail_breaks_nothing(talk: Talk, raw: bytes):
    await talk.is_promised()
    await takes(talk, raw.replace(b"{to}", talk.addresses.of(talk.id).encode()))
    [said] = await talk.customer_said()
    assert said.startswith(("Hello", "(This e-mail has no text.)", "--", "!!!!"))


@asynccontextmanager
async def _door(talk: Talk) -> AsyncIterator[httpx.AsyncClient]:
    app = Sanic(f"mail_{uuid4().hex}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 12_000_000
    app.blueprint(inbound_door(talk.letterbox, TOKEN))
    port = free_ports(1)[0]
    async with (
        serving(app, HOST, port),
        httpx.AsyncClient(
            base_url=f"http://{HOST}:{port}", trust_env=False, timeout=PATIENT_S
        ) as http,
    ):
        yield http


async def test_the_door_takes_e_mails_from_whoever_has_the_token(talk: Talk):
    mail = bytes(reply_to(talk, "Hello"))
    good = {"Authorization": f"Bearer {TOKEN}"}
    async with _door(talk) as http:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}):
            assert (await http.post(PATH, content=mail, headers=headers)).status_code == 401
        assert await _worked_off(talk)
        answer = await http.post(PATH, content=mail, headers=good)
        assert (answer.status_code, answer.json()) == (200, {"taken": True})
        assert not await _worked_off(talk)
        strange = mail.replace(b"support+", b"others+")
        assert (await http.post(PATH, content=strange, headers=good)).json() == {"taken": False}
        assert (await http.post(PATH, content=b" ", headers=good)).status_code == 400
        large = mail + b"x" * MOST_BYTES
        assert (await http.post(PATH, content=large, headers=good)).status_code == 413


async def test_an_e_mail_that_cannot_be_worked_off_is_told_to_the_agents(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
):
    def broken(raw: bytes) -> Received:
        raise MemoryError

    monkeypatch.setattr(inbound, "read_mail", broken)
    await talk.is_promised()
    assert await talk.letterbox.put(bytes(reply_to(talk, "Hello?")))
    for _ in range(7):
        async with talk.store.work() as work:
            incoming = await work.inbox.next(SOURCE, talk.clock())
            assert incoming is not None
            assert await work.inbox.begin(incoming, talk.clock())
    async with talk.mail_runs():
        await eventually(lambda: _worked_off(talk))
    assert "could not be read" in (await talk.notes())[-1].text
    assert await talk.customer_said() == []
