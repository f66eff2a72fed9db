"""Money and days as a person says them."""

from datetime import date


def money(cents: int, currency: str) -> str:
    """An amount with its currency, for instance 249.00 EUR."""
    return f"{cents / 100:.2f} {currency}"


def day(when: date) -> str:
    """A date without its year, for instance 4 March."""
    return f"{when.day} {when:%B}"
