"""Put the parts of e-mail together."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sanic import Blueprint

from conversation.clock import Clock
from handoff.handoffs import Handoffs
from handoff.mail.door import inbound_door
from handoff.mail.fetching import Fetching
from handoff.mail.inbound import MailReader
from handoff.mail.letter import Stationery
from handoff.mail.letterbox import Letterbox
from handoff.mail.post import Post
from handoff.mail.postman import Links, Postman
from handoff.mail.reply_address import ReplyAddresses
from handoff.mail.settings import MailSettings
from handoff.ports import Store
from handoff.promises.callbacks import Callbacks
from handoff.returns import Returns
from handoff.wakes import Live


@dataclass(frozen=True)
class Mail:
    """What a process runs and serves for e-mail. `blueprint`: None where nobody may call."""

    blueprint: Blueprint | None
    work: Mapping[str, Callable[[], Awaitable[None]]]


def mail(
    settings: MailSettings,
    store: Store,
    handoffs: Handoffs,
    returns: Returns,
    live: Live,
    clock: Clock,
    *,
    company: str,
    secret: str,
    links: Links,
) -> Mail:
    """E-mail, out and in. Nothing is connected before it runs.

    Args: secret: signs the addresses for replies; links: makes the links to the chat.
    """
    addresses = ReplyAddresses(settings.sender, secret)
    stationery = Stationery(company, settings.sender)
    postman = Postman(store, Post(settings), stationery, addresses, settings, links, live, clock)
    work: dict[str, Callable[[], Awaitable[None]]] = {"mail_out": postman.run}
    if not settings.hears:
        return Mail(None, work)
    letterbox = Letterbox(store, addresses, clock)
    reader = MailReader(store, handoffs, Callbacks(store, clock), returns, live, clock)
    work["mail_in"] = reader.run
    if settings.mailbox is not None:
        work["mailbox"] = Fetching(settings.mailbox, letterbox).run
    token = settings.inbound_token
    return Mail(inbound_door(letterbox, token) if token else None, work)
