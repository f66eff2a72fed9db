"""What a form is: a sheet of inputs about one case, checked while it is open, done once sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from handoff.case import Case
from handoff.desks.slack.pressed.views import View
from handoff.desks.slack.shown.blocks import plain_text
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.web_api.api import Block
from handoff.desks.slack.web_api.calls import Payload
from staff.account import Staff

_TITLE = 24

Problems = Mapping[str, str]
"""What is wrong with a form as it was sent: words by the name of the input."""


@dataclass(frozen=True, slots=True)
class About:
    """What a form is about, in ids only. `what` is for the form's own use."""

    case_id: str
    place: Place
    what: str = ""

    @property
    def text(self) -> str:
        """As the form carries it: Slack's `private_metadata`."""
        place = [self.place.channel, self.place.ts]
        return json.dumps([self.case_id, *place, self.what], separators=(",", ":"))

    @classmethod
    def of(cls, text: object) -> "About":
        """Read what a form carries. Raises: ValueError where it is none of ours."""
        found = json.loads(text) if isinstance(text, str) else None
        if not isinstance(found, list) or [type(one) for one in found] != [str] * 4:
            raise ValueError("this form is none of ours")
        case_id, channel, ts, what = found
        return cls(case_id, Place(channel, ts), what)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as it is shown. `submit` is the word on its button."""

    title: str
    submit: str
    blocks: Sequence[Block]
    what: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent. `key` is the same however often Slack sends it."""

    about: About
    key: str
    values: Mapping[str, Payload]

    def text(self, name: str) -> str:
        """What was written, "" where nothing was."""
        return str(self._of(name).get("value") or "").strip()

    def choice(self, name: str) -> str:
        """The value of what was chosen, "" where nothing was."""
        option = self._of(name).get("selected_option") or {}
        return str(option.get("value") or "")

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self._of(name).get("selected_options"))

    def moment(self, name: str) -> datetime | None:
        """The chosen moment in UTC, None where none was."""
        chosen = self._of(name).get("selected_date_time")
        return datetime.fromtimestamp(chosen, UTC) if isinstance(chosen, int) else None

    def _of(self, name: str) -> Payload:
        return self.values.get(name) or {}


@dataclass(frozen=True, slots=True)
class Shown:
    """What stood behind a mask, for the agent alone. It is read when Slack takes it: until then
    nothing but its token is kept."""

    case_id: str
    token: str


class Form(Protocol):
    """One kind of form."""

    name: str

    async def sheet(self, case: Case, agent: Staff) -> Sheet:
        """The form, empty. Raises: CaseError where the case does not allow it."""
        ...

    async def problems(self, filled: Filled, agent: Staff) -> Problems:
        """What has to be corrected first; empty where nothing has."""
        ...

    async def submit(self, filled: Filled, agent: Staff) -> str | Shown:
        """Do it. Returns: what the agent alone is told, "" for nothing. Raises: CaseError."""
        ...


def view_of_sheet(name: str, sheet: Sheet, about: About) -> View:
    """The sheet as Slack opens it."""
    return {
        "type": "modal",
        "callback_id": name,
        "private_metadata": about.text,
        "title": plain_text(sheet.title, _TITLE),
        "submit": plain_text(sheet.submit, _TITLE),
        "close": plain_text("Cancel", _TITLE),
        "blocks": list(sheet.blocks),
    }


def filled_of(view: Mapping[str, Any]) -> Filled:
    """What a sent form holds. Raises: ValueError where it is none of ours."""
    values: dict[str, Payload] = {}
    for block in ((view.get("state") or {}).get("values") or {}).values():
        values |= block
    return Filled(About.of(view.get("private_metadata")), str(view.get("id")), values)
