"""The words by which frustration shows, beside the meaning of the sentence. A list of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


def _words(text: str) -> list[str]:
    return [word.replace("*", r"[\w']*").replace("_", r"\s+") for word in text.split()]


# A star stands for any ending, a line for a space.
SWEARING = _any_of(
    [
        *_words(
            "fuck* shit* wtf wth crap* damn* goddamn* hell bullshit bitch* bastard* ass arse piss*"
            " bloody screw_you scum moron* idiot* stupid* dumb clown* crook* thief thieves liar*"
        ),
        r"f\*+\w*",
        r"sh\*+t",
    ]
)
COMPLAINING = _any_of(
    _words(
        "useless worst terrible* horrible horribly awful* pathetic* ridiculous* joke suck* garbage"
        " trash disgust* disgrac* incompeten* rubbish unacceptable appalling* scam* lie lies lied"
        " lying hate* angry furious anger annoy* frustrat* disappoint* fed_up sick_of tired_of smh"
        " ugh poor poorly shocking* absolute absolutely hopeless waste* wasting nightmare mess"
        " shambles failed fail fails failing unbelievabl* outrag* ashamed shame rude excuse*"
        " ruined ignored ignoring robbed ripped_off rip_off criminal* never_again not_good_enough"
    )
)
NEGATION = _any_of(
    _words(
        "not no never nothing nobody no_one none nor cannot can'?t won'?t don'?t doesn'?t didn'?t"
        " isn'?t wasn'?t aren'?t haven'?t hasn'?t couldn'?t wouldn'?t ain'?t without unable"
    )
)
KINDNESS = _any_of(
    _words(
        "thank* thx tnx ty cheers great perfect* love* lovely awesome appreciate* brilliant"
        " excellent good nice happy glad fixed sorted worked works helpful sweet cool"
    )
)
PERSISTENCE = _any_of(
    _words(
        "still again yet weeks? days? hours? months? minutes? times every_time always already"
        " since ago second third fourth fifth another keep* kept wait* hold forever"
    )
)
ASKING = _any_of(_words("please pls plz could would can_i how_do how_can help"))
ABOUT_THEM = _any_of(_words("you your ur u you'?re yours yourself"))
ABOUT_ME = _any_of(_words("i i'?m me my i'?ve mine we our us"))
