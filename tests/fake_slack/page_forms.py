"""Forms and the home tab on the page, for whoever acts by hand."""

import html
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.fake_slack.hands import options_of
from tests.fake_slack.limits import Json

_FIELD = "field:"
_Show = Callable[[Json], str]


def form(user: str, view: Json, errors: Mapping[str, str], block: _Show) -> str:
    """An open form. Args: errors: words by block id; block: shows what is no input."""
    title = html.escape(view["title"]["text"])
    shown = "".join(
        _input(one, errors) if one["type"] == "input" else block(one) for one in view["blocks"]
    )
    send = ""
    if "submit" in view:
        label = html.escape(view["submit"]["text"])
        send = f'<button name="send" value="form">{label}</button> '
    return (
        f'<dialog open><h2>{title}</h2><form method="post" action="/act">'
        f'<input type="hidden" name="user" value="{user}">{shown}<p>{send}'
        '<button name="close" value="form" formnovalidate>Cancel</button></p></form></dialog>'
    )


def filled(given: Mapping[str, Any], view: Json) -> dict[str, Any]:
    """What was filled in on the page, as `Hands.submits` takes it."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        element = block.get("element") or {}
        name = element.get("action_id", "")
        value = given.get(f"{_FIELD}{name}")
        if element.get("type") == "checkboxes":
            values[name] = [value] if value else []
        elif element.get("type") == "datetimepicker":
            values[name] = int(value or 0)
        elif name and value:
            values[name] = value
    return values


def _input(block: Json, errors: Mapping[str, str]) -> str:
    element = block["element"]
    label, name = html.escape(block["label"]["text"]), f"{_FIELD}{element['action_id']}"
    hint = html.escape((block.get("hint") or {}).get("text", ""))
    wrong = html.escape(errors.get(block["block_id"], ""))
    field = "".join(_field(element, name))
    return (
        f"<p><label><strong>{label}</strong><br>{field}</label>"
        f'<br><span class="context">{hint}</span><span class="wrong">{wrong}</span></p>'
    )


def _field(element: Json, name: str) -> Iterator[str]:
    kind = element["type"]
    if kind == "plain_text_input" and element.get("multiline"):
        yield f'<textarea name="{name}" rows="3" cols="50"></textarea>'
    elif kind == "plain_text_input":
        yield f'<input name="{name}" value="{html.escape(element.get("initial_value", ""))}">'
    elif kind == "datetimepicker":
        yield f'<input name="{name}" value="{element.get("initial_date_time", "")}"> (Unix time)'
    elif kind == "checkboxes":
        words = html.escape(element["options"][0]["text"]["text"])
        checked = "checked" if element.get("initial_options") else ""
        yield f'<input type="checkbox" name="{name}" value="{words}" {checked}> {words}'
    else:
        first = (element.get("initial_option") or {}).get("value")
        yield f'<select name="{name}"><option></option>'
        for option in options_of(element):
            words = html.escape(option["text"]["text"])
            chosen = "selected" if option["value"] == first else ""
            yield f'<option value="{words}" {chosen}>{words}</option>'
        yield "</select>"
