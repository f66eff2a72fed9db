"""What Slack accepts of buttons, menus and inputs."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_ELEMENTS = {
    "button",
    "overflow",
    "static_select",
    "radio_buttons",
    "checkboxes",
    "plain_text_input",
    "number_input",
    "datetimepicker",
}
_MOST_OPTIONS = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10, "static_select": 100}


def check_element(element: Json) -> Iterator[str]:
    """What Slack would not take of an interactive element."""
    kind = element.get("type")
    if kind not in _ELEMENTS:
        yield f"unsupported element: {kind}"
        return
    if not 1 <= len(element.get("action_id", "")) <= 255:
        yield f"{kind} needs an action_id"
    if kind == "button":
        yield from check_plain(element.get("text"), 75, "button")
        if len(element.get("value", "")) > 2000:
            yield "the button's value is too long"
    options = [*(element.get("options") or ())]
    for group in element.get("option_groups") or ():
        yield from check_plain(group.get("label"), 75, "group")
        options += group["options"]
    most = _MOST_OPTIONS.get(kind)
    if most is not None and not 1 <= len(options) <= most:
        yield f"{kind} holds between 1 and {most} options"
    for option in options:
        yield from check_plain(option.get("text"), 75, "option")
        if not 1 <= len(option.get("value", "")) <= 150:
            yield "an option's value has between 1 and 150 characters"
    first = element.get("initial_option")
    if first is not None and first not in options:
        yield "initial_option must be one of the options"
    if kind == "datetimepicker" and not isinstance(element.get("initial_date_time", 0), int):
        yield "initial_date_time is a Unix time in seconds"
    if kind == "number_input" and "is_decimal_allowed" not in element:
        yield "number_input needs is_decimal_allowed"


def check_plain(text: Any, limit: int, where: str) -> Iterator[str]:
    """What is wrong with a short text."""
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{where} must be a text object"
    elif not 1 <= len(str(text.get("text", ""))) <= limit:
        yield f"{where} must be between 1 and {limit} characters"
