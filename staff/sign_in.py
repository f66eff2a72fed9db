"""The pages on which staff sign in and out."""

from urllib.parse import quote, urlsplit

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from staff.account import Role, Staff
from staff.entry import Entry, Refused
from staff.forms import field
from staff.frame import PLACES, Frame, page_headers, places_of
from staff.sessions import ABSOLUTE
from staff.words import span

_WRONG = "This e-mail and password do not belong together. Check both and try again."
_SLOW = (
    "Too many attempts. Wait {wait}: until then the right password is refused too. Where you have "
    "forgotten it, have an admin set a new one meanwhile."
)
_FOREIGN = "The form came from another site. Open this page yourself and sign in here."


class SessionCookie:
    """The cookie that holds a session's secret. `secure`: it travels over HTTPS only."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        self.name = "__Host-heard_staff" if secure else "heard_staff"

    def read(self, request: Request) -> str | None:
        """The secret, or None where there is no cookie."""
        secret: str | None = request.cookies.get(self.name)
        return secret

    def write(self, response: HTTPResponse, secret: str) -> None:
        """Set the cookie for as long as a session can last."""
        max_age = int(ABSOLUTE.total_seconds())
        response.add_cookie(
            self.name, secret, max_age=max_age, httponly=True, secure=self._secure, samesite="Lax"
        )

    def clear(self, response: HTTPResponse) -> None:
        """Take the cookie away."""
        response.add_cookie(
            self.name, "", max_age=0, httponly=True, secure=self._secure, samesite="Lax"
        )


def blueprint(entry: Entry, frame: Frame, cookie: SessionCookie) -> Blueprint:
    """GET and POST /sign-in."""
    pages = Blueprint("staff_sign_in")

    @pages.get("/sign-in")
    async def form(request: Request) -> HTTPResponse:
        session = await entry.session(cookie.read(request), passive=False)
        wanted = safe_path(request.args.get("next"))
        if session is not None:
            return see_other(wanted or home_of(session.staff))
        return frame.sign_in(request, next=wanted or "", email="", problem=None)

    @pages.post("/sign-in")
    async def sign_in(request: Request) -> HTTPResponse:
        email, wanted = field(request, "email"), safe_path(field(request, "next"))

        def refuse(status: int, problem: str) -> HTTPResponse:
            return frame.sign_in(
                request, status=status, next=wanted or "", email=email, problem=problem
            )

        if request.headers.get("sec-fetch-site") == "cross-site":
            return refuse(403, _FOREIGN)
        found = await entry.check(email, field(request, "password"), request.client_ip)
        if isinstance(found, Refused):
            if not found.wait_s:
                return refuse(401, _WRONG)
            response = refuse(429, _SLOW.format(wait=span(found.wait_s + 1)))
            response.headers["Retry-After"] = str(int(found.wait_s) + 1)
            return response
        if before := await entry.session(cookie.read(request), passive=True):
            await entry.end(before)
        response = see_other(wanted or home_of(found))
        cookie.write(response, await entry.begin(found))
        return response

    return pages


def see_other(path: str) -> HTTPResponse:
    """Send the browser on with a GET."""
    return redirect(path, status=303, headers=page_headers())


def sign_in_first(request: Request) -> HTTPResponse:
    """Send the browser to the sign-in page, and back here afterwards."""
    here = request.path + (f"?{request.query_string}" if request.query_string else "")
    return see_other(f"/sign-in?next={quote(here, safe='/')}")


def home_of(staff: Staff) -> str:
    """Where this person begins."""
    return next(iter(places_of(staff)), PLACES[0]).path


def safe_path(target: str | None) -> str | None:
    """The target where it is a path on this site; None for anything that leads elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or not target.isascii() or not target.isprintable():
        return None
    parts = urlsplit(target)
    return None if parts.path in ("/sign-in", "/sign-out") else target


def words_for(roles: frozenset[Role]) -> str:
    """The roles as a sentence names them: "agents", "leads or admins"."""
    return " or ".join(f"{role.value}s" for role in Role if role in roles)
