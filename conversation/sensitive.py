"""Finds what should not be passed on in a text: card and account numbers, secrets, ways to reach
somebody. Pure; every finder gives places in the text as it was written."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from conversation.check_digits import IBAN_LENGTHS, is_card, is_iban

Span = tuple[int, int]


class Kind(StrEnum):
    """What kind of sensitive text it is; its token carries the name."""

    IBAN = "iban"
    CARD = "card"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    ACCOUNT = "account"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"

    @property
    def words(self) -> str:
        """The kind as staff read it."""
        return _WORDS[self]


_WORDS = {
    Kind.IBAN: "an IBAN",
    Kind.CARD: "a card number",
    Kind.SECRET: "a secret",
    Kind.ACCOUNT: "an account number",
    Kind.EMAIL: "an e-mail address",
    Kind.PHONE: "a phone number",
    Kind.ADDRESS: "an address",
}

ALWAYS = frozenset({Kind.IBAN, Kind.CARD, Kind.SECRET, Kind.ACCOUNT})
BY_CHOICE = frozenset(Kind) - ALWAYS

_SHORTEST_CARD, _LONGEST_CARD = 13, 19
_GAP = r"[\s./_·•\-\u2010-\u2015\u2212\u200b-\u200d\u2060\ufeff]"
_GROUPS = re.compile(rf"\d+(?:{_GAP}{{1,3}}\d+)*")
_DIGITS = re.compile(r"\d+")
_IBAN = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]{{2}}{_GAP}?\d{{2}}(?={_GAP}?[A-Za-z0-9])")
_IS = r"(?:\s*(?:[:=#]|\b(?:is|was|ist|lautet|est|es|war)\b|['’]s\b)){1,2}\s*"
_LINK = rf"(?:{_IS}|\s+)"
_QUOTED = r"[\"'“”„«»‘’`]"
_CARD_WORDS = re.compile(
    r"\b(?:credit|debit|visa|mastercard|master\s?card|amex|kredit|giro|ec)?[\s-]?"
    r"(?:card|karte|carte|tarjeta|visa|mastercard|amex|karten\w*)\b"
    rf"(?:\s+(?:number|no\.?|nr\.?|nummer))?{_LINK}"
    rf"(?P<value>\d(?:{_GAP}{{0,3}}\d){{12,18}})(?!\d)",
    re.IGNORECASE,
)
_PASSWORDS = (
    r"(?:pass\s?word|pass\s?phrase|pass\s?code|passwort|kennwort|pwd|login\s+code|secret\s+word|"
    r"mot\s+de\s+passe|contraseña)"
)
_SAID_PASSWORD = re.compile(
    rf"\b{_PASSWORDS}\b(?:\s+(?:for|to|von|für)\s+\w+(?:\s+\w+)?)?{_IS}"
    rf"(?:{_QUOTED}(?P<quoted>[^\"“”„«»\n]{{1,64}}?){_QUOTED}(?!\w)|(?P<value>[^\s\"“”„«»]+))",
    re.IGNORECASE,
)
_BARE_PASSWORD = re.compile(
    rf"\b(?:{_PASSWORDS}|pw)\s+(?P<value>(?=[^\s]*[A-Za-z])(?=[^\s]*\d)\S+)", re.IGNORECASE
)
_PASSWORD_LAST = re.compile(
    rf"(?<!\S)[\"“„]?(?P<value>[^\s\"“”]{{1,64}}+)\s+(?:is|ist)\s+(?:my|the|mein|das)\s+{_PASSWORDS}\b",
    re.IGNORECASE,
)
_CODES = (
    r"(?:c\s?v\s?[vc]\s?2?|cid|(?:card\s+)?(?:security|verification)\s+(?:code|number)|"
    r"(?:one[\s-]?time|login|sms)\s+(?:code|pin|password)|otp|tan|pin|prüfziffer|sicherheitscode|"
    r"code\s+pin)"
)
_CODE = re.compile(
    rf"\b{_CODES}\b(?:[\s-]*(?:code|number|no\.?|nr\.?|nummer))?"
    r"(?:\s+(?:for|of|on)\s+(?:my|the|this)\s+(?:card|account|bank|phone|login)\w*)?"
    rf"{_LINK}{_QUOTED}?(?P<value>\d(?:[\s-]?\d){{2,7}})(?![\d,.]\d|\d|\s?(?:%|€|£|\$|eur|euro))",
    re.IGNORECASE,
)
_CODE_LAST = re.compile(
    rf"(?<![\d.,-])(?P<value>\d{{3,8}})\s+(?:is|ist)\s+(?:my|the|mein|meine|die)\s+{_CODES}\b",
    re.IGNORECASE,
)
# An account that may be the customer's with the shop needs more digits: orders have up to six.
_ACCOUNT = re.compile(
    rf"\b(?:(?:account|acct\.?|konto)\s*(?P<named>number|num|no\.?|nr\.?|nummer)?|"
    r"(?P<bank>(?:bank|savings|checking|current)\s+account(?:\s+(?:number|no\.?))?|a/c|kontonummer|"
    r"kontonr\.?|routing(?:\s+(?:number|no\.?))?|sort\s?code|blz|bankleitzahl|aba|bsb))"
    rf"(?<![\s])(?!\w){_LINK}(?P<value>(?(named)\d(?:[\s-]?\d){{5,16}}|(?(bank)\d(?:[\s-]?\d){{5,16}}|"
    r"\d(?:[\s-]?\d){6,16})))(?!\d|-?[A-Za-z]|[.,]\d)",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.%+'-])[\w.%+'-]{1,64}+@(?:[\w-]+\.)+[^\W\d_]{2,}")
_PHONE = re.compile(
    r"(?<![\w+.-])(?:\+|00)[1-9](?:[\s().\-/]{0,2}\d){7,13}(?!\w)"
    r"|(?<![\w.-])\(?0[1-9]\d{0,4}\)?(?:[\s\-/]{1,3}\d{2,8}){1,4}(?![\w-])"
    r"|(?<![\w.-])0[1-9]\d{8,10}(?![\w-])"
    r"|(?<![\w.-])\(?[2-9]\d{2}\)?[\s.\-]\d{3}[\s.\-]\d{4}(?![\w-])"
)
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|close|court|square|place|boulevard|blvd|"
    r"terrace|gardens|crescent|mews)\b\.?"
)
_TOWN = (
    r"(?:[,\s]\s*(?:\d{5}|[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2})(?:\s+[A-ZÀ-Þ][\w-]+)?"
    r"|,\s*[A-ZÀ-Þ][\w-]+(?:\s+[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2})?)?"
)
_ADDRESS = re.compile(
    rf"(?<![\w-])\d{{1,4}}[a-zA-Z]?,?\s+(?:[A-ZÀ-Þ][\w'’-]*\s+){{1,3}}(?i:{_STREET}){_TOWN}"
    r"|(?<![\w-])[A-ZÀ-Þ][\w-]*(?i:straße|strasse|str\.|weg|allee|platz|gasse|damm|ufer)"
    rf"\s+\d{{1,4}}\s?[a-z]?\b{_TOWN}"
    rf"|(?<![\w-])\d{{1,4}},?\s+(?i:rue|avenue|place|calle)\s+(?:[\w'’-]+\s?){{1,4}}?(?=,|$|\.){_TOWN}"
)
_TOKEN = re.compile(r"\[[A-Z]+_\d+\]")  # of what is masked already
# What follows "my password is" and is no password.
_NO_PASSWORDS = """
    a abgelaufen about accepted again also always an asked asking being blocked broken case
    changed correct declined denied different either empty even expired falsch fine for
    forgot forgotten gesperrt gone good hacked here how in incorrect invalid it just kaputt
    known leaked locked lost missing my needed never nicht no not now ok okay old only out
    rejected required reset right safe same saved secure set short so still stolen strong
    stuck that the there this too unknown valid vergessen very weak weg what when where
    which why working wrong
"""
_NO_PASSWORD = frozenset(_NO_PASSWORDS.split())


def worth_a_look(text: str) -> bool:
    """False where nothing can be found: most of what people write has no digit and no password."""
    return _LOOK.search(text) is not None


_LOOK = re.compile(r"\d|@|pass|pwd|\bpw\b|kennwort|secret|login|contraseña", re.IGNORECASE)


def order_numbers(text: str, shape: re.Pattern[str] | None) -> Iterator[Span]:
    """The shop's own numbers, which are never masked. Args: shape: of its order numbers."""
    for match in _PREFIXED.finditer(text):
        if match["prefix"].upper() not in _CARD_PREFIXES:
            yield match.span()
    if shape is not None:
        yield from (match.span() for match in shape.finditer(text) if match.group())


_PREFIXED = re.compile(r"(?<![\w-])(?P<prefix>[A-Z]{2,4})-\d{3,}(?:-\d+)*(?![\w])")
_CARD_PREFIXES = frozenset(("VISA", "MC", "AMEX", "CARD", "CC", "DC", "EC", "NO", "NR", "PIN"))


def digits_alike(text: str) -> str:
    """The text with every digit of any script as 0-9, each sign in its place."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign
        for sign in text
    )


def _cards(text: str) -> Iterator[Span]:
    for run in _GROUPS.finditer(text):
        groups = [
            (run.start() + m.start(), run.start() + m.end()) for m in _DIGITS.finditer(run.group())
        ]
        first = 0
        while first < len(groups):
            last = _card_from(text, groups, first)
            if last is None:
                first += 1
            else:
                yield groups[first][0], groups[last][1]
                first = last + 1
    yield from (match.span("value") for match in _CARD_WORDS.finditer(text))


def _card_from(text: str, groups: list[Span], first: int) -> int | None:
    """The last group of a card number that begins with this group, the longest; None: no card."""
    found, digits = None, ""
    for last in range(first, len(groups)):
        digits += text[groups[last][0] : groups[last][1]]
        if len(digits) > _LONGEST_CARD:
            break
        if len(digits) >= _SHORTEST_CARD and is_card(digits):
            found = last
    return found


def _ibans(text: str) -> Iterator[Span]:
    for match in _IBAN.finditer(text):
        length = IBAN_LENGTHS.get(match.group()[:2].upper())
        end = _after_signs(text, match.start(), length) if length else None
        if end is not None and is_iban(re.sub(r"[^A-Za-z0-9]", "", text[match.start() : end])):
            yield match.start(), end
    yield from (match.span("value") for match in _SAID_IBAN.finditer(text))


_SAID_IBAN = re.compile(
    rf"\bIBAN\b{_LINK}(?P<value>[A-Za-z]{{2}}{_GAP}?\d{{2}}(?:{_GAP}?[A-Z0-9]{{2,4}}){{3,8}})",
    re.IGNORECASE,
)


def _after_signs(text: str, start: int, count: int) -> int | None:
    """Where so many letters and digits end, with single gaps at most between them."""
    gap = re.compile(_GAP)
    place = start
    for _ in range(count):
        if place < len(text) and place > start and gap.match(text[place]):
            place += 1
        if place >= len(text) or not (text[place].isascii() and text[place].isalnum()):
            return None
        place += 1
    more = place < len(text) and text[place].isalnum()
    return None if more else place


def _secrets(text: str) -> Iterator[Span]:
    for match in _SAID_PASSWORD.finditer(text):
        name = "quoted" if match["quoted"] else "value"
        if name == "quoted" or _may_be_password(match["value"]):
            yield match.start(name), match.start(name) + len(_unended(match[name]))
    for pattern in (_BARE_PASSWORD, _PASSWORD_LAST):
        for match in pattern.finditer(text):
            if _may_be_password(match["value"]):
                yield match.start("value"), match.start("value") + len(_unended(match["value"]))
    for pattern in (_CODE, _CODE_LAST):
        yield from (match.span("value") for match in pattern.finditer(text))


def _may_be_password(value: str) -> bool:
    word = _unended(value).casefold()
    return word not in _NO_PASSWORD and not _TOKEN.match(value)


def _unended(value: str) -> str:
    """Without what ends a sentence; a password may hold these signs, but seldom ends so."""
    return value.rstrip(".,;:?)") or value


def _found(pattern: re.Pattern[str], group: str | int = 0) -> Callable[[str], Iterator[Span]]:
    def find(text: str) -> Iterator[Span]:
        return (match.span(group) for match in pattern.finditer(text))

    return find


FINDERS: Mapping[Kind, Callable[[str], Iterator[Span]]] = MappingProxyType(
    {
        Kind.IBAN: _ibans,
        Kind.CARD: _cards,
        Kind.SECRET: _secrets,
        Kind.ACCOUNT: _found(_ACCOUNT, "value"),
        Kind.EMAIL: _found(_EMAIL),
        Kind.PHONE: _found(_PHONE),
        Kind.ADDRESS: _found(_ADDRESS),
    }
)
"""By kind, the earlier before the later where they overlap."""
