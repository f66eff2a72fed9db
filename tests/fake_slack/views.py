"""Forms and home tabs, as Slack checks and keeps them."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.fake_slack.elements import check_element, check_plain
from tests.fake_slack.limits import Json, NotOkError

TRIGGER_LIVES_S = 3.0
_MOST_BLOCKS = 100
_KNOWN = {"section", "header", "context", "actions", "divider", "input"}


@dataclass
class Trigger:
    """What lets an app open a form for a user: once, and soon."""

    user: str
    until: float
    used: bool = False


@dataclass
class Views:
    """Open forms by id, and each user's home tab."""

    trigger_lives_s: float = TRIGGER_LIVES_S
    open: dict[str, Json] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    changed: Callable[[], None] = lambda: None

    def trigger(self, user: str) -> str:
        """A new trigger id."""
        name = f"{uuid4().int % 10**12}.{uuid4().int % 10**9}.{uuid4().hex}"
        self.triggers[name] = Trigger(user, time.monotonic() + self.trigger_lives_s)
        return name

    def of(self, user: str) -> Json | None:
        """The form on top of what the user has open, or None."""
        mine = [view for view in self.open.values() if view["user"] == user]
        return mine[-1] if mine else None

    def views_open(self, args: Json) -> Json:
        return self._show(args, on_top_of=None)

    def views_push(self, args: Json) -> Json:
        user = self._user(args)
        below = self.of(user)
        if below is None:
            raise NotOkError("not_found")
        if len([view for view in self.open.values() if view["user"] == user]) >= 3:
            raise NotOkError("push_limit_reached")
        return self._show(args, on_top_of=below)

    def views_update(self, args: Json) -> Json:
        view = self.open.get(str(args.get("view_id")))
        if view is None:
            raise NotOkError("not_found")
        return {"view": self._keep(view, args, "modal")}

    def views_publish(self, args: Json) -> Json:
        user = str(args.get("user_id"))
        before = self.homes.get(user, {"id": f"V{uuid4().hex[:9]}", "user": user})
        self.homes[user] = self._keep(before, args, "home")
        return {"view": self.homes[user]}

    def close(self, user: str) -> None:
        """Close all that the user has open."""
        self.open = {name: view for name, view in self.open.items() if view["user"] != user}

    def _show(self, args: Json, on_top_of: Json | None) -> Json:
        user = self._user(args)
        if on_top_of is None:
            self.close(user)
        self.triggers[str(args["trigger_id"])].used = True
        view: Json = {"id": f"V{uuid4().hex[:9]}", "user": user}
        root = on_top_of["root_view_id"] if on_top_of else view["id"]
        view |= {"root_view_id": root, "previous_view_id": (on_top_of or {}).get("id")}
        shown = self._keep(view, args, "modal")
        self.open[view["id"]] = shown
        return {"view": shown}

    def _user(self, args: Json) -> str:
        trigger = self.triggers.get(str(args.get("trigger_id")))
        if trigger is None:
            raise NotOkError("invalid_trigger_id")
        if trigger.used:
            raise NotOkError("exchanged_trigger_id")
        if time.monotonic() > trigger.until:
            raise NotOkError("expired_trigger_id")
        return trigger.user

    def _keep(self, view: Json, args: Json, kind: str) -> Json:
        given = args.get("view")
        problems = [*_problems(given, kind)]
        if problems:
            raise NotOkError("invalid_arguments", response_metadata={"messages": problems})
        if args.get("hash") and view.get("hash") != args["hash"]:
            raise NotOkError("hash_conflict")
        assert isinstance(given, dict)
        kept = ("id", "user", "root_view_id", "previous_view_id")
        fresh = {"hash": f"{time.time():.6f}.{uuid4().hex[:8]}", "state": {"values": {}}}
        blocks = [
            {"block_id": f"b{number}", **block} for number, block in enumerate(given["blocks"])
        ]
        shown = {**{name: view.get(name) for name in kept}, **given, **fresh, "blocks": blocks}
        if shown["id"] in self.open:
            self.open[shown["id"]] = shown
        self.changed()
        return shown


def _problems(view: Any, kind: str) -> Iterator[str]:
    if not isinstance(view, dict) or view.get("type") != kind:
        yield f"a {kind} view is needed"
        return
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= _MOST_BLOCKS:
        yield f"between 1 and {_MOST_BLOCKS} blocks are needed"
        return
    if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
        yield "private_metadata or callback_id is too long"
    if kind == "modal":
        yield from check_plain(view.get("title"), 24, "title")
        for name in ("submit", "close"):
            if name in view:
                yield from check_plain(view[name], 24, name)
        if any(block.get("type") == "input" for block in blocks) and "submit" not in view:
            yield "a view with inputs needs submit"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "block_id must be unique"
    for block in blocks:
        yield from _block(block)


def _block(block: Json) -> Iterator[str]:
    kind = block.get("type")
    if kind not in _KNOWN:
        yield f"unsupported type: {kind}"
    elif kind == "input":
        yield from check_plain(block.get("label"), 2000, "label")
        if "hint" in block:
            yield from check_plain(block["hint"], 2000, "hint")
        yield from check_element(block.get("element") or {})
    elif kind == "section":
        texts = [block["text"]] if "text" in block else block.get("fields") or [{}]
        for text in texts:
            if not 1 <= len(text.get("text", "")) <= 3000:
                yield "a section's text must be between 1 and 3000 characters"
        if "accessory" in block:
            yield from check_element(block["accessory"])
    elif kind == "actions":
        if not 1 <= len(block.get("elements") or ()) <= 25:
            yield "actions hold between 1 and 25 elements"
        for element in block.get("elements") or ():
            yield from check_element(element)
