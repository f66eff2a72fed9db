"""What every form of the browser desk brings: who sent it, and its own key."""

from sanic import Request
from sanic.exceptions import BadRequest

from staff.account import Staff
from staff.forms import field

_LONGEST_KEY = 64
INCOMPLETE = "The form came in incomplete. Reload the page and send it again."


def agent_of(request: Request) -> Staff:
    """Who is signed in."""
    agent: Staff = request.ctx.session.staff
    return agent


def key_of(request: Request) -> str:
    """The form's own key: the same form sent again is the same act. Raises: BadRequest."""
    key = field(request, "key")
    if not 1 <= len(key) <= _LONGEST_KEY:
        raise BadRequest(INCOMPLETE)
    return key
