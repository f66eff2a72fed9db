"""What a check found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `text` says how it is, and what to do where it is wrong."""

    good: bool
    text: str
