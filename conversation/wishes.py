"""What must reach a person at once, whatever the score: a wish for one, and sensitive topics."""

import re

_PERSON = re.compile(
    r"\b(talk|speak|chat|connect|transfer|switch|put|pass|get|give|want|need|fetch|bring|call)\b"
    r"[^.?!]{0,30}\b(a |an |the |some |any |real |actual |live |another )*"
    r"(human( being)?|real (person|people)|person|agent|representative|operator|colleague"
    r"|advisor|someone (real|else)|supervisor|member of staff)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^\W*(human|agent|person|operator|representative|real person|human please|agent please"
    r"|live agent|talk to a person)\W*$",
    re.IGNORECASE,
)
_ABOUT_ANOTHER = re.compile(
    r"\b(human resources|travel agent|cleaning agent|the agent was|agent told|personal"
    r"|person (who|that)|as a person|agents? (for|in))\b",
    re.IGNORECASE,
)
_SENSITIVE = re.compile(
    r"\b(kill myself|suicid\w*|self[- ]harm|hurt myself|passed away|has died|my late (wife|husband"
    r"|mother|father|partner)|bereave\w*|lawyer|solicitor|sue you|take you to court|police"
    r"|fraud\w*|scammed|account (was|has been|got) hacked|someone (else )?(used|is using) my"
    r"|(caught|catch(es)?) fire|exploded|burn(t|ed) (my|me))\b",
    re.IGNORECASE,
)


def asks_for_person(text: str, intent: str | None, confidence: float) -> bool:
    """True where the customer asks for a person, in any phrasing, on any turn.

    The wording decides together with the NLU; `confidence` is that of `intent`, 0..1.
    """
    if _BARE.search(text):
        return True
    if _ABOUT_ANOTHER.search(text):
        return False
    return bool(_PERSON.search(text)) or (intent == "ask_person" and confidence >= 0.5)


def is_sensitive(text: str) -> bool:
    """True where the message touches safety, law, fraud or a loss: a person should answer."""
    return bool(_SENSITIVE.search(text))
