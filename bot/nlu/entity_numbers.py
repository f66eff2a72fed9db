"""Order numbers, tracking numbers, telephone numbers, amounts and e-mail addresses."""

from __future__ import annotations

import re

from bot.nlu.entity_spans import Finder, by_pattern

_CURRENCIES = {
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
    "quid": "GBP",
    "$": "USD",
    "usd": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "chf": "CHF",
    "francs": "CHF",
    "sek": "SEK",
    "kr": "SEK",
    "kronor": "SEK",
}
_SIGN = "|".join(re.escape(name) for name in sorted(_CURRENCIES, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"""(?<![\w.,])(?:
        (?P<before>{_SIGN})\s?(?P<number>{_NUMBER})(?![\w%]|[.,]\d)
      | (?P<number_first>{_NUMBER})\s?(?P<after>{_SIGN})(?!\w)
      | (?<!at\s)(?<!from\s)(?<!until\s)(?<!till\s)(?<!version\s)
        (?P<bare>\d{{1,5}}[.,]\d{{2}})(?![\d%]|[.,]\d|\s?(?:am|pm|uhr|h|m|mm|cm|km|kg|l)\b)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_TRACKING = re.compile(
    r"""(?<![\w@.])(?:
        (?P<carrier>(?!no|nr|id|is|my|on)[a-z]{2}\d{6,12}(?:[a-z]{2})?)
      | (?P<postal>[A-Z]{2}\ ?\d{3}\ ?\d{3}\ ?\d{3}\ ?[A-Z]{2})
      | (?P<parcel>1z[0-9a-z]{16} | jd\d{16,18} | (?<!\+)\d{12,22})
      | track\w*(?:\s(?:number|no|nr|code|id|is))*[\s.:#]+(?P<it>[a-z]{0,4}\d[\da-z]{6,21})
    )(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_PHONE = re.compile(
    r"""(?<![\w.,/#€£$+-])(?:
        (?:\+|00(?=[1-9]))\d(?:[\s()./-]{0,3}\d){7,13}
      | \(?0\d(?:[\s()./-]{0,2}\d){7,10}
      | \(?[2-9]\d{2}\)?[\s.-]\d{3}[\s.-]\d{4}
      | (?:phone|mobile|cell|tel|call\sme\s(?:on|at))(?:\s(?:number|no|is))*[\s.:]+
        (?P<it>\d(?:[\s-]?\d){6,12})
    )(?![\w]|[.,/]\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_PHONE_IS_A_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d.*")
_UNITS = "ml|mm|cm|km|m|g|kg|l|w|wh|mah|lumens?|lm|hpa|grams?|metres?|meters?|steps|times|people"
_ORDER_NUMBER = re.compile(
    rf"""(?<![\d£$€.,/+-])(?<!\bin\s)(?<!since\s)(?<!until\s)(?<!year\s)
    (?:(?<![^\W\d_])|(?<=no)|(?<=nr)|(?<=order)|(?<=number)|(?<=num)|(?<=id)|(?<=ref))
    \d{{4,6}}
    (?![\d/-]|[^\W\d_]|[.,]\d|\s\d{{3}}\b|\s?(?:{_UNITS})\b|\s?[%°])""",
    re.VERBOSE | re.IGNORECASE,
)


def _amount(match: re.Match[str]) -> str:
    written = match["number"] or match["number_first"] or match["bare"]
    currency = _CURRENCIES.get((match["before"] or match["after"] or "").lower(), "")
    return f"{_decimal(written)} {currency}".strip()


def _decimal(written: str) -> str:
    """Write a number the same way whichever sign its writer puts before the cents."""
    whole, cents = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", written).groups()  # type: ignore[union-attr]
    return f"{re.sub(r'[^0-9]', '', whole)}.{(cents or '').ljust(2, '0')}"


def _phone(match: re.Match[str]) -> str | None:
    written = match["it"] or match[0]
    if _PHONE_IS_A_DATE.fullmatch(written):
        return None
    digits = re.sub(r"\D", "", written.replace("(0)", "") if "+" in written else written)
    return f"+{digits}" if written.lstrip("(").startswith("+") else digits


def _tracking(match: re.Match[str]) -> str:
    return re.sub(r"\s", "", match["it"] or match[0]).upper()


emails = by_pattern("email", _EMAIL, lambda match: match[0].lower())
links = by_pattern("", _LINK, lambda match: match[0])
tracking_numbers = by_pattern("tracking_number", _TRACKING, _tracking)
phones = by_pattern("phone", _PHONE, _phone)
amounts = by_pattern("amount", _AMOUNT, _amount)
order_numbers = by_pattern("order_number", _ORDER_NUMBER, lambda match: match[0])


def own_order_numbers(pattern: str) -> Finder:
    """Return a finder of the shop's own shape of order numbers; values are in capitals."""
    whole = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
    return by_pattern("order_number", whole, lambda match: match[0].upper())
