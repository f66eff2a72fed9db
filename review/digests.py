"""The digests as pages: what goes to the desk's channels, for any day."""

from datetime import date, timedelta

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import BadRequest

from handoff.digests.digests import NOTHING
from handoff.digests.editor import Editor
from handoff.queue.groups import DigestKind
from staff.account import Role
from staff.door import StaffDoor

_TITLES = {DigestKind.DAILY: "The desk", DigestKind.VOICES: "In customers' own words"}


def blueprint(door: StaffDoor, editor: Editor) -> Blueprint:
    """/review/digests, for leads and admins."""
    pages = Blueprint("digests", url_prefix="/review/digests")
    environment = door.environment("review")

    @pages.get("/")
    @door.requires(Role.LEAD, Role.ADMIN)
    async def one(request: Request) -> HTTPResponse:
        kind, day = _kind(request.args.get("kind")), _day(request.args.get("day"), editor)
        return door.render(
            request,
            environment,
            "digest.html",
            digest=await editor.write(kind, day, for_review=True),
            kind=kind,
            titles=_TITLES,
            nothing=NOTHING,
            day=day,
            before=day - timedelta(days=1),
            after=day + timedelta(days=1) if day <= editor.today() else None,
        )

    return pages


def _kind(name: str | None) -> DigestKind:
    try:
        return DigestKind(name or DigestKind.DAILY)
    except ValueError as error:
        raise BadRequest(f"There is no such digest. Use {' or '.join(DigestKind)}.") from error


def _day(text: str | None, editor: Editor) -> date:
    """The day on which the digest goes out; tomorrow's tells of today."""
    try:
        return date.fromisoformat(text) if text else editor.today() + timedelta(days=1)
    except ValueError as error:
        raise BadRequest("Write the day as 2026-03-31.") from error
