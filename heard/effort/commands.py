"""`heard effort`: fit, replay, compare and calibrate the effort score."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError

from conversation.effort import Weights
from heard.bot_environment import NoBotEnvironment
from heard.effort import against_shadow, ease, fitting, past, reports
from heard.effort.labelled import UnusableData, read_dialogues
from heard.effort.read_texts import NotRead, rated
from heard.effort.replay import replay as replayed
from heard.effort.replay import summary
from heard.effort.usual_turns import usual_turns
from heard.effort.versions import UnknownVersion, as_fields, weights_named, write_next
from heard.services import opened_store
from heard.settings import HANDOFF, Settings, SettingsError, load
from store.handoff_rules import BadHandoffRules, load_handoff_rules
from store.store import SqlStore

app = typer.Typer(help="The effort score: fitted, replayed, calibrated.", no_args_is_help=True)
_T = TypeVar("_T")
_Json = Annotated[bool, typer.Option("--json", help="One JSON object and nothing else")]
_Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Only what is of this day (UTC) or later"),
]
_Version = Annotated[str | None, typer.Option("--weights", help="Default: the version that acts")]


@app.command()
def fit(
    data: Annotated[
        Path | None,
        typer.Argument(help="Rated conversations, one a line; without it the customers' answers"),
    ] = None,
    weights: _Version = None,
    as_json: _Json = False,
) -> None:
    """Fit the weights to ratings, compare old and new on what neither has seen, write a version."""
    settings = _settings()
    start = _weights(settings, weights)
    try:
        given, start = _rated(data, start) if data else _answered(settings, start)
        new = fitting.fit(given, start)
    except (UnusableData, NotRead, NoBotEnvironment, fitting.TooLittleData) as error:
        _fail(f"Nothing was fitted. {error}")
    bad = sum(one.bad for one in given)
    source = f"Fitted on {len(given)} ratings, {bad} of them bad, from version {start.version}."
    try:
        file = write_next(as_fields(replace(new.weights, source=source)))
    except OSError as error:
        _fail(f"Nothing was written. The folder of the versions cannot be written to: {error}")
    found = {
        "version": file.stem.removeprefix("v"),
        "file": str(file),
        "ratings": len(given),
        "bad": bad,
        "figures": fitting.compared(given, start, new),
    }
    _show(found, lambda: reports.fitted(found, start, new.weights), as_json)


@app.command()
def replay(
    threshold: Annotated[
        float | None, typer.Option(min=0, max=100, help="Bring a person from this score on")
    ] = None,
    offer: Annotated[
        float | None, typer.Option(min=0, max=100, help="Offer a person from this score on")
    ] = None,
    cost_ratio: Annotated[
        float | None,
        typer.Option(
            min=0.25, max=20, help="Both scores as data/handoff.yml has them at this ratio"
        ),
    ] = None,
    weights: _Version = None,
    since: _Since = None,
    as_json: _Json = False,
) -> None:
    """Say what past conversations would have done under other thresholds or weights.

    Without any, as data/handoff.yml has it for a customer of no tier.
    """
    settings = _settings()
    chosen = _at(_acting(_weights(settings, weights), cost_ratio), threshold, offer)

    async def read(store: SqlStore) -> list[past.Stretch]:
        return await past.stretches(store, _utc(since))

    stretches = _from_store(settings, read)
    found = {
        "weights": chosen.version,
        "threshold": chosen.hand_off_at,
        "offer": chosen.offer_at,
        **summary([replayed(one, chosen) for one in stretches]),
    }
    _show(found, lambda: reports.replayed(found), as_json)


@app.command()
def compare(since: _Since = None, as_json: _Json = False) -> None:
    """Set the scores that counted beside those of the weights in the shadow."""

    async def read(store: SqlStore) -> list[past.Stretch]:
        return await past.stretches(store, _utc(since))

    turns = [turn for one in _from_store(_settings(), read) for turn in one.annotated]
    found = []
    for (acting, shadow), scores in against_shadow.pairs(turns).items():
        versions = _named(acting), _named(shadow)
        found.append(
            {"acting": acting, "shadow": shadow, **against_shadow.difference(scores, *versions)}
        )
    if not found:
        _fail(
            "No turn was scored in the shadow: set HEARD_EFFORT_SHADOW to a version, start again, "
            "and let customers write."
        )
    _show({"pairs": found}, lambda: reports.compared(found), as_json)


@app.command()
def calibration(since: _Since = None, as_json: _Json = False) -> None:
    """Hold the score at the end against what customers said of the effort."""

    async def read(store: SqlStore) -> list[past.Told]:
        return await past.told(store, _utc(since))

    found = ease.calibration(_from_store(_settings(), read))
    _show(found, lambda: reports.calibrated(found), as_json)


def _rated(data: Path, start: Weights) -> tuple[list[fitting.Example], Weights]:
    return fitting.examples(rated(read_dialogues(data), start), start), start


def _answered(settings: Settings, start: Weights) -> tuple[list[fitting.Example], Weights]:
    """What customers said of past conversations, and what these say of usual lengths."""

    async def read(store: SqlStore) -> tuple[list[past.Told], list[past.Stretch]]:
        return await past.told(store), await past.stretches(store)

    answers, stretches = _from_store(settings, read)
    start = replace(start, usual_turns={**start.usual_turns, **usual_turns(stretches)})
    given = [
        fitting.example(
            one.stretch.turns, start, one.ease <= ease.HARD, one.stretch.conversation_id
        )
        for one in answers
    ]
    return given, start


def _acting(weights: Weights, cost_ratio: float | None) -> Weights:
    try:
        rules = load_handoff_rules(HANDOFF)
    except BadHandoffRules as error:
        _fail(str(error))
    return replace(rules, cost_ratio=cost_ratio or rules.cost_ratio).applied_to(weights)


def _at(weights: Weights, threshold: float | None, offer: float | None) -> Weights:
    hand_off_at = weights.hand_off_at if threshold is None else threshold
    offer_at = min(weights.offer_at, hand_off_at) if offer is None else offer
    if offer_at > hand_off_at:
        _fail(
            f"A person is offered from {offer_at:g} on, which is above {hand_off_at:g}: lower it."
        )
    return replace(weights, hand_off_at=hand_off_at, offer_at=offer_at)


def _weights(settings: Settings, version: str | None) -> Weights:
    return _named(version or settings.effort_weights)


def _named(version: str) -> Weights:
    try:
        return weights_named(version)
    except UnknownVersion as error:
        _fail(str(error))


def _from_store(settings: Settings, read: Callable[[SqlStore], Awaitable[_T]]) -> _T:
    async def opened() -> _T:
        async with opened_store(settings) as store:
            return await read(store)

    try:
        return asyncio.run(opened())
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        _fail(f"The database does not answer ({reason}): run `heard migrate`.")


def _show(found: dict[str, Any], as_text: Callable[[], str], as_json: bool) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else as_text())


def _utc(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None


def _settings() -> Settings:
    try:
        return load()
    except SettingsError as error:
        _fail(str(error))


def _fail(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(1)
