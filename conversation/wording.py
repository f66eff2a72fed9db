"""What a message or a reply says by its very words, whatever its intent. Pure."""

import re

_CORRECTION = re.compile(
    r"\b(no,? (i|that|not|my|it|the)|that'?s (not|wrong)|not what i"
    r"|i (already|just) (said|told|gave|wrote)|i meant|wrong (order|answer|one)"
    r"|you (don'?t|do not|didn'?t) (get|understand|listen|read)|(read|listen to) what i|again\?)",
    re.IGNORECASE,
)
_INSULT = re.compile(
    r"\b(useless|stupid|idiot(ic)?|dumb|moron|crap(py)?|rubbish|garbage|pathetic|bullshit|fuck\w*"
    r"|shit\w*|wtf|(this|it|that)( is|'s) a joke|ridiculous|incompetent"
    r"|worst (service|company|shop|support|experience))\b",
    re.IGNORECASE,
)
_SHOUTED_MARKS = re.compile(r"(\?!|!\?|!{2,}|\?{2,})")
_NEGATION = re.compile(
    r"\b(no|not|never|nothing|none|nope|nah|neither|cannot|without"
    r"|(do|does|did|is|was|are|were|has|have|had|could|would|wo|ca|should|ai)n['’]?t)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*((oh|ah|ok|okay|well|hm+|sorry|um+)\W+)?(no|nope|nah|not|neither|none|never mind)\b"
    r"(?!\W*(problem|worries|preference|matter|idea|longer|clue|need|hurry|rush))",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^\W*(yes|yeah|yep|yup|sure|ok(ay)?|correct|right|that works|sounds (good|great|fine)"
    r"|perfect|great|fine)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b((any|some)(thing|one|where|body)? else|(what|who|where|how|nothing) else"
    r"|(any|some|are there|have any) others?|another|instead|alternatives?|(how|what) about"
    r"|other (options?|ones?|places?|choices?|suggestions?|kinds?|types?|ways?)"
    r"|(something|a) different|more (options|choices))\b",
    re.IGNORECASE,
)
_PLEASED = re.compile(
    r"\b(great|perfect|sounds? (good|great|fine|nice|lovely)|excellent|awesome|thank\w*|thx"
    r"|love(ly)?|wonderful|nice|cool|brilliant|cheers|appreciate\w*|that works)\b",
    re.IGNORECASE,
)
_GOOD = r"(great|wonderful|lovely|brilliant|perfect|fantastic|marvellous|super|nice|amazing)"
_MOCKING = re.compile(
    rf"\b(oh,? (how )?{_GOOD}(?!,? (thanks|thank you|cheers|that|to know|news))"
    rf"|just {_GOOD}\b(?! for)"
    rf"|{_GOOD}[,. ]+(another|yet another|now (what|i|my)|so (now|i)|and now|just what i)"
    r"|(thanks|thank you|thx|cheers)( a lot| so much| very much)? for"
    r" (nothing|ruining|wasting|making me|losing|ignoring|not|leaving me)"
    r"|(great|good|nice|well|fantastic|brilliant) (job|work|going|done)[^.?!]{0,40}"
    r"\b(again|not|never|still|late|broken|lost|wrong)|how (lovely|helpful|wonderful) of you)\b",
    re.IGNORECASE,
)
_TURNED_AWAY = re.compile(
    r"\b(unfortunately|unable|i['’]?m afraid|cannot(?! be undone)|can['’]?t|failed"
    r"|unavailable|unsuccessful"
    r"|not (available|possible)"
    r"|(could|was|were|am|are|is|do|does|did|wo|have|has)(n['’]?t| not) (\w+ ){0,2}?"
    r"(able|find|found|have|match\w*|offer|know|understand|see|get|book|make|help|available"
    r"|possible|allow\w*|any|work|exist|reserve|complete|process|provide|reach|change)"
    r"|no (results?|match\w*|such|listings?|availab\w+|record|other|more)"
    r"|((?<!if )there (is|are|were|was)|i (have|see|found|find)|we have|there['’]s)"
    r" (no|none|not))\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\b(else|further|more (help|assist\w*)|other (help|assist\w*)|help you (with|today))\b"
    r"[^?]{0,40}\?\W*$",
    re.IGNORECASE,
)
_OPEN_QUESTION = re.compile(
    r"(^|[.,:;!?]\s*|\b(and|so|but)\s+)((at|by|for|from|in|on|to)\s+)?"
    r"(what|when|where|which|who|why|how)\b(?! about)[^.?!\n]*\?[^?]{0,20}$",
    re.IGNORECASE,
)


def corrects(text: str) -> bool:
    """True where the customer says that they were taken wrongly."""
    return _CORRECTION.search(text) is not None


def insults(text: str) -> bool:
    """True where the customer uses strong words."""
    return _INSULT.search(text) is not None


def shouts(text: str) -> bool:
    """True where marks are repeated, or most letters are capitals."""
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    shouted = len(letters) >= 8 and capitals > 0.7 * len(letters)
    return shouted or _SHOUTED_MARKS.search(text) is not None


def negations(text: str) -> int:
    """How often the message says no, not, never and the like."""
    return len(_NEGATION.findall(text))


def says_no(text: str) -> bool:
    """True where the message begins with a no that is meant as one."""
    return _NO.search(text) is not None


def says_yes(text: str) -> bool:
    """True where the message begins with agreement."""
    return _YES.search(text) is not None


def wants_other(text: str) -> bool:
    """True where the customer asks for another option or tries another way."""
    return _OTHER.search(text) is not None


def pleased(text: str) -> bool:
    """True where the customer thanks or praises, and denies nothing in the same breath."""
    return _PLEASED.search(text) is not None and not _NEGATION.search(text)


def mocks(text: str) -> bool:
    """True where praise or thanks are meant the other way round: "thanks for nothing"."""
    return _MOCKING.search(text) is not None


def turns_away(reply: str) -> bool:
    """True where a reply says that something cannot be done or found."""
    return _TURNED_AWAY.search(reply) is not None


def closes(reply: str) -> bool:
    """True where a reply ends by asking whether there is anything else."""
    return _CLOSING.search(reply) is not None


def asks_openly(reply: str) -> bool:
    """True where a reply ends in a question that no yes or no answers."""
    return _OPEN_QUESTION.search(reply) is not None
