"""The page that a link in an e-mail opens: the chat alone."""

from datetime import datetime, timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint, HTTPResponse, Request, html

from conversation.conversation import Conversation
from handoff.mail.postman import Links
from website.identity import Pass, seal_link

PATH = "/chat"
_HERE = Path(__file__).parent


class ChatPage:
    """What opens the conversation stands behind the #: browsers send that to no server."""

    def __init__(self, company: str) -> None:
        self._company = company
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the route."""
        blueprint.add_route(self._show, PATH, name="chat_page")

    async def _show(self, _: Request) -> HTTPResponse:
        text = self._templates.get_template("chat.html").render(company=self._company)
        headers = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
        return html(text, headers=headers)


def links_to(site_url: str, secret: str, lasts: timedelta) -> Links:
    """Makes the links of e-mails. Args: secret: signs them; lasts: how long they open."""

    def link(conversation: Conversation, at: datetime) -> str:
        held = Pass(conversation.visitor_id, conversation.customer_id, conversation.id)
        return f"{site_url}{PATH}#{seal_link(held, secret, at + lasts)}"

    return link
