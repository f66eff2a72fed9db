"""What must reach a person at once, whatever the score: a wish for one, and sensitive topics."""

import re

_CLAUSES = re.compile(r"[.!?;,\n]+|\b(?:but|so)\b", re.IGNORECASE)
_PERSON = re.compile(
    r"\b(talk|speak|chat|connect|transfer|switch|put|pass|get|give|want|need|fetch|bring|call)\b"
    r"[^.?!]{0,30}\b(a |an |the |some |any |real |actual |live |another )*"
    r"(human( being)?|real (person|people)|person|agent|representative|operator|colleague"
    r"|advisor|someone (real|else)|supervisor|member of staff)\b",
    re.IGNORECASE,
)
_TOLD_TO_ONE = re.compile(
    r"\b(tell|explain|say|discuss) (it|that|this)?( ?all)? ?(to|with) (a |an |some )?(real )?"
    r"(human|person|agent|colleague|somebody|someone)\b",
    re.IGNORECASE,
)
_DONE_BY_ONE = re.compile(
    r"\b(can|could|may|would|should) (a|an|some|any|one of your|your) (real )?"
    r"(human|person|agent|colleagues?|employees?|people|team)\b[^.?!]{0,15}"
    r"\b(look|check|help|call|ring|phone|join|take|answer|sort|deal|contact|write)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^\W*(talk to )?(a )?(real |live )?(human|agent|person|operator|representative)"
    r"( please| now| here)*\W*$",
    re.IGNORECASE,
)
_ABOUT_ANOTHER = re.compile(
    r"\b(human resources|travel agent|cleaning agent|the agent (was|told|said)|agent told|personal"
    r"|person (who|that)|as a person|agents? (for|in)"
    r"|(send|sent|ship|give|deliver|gift)\b.{0,20}\b(to|for) (a|an|the|another|some) ?(other )?"
    r"person)\b",
    re.IGNORECASE,
)
_NOT_WANTED = re.compile(
    r"\b(don'?t|do not|no need to|not|never|rather not) (want|need|connect|transfer|put|talk|speak"
    r"|get|give|call|bring|fetch)\b",
    re.IGNORECASE,
)
_SENSITIVE = re.compile(
    r"\b((don'?t|do not) want to live|end my life|want to die"
    r"|kill myself|suicid\w*|self[- ]harm|hurt myself|passed away|has died|my late (wife|husband"
    r"|mother|father|partner)|bereave\w*|lawyer|solicitor|sue you|take you to court|police"
    r"|fraud\w*|scammed|account (was|has been|got) hacked|someone (else )?(used|is using) my"
    r"|(caught|catch(es)?) fire|exploded|burn(t|ed) (my|me))\b",
    re.IGNORECASE,
)
_SERIOUS = {"product_safety": 0.9, "legal_threat": 0.6, "fraud": 0.6}  # from this confidence on


def asks_for_person(text: str, intent: str | None, confidence: float) -> bool:
    """True where the customer asks for a person, in any phrasing, on any turn.

    The wording decides, clause by clause, together with the NLU; `confidence` is that of `intent`,
    0..1. A clause about another person, or against a person, counts as no wish.
    """
    clauses = [clause for clause in _CLAUSES.split(text) if clause.strip()]
    speaks_of_others = [_ABOUT_ANOTHER.search(c) or _NOT_WANTED.search(c) for c in clauses]
    for clause, of_others in zip(clauses, speaks_of_others, strict=True):
        wish = any(wording.search(clause) for wording in (_PERSON, _TOLD_TO_ONE, _DONE_BY_ONE))
        if _BARE.search(clause) or (wish and not of_others):
            return True
    return intent == "ask_person" and confidence >= 0.5 and not any(speaks_of_others)


def is_sensitive(text: str, intent: str | None = None, confidence: float = 0.0) -> bool:
    """True where the message touches safety, law, fraud or a loss: a person should answer.

    `confidence` is that of `intent`, 0..1; where the NLU is in doubt, the bot asks first.
    """
    return bool(_SENSITIVE.search(text)) or confidence >= _SERIOUS.get(intent or "", 2.0)


def declines_person(text: str) -> bool:
    """True where the customer says that no person is needed."""
    return bool(_NOT_WANTED.search(text))
