"""What an agent does on a case page: every form is one verb of `handoff.casework.verbs`."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import structlog
from sanic import Blueprint, HTTPResponse, Request
from sanic.request import File

from conversation.messages import Message
from handoff.case import CaseError, FileNotTaken, UnknownCase
from handoff.casework.note_mark import note_in
from handoff.desks.browser.case_page import KEPT_AS_NOTE, SAID, CasePage
from handoff.desks.browser.desk import NAME
from handoff.desks.browser.parts import DeskParts
from handoff.desks.browser.submitted import Typed, agent_of, key_of, typed
from staff.account import Role, Staff
from staff.forms import upload
from staff.sign_in import see_other

log = structlog.get_logger()

Handler = Callable[[Request, str], Coroutine[Any, Any, HTTPResponse]]


class Verbs(ABC):
    """POST handlers below /desk/cases/<id>/. What is refused comes back with all that was typed."""

    def __init__(self, parts: DeskParts, page: CasePage) -> None:
        self._parts = parts
        self._casework = parts.casework
        self._page = page

    def add_to(self, pages: Blueprint) -> None:
        """Add the routes, for agents only."""
        guard = self._parts.door.requires(Role.AGENT)
        for name, verb in self.verbs.items():
            path = f"/cases/<case_id:str>/{name}"
            pages.add_route(guard(verb), path, methods=["POST"], name=name)

    @property
    @abstractmethod
    def verbs(self) -> Mapping[str, Handler]:
        """The handlers by the last part of their path."""

    async def _answer(
        self,
        request: Request,
        case_id: str,
        done: Awaitable[object],
        sent: Typed,
        anchor: str,
        said: str = "",
    ) -> HTTPResponse:
        try:
            await done
        except UnknownCase:
            raise
        except CaseError as error:
            log.info("verb_refused", case=case_id, why=type(error).__name__)
            return await self._page.whole(
                request, case_id, status=409, problem=str(error), sent=sent
            )
        return see_other(f"/desk/cases/{case_id}{said and f'?{SAID}={said}'}#{anchor}")


class Talk(Verbs):
    """What is said: replies, files, edits and deletions, private notes."""

    @property
    def verbs(self) -> Mapping[str, Handler]:
        """Reply, send a file, edit, delete, note."""
        return {
            "reply": self.reply,
            "file": self.file,
            "edit": self.edit,
            "delete": self.delete,
            "note": self.note,
        }

    async def reply(self, request: Request, case_id: str) -> HTTPResponse:
        """Say something to the customer; what begins as a private note is kept as one."""
        sent, key = typed(request, "reply", "text"), key_of(request)
        text = sent.fields["text"]
        if (note := note_in(text)) is not None:
            kept = self._casework.note(
                case_id, agent_of(request), note, key=f"{NAME}:note:{key}", via=NAME
            )
            return await self._answer(request, case_id, kept, sent, "notes", said=KEPT_AS_NOTE)
        done = self._casework.reply(case_id, agent_of(request), text, key=key, via=NAME)
        return await self._answer(request, case_id, done, sent, "composer")

    async def file(self, request: Request, case_id: str) -> HTTPResponse:
        """Send the customer a file."""
        sent, key = typed(request, "file"), key_of(request)
        done = self._send_file(case_id, agent_of(request), upload(request, "file"), key)
        return await self._answer(request, case_id, done, sent, "composer")

    async def edit(self, request: Request, case_id: str) -> HTTPResponse:
        """Say a reply of one's own in other words."""
        sent, stamp = typed(request, "edit", "text"), self._parts.clock().isoformat()
        done = self._casework.edit_reply(
            case_id, agent_of(request), sent.about, sent.fields["text"], NAME, stamp=stamp
        )
        return await self._answer(request, case_id, done, sent, "thread")

    async def delete(self, request: Request, case_id: str) -> HTTPResponse:
        """Take a reply of one's own away from the customer's page."""
        sent = typed(request, "delete")
        done = self._casework.delete_reply(case_id, agent_of(request), sent.about, NAME)
        return await self._answer(request, case_id, done, sent, "thread")

    async def note(self, request: Request, case_id: str) -> HTTPResponse:
        """Keep a private note."""
        sent, key = typed(request, "note", "text"), f"{NAME}:{key_of(request)}"
        done = self._casework.note(
            case_id, agent_of(request), sent.fields["text"], key=key, via=NAME
        )
        return await self._answer(request, case_id, done, sent, "notes")

    async def _send_file(self, case_id: str, agent: Staff, file: File | None, key: str) -> Message:
        if file is None:
            raise FileNotTaken("No file was chosen. Choose one, then send it.")
        try:
            return await self._casework.send_file(
                case_id, agent, file.name, file.body, key=key, via=NAME
            )
        except FileNotTaken as error:
            raise FileNotTaken(f"{file.name} was not sent: {error}.") from error
