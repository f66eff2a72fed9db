"""What connects Heard to the company's e-mail."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from handoff.mail.address import read_address

Tls = Literal["starttls", "tls", "none"]
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LONGEST_LOCAL = 64 - 1 - 42  # the plus and the token of handoff/mail/reply_address.py follow


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where customers' replies arrive, read over IMAP."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool = True
    folder: str = "INBOX"
    poll_s: float = 30.0
    timeout_s: float = 20.0


@dataclass(frozen=True, slots=True)
class MailSettings:
    """A mail server, and how e-mail is used.

    `sender` is the address that customers see and reply to. `join`: replies written within that
    time go out in one e-mail. `away`: an answer that no page of the customer's has taken for so
    long goes out. `link_lasts`, `link_after_close`: how long the link to the chat opens it, from
    the e-mail on and once the conversation is closed. `inbound_token` opens the door for replies.

    Raises: ValueError saying what is wrong.
    """

    host: str
    sender: str
    port: int = 587
    tls: Tls = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_s: float = 20.0
    join: timedelta = timedelta(seconds=45)
    away: timedelta = timedelta(minutes=5)
    link_lasts: timedelta = timedelta(days=30)
    link_after_close: timedelta = timedelta(days=7)
    inbound_token: str = field(default="", repr=False)
    mailbox: Mailbox | None = None

    def __post_init__(self) -> None:
        if read_address(self.sender) is None:
            raise ValueError(
                f"HEARD_MAIL_FROM must be the whole address that customers reply to, such as "
                f"support@shop.example, not {self.sender!r}."
            )
        if self.hears and len(self.sender.rpartition("@")[0]) > _LONGEST_LOCAL:
            raise ValueError(
                f"HEARD_MAIL_FROM may have at most {_LONGEST_LOCAL} characters before the @: "
                "replies come to it with a plus and a token, and 64 is the most that mail servers "
                "take."
            )
        if bool(self.user) != bool(self.password):
            raise ValueError("Set both HEARD_MAIL_USER and HEARD_MAIL_PASSWORD, or neither.")
        if self.user and self.tls == "none" and self.host not in _LOOPBACK:
            raise ValueError(
                "HEARD_MAIL_TLS=none would send the password in the clear: use starttls or tls."
            )

    @property
    def hears(self) -> bool:
        """Whether customers' replies by e-mail come in."""
        return bool(self.inbound_token) or self.mailbox is not None

    @property
    def domain(self) -> str:
        """The domain of our address."""
        return self.sender.rpartition("@")[2]
