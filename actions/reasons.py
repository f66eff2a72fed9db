"""Does a customer's message say why they want to send something back, or have money back?"""

import re

_REASON = re.compile(
    r"\b(because|cos|coz|cuz|'?cause|since it|as it|bc"
    r"|too (?!late to)(?!(?:many|much) (?:questions|hassle))[a-z]{3,}|(n'?t|not|never) fit"
    r"|not as (described|expected|pictured)|broken|damaged|defect\w*|faulty|torn|leak\w*|worn"
    r"|frayed|ripped|cracked|scratched|stained|changed my mind"
    r"|(don'?t|do not|no longer) (need|like|want)|wrong (size|colou?r|item)"
    r"|(too|so|very|days?|weeks?) late(?! to)"
    r"|(never|not|n'?t) (come|came|arrived?|turned up)|missing|found (it|one) cheaper"
    r"|(as a|was a) (gift|present)|twice by mistake|poor quality)\b",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:return\w*|refund\w*|exchang\w*|swap\w*|replac\w*|money back"
    r"|(?:send|give|bring|take)\w*\b[^,;]{0,40}\bback)\b[^,;:.–]*(?:[,;:.–]|\s-)\s*(?P<rest>.+)$",
    re.IGNORECASE,
)
# What comes after the wish and is no reason for it: courtesy, a question, which order, how fast.
_NO_REASON = re.compile(
    r"^(?:(?:ok|and|then|so|but|also|or)\s)*(?:please|pls|plz|thanks?|thank you|thx|cheers|hi|hello"
    r"|asap|now|today|quick\w*|soon|urgent\w*|can|could|would|will|shall|how|what|where|when|which"
    r"|who|do|does|is it possible|(?:the|my|that|this|these|those|a|an)(?:\s\S+){1,2}$"
    r"|order|number|nr|i (?:want|need|would|'?d)|i'd|help|tell|let|send|give|from|for)\b"
    r"|[?]\s*$|^\W*\d",
    re.IGNORECASE,
)
_KEEPS = re.compile(
    r"\b(chang\w+ my mind|don'?t|do not|no longer|any ?more|keep\w*|leave|forget|stop"
    r"|never ?mind)\b",
    re.IGNORECASE,
)
_NO = re.compile(r"^(?:no|nope|nah|wait|sorry|actually|i mean(?:t)?)[\s,.:–-]+", re.IGNORECASE)


def gives_reason(text: str) -> bool:
    """True where a reason is in it: a usual one, or what follows the wish after a comma."""
    if _REASON.search(text):
        return True
    after = _WISH.search(text)
    rest = after["rest"] if after else ""
    return any(map(str.isalpha, rest)) and not _NO_REASON.search(rest)


def other_reason(text: str) -> str | None:
    """The reason that a correction gives ("no, it is torn"), None where it is a plain no."""
    rest = _NO.sub("", text)
    corrects = rest != text and _REASON.search(rest) and not _KEEPS.search(rest)
    return rest if corrects else None
