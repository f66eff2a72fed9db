"""The `heard` command line."""

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from handoff.queue.groups import DigestKind
from heard import articles, nlu, slack_commands
from heard import demo as demo_data
from heard.effort import commands as effort
from heard.logs import set_up
from heard.progress import Console
from heard.settings import ROOT, Settings, SettingsError, load
from heard.training import TrainingError, ensure_model
from staff.account import Role

app = typer.Typer(
    help="Heard: a customer-support chatbot that knows when to fetch a person.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
demo = typer.Typer(help="The demo shop.", no_args_is_help=True)
user = typer.Typer(help="Staff accounts.", no_args_is_help=True)
_FIGURES = (
    ("Read as meant", "accuracy"),
    ("Asked what was meant", "clarified"),
    ("Misread", "misread"),
)
_CONFUSIONS_SHOWN = 8
app.add_typer(demo, name="demo")
app.add_typer(user, name="user")
app.add_typer(nlu.app, name="nlu")
app.add_typer(articles.app, name="articles")
app.add_typer(effort.app, name="effort")
app.add_typer(slack_commands.app, name="slack")


@app.command()
def run() -> None:
    """Start everything: train if needed, migrate, load demo data, run until Ctrl-C."""
    from heard.running import run_all

    raise typer.Exit(run_all(_settings()))


@app.command(name="app", hidden=True)
def serve_app() -> None:
    """Serve the website, desk, review and actions: one of the processes of `run`."""
    from heard.serve import serve

    set_up(colours=sys.stdout.isatty())
    serve(_settings())


@app.command()
def train(
    force: Annotated[bool, typer.Option(help="Train even if nothing changed")] = False,
) -> None:
    """Train the bot, if its data, configuration or code changed since the last time."""
    try:
        model = ensure_model(ROOT, _settings().models, force=force)
    except TrainingError as error:
        _fail(str(error))
    typer.echo(f"The bot's model is {_shown(model)}")


@app.command()
def talk(
    customer: Annotated[
        str | None, typer.Option("--as", help="A customer's id, such as demo-ada; else a visitor")
    ] = None,
) -> None:
    """Chat in the terminal, and see intent, effort and actions behind every answer."""
    from heard.talking.terminal import talk as chat
    from heard.talking.visitor import NotRunning

    try:
        asyncio.run(chat(_settings(), customer))
    except NotRunning as error:
        _fail(str(error))


@app.command(name="eval")
def evaluate(
    data: Annotated[
        Path, typer.Option(help="Sentences with intents as Rasa NLU YAML: a file or a folder")
    ] = ROOT / "tests" / "understanding",
    out: Annotated[
        Path | None, typer.Option(help="The folder for report.html and report.json")
    ] = None,
) -> None:
    """Measure how well the bot understands sentences it was not trained on."""
    from heard.bot_environment import NoBotEnvironment
    from heard.evaluation import EvaluationFailed
    from heard.evaluation import evaluate as measure

    settings = _settings()
    folder = out or settings.var / "evaluation"
    try:
        report = measure(ensure_model(ROOT, settings.models), data, folder)
    except (TrainingError, NoBotEnvironment, EvaluationFailed) as error:
        _fail(str(error))
    for label, name in _FIGURES:
        typer.echo(f"{label:<22}{100 * report[name]:5.1f} %")
    typer.echo(f"{'Macro F1':<22}{report['macro_f1']:7.3f}")
    for one in report["confusions"][:_CONFUSIONS_SHOWN]:
        typer.echo(f"  {one['n']:>3} times {one['expected']} was read as {one['predicted']}")
    typer.echo(f"{report['n']} sentences. The whole report: {_shown(folder / 'report.html')}")


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from store.migrate import upgrade

    upgrade(_settings().database)
    typer.echo("The database has the newest schema.")


@app.command()
def check() -> None:
    """Say what is missing or wrong in settings and services."""
    from heard.checks import check_all

    findings = asyncio.run(check_all(_settings()))
    for finding in findings:
        typer.echo(f"{'ok   ' if finding.good else 'wrong'}  {finding.text}")
    raise typer.Exit(0 if all(finding.good for finding in findings) else 1)


@app.command()
def lint() -> None:
    """Hold every text that customers or agents read to the rules of how the assistant speaks."""
    from heard.tone.rules import faults_of
    from heard.tone.spoken import spoken

    texts = list(spoken(ROOT))
    faults = [fault for text in texts for fault in faults_of(text)]
    for fault in faults:
        typer.echo(str(fault))
    typer.echo(f"{len(texts)} texts, {len(faults)} to mend")
    raise typer.Exit(1 if faults else 0)


@app.command(name="settings")
def list_settings() -> None:
    """Write every setting with its default and meaning, as docs/settings.md has them."""
    from heard.settings_page import settings_page

    typer.echo(settings_page(), nl=False)


@app.command(name="customer-fields")
def list_customer_fields() -> None:
    """Write what may be known of a customer and what for, as docs/privacy.md has it."""
    from heard.settings import CUSTOMER_FIELDS
    from store.customer_fields import BadCustomerFields, fields_table, load_customer_fields

    try:
        typer.echo(fields_table(load_customer_fields(CUSTOMER_FIELDS)), nl=False)
    except BadCustomerFields as error:
        _fail(str(error))


@app.command()
def export(conversation: Annotated[str, typer.Argument(help="The conversation's id")]) -> None:
    """Write one conversation as JSON: messages, turns, timeline, cases, surveys."""
    from conversation.conversation import UnknownConversation
    from heard.services import opened_store
    from review.export import export_conversation

    async def exported() -> dict[str, object]:
        async with opened_store(_settings()) as store:
            return await export_conversation(store, conversation)

    try:
        typer.echo(json.dumps(asyncio.run(exported()), indent=2, ensure_ascii=False))
    except UnknownConversation:
        _fail(f"There is no conversation {conversation}. The review pages show the ids.")


@app.command()
def digest(
    kind: Annotated[DigestKind, typer.Argument(help="What to tell")] = DigestKind.DAILY,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day on which it goes out; else tomorrow"),
    ] = None,
) -> None:
    """Write a digest: what the desk did, or what customers said in their own words."""
    from handoff.digests.digests import as_text
    from heard.services import written_digest

    told = asyncio.run(written_digest(_settings(), kind, day.date() if day else None))
    for line in as_text(told):
        typer.echo(line)


@demo.command(name="seed")
def demo_seed() -> None:
    """Load the demo shop and demo staff where they are missing."""
    from store.migrate import upgrade

    settings = _settings()
    upgrade(settings.database)
    try:
        password = asyncio.run(demo_data.seed(settings))
    except ValueError as error:
        _fail(str(error))
    typer.echo(f"Demo staff: {demo_data.AGENT}, {demo_data.SECOND_AGENT}, {demo_data.LEAD}")
    typer.echo(f"Password:   {password}")


@user.command(name="add")
def user_add(
    email: str,
    name: Annotated[str, typer.Option(help="What customers see when this person answers")],
    role: Annotated[list[Role], typer.Option(help="agent, lead or admin; may be repeated")],
    slack: Annotated[
        str | None, typer.Option(help="The Slack user id, U...; '' removes it")
    ] = None,
    password: Annotated[
        str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True)
    ] = "",
) -> None:
    """Add a staff account, or change the one with this e-mail."""
    from heard.services import save_staff

    try:
        staff = asyncio.run(save_staff(_settings(), email, name, role, password, slack))
    except ValueError as error:
        _fail(str(error))
    typer.echo(f"{staff.name} <{staff.email}> may now sign in as {', '.join(sorted(staff.roles))}.")


def _settings() -> Settings:
    try:
        return load()
    except SettingsError as error:
        _fail(str(error))


def _fail(text: str) -> NoReturn:
    Console(sys.stderr).line("heard", text)
    raise typer.Exit(1)


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
