"""`heard check`: what is missing or wrong, each with what to do."""

import os

import httpx
from sqlalchemy.exc import SQLAlchemyError

from company.api import NoAnswer
from company.settings import ApiSettings
from heard.bot_environment import BOT_PYTHON
from heard.data_files import DATA_FILES, DataFile
from heard.desk_channels import wrong_places
from heard.findings import Finding
from heard.mail_checks import check_mail
from heard.services import opened_store
from heard.settings import PREFIX, ROOT, Settings
from heard.slack_checks import check_slack
from heard.systems import open_api
from heard.training import fingerprint
from staff.account import Role


async def check_all(settings: Settings) -> list[Finding]:
    """Look at everything; nothing is changed."""
    return [
        *_unknown_settings(),
        exposed(settings),
        _bot_environment(),
        _model(settings),
        *(readable(one) for one in DATA_FILES),
        *(Finding(False, text) for text in wrong_places(settings)),
        *await _database(settings),
        *await company(settings),
        await _answers("The website", f"{settings.own_url}/healthz", "start it with `heard run`"),
        await _answers(
            "The bot",
            f"http://127.0.0.1:{settings.bot_port}/readyz",
            "start it with `heard run`; it needs half a minute to load its model",
        ),
        *await check_mail(settings.mail),
        *(await check_slack(settings) if settings.desk == "slack" else []),
    ]


def _unknown_settings() -> list[Finding]:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    names = set(os.environ)
    env_file = ROOT / ".env"
    if env_file.is_file():
        lines = env_file.read_text().splitlines()
        names |= {line.split("=", 1)[0].strip() for line in lines if "=" in line}
    unknown = sorted(
        name
        for name in names
        if name.upper().startswith(PREFIX) and name.upper() not in known | _GIVEN_TO_THE_BOT
    )
    if not unknown:
        return [Finding(True, "All settings are known")]
    return [Finding(False, f"{name} is no setting: see docs/settings.md") for name in unknown]


_GIVEN_TO_THE_BOT = {"HEARD_ACTIONS_URL"}


def exposed(settings: Settings) -> Finding:
    """Whether others than this machine can chat as demo customers."""
    if not settings.demo:
        return Finding(True, "The demo shop is off")
    if not settings.exposed_by:
        return Finding(True, "The demo shop is on, for this machine only")
    return Finding(
        False,
        f"The demo shop is on and {settings.exposed_by} lets others reach it: anybody may chat as "
        "a demo customer. Set HEARD_DEMO=false unless that is meant",
    )


def _bot_environment() -> Finding:
    if BOT_PYTHON.is_file():
        return Finding(True, "The bot's environment is set up")
    return Finding(False, "The bot's environment is missing: run `make setup`")


def _model(settings: Settings) -> Finding:
    model = settings.models / f"heard-{fingerprint(ROOT)[:12]}.tar.gz"
    if model.is_file():
        return Finding(True, "The bot's model fits its data")
    return Finding(False, "The bot has no model of its present data: run `heard train`")


def readable(one: DataFile) -> Finding:
    """Whether a file of the app's data can be read."""
    slip = one.slip
    return Finding(
        not slip, f"{one.what} cannot be used: {slip}" if slip else f"{one.what} can be read"
    )


async def _database(settings: Settings) -> list[Finding]:
    try:
        async with opened_store(settings) as store, store.read() as work:
            roles = {role for staff in await work.accounts.listed() for role in staff.roles}
            parked = await work.outbox.parked()
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        return [Finding(False, f"The database does not answer ({reason}): run `heard migrate`")]
    missing = [role.value for role in (Role.AGENT, Role.LEAD) if role not in roles]
    return [
        Finding(True, "The database answers"),
        Finding(
            not missing,
            _or(
                "There are agents and leads",
                missing,
                "Nobody has the role {}: run `heard user add`",
            ),
        ),
        Finding(
            not parked,
            "No delivery is parked"
            if not parked
            else f"{parked} deliveries are parked: mend what docs/slack.md names for your error; "
            "they are tried again within five minutes, and at once after a restart",
        ),
    ]


def _or(good: str, missing: list[str], wrong: str) -> str:
    return wrong.format(" and ".join(missing)) if missing else good


async def company(settings: Settings) -> list[Finding]:
    """Whether the company's own shop and directory answer, where the settings name them."""
    named = (("shop", settings.shop_api), ("directory", settings.directory_api))
    return [await _system(f"Your {what}'s API", api) for what, api in named if api is not None]


async def _system(what: str, where: ApiSettings) -> Finding:
    api = open_api(where)
    try:
        await api.check()
    except NoAnswer as error:
        names = f"{where.name}_URL and {where.name}_TOKEN"
        return Finding(False, f"{what} cannot be used ({error}): see {names}, docs/shop-api.md")
    finally:
        await api.close()
    return Finding(True, f"{what} answers")


async def _answers(what: str, url: str, what_to_do: str) -> Finding:
    try:
        async with httpx.AsyncClient(timeout=3, trust_env=False) as http:
            good = (await http.get(url)).status_code == httpx.codes.OK
    except httpx.HTTPError:
        good = False
    return Finding(good, f"{what} answers" if good else f"{what} does not answer: {what_to_do}")
