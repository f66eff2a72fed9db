"""What Slack accepts of a message, as it checks it."""

from collections.abc import Iterator
from typing import Any

from tests.fake_slack.elements import Json as Json
from tests.fake_slack.elements import check_element

_ALL_TEXT = 10_000
_KNOWN = {"section", "header", "context", "actions", "divider", "rich_text"}
_BUTTON_STYLES = (None, "primary", "danger")


class NotOkError(Exception):
    """Slack says no. `detail` is added to the answer."""

    def __init__(self, error: str, **detail: Any) -> None:
        super().__init__(error)
        self.error = error
        self.detail = detail


def check_message(text: str, blocks: Any, metadata: Any) -> None:
    """Raises: NotOkError where Slack would not take the message."""
    if not text and not blocks:
        raise NotOkError("no_text")
    if metadata and not (
        metadata.get("event_type") and isinstance(metadata["event_payload"], dict)
    ):
        raise NotOkError("invalid_metadata_format")
    if not blocks:
        return
    problems = [*_problems(blocks)]
    if problems:
        raise NotOkError("invalid_blocks", response_metadata={"messages": problems})
    if sum(len(text["text"]) for text in _texts(blocks)) > _ALL_TEXT:
        raise NotOkError("msg_blocks_too_long")


def _problems(blocks: Any) -> Iterator[str]:
    if not isinstance(blocks, list) or len(blocks) > 50:
        yield "no more than 50 items allowed [json-pointer:/blocks]"
        return
    for index, block in enumerate(blocks):
        where = f"[json-pointer:/blocks/{index}]"
        kind = block.get("type") if isinstance(block, dict) else None
        if kind not in _KNOWN:
            yield f"unsupported type: {kind} {where}"
        elif kind == "section":
            yield from _section(block, where)
        elif kind == "header":
            yield from _text(block.get("text"), 150, where, kinds=("plain_text",))
        elif kind == "context":
            yield from _context(block, where)
        elif kind == "actions":
            yield from _actions(block, where)


def _section(block: Json, where: str) -> Iterator[str]:
    fields = block.get("fields")
    if block.get("text") is None and not fields:
        yield f"missing required field: text {where}"
    if block.get("text") is not None:
        yield from _text(block["text"], 3000, where)
    if fields is not None and not 1 <= len(fields) <= 10:
        yield f"no more than 10 items allowed {where}"
    for field in fields or ():
        yield from _text(field, 2000, where)
    if "accessory" in block:
        yield from (f"{problem} {where}" for problem in check_element(block["accessory"]))


def _context(block: Json, where: str) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 10:
        yield f"no more than 10 items allowed {where}"
    for element in elements:
        yield from _text(element, 3000, where)


def _actions(block: Json, where: str) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 25:
        yield f"no more than 25 items allowed {where}"
    for element in elements:
        if element.get("type") != "button":
            yield from (f"{problem} {where}" for problem in check_element(element))
            continue
        yield from _text(element.get("text"), 75, where, kinds=("plain_text",))
        if len(element.get("value", "")) > 2000 or len(element.get("action_id", "")) > 255:
            yield f"value or action_id too long {where}"
        if element.get("style") not in _BUTTON_STYLES:
            yield f"unknown style {where}"
        if confirm := element.get("confirm"):
            for name, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
                yield from _text(confirm.get(name), limit, where)


def _text(
    text: Any, limit: int, where: str, kinds: tuple[str, ...] = ("mrkdwn", "plain_text")
) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield f"must be a text object {where}"
    elif not 1 <= len(str(text.get("text", ""))) <= limit:
        yield f"must be between 1 and {limit} characters {where}"
    elif text["type"] == "mrkdwn" and "emoji" in text:
        yield f"emoji is for plain_text only {where}"
    elif text["type"] == "plain_text" and "verbatim" in text:
        yield f"verbatim is for mrkdwn only {where}"


def _texts(blocks: Any) -> Iterator[Json]:
    """Every text object in the blocks, at any depth."""
    if isinstance(blocks, list):
        for block in blocks:
            yield from _texts(block)
    elif isinstance(blocks, dict):
        if blocks.get("type") in ("mrkdwn", "plain_text") and isinstance(blocks.get("text"), str):
            yield blocks
        else:
            for value in blocks.values():
                yield from _texts(value)
