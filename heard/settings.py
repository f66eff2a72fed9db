"""Every setting, in one class: its parts stand beside it. Nothing else reads the environment."""

import secrets
from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict

from heard.case_settings import CaseFields
from heard.company_settings import CompanyFields
from heard.effort.versions import NEWEST, UnknownVersion, weights_named
from heard.kept import keep, own_folder
from heard.mail_settings import MailFields
from heard.slack_settings import SlackFields

ROOT = Path(__file__).resolve().parent.parent
PERSONAS = ROOT / "data" / "personas.yml"
CUSTOMER_FIELDS = ROOT / "data" / "customer_fields.yml"
SURVEYS = ROOT / "data" / "surveys.yml"
HANDOFF = ROOT / "data" / "handoff.yml"
DESK = ROOT / "data" / "desk.yml"
REMEDIES = ROOT / "data" / "remedies.yml"
PREFIX = "HEARD_"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared only
_T = TypeVar("_T")


class SettingsError(Exception):
    """A setting is missing or wrong; the text names it and says what to do."""


class Settings(CaseFields, CompanyFields, SlackFields, MailFields):
    """Settings from the environment (`HEARD_...`) and from `.env`; units stand in the names."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ROOT / ".env", extra="ignore", frozen=True
    )

    company: str = Field("Northpine", description="The name that customers see")
    demo: bool = Field(
        True,
        description="Load and show the demo shop, where anybody may chat as a demo customer. "
        "No default where others than this machine can reach the website",
    )
    host: str = Field("127.0.0.1", description="Where the website listens")
    port: int = Field(8080, ge=1, le=65535, description="The website's port")
    site_url: str = Field("", description="The website's public address, if another")
    proxies: int = Field(0, ge=0, description="Reverse proxies in front that set X-Forwarded-For")
    origins: str = Field("", description="Web origins that may embed the widget, by commas")
    var: Path = Field(ROOT / "var", description="Where the database and secrets are kept")
    models: Path = Field(ROOT / "var" / "models", description="Where trained models are kept")
    database_url: str = Field("", description="SQLAlchemy address; empty means SQLite in `var`")

    bot_port: int = Field(5005, ge=1, le=65535, description="Rasa's loopback port")
    bot_db: str = Field(
        "",
        description="Where Rasa keeps conversations: a SQLite file, or postgresql://...; empty "
        "means `bot.db` in `var`",
    )
    bot_keep_days: float = Field(30, gt=0, description="After this silence Rasa forgets one")
    redis_url: SecretStr = Field(
        SecretStr(""),
        description="redis://... that several processes of the bot share for their locks",
    )
    bot_timeout_s: float = Field(10.0, gt=0, le=60, description="After this a person takes over")
    actions_port: int = Field(5055, ge=1, le=65535, description="The action endpoint's port")
    context_timeout_s: float = Field(2.0, gt=0, le=10, description="For the company's own systems")
    context_fresh_s: float = Field(
        900.0, ge=0, description="After this what is known of a customer is loaded anew in a chat"
    )
    refund_limit: Decimal = Field(
        Decimal("50.00"),
        ge=0,
        decimal_places=2,
        description="The demo shop refunds up to this amount, in an order's currency, without a "
        "person",
    )
    touchpoints_token: SecretStr = Field(
        SecretStr(""),
        description="What other systems report contacts with, see touchpoints.md; empty: none may",
    )
    languages: str = Field("en", description="Codes of the languages the bot reads, by commas")
    effort_weights: str = Field(
        NEWEST, description="The version of the effort weights that acts; see ADR 4"
    )
    effort_shadow: str = Field(
        "", description="A version that scores each message beside it, and does nothing else"
    )
    idle_close_min: int = Field(60, ge=1, description="Silence after which a conversation closes")
    inbox_keep_days: float = Field(
        7, ge=2, description="After this what came from Slack and by e-mail is not kept as it came"
    )

    desk: Literal["browser", "slack"] = Field("browser", description="Where agents work")
    secret_key: SecretStr = Field(SecretStr(""), description="Signs visitor tokens")
    identity_key: SecretStr = Field(SecretStr(""), description="Checks the company's customer JWTs")
    bot_token: SecretStr = Field(SecretStr(""), description="Between the website and Rasa")
    actions_token: SecretStr = Field(SecretStr(""), description="Between Rasa and the actions")

    @field_validator("secret_key", "identity_key", "touchpoints_token", "mail_inbound_token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @cached_property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite+aiosqlite:///{self.var / 'heard.db'}"

    @cached_property
    def bot_database(self) -> str:
        """Where Rasa keeps conversations: a path or an address."""
        return self.bot_db or str(self.var / "bot.db")

    @cached_property
    def public_url(self) -> str:
        """Where people reach the website, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.site_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def own_url(self) -> str:
        """Where this machine reaches the website itself, past every proxy."""
        host = _EVERYWHERE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def exposed_by(self) -> str:
        """The settings by which others than this machine reach the website; empty where none."""
        by = {
            "HEARD_HOST": self.host not in _LOOPBACK,
            "HEARD_PROXIES": self.proxies > 0,
            "HEARD_SITE_URL": bool(self.site_url),
        }
        return " and ".join(name for name, exposes in by.items() if exposes)

    @cached_property
    def allowed_origins(self) -> tuple[str, ...]:
        """The origins that may embed the widget, beside the website's own."""
        return tuple(o.strip().rstrip("/") for o in self.origins.split(",") if o.strip())

    @cached_property
    def served_languages(self) -> frozenset[str]:
        """The codes of the languages that the bot reads."""
        return frozenset(code.strip().lower() for code in self.languages.split(",") if code.strip())


def load(**overrides: object) -> Settings:
    """The settings, with secrets that nobody chose made once and kept in `var/secrets.json`.

    Raises: SettingsError naming every setting that is wrong.
    """
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "; ".join(
            f"{PREFIX}{str(one['loc'][0]).upper() if one['loc'] else ''}: {one['msg']}"
            for one in error.errors()
        )
        raise SettingsError(f"Correct these settings in .env or the environment: {wrong}") from None
    if settings.demo and settings.exposed_by and "demo" not in settings.model_fields_set:
        raise SettingsError(
            f"{settings.exposed_by} lets others reach the website: set HEARD_DEMO=false, or "
            "HEARD_DEMO=true if anybody may chat there as a demo customer."
        )
    if settings.desk == "slack":
        _checked(settings.slack)
    _checked(lambda: settings.mail)
    _checked(lambda: settings.masks)
    _checked(lambda: _check_company(settings))
    _checked(lambda: _check_effort(settings))
    return settings.model_copy(update=_checked(lambda: _secrets(settings)))


def _check_company(settings: Settings) -> None:
    named = [api.name for api in (settings.shop_api, settings.directory_api) if api is not None]
    if named and settings.demo:
        raise ValueError(
            f"{named[0]}_URL names a system of your own, and the demo shop has its own customers: "
            "set HEARD_DEMO=false."
        )
    if settings.directory_api and settings.directory_timeout_s >= settings.context_timeout_s:
        raise ValueError(
            "HEARD_DIRECTORY_TIMEOUT_S must be less than HEARD_CONTEXT_TIMEOUT_S, so that what was "
            "known before can still be told."
        )


def _check_effort(settings: Settings) -> None:
    for name in ("effort_weights", "effort_shadow"):
        version = getattr(settings, name)
        try:
            if version or name == "effort_weights":
                weights_named(version)
        except UnknownVersion as error:
            raise ValueError(f"{PREFIX}{name.upper()}: {error}") from None


def _checked(read: Callable[[], _T]) -> _T:
    try:
        return read()
    except ValueError as error:
        raise SettingsError(str(error)) from None


_GENERATED = ("secret_key", "identity_key", "bot_token", "actions_token")


def _secrets(settings: Settings) -> dict[str, SecretStr]:
    own_folder(settings.var)
    made = {name: secrets.token_urlsafe(32) for name in _GENERATED}
    kept = keep(settings.var / "secrets.json", made)
    return {
        name: SecretStr(kept[name])
        for name in _GENERATED
        if not getattr(settings, name).get_secret_value()
    }
