"""docs/settings.md, written from the settings themselves."""

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from heard.settings import PREFIX, ROOT, Settings

_HEAD = """# Settings

Set in the environment or in `.env` beside the Makefile. Secrets that are left empty are made on the
first start and kept in `var/secrets.json`. `heard check` names settings that do not exist.

| setting | default | meaning |
|---|---|---|
"""


def settings_page() -> str:
    """The page as Markdown."""
    own = [name for name in Settings.__annotations__ if name in Settings.model_fields]
    rows = []
    for name in (*own, *(name for name in Settings.model_fields if name not in own)):
        field = Settings.model_fields[name]
        default = field.default
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        shown = "" if default in ("", PydanticUndefined) else f"`{_short(default)}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return _HEAD + "\n".join(rows) + "\n"


def _short(default: object) -> str:
    return str(default).replace(f"{ROOT}/", "")
