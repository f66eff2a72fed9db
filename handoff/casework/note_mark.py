"""The mark of a private note, `;;` or a lock: what begins with it is never sent to a customer."""

import re
import unicodedata

_UNSEEN = "\u200b"
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_SIGN = "[;\u061b\u204f\u2e35]"  # semicolons, those of Arabic keyboards among them
_TYPED = re.compile(rf"{_SIGN}[ {_UNSEEN}]*{_SIGN}")
_MARK = re.compile(rf"{_TYPED.pattern}|[\U0001f50f\U0001f510\U0001f512]")
_NUMBER = re.compile(r"(?<!\w)(?:\d+|[a-z]|[ivx]+)[.)](?!\w)|_")  # of a list's entry
_WORD = re.compile(r"\w")


def note_in(text: str, no_words: re.Pattern[str] | None = None) -> str | None:
    """The text without the mark, None where it is no private note.

    In doubt it is one: the mark counts behind all that is no word, seen or unseen.
    Args: no_words: what is no word either at the desk where it was written, such as mentions.
    """
    # NFKC makes one sign of the semicolons that look alike on other keyboards.
    text = unicodedata.normalize("NFKC", text)
    seen = _seen(text)
    if no_words is not None:
        seen = no_words.sub(lambda found: _UNSEEN * len(found[0]), seen)
    mark = _MARK.search(seen)
    if mark is None or _has_words(seen[: mark.start()]):
        return None
    return f"{text[: mark.start()]}{text[mark.end() :]}".strip()


def may_be_note(text: str) -> bool:
    """Whether the text is a private note, or a line in the midst of it begins as one with `;;`."""
    if note_in(text) is not None:
        return True
    lines = _seen(unicodedata.normalize("NFKC", text)).splitlines()
    marks = [(line, _TYPED.search(line)) for line in lines]
    return any(mark and not _has_words(line[: mark.start()]) for line, mark in marks)


def _seen(text: str) -> str:
    return "".join(_UNSEEN if _is_unseen(character) else character for character in text)


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or bool(_BLANK.match(character))


def _has_words(text: str) -> bool:
    return bool(_WORD.search(_NUMBER.sub("", text)))
