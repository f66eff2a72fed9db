"""Files of conversations, for signed-in staff: desk, review and the links in other desks."""

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sanic.response import raw

from conversation.files import PATH
from handoff.files import download_headers
from handoff.ports import Store
from staff.account import Role
from staff.door import StaffDoor


def file_pages(door: StaffDoor, store: Store) -> Blueprint:
    """/files/..."""
    pages = Blueprint("files")

    @pages.get(f"{PATH}<file_id:str>")
    @door.requires(Role.AGENT, Role.LEAD)
    async def one(request: Request, file_id: str) -> HTTPResponse:
        async with store.read() as work:
            found = await work.files.get(file_id)
        if found is None:
            raise NotFound("There is no such file. It may have been deleted.")
        file, content = found
        return raw(content, headers=download_headers(file), content_type=file.kind)

    return pages
