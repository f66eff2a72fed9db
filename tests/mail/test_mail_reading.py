"""What a customer wrote is told from what their mail program adds."""

import pytest

from handoff.mail.reading import read_mail
from handoff.mail.reply_address import ReplyAddresses

_HEAD = b"From: ada@example.com\r\nTo: support@shop.example\r\n\r\n"
_LONG = " ".join(f"word{number}" for number in range(700))


def _read(text: str) -> str:
    return read_mail(_HEAD + text.replace("\n", "\r\n").encode()).text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "Yes please\n\nOn Wed, 4 Mar 2026 at 12:00, Nia <s@shop.example> wrote:\n\n> Hi\n",
            "Yes please",
        ),
        (
            "Ok\n\nOn Wed, Mar 4, 2026 at 12:00 PM Nia (Northpine support)\n"
            "<support+abcdefghijklmnopqrstuvwxyz@shop.example> wrote:\n\n> Hi\n",
            "Ok",
        ),
        (
            "Danke\n\nAm Mi., 4. März 2026 um 12:00 schrieb Nia <s@shop.example>:\n\n> Hallo",
            "Danke",
        ),
        (
            "Merci\n\nLe mer. 4 mars 2026 à 12:00, Nia <s@shop.example> a écrit :\n\n> Bonjour",
            "Merci",
        ),
        ("Please cancel it.\n\n-- \nAda Demo\nTel 123", "Please cancel it."),
        ("Yes\n\nSent from my iPhone\n\n> On 4 Mar 2026, Nia wrote:\n> \n> Hello", "Yes"),
        (
            "Thank you.\n\n________________________________\nFrom: Nia <s@shop.example>\n"
            "Sent: Wednesday, March 4, 2026 12:00\nTo: Ada\nSubject: Answer\n\nHello Ada\n",
            "Thank you.",
        ),
        ("> Which order?\n1001\n> Which address?\n1 Demo Street", None),
        ("Hello\n\nOn Friday I wrote to you: nothing came.\n\nAda", None),
        (_LONG, None),
        (f"{_LONG}\n\nOn Wed, 4 Mar 2026 at 12:00, Nia <s@shop.example> wrote:\n\n> Hi\n", _LONG),
    ],
)
def test_quotes_and_signatures_are_left_out_and_nothing_else(written: str, said: str | None):
    assert _read(written) == (written if said is None else said)


@pytest.mark.parametrize(
    "hostile",
    [
        "On " * 20_000,
        "On a, b <c> " * 5_000 + "wrot:",
        "> " * 30_000,
        "From: a\n" * 7_000,
        " " * 60_000,
    ],
)
def test_no_text_is_so_hostile_that_it_is_never_read(hostile: str):
    assert len(_read(hostile)) <= len(hostile)


def test_markup_is_read_as_text():
    raw = (
        _HEAD.replace(b"\r\n\r\n", b"\r\nContent-Type: text/html; charset=utf-8\r\n\r\n")
        + "<style>p{}</style><p>Grüße &amp; Dank,<br>Ada</p>".encode()
        + b"<blockquote>quoted</blockquote><script>alert(1)</script>"
    )
    assert read_mail(raw).text == "Grüße & Dank,\nAda"


def test_an_address_for_replies_names_its_conversation_whatever_the_capitals():
    addresses = ReplyAddresses("support@shop.example", "a-secret")
    conversation = "7c0fbb27-3cf1-4ef4-9d0e-6f9b26a3d0a1"
    address = addresses.of(conversation)
    assert len(address.partition("@")[0]) <= 64
    assert addresses.conversation_in([address.upper()]) == conversation
    assert addresses.conversation_in(["x@y.example", f" {address} "]) == conversation
    other = ReplyAddresses("support@shop.example", "another-secret")
    assert other.conversation_in([address]) is None
    for at in range(8, 50):
        changed = address[:at] + ("a" if address[at] != "a" else "b") + address[at + 1 :]
        assert addresses.conversation_in([changed]) is None


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "raw_unicode_escape", "no-such"])
def test_what_no_database_takes_is_left_out_whatever_the_charset(charset: str):
    mail = (
        f"From: ada@example.com\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
        f"charset={charset}\r\nContent-Disposition: inline\r\n\r\nMy tent +2AA- \\ud800\0 leaks"
    )
    text = read_mail(mail.encode()).text
    assert text.startswith("My tent ")
    assert text.endswith(" leaks")
    assert "\0" not in text
    assert text.encode()


def test_a_files_name_can_be_stored_whatever_its_charset():
    mail = (
        "From: ada@example.com\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
        "Content-Disposition: attachment; filename*=utf-7''%2B2AA-x.txt\r\n\r\nHello"
    )
    [(name, content)] = read_mail(mail.encode()).files
    assert name.encode().endswith(b"x.txt")
    assert content == b"Hello"
