"""Whether a message only takes leave: thanks, a good-bye, a nod. In doubt it does not."""

import re
from collections.abc import Collection

_LONGEST = 160
_SEPARATORS = r"[\s.,;:!…–—()*\-]"
_SMILES = "👍👌🙏😊🙂😀😃😄❤🎉👏🤝💚💙✅☺😍🥰\ufe0f\U0001f3fb-\U0001f3ff"
_GOOD = (
    r"(?:great|good|perfect|wonderful|brilliant|lovely|nice|excellent|amazing|awesome|fantastic)"
)
_HELP = r"(?:help|support|time|patience|assistance|answer|reply|kindness|effort)"
_DAY = r"(?:day|evening|weekend|one|night|afternoon|week)"
_PHRASES = (
    # Thanks
    r"(?:ok(?:ay)?\s)?(?:(?:so\s)?many\s|lots\sof\s|a\slot\sof\s|much\s)?"
    r"(?:thanks|thank\s?(?:you|u|s)|thx|thanx|tysm|tyvm|ty|cheers|much\sappreciated|appreciated)"
    r"(?:\s(?:so|very)\smuch|\sa\s(?:lot|million|bunch)|\sagain|\skindly|\sheaps)*"
    rf"(?:\sfor\s(?:all\s)?(?:(?:your|the)\s(?:(?:quick|fast|kind|great|good)\s)?{_HELP}"
    r"|helping(?:\sme)?(?:\sout)?|everything|that|this|letting\sme\sknow))?",
    r"no(?:pe)?,?\s(?:thanks|thank\syou)",
    r"(?:i\s)?(?:really\s)?appreciate\s(?:it|that|this|your\shelp)",
    # Praise, and that it is done
    rf"(?:(?:that|this|it)(?:['’]?s|\sis|\swas)?\s)?(?:really\s|so\s|very\s|all\s)?{_GOOD}",
    r"(?:(?:that|this|it|all|everything)(?:['’]?s|\sis)?\s)(?:all\s)?"
    r"(?:works|worked|working|solved|sorted|resolved|fine|clear|done)(?:\snow)?",
    r"you(?:['’]?ve|\shave|['’]?re|\sare|\swere)\s(?:been\s)?(?:(?:very|so|really|most|a\sgreat)\s)?"
    r"(?:helpful|kind|great|help|the\sbest|a\sstar)",
    # A nod
    r"(?:ok(?:ay|ey|i)?|alright|all\sright|right|understood|got\sit|will\sdo|sure|noted|cool|super)",
    # Good-bye
    r"(?:good\s?)?bye(?:\s?bye)?|take\scare|see\syou(?:\ssoon)?|good\snight|(?:and\s)?you\stoo",
    rf"(?:have|enjoy)\s(?:a|your|the)\s(?:(?:{_GOOD}|rest\sof\s(?:the|your))\s)?{_DAY}(?:\stoo)?",
    r"(?:best|kind|warm)\s(?:regards|wishes)",
    # In other languages
    r"(?:vielen|herzlichen|besten|tausend|lieben)\sdank(?:\sfür\s(?:die|ihre|deine|eure)\shilfe)?",
    r"danke(?:\s?(?:schön|sehr|dir|ihnen|euch))*(?:\sfür\s(?:die|ihre|deine|eure)\shilfe)?",
    r"tschüss|auf\swiedersehen|alles\sklar|(?:einen\s)?schönen\s(?:tag|abend)(?:\snoch)?|prima|toll",
    r"merci(?:\s(?:beaucoup|bien))?|bonne\s(?:journée|soirée)|au\srevoir|parfait",
    r"(?:muchas\s|mil\s)?gracias|adiós|perfecto|grazie(?:\smille)?|ciao|obrigad[oa]|bedankt",
)


def is_farewell(text: str, names: Collection[str] = ()) -> bool:
    """Whether nothing else is said. Args: names: of people who may be thanked by name."""
    if len(text) > _LONGEST:
        return False
    called = "|".join(re.escape(part) for name in names for part in name.split()) or "(?!)"
    between = rf"(?:{_SEPARATORS}|[{_SMILES}]|\b(?:and|und|et|y|so|then|x+|{called})\b)*+"
    phrases = rf"{between}(?:(?:{'|'.join(_PHRASES)})(?!\w){between})+"
    nods = rf"[\s{_SMILES}]*[{_SMILES}][\s{_SMILES}]*"
    return re.fullmatch(f"{phrases}|{nods}", text.strip(), re.IGNORECASE) is not None
