"""The settings of e-mail."""

from datetime import timedelta
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from handoff.mail.settings import Mailbox, MailSettings


class MailFields(BaseSettings):
    """Part of `heard.settings.Settings`."""

    mail_host: str = Field(
        "", description="The mail server that takes answers by e-mail, see email.md; empty: none"
    )
    mail_port: int = Field(587, ge=1, le=65535, description="Its port")
    mail_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection to it is encrypted"
    )
    mail_user: str = Field("", description="The account at the mail server; empty: none is needed")
    mail_password: SecretStr = Field(SecretStr(""), description="Its password")
    mail_from: str = Field("", description="The address that customers see and reply to")
    mail_timeout_s: float = Field(20.0, gt=0, le=120, description="For each step with the server")
    mail_join_s: float = Field(
        45.0, ge=0, description="Answers written within this time go out in one e-mail"
    )
    mail_away_min: float = Field(
        5.0, gt=0, description="An answer that no open page has taken for so long is e-mailed"
    )
    mail_link_days: float = Field(
        30.0, gt=0, description="So long the link in an e-mail opens the chat"
    )
    mail_link_closed_days: float = Field(
        7.0, ge=0, description="And no longer than this after the conversation was closed"
    )
    mail_inbound_token: SecretStr = Field(
        SecretStr(""),
        description="With it a mail server hands over replies, see email.md; empty: none may",
    )
    mail_imap_host: str = Field("", description="Where replies are fetched from; empty: nowhere")
    mail_imap_port: int = Field(993, ge=1, le=65535, description="Its port")
    mail_imap_tls: bool = Field(True, description="Whether the connection to it is encrypted")
    mail_imap_user: str = Field("", description="The account of the mailbox")
    mail_imap_password: SecretStr = Field(SecretStr(""), description="Its password")
    mail_imap_folder: str = Field("INBOX", description="The folder where replies arrive")
    mail_imap_poll_s: float = Field(30.0, ge=1, description="How often it is looked into")

    @property
    def mail(self) -> MailSettings | None:
        """What connects e-mail, None where there is none. Raises: ValueError with what is wrong."""
        inbound = self.mail_inbound_token.get_secret_value()
        if not self.mail_host:
            if self.mail_from or inbound or self.mail_imap_host:
                raise ValueError("Set HEARD_MAIL_HOST too: without it no answer goes out.")
            return None
        return MailSettings(
            host=self.mail_host,
            port=self.mail_port,
            tls=self.mail_tls,
            user=self.mail_user,
            password=self.mail_password.get_secret_value(),
            sender=self.mail_from,
            timeout_s=self.mail_timeout_s,
            join=timedelta(seconds=self.mail_join_s),
            away=timedelta(minutes=self.mail_away_min),
            link_lasts=timedelta(days=self.mail_link_days),
            link_after_close=timedelta(days=self.mail_link_closed_days),
            inbound_token=inbound,
            mailbox=self._mailbox,
        )

    @property
    def _mailbox(self) -> Mailbox | None:
        if not self.mail_imap_host:
            return None
        return Mailbox(
            host=self.mail_imap_host,
            port=self.mail_imap_port,
            user=self.mail_imap_user,
            password=self.mail_imap_password.get_secret_value(),
            tls=self.mail_imap_tls,
            folder=self.mail_imap_folder,
            poll_s=self.mail_imap_poll_s,
            timeout_s=self.mail_timeout_s,
        )
