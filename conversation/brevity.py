"""How long a message of the chat may be, and how that is counted."""

import re

MAX_WORDS = 45
MAX_SENTENCES = 2
_WORD = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*")
_END = re.compile(r"[.!?…](?=[\"”’)]?(\s|$))")
_ENDED = re.compile(r"[.!?…:][\"”’)]?\s*$")


def words(text: str) -> int:
    """How many words a text has; "4.90" and "free-standing" are one each."""
    return len(_WORD.findall(text))


def sentences(text: str) -> int:
    """How many sentences a text has; one without a stop at its end counts too."""
    return len(_END.findall(text)) + (not _ENDED.search(text))
