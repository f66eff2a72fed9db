"""The frame around every staff page: templates, navigation, protective headers, error pages."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import html

from staff.account import Role, Staff
from staff.sessions import Session
from staff.words import at, clock_in, count, effort_level, span

_STATIC = Path(__file__).parent / "static"
_STATIC_URL = "/staff/static"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def page_headers() -> dict[str, str]:
    """The protective headers of a page, in a dictionary of its own: Sanic adds to what it gets."""
    return {
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the staff pages and the roles it is for."""

    label: str
    path: str
    roles: frozenset[Role]

    def contains(self, path: str) -> bool:
        """True where the page at `path` belongs here."""
        return path == self.path or path.startswith(f"{self.path}/")


PLACES = (
    Place("Desk", "/desk", frozenset({Role.AGENT})),
    Place("Review", "/review", frozenset({Role.LEAD, Role.ADMIN})),
)


def places_of(staff: Staff) -> tuple[Place, ...]:
    """Where this person may go; the first is where they begin."""
    return tuple(place for place in PLACES if place.roles & staff.roles)


class Frame:
    """Renders templates inside the shared frame."""

    def __init__(self, company: str) -> None:
        self._company = company
        self._own = self.environment("staff")

    def environment(self, package: str) -> Environment:
        """Templates of `package`, with the shared frame; an unknown name is an error."""
        environment = Environment(
            loader=ChoiceLoader([PackageLoader(package), PackageLoader("staff")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(
            at=at, span=span, count=count, effort_level=effort_level, clock_in=clock_in
        )
        environment.globals.update(
            company=self._company, asset=lambda name: asset_url(_STATIC_URL, _STATIC / name)
        )
        return environment

    def render(
        self,
        request: Request,
        environment: Environment,
        template: str,
        *,
        status: int = 200,
        **context: Any,
    ) -> HTTPResponse:
        """The page; `session` and `places` are known to every template."""
        session: Session | None = getattr(request.ctx, "session", None)
        text = environment.get_template(template).render(
            session=session,
            places=places_of(session.staff) if session else (),
            path=request.path,
            **context,
        )
        return html(text, status=status, headers=page_headers())

    def problem(self, request: Request, status: int, title: str, text: str) -> HTTPResponse:
        """A page that says what is wrong, and what to do."""
        return self.render(
            request, self._own, "problem.html", status=status, title=title, text=text
        )

    def sign_in(self, request: Request, *, status: int = 200, **context: Any) -> HTTPResponse:
        """The sign-in page."""
        return self.render(request, self._own, "sign_in.html", status=status, **context)


def asset_url(prefix: str, file: Path) -> str:
    """The address of a static file; it changes with the content, so it may be kept for ever."""
    return f"{prefix}/{file.name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:10]}"


def assets(name: str, prefix: str, folder: Path) -> Blueprint:
    """Serves the files of a folder below `prefix`."""
    blueprint = Blueprint(name)
    blueprint.static(prefix, folder, name="files")

    blueprint.middleware(_keep_for_ever, "response")
    return blueprint


def own_assets() -> Blueprint:
    """The files that every staff page shares."""
    return assets("staff_assets", _STATIC_URL, _STATIC)


async def _keep_for_ever(_: Request, response: HTTPResponse) -> None:
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.status == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
