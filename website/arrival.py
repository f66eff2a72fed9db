"""What a page says of its visitor when it opens a session."""

from dataclasses import dataclass

from conversation.zones import is_zone
from website.frames import Fields, read_optional
from website.refusal import bad_field

_MAX_TOKEN, _MAX_PAGE, _MAX_LOCALE, _MAX_ZONE = 8192, 2000, 64, 64
_MAX_PAGES, _MAX_PATH = 5, 200


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the page knows of its visitor: the company's identity, our earlier token.

    `time_zone`: the browser's, "" where it tells none that is known here. `pages`: paths that were
    looked at before in this tab, oldest first. `link`: what a link in an e-mail carries; it alone
    counts then.
    """

    identity: str | None = None
    token: str | None = None
    page: str = ""
    locale: str = "en"
    time_zone: str = ""
    pages: tuple[str, ...] = ()
    link: str | None = None


def read_arrival(fields: Fields) -> Arrival:
    """The body of a session request. Raises: Refusal."""
    return Arrival(
        identity=read_optional(fields, "identity", _MAX_TOKEN),
        token=read_optional(fields, "token", _MAX_TOKEN),
        page=(read_optional(fields, "page", _MAX_PAGE) or "")[:500],
        locale=(read_optional(fields, "locale", _MAX_LOCALE) or "en")[:16],
        time_zone=_read_zone(fields),
        pages=_read_pages(fields),
        link=read_optional(fields, "link", _MAX_TOKEN),
    )


def _read_zone(fields: Fields) -> str:
    # A browser's list of zones can be newer than ours: nobody is turned away for it.
    zone = read_optional(fields, "time_zone", _MAX_ZONE) or ""
    return zone if is_zone(zone) else ""


def _read_pages(fields: Fields) -> tuple[str, ...]:
    pages = fields.get("pages") or []
    if not isinstance(pages, list) or len(pages) > _MAX_PAGES:
        raise bad_field("pages", f"a list of at most {_MAX_PAGES} paths")
    paths = [read_optional({"pages": page}, "pages", _MAX_PATH) for page in pages]
    if not all(path is not None and path.startswith("/") for path in paths):
        raise bad_field("pages", "paths, each of which begins with a slash")
    return tuple(path.partition("?")[0] for path in paths if path)


def read_left_token(fields: Fields) -> str:
    """The visitor token of the conversation to take along. Raises: Refusal."""
    token = read_optional(fields, "token", _MAX_TOKEN)
    if token is None:
        raise bad_field("token", "the token of the chat that was left")
    return token
