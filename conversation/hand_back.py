"""What an agent leaves for the bot: most of it for the bot alone, some for the customer."""

import re

FOR_CUSTOMER = "Tell the customer"
_LINE = re.compile(rf"^\W*{FOR_CUSTOMER}\s*:\s*(?P<what>\S.*)$", re.IGNORECASE | re.MULTILINE)


def for_customer(left: str) -> tuple[str, ...]:
    """The lines that the agent meant for the customer, each without its label."""
    return tuple(line["what"].strip() for line in _LINE.finditer(left))
