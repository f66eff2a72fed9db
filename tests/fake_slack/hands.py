"""What people press, choose, fill in and call up: interactivity as Slack sends it."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tests.fake_slack.limits import Json
from tests.fake_slack.request import Request
from tests.fake_slack.sender import Sender, action_request, event_request
from tests.fake_slack.views import Views
from tests.fake_slack.workspace import APP, TEAM, Channel, Workspace

FORM = "application/x-www-form-urlencoded"


class Hands:
    """Lets people of a workspace act. Every act returns once the app has acknowledged it."""

    def __init__(self, workspace: Workspace, views: Views, sender: Sender) -> None:
        self._workspace = workspace
        self._views = views
        self._sender = sender
        self.url = ""

    async def presses(
        self, user: str, label: str, channel: Channel, ts: str, *, times: int = 1
    ) -> None:
        """Press the button, or choose the menu's entry, with this label on a message."""
        message = channel.messages[ts]
        action = _found(label, message.get("blocks", ()))
        where = {
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": channel.id,
                "is_ephemeral": False,
            },
            "channel": {"id": channel.id, "name": channel.name},
            "message": message,
            "state": {"values": {}},
        }
        await self._acts(user, action, where, times)

    async def presses_in_view(self, user: str, label: str, view: Json) -> None:
        """Press the button, or choose the entry, with this label in a form or the home tab."""
        action = _found(label, view["blocks"])
        where = {"container": {"type": "view", "view_id": view["id"]}, "view": view}
        await self._acts(user, action, where, 1)

    async def presses_in_whisper(self, user: str, label: str, whisper: Json) -> None:
        """Press the button of a message that only this user sees."""
        action = _found(label, whisper.get("blocks") or ())
        where = {
            "container": {
                "type": "message",
                "message_ts": "1700000000.000100",
                "channel_id": whisper["channel"],
                "thread_ts": whisper.get("thread_ts"),
                "is_ephemeral": True,
            },
            "channel": {"id": whisper["channel"], "name": "support"},
        }
        await self._acts(user, action, where, 1)

    async def submits(self, user: str, **filled: Any) -> Mapping[str, str]:
        """Send off the form that the user has open.

        Args: filled: by the action id of each input; what is not named keeps what it began with.
        Returns: the errors shown in the form, by block id; empty where it closed.
        """
        view = self._views.of(user)
        if view is None:
            raise LookupError("no form is open")
        view["state"] = {"values": _state(view, filled)}
        payload = {
            "type": "view_submission",
            **self._common(user),
            "view": {**view, "app_id": APP, "team_id": TEAM},
            "response_urls": [],
        }
        request = self._sender.put(action_request(payload))
        await request.sent.wait()
        answer = json.loads(request.answer) if request.answer.strip() else {}
        if answer.get("response_action") == "errors":
            errors: Mapping[str, str] = answer["errors"]
            unknown = set(errors) - {block["block_id"] for block in view["blocks"]}
            if unknown or not all(errors.values()):
                raise AssertionError(f"Slack passes over errors of unknown blocks: {errors}")
            return errors
        self._views.open.pop(view["id"], None)
        return {}

    async def uses_shortcut(self, user: str, name: str, channel: Channel, ts: str) -> None:
        """Use a message shortcut. `name` is its callback id."""
        payload = {
            "type": "message_action",
            "callback_id": name,
            **self._common(user),
            "message_ts": ts,
            "channel": {"id": channel.id, "name": channel.name},
            "message": channel.messages[ts],
            "action_ts": f"{time.time():.6f}",
            "response_url": self._response_url(),
        }
        await self._sender.put(action_request(payload)).sent.wait()

    async def commands(self, user: str, text: str, channel: Channel) -> None:
        """Write the slash command /heard with this text."""
        fields = {
            "token": "legacy",
            "team_id": TEAM,
            "team_domain": "heard-test",
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": user,
            "user_name": self._workspace.people[user],
            "command": "/heard",
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self._response_url(f"{channel.id}:{user}"),
            "trigger_id": self._views.trigger(user),
        }
        await self._sender.put(Request(urlencode(fields).encode(), FORM)).sent.wait()

    async def opens_home(self, user: str) -> None:
        """Look at the app's home tab."""
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": f"D0{user[2:]}",
            "tab": "home",
            "event_ts": f"{time.time():.6f}",
        }
        if user in self._views.homes:
            event["view"] = self._views.homes[user]
        await self._sender.put(event_request(event)).sent.wait()

    async def _acts(self, user: str, action: Json, where: Json, times: int) -> None:
        payload = {
            "type": "block_actions",
            **self._common(user),
            "enterprise": None,
            "is_enterprise_install": False,
            "response_url": self._response_url(),
            **where,
            "actions": [{**action, "action_ts": f"{time.time():.6f}"}],
        }
        await self._sender.put(action_request(payload, times=times)).sent.wait()

    def _common(self, user: str) -> Json:
        return {
            "user": {"id": user, "name": self._workspace.people[user], "team_id": TEAM},
            "api_app_id": APP,
            "token": "legacy",
            "trigger_id": self._views.trigger(user),
            "team": {"id": TEAM, "domain": "heard-test"},
        }

    def _response_url(self, whom: str = "") -> str:
        return f"{self.url}/response/{whom or uuid4().hex}"


def _found(label: str, blocks: Any) -> Json:
    """The action of the element that shows this label, as the payload of a press holds it."""
    for block in blocks:
        elements = [*(block.get("elements") or ()), block.get("accessory"), block.get("element")]
        for element in elements:
            if not isinstance(element, dict) or "action_id" not in element:
                continue
            common = {"type": element["type"], "action_id": element["action_id"]}
            common["block_id"] = block.get("block_id", "b")
            if element["type"] == "button" and element["text"]["text"] == label:
                value = {"value": element["value"]} if "value" in element else {}
                return {**common, "text": element["text"], **value}
            for option in options_of(element):
                if option["text"]["text"] == label:
                    return {**common, "selected_option": option}
    raise LookupError(f"there is no {label!r} here")


def options_of(element: Json) -> list[Json]:
    """Every choice of a menu, with or without groups."""
    groups = element.get("option_groups") or ()
    return [*(element.get("options") or ()), *(o for group in groups for o in group["options"])]


def _state(view: Json, filled: Mapping[str, Any]) -> Json:
    """The state of the inputs. Raises: AssertionError where Slack would not let it be sent."""
    values: Json = {}
    left = dict(filled)
    for block in view["blocks"]:
        elements = [block.get("element"), block.get("accessory"), *(block.get("elements") or ())]
        for element in elements:
            if not isinstance(element, dict) or element.get("type") in (None, "button", "overflow"):
                continue
            name = element["action_id"]
            value = _value(element, left.pop(name, None))
            required = block["type"] == "input" and not block.get("optional")
            if required and not any(v for k, v in value.items() if k != "type"):
                raise AssertionError(f"{name} must be filled in")
            values.setdefault(block["block_id"], {})[name] = value
    if left:
        raise LookupError(f"the form has no {', '.join(left)}")
    return values


def _value(element: Json, given: Any) -> Json:
    kind = element["type"]
    if kind in ("plain_text_input", "number_input"):
        value = element.get("initial_value") if given is None else given
        return {"type": kind, "value": value or None}
    if kind == "datetimepicker":
        chosen = element.get("initial_date_time") if given is None else given
        return {"type": kind, "selected_date_time": chosen}
    if kind == "checkboxes":
        chosen = [o for o in options_of(element) if given and o["text"]["text"] in given]
        first = element.get("initial_options", []) if given is None else chosen
        return {"type": kind, "selected_options": first}
    first = element.get("initial_option")
    chosen = [o for o in options_of(element) if o["text"]["text"] == given]
    if given is not None and not chosen:
        raise LookupError(f"{element['action_id']} offers no {given!r}")
    return {"type": kind, "selected_option": chosen[0] if chosen else first}
