"""What an agent does on a case page: every form is one verb of `handoff.casework`."""

from collections.abc import Awaitable

import structlog
from sanic import Blueprint, HTTPResponse, Request

from handoff.case import CaseError, UnknownCase
from handoff.casework import Casework
from handoff.desks.browser.case_page import CasePage, Typed
from handoff.desks.browser.desk import NAME
from handoff.desks.browser.submitted import agent_of, key_of
from staff.account import Role
from staff.door import StaffDoor
from staff.forms import field
from staff.sign_in import see_other

log = structlog.get_logger()


class Verbs:
    """The POST handlers below /desk/cases/<id>/."""

    def __init__(self, casework: Casework, page: CasePage) -> None:
        self._casework = casework
        self._page = page

    def add_to(self, pages: Blueprint, door: StaffDoor) -> None:
        """Add the routes, for agents only."""
        for path, verb in (
            ("claim", self.claim),
            ("reply", self.reply),
            ("note", self.note),
            ("hand-back", self.hand_back),
            ("resolve", self.resolve),
        ):
            guarded = door.requires(Role.AGENT)(verb)
            pages.add_route(guarded, f"/cases/<case_id:str>/{path}", methods=["POST"], name=path)

    async def claim(self, request: Request, case_id: str) -> HTTPResponse:
        """Take the case."""
        done = self._casework.claim(case_id, agent_of(request))
        return await self._answer(request, case_id, done, Typed(), "composer")

    async def reply(self, request: Request, case_id: str) -> HTTPResponse:
        """Say something to the customer."""
        typed = Typed(reply=field(request, "text"), key=key_of(request))
        done = self._casework.reply(
            case_id, agent_of(request), typed.reply, key=typed.key, via=NAME
        )
        return await self._answer(request, case_id, done, typed, "composer")

    async def note(self, request: Request, case_id: str) -> HTTPResponse:
        """Keep a private note."""
        typed = Typed(note=field(request, "text"), key=key_of(request))
        done = self._casework.note(
            case_id, agent_of(request), typed.note, key=f"{NAME}:{typed.key}"
        )
        return await self._answer(request, case_id, done, typed, "notes")

    async def hand_back(self, request: Request, case_id: str) -> HTTPResponse:
        """Give the conversation back to the assistant."""
        typed = Typed(summary=field(request, "summary"))
        done = self._casework.hand_back(case_id, agent_of(request), typed.summary)
        return await self._answer(request, case_id, done, typed, "main")

    async def resolve(self, request: Request, case_id: str) -> HTTPResponse:
        """Close the case."""
        typed = Typed(closing=field(request, "closing"), survey=field(request, "survey") == "on")
        done = self._casework.resolve(
            case_id, agent_of(request), closing=typed.closing, survey=typed.survey
        )
        return await self._answer(request, case_id, done, typed, "main")

    async def _answer(
        self, request: Request, case_id: str, done: Awaitable[object], typed: Typed, anchor: str
    ) -> HTTPResponse:
        try:
            await done
        except UnknownCase:
            raise
        except CaseError as error:
            log.info("verb_refused", case=case_id, why=type(error).__name__)
            return await self._page.whole(
                request, case_id, status=409, problem=str(error), typed=typed
            )
        return see_other(f"/desk/cases/{case_id}#{anchor}")
