"""Postcodes and street addresses, as written in Britain and on the Continent."""

from __future__ import annotations

import re

from bot.nlu.entity_spans import by_pattern

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:['’-][^\W\d_]+)*"
_UK = r"[A-Z]{1,2}\d[A-Z\d]?\ ?\d[ABD-HJLNP-UW-Z]{2}"
_COUNTRY = r"(?:(?:AT?|BE?|CH|DE?|DK|ES?|FI?|FR|IT?|LU?|NL|NO?|PL|PT|SE?)-)"
_CONTINENT = rf"(?:{_COUNTRY}?(?:\d{{5}}|\d{{3}}\ \d{{2}})|{_COUNTRY}\d{{4}})"

_UK_POSTCODE = re.compile(rf"(?<![\w-])(?!\w+\ ?\d(?:st|nd|rd|th)\b){_UK}(?![\w-])", re.IGNORECASE)
_POSTCODE = re.compile(
    rf"""(?:
        (?:(?i:post\s?code|zip(?:\s?code)?|plz|postal\scode|code\spostal|postnummer)
           (?i:\sis|\snumber|\sto)*[\s:]*|(?i:\b(?:deliver\w*|ship\w*|send|sent)(?:\sit)?\sto)\s)
        (?P<it>{_CONTINENT}|\d{{4}}\s?[A-Z]{{2}})
      | (?<![\w#.-])(?P<prefixed>{_COUNTRY}(?:\d{{5}}|\d{{3}}\ \d{{2}}|\d{{4}}))
      | (?:(?<=,\s)|(?<=,)|(?<=\bin\s)|(?<=\bto\s)|(?<=\bat\s)|(?<=\bnear\s)|(?<=\bfrom\s))
        (?P<before_town>\d{{5}}|\d{{3}}\ \d{{2}})(?=\s{_CAPITAL})
      | (?:(?<=,\s)|(?<=,))(?P<after_street>\d{{4}})(?=\s{_CAPITAL})
    )(?![\w-])""",
    re.VERBOSE,
)
_STREETS_APART = "street|road|lane|avenue|crescent|terrace|gardens|mews"
_STREETS_IF_CAPITAL = (
    "St|Rd|Ln|Ave|Way|Place|Close|Drive|Dr|Court|Hill|Park|Row|Grove|Square|Sq|Walk|Green|Quay"
)
_NOT_IN_A_STREET = r"(?!(?:the|of|on|in|at|and|to|my|your|a|is|for|from|days?|weeks?|orders?)\b)"
_STREETS_JOINED = (
    "straße|strasse|str\\.|weg|platz|allee|gasse|ring|damm|ufer|vägen|gatan|väg|gata|gränd|straat|"
    "laan|plein|gracht|gade|vej"
)
_STREETS_BEFORE = "rue|avenue|boulevard|bd|chemin|place|impasse|allée|quai|route"
_STREETS_SOUTH = "calle|avenida|paseo|plaza|carrer|rua|via|viale|piazza|corso|ulica|ul\\."
_HOUSE = r"\d{1,4}(?:\s?[a-zA-Z](?!\w))?"
_ADDRESS = re.compile(
    rf"""(?<![\w/.-])(?:
        (?:(?i:flat|apartment|unit)\s\w{{1,4}},?\s)?
        {_HOUSE},?\s(?:
            (?:{_NOT_IN_A_STREET}[^\W\d_][\w'’-]*\s){{1,2}}(?i:{_STREETS_APART})
          | (?:{_CAPITAL}\s){{1,3}}(?:{_STREETS_IF_CAPITAL})
          | (?:(?:bis|ter),?\s)?(?i:{_STREETS_BEFORE})\s(?:(?:de|du|des|la|le|les|d'|l')\s?)*
            {_CAPITAL}(?:\s{_CAPITAL})*
        )\b\.?
      | (?:{_CAPITAL}[\s-])?[^\W\d_]+(?i:{_STREETS_JOINED})\s{_HOUSE}
      | (?:{_CAPITAL}\s)(?:Straße|Strasse|Str\.|Weg|Platz|Allee)\s{_HOUSE}
      | (?i:{_STREETS_SOUTH})\s(?:(?:de|del|la|el|los|las|di|della|da)\s)*
        {_CAPITAL}(?:\s{_CAPITAL})*,?\s{_HOUSE}
    )
    (?:,?\s(?:{_CONTINENT}|\d{{4}}(?=\s[A-ZÀ-Þ])))?
    (?:(?:,\s?|\s)(?!I\b){_CAPITAL}(?:[\s-]{_CAPITAL})?)?
    (?:,?\s(?:(?i:{_UK})|[A-Z]\d[\dW]\s?[A-Z\d]{{4}}|[A-Z]\d{{1,2}}))?
    (?!\w)""",
    re.VERBOSE,
)


def _postcode(match: re.Match[str]) -> str:
    return " ".join((match["it"] or match[0]).upper().split())


def _uk_postcode(match: re.Match[str]) -> str:
    written = match[0].upper().replace(" ", "")
    return f"{written[:-3]} {written[-3:]}"


uk_postcodes = by_pattern("postcode", _UK_POSTCODE, _uk_postcode)
postcodes = by_pattern("postcode", _POSTCODE, _postcode)
addresses = by_pattern("address", _ADDRESS, lambda match: " ".join(match[0].split()))
