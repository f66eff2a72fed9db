"""The body of a request: a JSON object of bounded size."""

from sanic import Request

from website.frames import Fields, read_object
from website.refusal import MAX_BODY_BYTES, too_large, wrong_content_type


async def read_body(request: Request) -> Fields:
    """The JSON object in the body; an empty body is an empty object. Raises: Refusal."""
    body = bytearray()
    while (chunk := await request.stream.read()) is not None:  # type: ignore[union-attr]
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise too_large()
    if not body:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise wrong_content_type()
    return read_object(bytes(body))
