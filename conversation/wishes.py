"""What must reach a person at once, whatever the score: a wish for one, and sensitive topics."""

import re

_CLAUSES = re.compile(r"[.!?;,\n]+|\b(?:but|so)\b", re.IGNORECASE)
_ANYBODY = (
    r"(human( being)?|person|real people|agent|representative|rep|operator|colleague|advis[oe]r"
    r"|supervisor|manager|member of staff|someone (real|else|human)|(some|any)body (real|else)"
    r"|real (one|someone|somebody))"
)
_TEAM = (
    r"((some|any)(one|body)|(the |your )?(customer )?(service|support|care)( team| desk)?"
    r"|(your |the )?(team|staff|boss)|(one|some) of (you|your people))"
)
_PERSON = re.compile(
    r"\b(talk|speak|chat|connect|transfer|switch|put|pass|get|give|want|need|fetch|bring|call"
    r"|escalate|hand me( over)?|i('?d| would) like)\b[^.?!]{0,30}\b"
    rf"(a |an |the |some |any |real |actual )*{_ANYBODY}\b",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\b((talk|speak|chat)( it over)? (to|with)|(connect|transfer|switch) me (to|with)"
    rf"|put me (through|in touch)( to| with)?|hand me over to|pass me on to) {_TEAM}\b",
    re.IGNORECASE,
)
_IS_THERE_ONE = re.compile(
    r"\b(is|are) there (a |an |any )?(real |actual |live )?"
    rf"({_ANYBODY}|(some|any)(one|body))\b[^.?!]{{0,20}}\b(talk|speak|chat|ask|help|answer)\b",
    re.IGNORECASE,
)
_TOLD_TO_ONE = re.compile(
    r"\b(tell|explain|say|discuss) (it|that|this)?( ?all)? ?(to|with) (a |an |some )?(real )?"
    r"(human|person|agent|colleague|somebody|someone)\b",
    re.IGNORECASE,
)
_DONE_BY_ONE = re.compile(
    r"\b(can|could|may|would|should) "
    r"(a|an|some|any|one of your|your|some(one|body) (from|in|of) your) (real )?"
    r"(human|person|agent|colleagues?|employees?|people|team|staff)\b[^.?!]{0,15}\b(look|check|help"
    r"|call|ring|phone|join|take|answer|sort|deal|contact|write|do (this|that|it))",
    re.IGNORECASE,
)
_WISHES = (_PERSON, _TALK, _IS_THERE_ONE, _TOLD_TO_ONE, _DONE_BY_ONE)
_BARE = re.compile(
    r"^\W*(talk to )?(a )?(real |live )?(human( being)?|agent|person|operator|representative"
    r"|manager|supervisor|customer (service|support|care))( please| pls| now| here)*\W*$",
    re.IGNORECASE,
)
_ABOUT_ANOTHER = re.compile(
    r"\b(human resources|travel agent|cleaning agent|the agent (was|told|said)|agent told|personal"
    r"|person (who|that)|as a person|agents? (for|in)|tell your manager|number (i|to|where)"
    r"|(send|sent|ship|give|deliver|gift|transfer)\b(?! me).{0,20}\b(to|for) "
    r"(a|an|the|another|some) ?(other )?person)\b",
    re.IGNORECASE,
)
_NOT_WANTED = re.compile(
    r"\b(don'?t|do not|no need to|not|never|rather not) (want|need|connect|transfer|put|talk|speak"
    r"|get|give|call|bring|fetch)\b",
    re.IGNORECASE,
)
_FAMILY = (
    "(husband|wife|partner|mother|mum|mom|father|dad|parents|son|daughter|child|brother|sister)"
)
_SENSITIVE = re.compile(
    r"\b((don'?t|do not) want to live|end my life|want to die|kill myself|suicid\w*|self[- ]harm"
    rf"|hurt myself|passed away|has died|{_FAMILY} (just |recently )?died|my late {_FAMILY}"
    rf"|lost (my|our) {_FAMILY}|bereave\w*"
    r"|lawyer|solicitor|sue you|take you to court|police"
    r"|fraud\w*|scammed|account (was|has been|got) hacked|someone (else )?(used|is using) my"
    r"|(caught|catch(es)?) fire|exploded|burn(t|ed) (my|me)|electric shock|injured"
    r"|(had to go|was taken|rushed) to (the )?hospital|(and|so) i fell(?! in love| for))\b",
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
        wish = any(wording.search(clause) for wording in _WISHES)
        if _BARE.search(clause) or (wish and not of_others):
            return True
    return intent == "ask_person" and confidence >= 0.5 and not any(speaks_of_others)


def is_sensitive(text: str, intent: str | None = None, confidence: float = 0.0) -> bool:
    """True where the message touches safety, law, fraud or a loss: a person should answer.

    `confidence` is that of `intent`, 0..1; where the NLU is in doubt, the bot asks first.
    """
    return bool(_SENSITIVE.search(text)) or confidence >= _SERIOUS.get(intent or "", 2.0)


def speaks_of_another(text: str) -> bool:
    """True where a person is named who is none of ours, or not wanted here."""
    return bool(_ABOUT_ANOTHER.search(text))


def declines_person(text: str) -> bool:
    """True where the customer says that no person is needed."""
    return bool(_NOT_WANTED.search(text))
