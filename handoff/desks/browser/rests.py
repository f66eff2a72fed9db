"""For how long a case can be laid aside."""

from datetime import datetime, time, timedelta, tzinfo

REST_FOR = {
    "30": "for 30 minutes",
    "60": "for an hour",
    "180": "for three hours",
    "tomorrow": "until tomorrow, 9:00",
}
_MORNING = time(9)


def rest_until(rest: str, now: datetime, zone: tzinfo) -> datetime:
    """When the rest ends. Args: rest: one of REST_FOR; zone: where tomorrow begins."""
    if rest == "tomorrow":
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, _MORNING, zone)
    return now + timedelta(minutes=int(rest))
