"""Whether digits are a card number or an IBAN: length, issuer and check digits."""

from collections.abc import Mapping
from types import MappingProxyType

_SIXTEEN_TO_NINETEEN = frozenset(range(16, 20))
# First and last beginning of each issuer's numbers, and how many digits these have.
_ISSUERS = (
    ("2221", "2720", frozenset({16})),  # Mastercard
    ("300", "305", frozenset(range(14, 20))),  # Diners Club
    ("34", "34", frozenset({15})),  # American Express
    ("3528", "3589", _SIXTEEN_TO_NINETEEN),  # JCB
    ("36", "36", frozenset(range(14, 20))),  # Diners Club
    ("37", "37", frozenset({15})),  # American Express
    ("38", "39", frozenset(range(14, 20))),  # Diners Club
    ("4", "4", frozenset({13, 16, 18, 19})),  # Visa
    ("50", "50", _SIXTEEN_TO_NINETEEN),  # Maestro
    ("51", "55", frozenset({16})),  # Mastercard
    ("56", "58", _SIXTEEN_TO_NINETEEN),  # Maestro
    ("60", "69", _SIXTEEN_TO_NINETEEN),  # Discover, Maestro, RuPay, UnionPay
    ("81", "82", frozenset({16})),  # RuPay
    ("9792", "9792", frozenset({16})),  # Troy
)

_LENGTHS = (
    "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BR:29 BY:28 CH:21 CR:22 "
    "CY:28 CZ:24 DE:22 DK:18 DO:28 EE:20 EG:29 ES:24 FI:18 FO:18 FR:27 GB:22 GE:22 "
    "GI:23 GL:18 GR:27 GT:28 HR:21 HU:28 IE:22 IL:23 IQ:23 IS:26 IT:27 JO:30 KW:30 "
    "KZ:20 LB:28 LC:32 LI:21 LT:20 LU:20 LV:21 LY:25 MC:27 MD:24 ME:22 MK:19 MR:27 "
    "MT:31 MU:30 NL:18 NO:15 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 RS:22 SA:24 SC:31 "
    "SD:18 SE:24 SI:19 SK:24 SM:27 ST:25 SV:28 TL:23 TN:24 TR:26 UA:29 VA:22 VG:24 "
    "XK:20"
)
IBAN_LENGTHS: Mapping[str, int] = MappingProxyType(
    {country: int(length) for country, length in (pair.split(":") for pair in _LENGTHS.split())}
)
"""How many letters and digits an IBAN has, by country. Source: the registry of ISO 13616."""


def is_card(digits: str) -> bool:
    """Whether these are a card number. Args: digits: nothing else. Source: ISO/IEC 7812."""
    issued = any(
        len(digits) in lengths and low <= digits[: len(low)] <= high
        for low, high, lengths in _ISSUERS
    )
    return issued and _luhn(digits)


def is_iban(signs: str) -> bool:
    """Whether these are an IBAN. Args: signs: letters and digits alone. Source: ISO 13616."""
    signs = signs.upper()
    moved = signs[4:] + signs[:4]
    right = len(signs) == IBAN_LENGTHS.get(signs[:2]) and signs.isascii() and signs.isalnum()
    return right and int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(int(digit) for digit in digits[-1::-2]) + sum(doubled)) % 10 == 0
