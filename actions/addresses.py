"""Postal addresses in a customer's words: is one whole, and what a correction changes in it."""

import re

_WORD = r"[^\W\d_][^\W\d_'’.-]*(?:['’.-][^\W\d_]+)*\.?"
_NUMBER = r"\d{1,4}(?:\s?[a-zA-Z])?(?!\w)"
_POSTCODE = re.compile(
    r"(?<![\w-])(?:"
    r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[\dW]\s?[A-Z\d]{4}|[A-Z]\d[A-Z]\s?\d[A-Z]\d"
    r"|\d{4}\s?[A-Z]{2}|\d{4}-\d{3}|\d{2}-\d{3}|\d{5}-\d{4}"
    r"|(?:[A-Z]{1,2}-)?(?:\d{5}|\d{3}\s\d{2}|\d{4})|[A-Z]{1,2}\d{1,2}|(?<=dublin\s)\d{1,2}"
    r")(?![\w-])",
    re.IGNORECASE,
)
_UNIT = r"(?:flat|apartment|apt|unit|suite|floor)\.?\s\w{1,4},?\s"
_TYPE = (
    r"(?:street|st|road|rd|lane|ln|avenue|ave|crescent|terrace|gardens|mews|way|place|close|drive"
    r"|dr|court|hill|park|row|grove|square|sq|walk|green|quay|[^\W\d_]*(?:gatan|vägen|vagen|väg"
    r"|gränd|straße|strasse|str|weg|platz|allee|gasse|damm|ufer|straat|laan|plein|gracht|gade|vej"
    r"))\.?"
)
_STREET = re.compile(
    rf"(?:{_UNIT})?(?:"
    rf"{_NUMBER},?\s(?:{_WORD}\s){{0,3}}?{_TYPE}(?!\w)"
    rf"|(?:{_WORD}\s){{1,4}}?{_NUMBER}"
    rf"|{_NUMBER},?\s{_WORD}(?:\s{_WORD}){{0,3}})",
    re.IGNORECASE,
)
_NO_STREET = re.compile(
    r"\b(?:orders?|parcels?|days?|weeks?|months?|hours?|euros?|eur|items?|at|by|before|after|until"
    r"|is|are|was|my|please|can|cancel|return|refund)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"{_WORD}", re.IGNORECASE)
_CORRECTS = re.compile(
    r"(?:(?:no|nope|nah|wait|sorry|actually|oh|i mean(?:t)?|rather|it should be|it'?s|it is"
    r"|that'?s|should be|must be|make (?:it|that)|change (?:it|that) to"
    r"|(?:the )?(?:right|new|house|street)?\s?"
    r"(?:number|one|address|street|post\s?code|zip(?: code)?)(?: is|:)?|to|not \S+,? but)"
    r"[\s,:.–-]+)+",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(
    r"[\s,.]*\b(?:please|pls|thanks?(?: you)?|instead(?: of \S+)?|now|sorry|i mean(?:t)?"
    r"|not \S+)[\s.]*$",
    re.IGNORECASE,
)


def is_whole(text: str) -> bool:
    """True where a street with its number, a postcode and a town are there."""
    return _parts(text) is not None


def completed(earlier: str, text: str) -> str | None:
    """The whole address of which one message gave the street and the next one the place."""
    street = fragment(earlier)
    joined = f"{street}, {fragment(text)}"
    return joined if _is_street(street) and is_whole(joined) else None


def put_right(text: str, held: str) -> str | None:
    """The held address with what the text corrects in it; None where it corrects no part of it.

    Returns what is not whole where the text names another town and no postcode.
    """
    said, parts = fragment(text), _parts(held)
    if is_whole(said):
        return said
    if parts is None or not said:
        return None
    street, rest = parts
    if re.fullmatch(_NUMBER, said):
        return re.sub(_NUMBER, said, street, count=1) + rest
    if code := _POSTCODE.fullmatch(said):
        return street + _POSTCODE.sub(code[0], rest, count=1)
    if _is_street(said):
        return said + rest
    if _is_place(said):
        return f"{street}, {said}"
    first, _, town = said.partition(",")
    return said if town and _is_street(first) else None


def fragment(text: str) -> str:
    """What is left without the words around it: "no wait, make that 14 High Street please"."""
    said = " ".join(text.split())
    if begins := _CORRECTS.match(said):
        said = said[begins.end() :]
    return _AFTERTHOUGHT.sub("", said).strip(" ,.;")


def _parts(text: str) -> tuple[str, str] | None:
    """The street, and the rest with postcode and town as it was written; None if not whole."""
    found = _STREET.match(text.strip())
    if found is None or _NO_STREET.search(found[0]):
        return None
    street, rest = found[0], text.strip()[found.end() :]
    if not _POSTCODE.search(rest):
        return None
    if not _is_place(rest) and "," not in text:
        street, rest = _without_town(street, rest)
    return (street, rest) if _is_place(rest) else None


def _without_town(street: str, rest: str) -> tuple[str, str]:
    """Without a comma or a word such as road, the last word before the postcode is the town."""
    shorter, _, town = street.rpartition(" ")
    ends = re.search(rf"(?:\s|^){_TYPE}$", street, re.IGNORECASE)
    if ends or not re.search(r"\d", shorter) or not _NAMED.search(shorter):
        return street, rest
    return shorter, f" {town}{rest}"


def _is_place(text: str) -> bool:
    """True where it is a postcode with a town and nothing like a house number."""
    code = _POSTCODE.search(text)
    if code is None:
        return False
    others = f"{text[: code.start()]} {text[code.end() :]}"
    return bool(_NAMED.search(others)) and not _NO_STREET.search(others) and len(text.split()) <= 9


def _is_street(text: str) -> bool:
    return bool(_STREET.fullmatch(text)) and not _NO_STREET.search(text)
