"""What time it is where somebody is. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo


def is_zone(name: str) -> bool:
    """Whether it is the name of a time zone, such as "Europe/Madrid"."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; no name at all; a folder of names
        return False
    return True


def local_time(zone: str, moment: datetime) -> str:
    """The time of day that it was at the moment there, such as "21:40". Args: zone: see is_zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"
