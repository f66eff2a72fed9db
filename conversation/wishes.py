"""What must reach a person at once, whatever the score: a wish for one, and sensitive topics."""

import re

_CLAUSES = re.compile(r"[.!?;,\n]+|\b(?:but|so)\b", re.IGNORECASE)
_MEANT = {  # as people type it in a hurry
    r"hoo?man|humna|huamn|humen|hunan": "human",
    r"perzon|persn|preson|peson|persom|pers0n": "person",
    r"agnet|agetn|agant|aegnt|angent": "agent",
    r"ppl|peeps|poeple|peopel": "people",
    r"ur|yr": "your",
    r"wanna": "want to",
    r"lemme": "let me",
    r"gimme": "give me",
    r"som1": "someone",
    r"sum1": "someone",
    r"any1": "anyone",
    r"tlk|takl|talkto": "talk",
    r"spk|spaek|speek": "speak",
}
_TYPED = re.compile("|".join(rf"\b({typed})\b" for typed in _MEANT), re.IGNORECASE)
_NO_HELPER = re.compile(
    r"\b((\d+|one|two|three|four|five|six|eight|per|each|every)[- ]?(person|man|people)s?|in person"
    r"|(delivery|sales|warehouse|store|call cent(er|re)) (person|agent|manager|rep)"
    r"|(person|human|someone|somebody|anyone|anybody) at (home|the door)"
    r"|human (touch|error|rights|resources|size[sd]?)|person of the)\b",
    re.IGNORECASE,
)
_ANYBODY = (
    r"(humans?( beings?)?|person|real people|agent|representative|rep|operator|colleague|advis[oe]r"
    r"|supervisor|manager|member of staff|someone (real|else|human)|(some|any)body (real|else)"
    r"|anyone real|real (one|someone|somebody)|your boss)"
)
_TEAM = (
    r"((some|any)(one|body)|(the |your )?(customer )?(service|support|care)( team| desk)?"
    r"|(your |the )?(team|staff|boss)|(one|some) of (you|your people))"
)
_PERSON = re.compile(
    r"\b(talk|speak|chat|connect|transfer|switch|put|pass|get|give|want|need|fetch|bring|call|reach"
    r"|prefer|escalate|hand me( over)?|i('?d| would) like|(can|could|may) i have)\b[^.?!]{0,30}\b"
    rf"(a |an |the |some |any |real |actual )*{_ANYBODY}\b",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\b((talk|speak|chat)( it over)? (to|with)|(connect|transfer|switch) me (to|with)"
    rf"|put me (through|in touch)( to| with)?|hand me over to|pass me on to) {_TEAM}\b",
    re.IGNORECASE,
)
_FROM_THE_TEAM = re.compile(
    r"\b(some|any)(one|body) (from|in|at|of) (the |your )?(customer )?(service|support|care|team"
    r"|staff)\b|\b(some|any)(one|body) (who|that) (can|could|will|would) (actually |really )?"
    r"(help|understand|read|listen|think|answer)",
    re.IGNORECASE,
)
_IS_THERE_ONE = re.compile(
    r"\b(is|are) there (a |an |any )?(real |actual |live )?"
    rf"({_ANYBODY}|(some|any)(one|body))\b[^.?!]{{0,20}}\b(talk|speak|chat|ask|help|answer|working)\b"
    r"|\b(is|are) (any|one|some) of your (staff|team|people|colleagues|agents)\b[^.?!]{0,10}"
    r"\b(around|available|free|there|here|online|working)\b"
    r"|\b(any|some)(one|body) real (there|here|around)\b",
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
    r"|call|ring|phone|join|take|answer|sort|deal|contact|write|do (this|that|it))"
    r"|\b(can|could|would) (some|any)(one|body) (please )?(call|ring|phone|contact|write to) me\b",
    re.IGNORECASE,
)
_COURTESY = r"( please| pls| plz| now| here| only| asap)*\W*$"
_MACHINE = r"(chat ?bot|(ro)?bot|machine|computer|program|automat\w+|ai)s?"
_NO_MACHINE = re.compile(
    r"\b(don'?t|do not|not|never|rather not|no longer|refuse to|hate to|hate|stop|tired of|sick of"
    r"|done|enough of)\b[^.?!]{0,15}\b(talk|speak|chat|writ|deal|argu|send)\w*( me)?( it over)?"
    rf" (to|with) (a |an |another |the |this |your |some )?(\w+ )?{_MACHINE}\b"
    rf"|^\W*(please |pls )?(no|not an?(other)?|without an?) (\w+ )?{_MACHINE}{_COURTESY}"
    rf"|\bno more {_MACHINE}\b|^\W*{_MACHINE} off\W*$",
    re.IGNORECASE,
)
_WISHES = (_PERSON, _TALK, _FROM_THE_TEAM, _IS_THERE_ONE, _TOLD_TO_ONE, _DONE_BY_ONE)
_BARE = re.compile(
    r"^\W*((yes|yeah|ok|okay|just|only|need|want|talk to|please|pls)[ ,]*)*(an? |the )?"
    r"((real|live|actual) )?(humans?( being)?|agent|person|operator|representative|rep|manager"
    rf"|supervisor|staff|real people|customer (service|support|care)){_COURTESY}",
    re.IGNORECASE,
)
_PASS_ON = re.compile(
    r"^\W*(please |pls |just |now |(can|could|will|would) you (please |just )?|i said )*"
    r"((transfer|connect) me|hand (me|this|it) (over|on)|put me through|pass me on"
    rf"|escalate( this| it| me)?){_COURTESY}",
    re.IGNORECASE,
)
_ABOUT_ANOTHER = re.compile(
    r"\b(travel agent|cleaning agent|the agent (was|told|said)|agent told|personal"
    r"|person who (?!can|could|will|would|knows|understands|works)"
    r"|person that|as a person|agents? (for|in)|tell your manager|number (i|to|where)"
    r"|(i|we|who|he|she|they)( have| had|'ve|'d)?( already| just)? (spoke|spoken|talked|chatted)"
    r"|(thank|praise|i am|i'?m) (a|an|the|your|that)( real)? (person|human|agent|colleague|team)"
    r"|(sen[dt]|ship(ped)?|giv(e|en)|deliver(ed)?|gift|transfer)\b(?! me).{0,20}\b(to|for) "
    r"(a|an|the|another|some) ?(other )?person)\b",
    re.IGNORECASE,
)
_NOT_WANTED = re.compile(
    r"\b((don'?t|do not|no need to|not|never|rather not) (want|need|connect|transfer|put|talk|speak"
    r"|get|give|call|bring|fetch)|no (need for )?(a |an )?(human|person|agent|colleague|people|one)"
    r"( is)? (needed|necessary|required)|never ?mind (a|an|the|that) (human|person|agent|colleague)"
    r"|without (a|an|any) (human|person|agent))\b",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    r"^(please|pls|plz|now|here|only|asap|just|yes|yeah|yep|yup|yea|sure|ok(ay)?|no|nope|nah|go"
    r"|ahead|do|did|that|it|this|hello|hi|hey|there|thanks?|thx|you|i|me|my|we|us|can|could|would|may"
    r"|will|want|need|like|to|with|a|an|the|and|then|said|again|so|very|much|lot|right|away|immediately|real|\d+)$",
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
    clauses = [clause for clause in _CLAUSES.split(_as_meant(text)) if clause.strip()]
    if any(_NO_MACHINE.search(clause) or _PASS_ON.search(clause) for clause in clauses):
        return True
    speaks_of_others = [_ABOUT_ANOTHER.search(c) or _NOT_WANTED.search(c) for c in clauses]
    for clause, of_others in zip(clauses, speaks_of_others, strict=True):
        wish = any(wording.search(clause) for wording in _WISHES)
        if _BARE.search(clause) or (wish and not of_others):
            return True
    named = _NO_HELPER.search(text)
    return intent == "ask_person" and confidence >= 0.5 and not any([*speaks_of_others, named])


def names_a_matter(text: str) -> bool:
    """False where a message only asks for a person, says yes or no, greets or thanks."""
    return any(_has_content(clause) for clause in _CLAUSES.split(_as_meant(text)))


def _has_content(clause: str) -> bool:
    if _BARE.search(clause) or _PASS_ON.search(clause):
        return False
    for wording in (*_WISHES, _NO_MACHINE):
        clause = wording.sub(" ", clause)
    return any(not _SAYS_NOTHING.match(word) for word in re.findall(r"[\w'’]+", clause))


def _as_meant(text: str) -> str:
    """The text with hurried spellings in full, without persons who are none of ours."""

    def meant(typed: re.Match[str]) -> str:
        return list(_MEANT.values())[(typed.lastindex or 1) - 1]

    return _NO_HELPER.sub("", _TYPED.sub(meant, text))


def is_sensitive(text: str, intent: str | None = None, confidence: float = 0.0) -> bool:
    """True where the message touches safety, law, fraud or a loss: a person should answer.

    `confidence` is that of `intent`, 0..1; where the NLU is in doubt, the bot asks first.
    """
    return bool(_SENSITIVE.search(text)) or confidence >= _SERIOUS.get(intent or "", 2.0)


def speaks_of_another(text: str) -> bool:
    """True where a person is named who is none of ours, or not wanted here."""
    return bool(_ABOUT_ANOTHER.search(text) or _NO_HELPER.search(text))


def declines_person(text: str) -> bool:
    """True where the customer says that no person is needed."""
    return bool(_NOT_WANTED.search(text)) and not _NO_MACHINE.search(text)
