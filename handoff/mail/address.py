"""E-mail addresses as people type them."""

from email_validator import EmailNotValidError, validate_email

LONGEST = 254


def read_address(typed: str) -> str | None:
    """The address in its one form, None where it is none. Nothing is asked of the network."""
    if len(typed) > LONGEST:
        return None
    try:
        return validate_email(typed.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def same_address(one: str, other: str) -> bool:
    """Whether both name one mailbox, in practice: no provider tells upper from lower case."""
    first, second = read_address(one), read_address(other)
    return first is not None and second is not None and first.casefold() == second.casefold()
