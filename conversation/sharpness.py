"""How much more, or less, frustrated a message to support is than its score says. Pure.

The NLU's score learnt from comments among strangers. Among them an exclamation mark is mostly
joy, a call for help is rare, and a question is put to the world. Nor does it read faces.
"""

import re

from conversation import wording

_NO = r"(\b(no|not|never|nothing|nobody|cannot|without)\b|n['’]t\b)"
_DENIED_LOUDLY = re.compile(rf"{_NO}[^.?!\n]*!", re.IGNORECASE)
_CALLS_FOR_HELP = re.compile(r"\bhelp\W{0,2}!", re.IGNORECASE)
_KIND = re.compile(
    r"\b(thank\w*|thx|tnx|cheers|great|lov(e|ely|ing)|perfect|awesome|brilliant|amazing|excellent"
    r"|appreciate\w*|happy|glad|nice|congrat\w*|good (morning|afternoon|evening|day|news)"
    r"|hi|hello|hey|yes|yay|wow|excited|fun|welcome|sorted|fixed|work(s|ed)"
    r"|no (worries|problem|rush|hurry))\b",
    re.IGNORECASE,
)
_NO_PRAISE = re.compile(
    r"(\b(not|never|hardly)|n['’]t) (\w+ )?(impressed|happy|pleased|satisfied|acceptable"
    r"|good enough|helpful|professional|liking)\b",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"(?<!\bnot )(?<!n't )(?<!n’t )(?<!never )\b("
    r"(very|so|really|extremely|truly) (poor|bad|slow|rude|upset|unhappy|angry|annoy\w+)"
    r"|disappoint(ed|ing|ment)|frustrat(ed|ing|ion)|annoy(ed|ing)|fed up|(tired|sick) of"
    r"|terrible|awful|horrible|appalling|shocking|unacceptable|outrageous|disgrace\w*"
    r"|disgust\w+|rude|clueless|hopeless|nightmare|shambles|misleading|misled|unprofessional"
    r"|los(t|ing) (all |my )?(faith|patience|trust)|lied to|never again|no excuse|makes no sense"
    r"|(poor|bad|lousy|no) (customer )?(service|support|communication|experience)"
    r"|(what a|total|complete) (joke|mess|disaster)"
    r"|wast(e|ed|ing) (of )?(my |our )?(time|money))\b",
    re.IGNORECASE,
)
_WAITS = re.compile(
    r"\b(still (no|not|nothing|waiting|broken|down|missing|can['’]?t|cannot|isn['’]?t)"
    r"|(been|was|were) (waiting|on hold)|waiting (for|since)|on hold"
    r"|keeps? \w+ing|over and over|(yet|once) again|again and again"
    r"|(for|over|past|last) (\w+ )?(hours|days|weeks|months)"
    r"|(second|third|fourth|fifth|\d+(nd|rd|th)) time"
    r"|every (single )?(time|day|night|week)|ignor(ed|ing))\b",
    re.IGNORECASE,
)
_LOUD_WORDS = re.compile(
    r"\b(STILL|NOT|NO|NEVER|NOW|WHY|WHERE|WHEN|AGAIN|NOTHING|NOBODY|EVERY|WAITING|STOP|FIX|WRONG"
    r"|ASAP|HELP|HOURS?|DAYS?|WEEKS?|MONTHS?|TIMES|TWICE|ALREADY|WORST|CANNOT"
    r"|(CAN|DON|WON|DIDN|ISN|DOESN|HAVEN)['’]?T)\b"
)
_FACES = re.compile("[😠😡🤬😤👿💢😒🙄🤦👎😑😩😫💔😞😣😖]")
_EXCUSES = re.compile(
    r"\b(sorry (to|for|about) (both\w+|the (trouble|bother|delay|confusion)|asking|being|my"
    r"|so many)|my (bad|mistake|fault)|no (rush|hurry|worries)"
    r"|just (wondering|curious|checking))\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^\W*((hi|hello|hey|good (morning|afternoon|evening)|ok|okay|so|and|also)\b"
    r"[^.?!\n]{0,25}?[,.!]?\s*)?"
    r"(what|when|where|which|who|how (do|can|much|many|long|far|often|to|does|would)|is|are|do"
    r"|does|did|can|could|would|will|has|have|may|should|am|any)\b[^.?!\n]*\?\W*$",
    re.IGNORECASE,
)
_GRIEVANCE = re.compile(
    rf"{_NO}|\b(still|again|yet|ever|even|finally|any(one|body)|wrong|problem|issue|down|broken"
    r"|late|help|refus\w*|complain\w*|claim|ignor\w*|worst|wait\w*|kidding|joking|serious\w*|hell"
    r"|heck|earth|you people|think you are)\b",
    re.IGNORECASE,
)
_QUESTION_WORDS = 15  # a longer one tells a story
_ADDRESSES = re.compile(r"https?://\S+|[@#]\w+")


def sharper_by(text: str) -> float:
    """What the wording adds to how frustrated its writer is, in logits; below 0 it is calmer.

    Source of the sizes: docs/adr/0004-effort.md.
    """
    said = _ADDRESSES.sub("", text).strip()
    if _asks_plainly(said):
        return -1.5
    return (
        1.0 * _exclaims(said)
        + 1.0 * _judges(said)
        + 0.8 * bool(_FACES.search(said))
        + 0.8 * _stresses(said)
        + 0.4 * bool(_WAITS.search(said))
        - 1.0 * bool(_EXCUSES.search(said))
    )


def _asks_plainly(said: str) -> bool:
    """True for a short question about a fact, without a word of trouble."""
    grieves = _GRIEVANCE.search(said) or _judges(said) or wording.insults(said)
    short = len(said.split()) <= _QUESTION_WORDS
    return short and bool(_QUESTION.search(said)) and not grieves


def _exclaims(said: str) -> bool:
    """True where a no or a call for help is exclaimed, and nothing kind said with it."""
    loud = _DENIED_LOUDLY.search(said) or _CALLS_FOR_HELP.search(said)
    return bool(loud) and not _KIND.search(said)


def _judges(said: str) -> bool:
    """True where the customer says how bad it is; strong words are a signal of their own."""
    return bool(_NO_PRAISE.search(said) or _VERDICT.search(said))


def _stresses(said: str) -> bool:
    """True where a word stands out in capitals; a message all in capitals is a shout."""
    return bool(_LOUD_WORDS.search(said)) and any(map(str.islower, said))
