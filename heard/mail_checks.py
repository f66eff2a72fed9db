"""What `heard check` says about e-mail."""

import asyncio
from imaplib import IMAP4

from handoff.mail.fetching import check_mailbox
from handoff.mail.post import MailError, Post
from handoff.mail.settings import Mailbox, MailSettings
from heard.findings import Finding

_OFF = "Answers by e-mail are off: docs/email.md says how to connect a mail server"
_DEAF = (
    "Replies to e-mails do not come in, and the e-mails say so: set HEARD_MAIL_IMAP_HOST or "
    "HEARD_MAIL_INBOUND_TOKEN to read them, see docs/email.md"
)


async def check_mail(settings: MailSettings | None) -> list[Finding]:
    """Sign in to the mail server and the mailbox, as when it is used; nothing is sent or read."""
    if settings is None:
        return [Finding(True, _OFF)]
    findings = [await _server(settings)]
    if settings.mailbox is not None:
        findings.append(await _mailbox(settings.mailbox))
    elif not settings.hears:
        findings.append(Finding(True, _DEAF))
    return findings


async def _server(settings: MailSettings) -> Finding:
    try:
        await Post(settings).check()
    except MailError as error:
        named = "HEARD_MAIL_HOST, _PORT, _TLS, _USER and _PASSWORD"
        return Finding(False, f"{error}: see {named} in docs/email.md")
    return Finding(True, "The mail server lets us in")


async def _mailbox(mailbox: Mailbox) -> Finding:
    try:
        await asyncio.to_thread(check_mailbox, mailbox)
    except (IMAP4.error, OSError) as error:
        why = "refuses the account or the folder" if isinstance(error, IMAP4.error) else "is away"
        return Finding(False, f"The mailbox {why}: see HEARD_MAIL_IMAP_... in docs/email.md")
    return Finding(True, "The mailbox for replies can be read")
