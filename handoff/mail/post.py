"""Hand letters to the mail server, and say what its refusals mean."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import TypedDict

import aiosmtplib

from handoff.mail.settings import MailSettings

_PERMANENT = 500
_LONGEST_REASON = 200


class MailError(Exception):
    """The mail server did not take the letter. Trying again can help, also where it is not known
    whether it took it: the letter keeps its Message-ID. The text may be shown to agents."""


class Refused(MailError):
    """It will never be taken for this address: trying again cannot help."""


class NotOurs(MailError):
    """The server does not take our letters at all, until somebody mends the settings."""


class Post:
    """The way to the mail server; a connection for each letter."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    async def send(self, letter: EmailMessage, sender: str, to: str) -> None:
        """Hand over the letter. Args: sender: where what cannot be delivered comes back to.

        Raises: MailError.
        """
        with _translated():
            await aiosmtplib.send(letter, sender=sender, recipients=[to], **self._connection())

    async def check(self) -> None:
        """Connect and sign in, as for a letter. Raises: MailError."""
        with _translated():
            async with aiosmtplib.SMTP(**self._connection()):
                return

    def _connection(self) -> "_Connection":
        settings = self._settings
        return _Connection(
            hostname=settings.host,
            port=settings.port,
            username=settings.user or None,
            password=settings.password or None,
            timeout=settings.timeout_s,
            use_tls=settings.tls == "tls",
            start_tls=settings.tls == "starttls",
        )


class _Connection(TypedDict):
    hostname: str
    port: int
    username: str | None
    password: str | None
    timeout: float
    use_tls: bool
    start_tls: bool


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _of_letter(error.recipients[0]) from error
    except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as error:
        raise _of_letter(error) from error
    except (aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPSenderRefused) as error:
        raise _of_settings(error) from error
    except aiosmtplib.SMTPNotSupported as error:
        raise NotOurs("The mail server lacks what the settings ask for, such as TLS") from error
    except aiosmtplib.SMTPResponseException as error:
        raise _of_settings(error) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise MailError(f"The mail server is not reachable: {type(error).__name__}") from error
    except ValueError as error:
        raise Refused("The letter or its address cannot be written as e-mail") from error


def _of_letter(error: aiosmtplib.SMTPResponseException) -> MailError:
    if error.code >= _PERMANENT:
        return Refused(f"The mail server refused it: {_first_line(error)}")
    return MailError(f"The mail server asks to try later: {error.code}")


def _of_settings(error: aiosmtplib.SMTPResponseException) -> MailError:
    if error.code >= _PERMANENT:
        return NotOurs(f"The mail server refuses our e-mails: {error.code}")
    return MailError(f"The mail server asks to try later: {error.code}")


def _first_line(error: aiosmtplib.SMTPResponseException) -> str:
    said = error.message.splitlines()[0] if error.message else ""
    return f"{error.code} {said[:_LONGEST_REASON]}".strip()
