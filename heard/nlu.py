"""`heard nlu`: the sentences that the bot learns from."""

from pathlib import Path
from typing import Annotated

import typer

from heard.settings import ROOT

app = typer.Typer(help="The sentences that the bot learns from.", no_args_is_help=True)


@app.callback()
def nlu() -> None:
    """Keep `nlu` a group of commands while it has only one."""


@app.command()
def lint(
    data: Annotated[
        Path, typer.Option(help="The folder of training sentences, as Rasa NLU YAML")
    ] = ROOT / "data" / "nlu",
    tests: Annotated[
        Path, typer.Option(help="The folder of sentences the bot is measured on")
    ] = ROOT / "tests" / "understanding",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object and nothing else")
    ] = False,
) -> None:
    """Find doubles, sentences in two intents, leaks into the tests, imbalance and close intents."""
    from heard.bot_environment import NoBotEnvironment, run_in_bot

    folders = ("--data", data.resolve(), "--tests", tests.resolve())
    try:
        code = run_in_bot("bot.lint", *folders, *(["--json"] if as_json else []))
    except NoBotEnvironment as error:
        typer.echo(str(error), err=True)
        code = 1
    raise typer.Exit(code)
