"""Digests: what a day brought to the desk, and what customers said in their own words. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from statistics import median

from conversation.hours import spelt
from conversation.surveys import Survey
from conversation.topics import topic_of
from handoff.case import Case
from handoff.digests.voices import Said
from handoff.queue.figures import figures
from handoff.queue.groups import Plan

_MOST_REASONS, _MOST_TOPICS, _MOST_QUOTES = 5, 6, 2
_MOST_OPEN, _MOST_RATED = 15, 10
_LONGEST = 200

NOTHING = "Nothing was said in this time."

Mask = Callable[[str], str]
Link = Callable[[str], str]
CaseLink = Callable[[Case], str]
Due = Callable[[Case], datetime | None]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a digest. `quote`: the customer's own words. `url`: where there is more of it."""

    text: str
    quote: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest as it is read, on every desk and page."""

    title: str
    sections: tuple[Section, ...]


def period(plan: Plan, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """From when until when the digest of `day` tells: since the day of the one before."""
    before = next(
        (day - timedelta(days=back) for back in range(1, 8)
         if (day - timedelta(days=back)).weekday() in plan.days),
        day - timedelta(days=7),
    )  # fmt: skip
    return datetime.combine(before, time(), zone), datetime.combine(day, time(), zone)


def daily(
    cases: Sequence[Case],
    since: datetime,
    until: datetime,
    now: datetime,
    mask: Mask,
    link: CaseLink,
    due_at: Due,
) -> Digest:
    """What the desk did.

    Args: cases: all that were open since then. link: of a case. due_at: when the answer that was
        promised by e-mail is due.
    """
    opened = [case for case in cases if since <= case.opened_at < until]
    sections = (
        Section("Figures", tuple(map(Line, _numbers(cases, since, until, now)))),
        Section("Why people were needed", tuple(_reasons(opened, mask, link))),
        Section("Still open", tuple(_still_open(cases, now, mask, link, due_at))),
    )
    return Digest(f"The desk, {_days(since, until)}", _filled(sections))


def voices(
    said: Sequence[Said],
    rated: Sequence[Survey],
    since: datetime,
    until: datetime,
    mask: Mask,
    link: Link,
) -> Digest:
    """What customers said. Args: rated: low ratings with words. link: of a conversation's id."""
    sections = (
        *_topics(said, mask, link),
        Section("Low ratings, and why", tuple(_low(rated[:_MOST_RATED], mask, link))),
    )
    return Digest(f"In customers' own words, {_days(since, until)}", _filled(sections))


def as_text(digest: Digest) -> Iterator[str]:
    """The digest line by line, for a terminal."""
    yield digest.title
    if not digest.sections:
        yield from ("", NOTHING)
    for section in digest.sections:
        yield from ("", section.heading)
        for line in section.lines:
            words = f"“{line.text}”" if line.quote else line.text
            yield f"  {words}  {line.url}".rstrip()


def _numbers(
    cases: Sequence[Case], since: datetime, until: datetime, now: datetime
) -> Iterator[str]:
    told = figures(cases, since, until, now)
    lasted = [
        (case.closed_at - case.opened_at).total_seconds()
        for case in cases
        if case.closed_at is not None and since <= case.closed_at < until
    ]
    yield f"{told.opened} opened, {told.resolved} resolved"
    yield from _median("First answer", told.median_first_reply_s)
    yield from _median("Until closed", median(lasted) if lasted else None)
    yield f"{told.breaches} first answers later than promised"


def _topics(said: Sequence[Said], mask: Mask, link: Link) -> Iterator[Section]:
    by_topic: defaultdict[str, list[Said]] = defaultdict(list)
    for one in said:
        if topic := topic_of(one.intent):
            by_topic[topic].append(one)
    talks = {topic: len({one.conversation_id for one in ones}) for topic, ones in by_topic.items()}
    for topic in sorted(by_topic, key=lambda topic: (-talks[topic], topic))[:_MOST_TOPICS]:
        heading = f"{topic}: {_counted(talks[topic], 'conversation')}"
        yield Section(heading, tuple(_quotes(by_topic[topic], mask, link)))


def _low(rated: Sequence[Survey], mask: Mask, link: Link) -> Iterator[Line]:
    for survey in rated:
        yield Line(survey.rating or "", url=link(survey.conversation_id))
        yield Line(_short(mask(survey.why or "")), quote=True)


def _reasons(opened: Sequence[Case], mask: Mask, link: CaseLink) -> Iterator[Line]:
    by_reason: defaultdict[str, list[Case]] = defaultdict(list)
    for case in opened:
        by_reason[case.reason.for_staff].append(case)
    most = sorted(by_reason, key=lambda reason: (-len(by_reason[reason]), reason))
    for reason in most[:_MOST_REASONS]:
        yield Line(f"{reason}: {_counted(len(by_reason[reason]), 'case')}")
        quoted = [case for case in by_reason[reason] if case.briefing.quote]
        for case in quoted[:_MOST_QUOTES]:
            yield Line(_short(mask(case.briefing.quote)), quote=True, url=link(case))


def _still_open(
    cases: Sequence[Case], now: datetime, mask: Mask, link: CaseLink, due_at: Due
) -> Iterator[Line]:
    still = [case for case in cases if case.status.open]
    for case in still[:_MOST_OPEN]:
        who = f"with {case.agent}" if case.agent else "unclaimed"
        text = (
            f"Case {case.number}: {case.customer}, {mask(case.briefing.goal)}, {who}, "
            f"open for {spelt(now - case.opened_at)}{_by_email(due_at(case), now)}"
        )
        yield Line(text, url=link(case))
    if len(still) > _MOST_OPEN:
        yield Line(f"and {len(still) - _MOST_OPEN} more")


def _by_email(due_at: datetime | None, now: datetime) -> str:
    if due_at is None:
        return ""
    if now < due_at:
        return f", answer by e-mail due in {spelt(due_at - now)}"
    return f", answer by e-mail {spelt(now - due_at)} late"


def _quotes(said: Iterable[Said], mask: Mask, link: Link) -> Iterator[Line]:
    shown: set[str] = set()
    for one in sorted(said, key=lambda one: -one.score):
        text = _short(mask(one.text))
        if text.casefold() not in shown and len(shown) < _MOST_QUOTES:
            shown.add(text.casefold())
            yield Line(text, quote=True, url=link(one.conversation_id))


def _filled(sections: Iterable[Section]) -> tuple[Section, ...]:
    return tuple(section for section in sections if section.lines)


def _median(what: str, seconds: float | None) -> Iterator[str]:
    if seconds is not None:
        yield f"{what} after {spelt(timedelta(seconds=seconds))} in the median"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _days(since: datetime, until: datetime) -> str:
    last = until - timedelta(days=1)
    if last.date() == since.date():
        return f"{since:%A} {since.day} {since:%B}"
    return f"{since.day} {since:%B} to {last.day} {last:%B}"
