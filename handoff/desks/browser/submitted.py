"""What the forms of the browser desk bring: who sent them, their fields and their own keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import uuid4

from sanic import Request
from sanic.exceptions import BadRequest

from staff import forms
from staff.account import Staff

_LONGEST_KEY = 64
INCOMPLETE = "The form came in incomplete. Reload the page and send it again."


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent: where it is refused it is shown again, and nothing typed is lost.

    `about` names the reply that the form is about, where it is about one. `key` is the form's own,
    so that sending it once more is still the same act.
    """

    verb: str = ""
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    key: str = ""
    about: str = ""

    def of(self, verb: str, name: str, default: str = "", about: str = "") -> str:
        """What was typed into this field of that form; `default` where another was sent."""
        sent = (self.verb, self.about) == (verb, about)
        return self.fields.get(name, default) if sent else default

    def key_of(self, verb: str) -> str:
        """The key of that form: a new one where another was sent."""
        return self.key if self.verb == verb and self.key else str(uuid4())


def typed(request: Request, verb: str, *names: str) -> Typed:
    """The fields of the form of this verb."""
    sent = {name: forms.field(request, name) for name in names}
    return Typed(verb, sent, forms.field(request, "key"), forms.field(request, "about"))


def agent_of(request: Request) -> Staff:
    """Who is signed in."""
    agent: Staff = request.ctx.session.staff
    return agent


def key_of(request: Request) -> str:
    """The form's own key: the same form sent again is the same act. Raises: BadRequest."""
    key = forms.field(request, "key")
    if not 1 <= len(key) <= _LONGEST_KEY:
        raise BadRequest(INCOMPLETE)
    return key
