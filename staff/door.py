"""The door to the staff pages: who may pass, and the frame that everybody shares."""

import hmac
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from jinja2 import Environment
from sanic import Blueprint, HTTPResponse, Request
from sanic.blueprints import BlueprintGroup
from sanic.exceptions import SanicException
from sanic.response import empty

from conversation.clock import Clock
from staff.account import Role
from staff.entry import Entry
from staff.forms import field
from staff.frame import Frame, own_assets, page_headers
from staff.ports import StaffStore
from staff.sessions import Session
from staff.sign_in import SessionCookie, see_other, sign_in_first, words_for
from staff.sign_in import blueprint as sign_in_pages

Handler = Callable[..., Coroutine[Any, Any, HTTPResponse | None]]

_NUL = b"%00"  # no text of ours has one, and PostgreSQL cannot even look for it
_STALE = "This form is out of date. Go back, reload the page and send it again; nothing was done."


class StaffDoor:
    """Signs staff in and out, and guards handlers by role.

    Args: secure_cookies: the site is reached over HTTPS; company: shown in the frame.
    """

    def __init__(self, store: StaffStore, clock: Clock, secure_cookies: bool, company: str) -> None:
        self._entry = Entry(store, clock)
        self._frame = Frame(company)
        self._cookie = SessionCookie(secure=secure_cookies)

    @property
    def blueprint(self) -> BlueprintGroup:
        """/sign-in, /sign-out and the files that the staff pages share."""
        pages = sign_in_pages(self._entry, self._frame, self._cookie)
        pages.add_route(self.requires(*Role)(self._sign_out), "/sign-out", methods=["POST"])
        return Blueprint.group(pages, own_assets())

    def requires(self, *roles: Role, passive: bool = False) -> Callable[[Handler], Handler]:
        """Let a handler run for staff with one of `roles` only; it finds `request.ctx.session`.

        Without a session a GET goes to the sign-in page first. Every POST has to carry the
        session's CSRF token in the field `csrf`. A `passive` handler answers scripts: it does not
        prolong the session, and without one its answer is an empty 401.
        """
        allowed = frozenset(roles)

        def guard(handler: Handler) -> Handler:
            @wraps(handler)
            async def guarded(request: Request, *args: Any, **kwargs: Any) -> HTTPResponse | None:
                session = await self._entry.session(self._cookie.read(request), passive=passive)
                request.ctx.session = session
                refusal = self._refusal(request, session, allowed, passive)
                if refusal is not None:
                    return refusal
                try:
                    return await handler(request, *args, **kwargs)
                except SanicException as error:
                    return self.problem(request, error.status_code, "That did not work", str(error))

            return guarded

        return guard

    def environment(self, package: str) -> Environment:
        """The templates of `package`, with the shared frame."""
        return self._frame.environment(package)

    def render(
        self,
        request: Request,
        environment: Environment,
        template: str,
        *,
        status: int = 200,
        **context: Any,
    ) -> HTTPResponse:
        """A page inside the frame, with the headers that protect it."""
        return self._frame.render(request, environment, template, status=status, **context)

    def problem(self, request: Request, status: int, title: str, text: str) -> HTTPResponse:
        """A page that says what is wrong, and what to do."""
        return self._frame.problem(request, status, title, text)

    def _refusal(
        self, request: Request, session: Session | None, allowed: frozenset[Role], passive: bool
    ) -> HTTPResponse | None:
        if session is None:
            return self._nobody(request, passive)
        if not allowed & session.staff.roles:
            text = f"This page is for {words_for(allowed)}. Ask an admin for the role."
            return self.problem(request, 403, "Not for your role", text)
        if _NUL in request.raw_url:
            text = "The address is damaged. Go back and choose the link again."
            return self.problem(request, 400, "No such page", text)
        if request.method == "POST" and not _came_from_our_form(request, session):
            return self.problem(request, 403, "Nothing was done", _STALE)
        return None

    def _nobody(self, request: Request, passive: bool) -> HTTPResponse:
        if passive:
            return empty(401, headers=page_headers())
        if request.method == "GET":
            return sign_in_first(request)
        text = "You have been signed out. Sign in again, then repeat what you did."
        return self.problem(request, 403, "Nothing was done", text)

    async def _sign_out(self, request: Request) -> HTTPResponse:
        await self._entry.end(request.ctx.session)
        response = see_other("/sign-in")
        self._cookie.clear(response)
        return response


def _came_from_our_form(request: Request, session: Session) -> bool:
    return hmac.compare_digest(field(request, "csrf").encode(), session.csrf.encode())
