"""The inputs of forms. Each is named: under this name its value and its errors are found."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from handoff.desks.slack.shown.blocks import options, plain_text
from handoff.desks.slack.web_api.api import Block

_LABEL, _HINT, _PLACEHOLDER = 150, 300, 150

Choices = Iterable[tuple[str, str]]
"""Label and value."""


def text(
    name: str, label: str, *, most: int, hint: str = "", placeholder: str = "", needed: bool = False
) -> Block:
    """Several lines of text. Args: most: characters."""
    element: Block = {"type": "plain_text_input", "multiline": True, "max_length": min(most, 3000)}
    return _input(name, label, _placed(element, placeholder), hint, needed=needed)


def line(name: str, label: str, *, hint: str = "", needed: bool = True) -> Block:
    """One line of text."""
    return _input(name, label, {"type": "plain_text_input", "max_length": 200}, hint, needed=needed)


def one_of(name: str, label: str, choices: Choices, *, first: str = "", hint: str = "") -> Block:
    """Up to ten choices, all seen at once. Args: first: the value that is chosen already."""
    element: Block = {"type": "radio_buttons", "options": options(choices)}
    return _input(name, label, _chosen(element, first), hint, needed=True)


def menu(
    name: str,
    label: str,
    groups: Sequence[tuple[str, Choices]],
    *,
    first: str = "",
    hint: str = "",
    needed: bool = True,
) -> Block:
    """A list to choose from. Args: groups: a heading with its choices, none of them empty."""
    element: Block = {"type": "static_select"}
    shown = [(heading, options(choices)) for heading, choices in groups]
    if len(shown) == 1:
        element["options"] = shown[0][1]
    else:
        element["option_groups"] = [
            {"label": plain_text(heading, 75), "options": entries} for heading, entries in shown
        ]
    entries = [entry for _, group in shown for entry in group]
    chosen = [entry for entry in entries if entry["value"] == first]
    if chosen:
        element["initial_option"] = chosen[0]
    return _input(name, label, element, hint, needed=needed)


def tick(name: str, label: str, words: str, *, ticked: bool = False, needed: bool = False) -> Block:
    """A box to tick. Args: needed: the form is not sent before it is ticked."""
    choice = options([(words, "yes")])
    element: Block = {"type": "checkboxes", "options": choice}
    if ticked:
        element["initial_options"] = choice
    return _input(name, label, element, "", needed=needed)


def moment(name: str, label: str, first: datetime, *, hint: str = "") -> Block:
    """A day and a time, in the reader's own time zone."""
    element: Block = {"type": "datetimepicker", "initial_date_time": int(first.timestamp())}
    return _input(name, label, element, hint, needed=True)


def _input(name: str, label: str, element: Block, hint: str, *, needed: bool) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain_text(label, _LABEL),
        "element": {**element, "action_id": name},
        "optional": not needed,
    }
    if hint:
        block["hint"] = plain_text(hint, _HINT)
    return block


def _chosen(element: Block, first: str) -> Block:
    chosen = [entry for entry in element["options"] if entry["value"] == first]
    return {**element, "initial_option": chosen[0]} if chosen else element


def _placed(element: Block, placeholder: str) -> Block:
    if placeholder:
        element["placeholder"] = plain_text(placeholder, _PLACEHOLDER)
    return element
