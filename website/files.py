"""Files that customers send to the people who answer them, and get back with their own token."""

from sanic import Blueprint, HTTPResponse, Request, json
from sanic.response import raw

from conversation.clock import Clock
from conversation.files import (
    LARGEST_BYTES,
    MOST_IN_A_CONVERSATION,
    PATH,
    TAKEN,
    kind_of,
    safe_name,
)
from conversation.messages import Author, Draft, Link, Message
from conversation.responder import Responder
from handoff.delivery.relaying import relay
from handoff.files import download_headers
from store.store import SqlStore
from website.frames import read_client_id
from website.http_api import HttpApi
from website.identity import Pass
from website.refusal import Refusal

_WITH_A_PERSON = (Responder.QUEUE, Responder.AGENT, Responder.CALLBACK)


class Files:
    """POST /api/files?name=...&client_id=... with the content as the body; GET /api/files/id."""

    def __init__(self, store: SqlStore, api: HttpApi, clock: Clock) -> None:
        self._store = store
        self._api = api
        self._clock = clock

    def add_to(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        put, get = self._api.guarded(self._put), self._api.guarded(self._get)
        blueprint.add_route(put, "/api/files", methods=["POST"], stream=True, name="post_file")
        blueprint.add_route(get, "/api/files/<file_id:str>", methods=["GET"], name="get_file")
        for path, name in (("/api/files", "post_file"), ("/api/files/<file_id:str>", "get_file")):
            self._api.allow_preflight(blueprint, path, name)

    async def _put(self, request: Request) -> HTTPResponse:
        held = await self._api.holder(request)
        client_id = read_client_id({"client_id": request.args.get("client_id")})
        content = await _read(request)
        kind = kind_of(content)
        if kind is None:
            raise _refused("file_not_taken", f"This kind of file is not taken. Taken are {TAKEN}.")
        name = safe_name(request.args.get("name") or "", kind)
        message = await self._keep(held, client_id, name, kind, content)
        return json({"client_id": client_id, "seq": message.seq})

    async def _keep(
        self, held: Pass, client_id: str, name: str, kind: str, content: bytes
    ) -> Message:
        now = self._clock()
        async with self._store.work() as work:
            conversation = await work.conversations.get(held.conversation_id)
            known = await work.conversations.known(conversation.id, client_id)
            if known is not None:
                return known
            if conversation.responder not in _WITH_A_PERSON:
                raise _refused("no_person", "Only people can read files. Ask for a person first.")
            if await work.files.count(conversation.id) >= MOST_IN_A_CONVERSATION:
                most = f"At most {MOST_IN_A_CONVERSATION} files can be sent in one chat."
                raise _refused("too_many_files", most)
            file = await work.files.put(conversation.id, name, kind, content, now)
            sent = Link(file.title, f"{PATH}{file.id}")
            draft = Draft(Author.CUSTOMER, "A file:", client_id=client_id, buttons=(sent,))
            message = await work.conversations.append(conversation.id, draft, now)
            await relay(work, message, now)
        return message

    async def _get(self, request: Request, file_id: str) -> HTTPResponse:
        held = await self._api.holder(request, acts=False)
        async with self._store.read() as work:
            found = await work.files.get(file_id)
            messages = await work.conversations.transcript(held.conversation_id)
        url = f"{PATH}{file_id}"
        stands_there = any(link.url == url for message in messages for link in message.links)
        if found is None or not stands_there:
            raise _refused("no_file", "This file is no longer kept.", 404)
        file, content = found
        return raw(content, headers=download_headers(file), content_type=file.kind)


async def _read(request: Request) -> bytes:
    body = bytearray()
    while (chunk := await request.stream.read()) is not None:  # type: ignore[union-attr]
        body += chunk
        if len(body) > LARGEST_BYTES:
            most = f"At most {LARGEST_BYTES // 1_000_000} MB fit. Send a smaller file."
            raise _refused("file_too_large", most, 413)
    return bytes(body)


def _refused(code: str, text: str, status: int = 409) -> Refusal:
    return Refusal(code, text, status)
