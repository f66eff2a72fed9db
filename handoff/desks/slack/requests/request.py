"""What a request from Slack says of itself: what it is about, when it happened, whose it is."""

import json
from decimal import Decimal
from urllib.parse import parse_qs

from handoff.desks.slack.forms.form import About
from handoff.desks.slack.pressed.actions import AT_ONCE
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.web_api.api import Identity
from handoff.desks.slack.web_api.calls import Payload
from handoff.desks.slack.written.revised import head_gone
from handoff.desks.slack.written.said import by_program

SOURCE, SOURCE_AT_ONCE = "slack", "slack:now"
_AT_ONCE = ("slash_command", "message_action", "shortcut")


def payload(body: bytes, content_type: str) -> Payload:
    """What a request says: the JSON object that is its body, or stands in its form's field
    `payload`; of a slash command the form's fields, with `type` "slash_command".

    Raises: ValueError where there is none.
    """
    text = body.decode()
    if not content_type.startswith("application/json"):
        form = parse_qs(text)
        if "command" in form and "payload" not in form:
            return {"type": "slash_command"} | {name: given[0] for name, given in form.items()}
        text = form.get("payload", [""])[0]
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found


def source_of(found: Payload) -> str:
    """Which inbox keeps the request.

    What opens a form has three seconds, and changes nothing: it stands behind no other request.
    """
    if found.get("type") in _AT_ONCE or _event(found).get("type") == "app_home_opened":
        return SOURCE_AT_ONCE
    pressed = [str(action.get("action_id")) for action in found.get("actions") or ()]
    hurries = bool(pressed) and all(name.startswith(AT_ONCE) for name in pressed)
    return SOURCE_AT_ONCE if hurries else SOURCE


def thread_of(found: Payload) -> str:
    """What the request is about: what is said and pressed in one thread keeps its order.

    Returns: "" where it is about no message.
    """
    event, container, view = _event(found), found.get("container"), found.get("view")
    if event:
        nested = event.get("message") or event.get("previous_message")
        said = nested if isinstance(nested, dict) else event
        channel, ts = event.get("channel"), said.get("thread_ts") or said.get("ts")
    elif isinstance(container, dict) and "message_ts" in container:
        ts = container.get("thread_ts") or container["message_ts"]
        channel = container.get("channel_id")
    elif isinstance(view, dict):
        return about.place.ref if (about := _about(view)) else ""
    else:
        return ""
    return Place(channel, ts).ref if isinstance(channel, str) and isinstance(ts, str) else ""


def rank_of(found: Payload) -> int | None:
    """When it happened by Slack's clock, in microseconds: Slack does not promise to send in order.

    Returns: None where Slack does not say.
    """
    event, actions = found.get("event"), found.get("actions")
    stamp: object = event.get("event_ts") or event.get("ts") if isinstance(event, dict) else None
    if isinstance(actions, list) and actions and isinstance(actions[0], dict):
        stamp = actions[0].get("action_ts")
    return rank_at(stamp)


def rank_at(stamp: object) -> int | None:
    """The rank of what happened at this time of Slack's; None where it is none."""
    try:
        return int(Decimal(str(stamp)) * 1_000_000)
    except (ArithmeticError, ValueError):
        return None


def settles(found: Payload) -> bool:
    """True for what a person says in a thread: what was said before it may still be on its way."""
    event = found.get("event")
    if not isinstance(event, dict) or event.get("type") != "message" or by_program(event):
        return False
    return bool(event.get("thread_ts")) and event.get("thread_ts") != event.get("ts")


def of_bots(found: Payload) -> bool:
    """True for what a bot said, changed or took back: ourselves or another. A card of ours that
    somebody deleted is not that."""
    event = found.get("event")
    if not isinstance(event, dict) or event.get("type") != "message":
        return False
    nested = event.get("message") or event.get("previous_message")
    said = nested if isinstance(nested, dict) else event
    return by_program(said) and head_gone(event) is None


def foreign(found: Payload, me: Identity) -> bool:
    """True where the payload names another app or none of our workspaces."""
    app = found.get("api_app_id")
    if app and me.app_id and app != me.app_id:
        return True
    teams = {str(team) for team in _teams(found) if team}
    return bool(teams and me.team_id) and me.team_id not in teams


def _teams(found: Payload) -> list[object]:
    # In a channel shared with another company the event's team may be theirs.
    granted = [one.get("team_id") for one in found.get("authorizations") or ()]
    team = found.get("team")
    of_action = team.get("id") if isinstance(team, dict) else None
    return [found.get("team_id"), found.get("context_team_id"), of_action, *granted]


def _event(found: Payload) -> Payload:
    event = found.get("event")
    return event if isinstance(event, dict) else {}


def _about(view: Payload) -> About | None:
    try:
        return About.of(view.get("private_metadata"))
    except ValueError:
        return None
