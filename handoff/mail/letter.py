"""The e-mail that carries agents' answers to a customer: the same each time it is tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from conversation.messages import Message

_TEMPLATES = Path(__file__).parent / "templates"
_POLICY = policy.SMTP.clone(max_line_length=200)  # folded links are broken by some readers


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes to the customer.

    `id` makes the Message-ID: the same letter again has the same. `replies_to` is the address for
    the customer's answer, None where none is read. `heard`: the Message-ID of what it answers.
    """

    id: str
    conversation_id: str
    case_number: int
    to: str
    at: datetime
    answers: Sequence[Message]
    link: str
    language: str
    replies_to: str | None = None
    heard: str | None = None


class Stationery:
    """Writes letters in the company's name, from `sender`."""

    def __init__(self, company: str, sender: str) -> None:
        self._company = " ".join(company.split())
        self._sender = sender
        self._domain = sender.rpartition("@")[2]
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=select_autoescape(("html",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(self, letter: Letter) -> EmailMessage:
        """The letter as text and HTML, with what programs need to keep it in its thread."""
        mail = EmailMessage(policy=_POLICY)
        mail["From"] = self._address(letter.answers[-1].name)
        mail["To"] = letter.to
        mail["Subject"] = subject = self._subject(letter)
        mail["Date"] = format_datetime(letter.at)
        mail["Message-ID"] = f"<{letter.id}@{self._domain}>"
        root = f"<{letter.conversation_id}@{self._domain}>"
        if letter.heard:
            mail["In-Reply-To"] = letter.heard
        mail["References"] = f"{root} {letter.heard or ''}".strip()
        # A person wrote it, and it was sent because the customer asked: so programs that are away
        # may answer, and what they answer is recognised when it comes in.
        mail["Auto-Submitted"] = "no"
        if letter.replies_to:
            mail["Reply-To"] = letter.replies_to
        mail.set_content(self._body("letter.txt", letter, subject), cte="quoted-printable")
        html = self._body("letter.html", letter, subject)
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
        mail.set_boundary(f"=_{letter.id}")
        return mail

    def _subject(self, letter: Letter) -> str:
        again = "Re: " if letter.heard else ""
        return f"{again}Your question to {self._company} (case {letter.case_number})"

    def _address(self, agent: str | None) -> Address:
        name = " ".join((agent or "Support").split())
        return Address(f"{name}, {self._company} support", addr_spec=self._sender)

    def _body(self, template: str, letter: Letter, subject: str) -> str:
        return self._templates.get_template(template).render(
            answers=_signed(letter.answers),
            company=self._company,
            hears=letter.replies_to is not None,
            language=letter.language or "en",
            link=letter.link,
            subject=subject,
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What one agent said, without a break by another."""

    name: str
    text: str


def _signed(answers: Sequence[Message]) -> list[Said]:
    """The answers, those of one agent under one name."""
    said: list[Said] = []
    for message in answers:
        name = message.name or "An agent"
        if said and said[-1].name == name:
            said[-1] = Said(name, f"{said[-1].text}\n\n{message.text}")
        else:
            said.append(Said(name, message.text))
    return said
