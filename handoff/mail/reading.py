"""Read an e-mail that came in: who wrote it, to which of our addresses, and what is new in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from enum import Enum, auto
from typing import TypeAlias

from mailparser_reply import EmailReplyParser

from handoff.mail.markup import text_of

Mail: TypeAlias = "Message[str, str]"

_OURS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_LONGEST_BODY = 60_000  # characters; more is a quoted thread
# What is taken apart, and its lines: the patterns that find quotes take for ever on longer ones.
_TAKEN_APART, _LONGEST_LINE = 12_000, 400
_GOES_ON = "\u2060\n\u2060"  # where a line was folded
_NOT_BY_HAND = ("bulk", "junk", "list", "auto_reply")
_LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl", "sv", "da", "cs"]
_ROBOTS = ("mailer-daemon", "postmaster")


class Kind(Enum):
    """What an e-mail is. A bounce says that one of ours could not be delivered."""

    REPLY = auto()
    AUTOMATIC = auto()
    BOUNCE = auto()


@dataclass(frozen=True, slots=True)
class Received:
    """An e-mail that came in.

    `text` is what its author wrote, without what is quoted and without the signature; of a bounce
    the reason. `files` is what was attached: name and content.
    """

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    kind: Kind
    text: str
    files: tuple[tuple[str, bytes], ...] = ()


def read_mail(raw: bytes) -> Received:
    """Read a whole e-mail. What is broken in it is left out; nothing is raised."""
    mail = message_from_bytes(raw)
    kind = _kind(mail)
    return Received(
        message_id=header(mail, "message-id").strip(),
        sender=_sender(mail),
        recipients=recipients(mail),
        kind=kind,
        text=_why_bounced(mail) if kind is Kind.BOUNCE else _new_text(mail),
        files=tuple(_files(mail)),
    )


def read_head(raw: bytes) -> Mail:
    """The headers alone."""
    head, _, _ = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw else b"\n\n")
    return message_from_bytes(head + b"\r\n\r\n")


def recipients(mail: Mail) -> tuple[str, ...]:
    """All addresses that it may have come to."""
    return tuple(_addresses(mail, _OURS))


def header(mail: Mail, name: str) -> str:
    """The header as text, without breaks; empty where it is missing."""
    return " ".join(str(mail.get(name, "")).split())


def _addresses(mail: Mail, names: Iterable[str]) -> list[str]:
    lines = [str(line) for name in names for line in mail.get_all(name, ())]
    return [address for _, address in getaddresses(lines) if address]


def _sender(mail: Mail) -> str:
    """The one address it comes from; empty where it names none, or several."""
    found = _addresses(mail, ("from",))
    return found[0] if len(found) == 1 else ""


def _kind(mail: Mail) -> Kind:
    report = mail.get_content_type() == "multipart/report"
    if report and mail.get_param("report-type") == "delivery-status":
        return Kind.BOUNCE if _status(mail, "action").lower() != "delayed" else Kind.AUTOMATIC
    if _sender(mail).partition("@")[0].lower() in _ROBOTS:
        return Kind.BOUNCE
    submitted = header(mail, "auto-submitted").partition(";")[0].strip().lower() or "no"
    automatic = (
        submitted != "no"
        or header(mail, "precedence").lower() in _NOT_BY_HAND
        or any(mail.get(name) for name in ("x-autoreply", "x-autorespond", "list-id"))
        or header(mail, "return-path") == "<>"
        or report
    )
    return Kind.AUTOMATIC if automatic else Kind.REPLY


def _new_text(mail: Mail) -> str:
    body = _storable(_body(mail)[:_LONGEST_BODY]).replace("\r\n", "\n").strip()
    head = body[:_TAKEN_APART].strip()
    replies = EmailReplyParser(languages=list(_LANGUAGES)).read(_folded(head)).replies
    new = replies[0].body.replace(_GOES_ON, "").strip() if replies else ""
    # Where everything seems to be quoted, the taking apart went wrong: rather all than nothing.
    return body if not new or new == head else new


def _folded(text: str) -> str:
    size = _LONGEST_LINE
    lines = text.replace("\u2060", "").split("\n")
    parts = ([line[at : at + size] for at in range(0, len(line), size)] or [""] for line in lines)
    return "\n".join(_GOES_ON.join(part) for part in parts)


def _body(mail: Mail) -> str:
    parts = [part for part in mail.walk() if not part.is_multipart() and not _is_file(part)]
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and (text := _decoded(part)).strip():
                return text if kind == "text/plain" else text_of(text)
    return ""


def _decoded(part: Mail) -> str:
    raw = part.get_payload(decode=True)
    raw = raw if isinstance(raw, bytes) else b""
    try:
        return raw.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):  # a charset that nobody knows
        return raw.decode("utf-8", "replace")


def _storable(text: str) -> str:
    """Without what no database takes: some charsets bring half of a pair of surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _is_file(part: Mail) -> bool:
    return part.get_content_disposition() == "attachment"


def _files(mail: Mail) -> Iterable[tuple[str, bytes]]:
    for part in mail.walk():
        if _is_file(part):
            content = part.get_payload(decode=True)
            name = _storable(" ".join(str(part.get_filename() or "file").split()))[:100]
            yield name, content if isinstance(content, bytes) else b""


def _why_bounced(mail: Mail) -> str:
    return " ".join(_status(mail, "diagnostic-code").split())[:200] or _status(mail, "status")


def _status(mail: Mail, name: str) -> str:
    """A field of a delivery report, of the first recipient that has it."""
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in part.get_payload():
            value = fields.get(name) if not isinstance(fields, str) else None
            if value:
                return str(value).strip()
    return ""
