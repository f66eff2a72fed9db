"""`heard slack`: what is asked about the Slack desk."""

import asyncio

import typer

from heard.findings import Finding
from heard.settings import SettingsError, load

app = typer.Typer(help="The Slack desk.", no_args_is_help=True)


@app.callback()
def slack() -> None:
    """The Slack desk."""


@app.command()
def check() -> None:
    """Say whether Slack and Heard reach each other, and what to mend."""
    from heard.slack_checks import check_slack

    try:
        settings = load(desk="slack")
    except SettingsError as error:
        typer.echo(f"wrong  {error}")
        raise typer.Exit(1) from None
    findings = [*asyncio.run(check_slack(settings)), *_chosen(load().desk)]
    for finding in findings:
        typer.echo(f"{'ok   ' if finding.good else 'wrong'}  {finding.text}")
    raise typer.Exit(0 if all(finding.good for finding in findings) else 1)


def _chosen(desk: str) -> list[Finding]:
    if desk == "slack":
        return []
    return [Finding(False, f"HEARD_DESK is {desk}: no case comes to Slack. Set HEARD_DESK=slack")]
