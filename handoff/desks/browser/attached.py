"""The files of a message, as the page of its case shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversation.files import file_id
from conversation.messages import Link, Message

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file to open; a `picture` is shown small beside its name."""

    link: Link
    picture: bool


def attached(message: Message) -> Sequence[Attached]:
    """The message's files."""
    return [Attached(link, _is_picture(link)) for link in message.links if file_id(link.url)]


def _is_picture(link: Link) -> bool:
    name, _, _ = link.title.rpartition(", ")  # its size follows
    return name.lower().endswith(_PICTURES)
