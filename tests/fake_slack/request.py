"""A request of Slack's to the app, on whichever way it travels."""

import asyncio
import json
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from tests.fake_slack.limits import Json


@dataclass
class Request:
    """A request to the app. `times` sends an acknowledged request again: a redelivery.

    `answer` is the body of the last response.
    """

    body: bytes
    content_type: str
    times: int = 1
    sent: asyncio.Event = field(default_factory=asyncio.Event)
    answer: bytes = b""

    @property
    def envelope(self) -> Json:
        """What Socket Mode wraps it in, but for the envelope's id."""
        if self.content_type == "application/json":
            return {"type": "events_api", "payload": json.loads(self.body)}
        form = dict(parse_qsl(self.body.decode()))
        if "payload" in form:
            return {"type": "interactive", "payload": json.loads(form["payload"])}
        return {"type": "slash_commands", "payload": form}
