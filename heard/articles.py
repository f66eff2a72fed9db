"""`heard articles`: what customers can read, and what they ask for in vain."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from sqlalchemy.exc import SQLAlchemyError

from conversation.clock import utc_now
from heard.article_checks import Checked, check_articles
from heard.article_gaps import Gap, gaps
from heard.services import opened_store
from heard.settings import ROOT, Settings, SettingsError, load

app = typer.Typer(help="The help pages' articles.", no_args_is_help=True)
_MOST_SHOWN = 10


@app.callback()
def articles() -> None:
    """Keep `articles` a group of commands while it has only one."""


@app.command()
def check(
    folder: Annotated[Path, typer.Option(help="Where the articles lie")] = ROOT / "data/articles",
    domain: Annotated[Path, typer.Option(help="The file with the intents")] = ROOT / "domain.yml",
    days: Annotated[int, typer.Option(min=1, help="How far to look back for gaps")] = 90,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object and nothing else")
    ] = False,
) -> None:
    """Find broken articles, intents without one, and frequent questions that none answers."""
    try:
        checked = check_articles(folder, domain)
        found = asyncio.run(_gaps(load(), days))
    except (OSError, KeyError, yaml.YAMLError) as error:
        typer.echo(f"{domain} cannot be read: {error}", err=True)
        raise typer.Exit(1) from error
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(_plain(checked, found), indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(_report(checked, found, days)))
    raise typer.Exit(1 if checked.problems else 0)


async def _gaps(settings: Settings, days: int) -> list[Gap] | None:
    """None where the database cannot be read, for instance before the first start."""
    try:
        async with opened_store(settings) as store, store.read() as work:
            return gaps(await work.gaps.unanswered(utc_now() - timedelta(days=days)))
    except SQLAlchemyError:
        return None


def _report(checked: Checked, found: Sequence[Gap] | None, days: int) -> list[str]:
    guides = sum(article.guide for article in checked.articles.all())
    lines = [f"{len(checked.articles)} articles, {guides} of them guides with steps."]
    lines += [f"wrong  {problem}" for problem in checked.problems]
    lines += [f"gap    No article names the intent {name}." for name in checked.without_article]
    if found is None:
        return [*lines, "The database cannot be read, so questions were not looked at."]
    shown = found[:_MOST_SHOWN]
    lines += [f"gap    {_sentence(gap)}" for gap in shown if not gap.outside]
    lines += [f"not of the shop, as it seems: {_sentence(gap)}" for gap in shown if gap.outside]
    if len(found) > _MOST_SHOWN:
        lines.append(f"{len(found) - _MOST_SHOWN} more questions were asked twice or more.")
    if not (checked.problems or checked.without_article or found):
        lines.append(f"Nothing is wrong, and no question of the last {days} days is left open.")
    return lines


def _sentence(gap: Gap) -> str:
    why = ", ".join(f"{count} {why}" for why, count in gap.why.items())
    examples = " / ".join(f"“{text}”" for text in gap.examples)
    return f"Asked in {gap.conversations} conversations ({why}): {examples}"


def _plain(checked: Checked, found: Sequence[Gap] | None) -> dict[str, Any]:
    return {
        "articles": len(checked.articles),
        "problems": [
            {"file": one.file, "line": one.line, "text": one.text} for one in checked.problems
        ],
        "without_article": list(checked.without_article),
        "gaps": None
        if found is None
        else [
            {
                "times": gap.times,
                "conversations": gap.conversations,
                "examples": list(gap.examples),
                "why": {why.value: count for why, count in gap.why.items()},
            }
            for gap in found
        ],
    }
