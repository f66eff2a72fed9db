"""Files that are sent in a conversation: what is taken is told from the content, not the name."""

import re
from dataclasses import dataclass
from datetime import datetime

LARGEST_BYTES = 5_000_000
MOST_IN_A_CONVERSATION = 20
PATH = "/files/"
_OF_A_FILE = re.compile(rf"{PATH}([A-Za-z0-9_-]{{43}})$")
_LONGEST_NAME = 80
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_BEGINS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
}
TAKEN_TYPES = tuple(_ENDINGS)
TAKEN = "PNG, JPEG, GIF, WebP, PDF and plain text"


@dataclass(frozen=True, slots=True)
class File:
    """A file that was sent. `id` cannot be guessed; `kind` is its media type."""

    id: str
    conversation_id: str
    name: str
    kind: str
    size: int
    at: datetime

    @property
    def title(self) -> str:
        """The name with its size, as people read it."""
        kilobytes = max(1, round(self.size / 1000))
        large = f"{kilobytes / 1000:.1f} MB" if kilobytes >= 1000 else f"{kilobytes} kB"
        return f"{self.name}, {large}"


def file_id(url: str) -> str | None:
    """The id of the file that the address leads to, here or as others read it; None for a page."""
    found = _OF_A_FILE.search(url)
    return found[1] if found else None


def kind_of(content: bytes) -> str | None:
    """The media type by the content; None where it is of no kind that is taken."""
    for begins, kind in _BEGINS:
        if content.startswith(begins):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return (
        "text/plain" if text.strip() and not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text) else None
    )


def safe_name(name: str, kind: str) -> str:
    """The name without what could mislead, with the ending that its content has."""
    plain = " ".join(_NOT_IN_NAMES.sub(" ", name).split()).strip(". ")
    ending = _ENDINGS[kind]
    stem = plain.rpartition(".")[0] or plain
    if kind == "image/jpeg" and plain.lower().endswith(".jpeg"):
        ending = ".jpeg"
    return f"{stem[: _LONGEST_NAME - len(ending)] or 'file'}{ending}"
