"""`heard run`: prepare everything, then keep it running."""

import asyncio
import sys

from heard import demo
from heard.bot_environment import BOT_PYTHON
from heard.data_files import DATA_FILES
from heard.desk_channels import wrong_places
from heard.processes import Process
from heard.progress import Console
from heard.settings import ROOT, Settings
from heard.supervisor import Supervisor
from heard.training import TrainingError, ensure_model
from store.migrate import upgrade


def run_all(settings: Settings) -> int:
    """Prepare and run until told to stop. Returns: the exit code."""
    console = Console(sys.stdout)
    if slips := [*(one.slip for one in DATA_FILES if one.slip), *wrong_places(settings)]:
        for problem in "\n".join(slips).splitlines():
            console.line("heard", problem)
        return 1
    if not BOT_PYTHON.is_file():
        console.line("heard", "The bot's environment is not set up: run `make setup` first.")
        return 1
    try:
        model = ensure_model(ROOT, settings.models, console=console)
    except TrainingError as error:
        console.line("heard", str(error))
        return 1
    console.line("heard", "Bringing the database to the newest schema")
    upgrade(settings.database)
    try:
        password = asyncio.run(demo.seed(settings)) if settings.demo else None
    except ValueError as error:
        console.line("heard", str(error))
        return 1
    supervisor = Supervisor(
        [app_process(settings), _bot(settings, str(model))],
        console,
        on_ready=lambda: _welcome(console, settings, password),
    )
    return asyncio.run(supervisor.run())


def app_process(settings: Settings) -> Process:
    """The website with all that belongs to it, as the supervisor runs it."""
    return Process(
        name="app",
        argv=[sys.executable, "-m", "heard", "app"],
        cwd=ROOT,
        env={"PYTHONUNBUFFERED": "1"},
        ready=f"{settings.own_url}/healthz",
        doing="opening the website",
        port=settings.port,
        port_setting="HEARD_PORT",
    )


def _bot(settings: Settings, model: str) -> Process:
    return Process(
        name="bot",
        argv=[
            str(BOT_PYTHON),
            "-m",
            "bot.serve",
            "--model",
            model,
            "--port",
            str(settings.bot_port),
        ],
        cwd=ROOT,
        env={
            "HEARD_BOT_TOKEN": settings.bot_token.get_secret_value(),
            "HEARD_BOT_DB": settings.bot_database,
            "HEARD_BOT_KEEP_DAYS": str(settings.bot_keep_days),
            "HEARD_REDIS_URL": settings.redis_url.get_secret_value(),
            "HEARD_ACTIONS_TOKEN": settings.actions_token.get_secret_value(),
            "HEARD_ACTIONS_URL": f"http://127.0.0.1:{settings.actions_port}/webhook",
            "PYTHONUNBUFFERED": "1",
        },
        ready=f"http://127.0.0.1:{settings.bot_port}/readyz",
        doing="loading its model",
        port=settings.bot_port,
        port_setting="HEARD_BOT_PORT",
    )


def _welcome(console: Console, settings: Settings, password: str | None) -> None:
    url = settings.public_url
    lines = [
        "Heard is ready.",
        f"  Shop with the chat   {url}/",
        f"  Agents' desk         {url}/desk",
        f"  Review               {url}/review",
    ]
    if password is not None:
        lines.append(
            f"  Demo sign-in         agent {demo.AGENT}, lead {demo.LEAD}, password {password}"
        )
    for line in (*lines, "  Ctrl-C stops everything."):
        console.line("heard", line)
