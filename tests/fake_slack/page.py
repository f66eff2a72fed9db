"""A page that shows the channel with its threads, and lets a person act as an agent."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fake_slack import page_forms
from tests.fake_slack.faults import Broken, Fault, NotOk, RateLimited, Reset, Silence
from tests.fake_slack.limits import Json
from tests.fake_slack.workspace import BOT_USER, SUPPORT

if TYPE_CHECKING:
    from tests.fake_slack.server import FakeSlack

_SIGNS = {
    "white_check_mark": "✅",
    "e-mail": "📧",
    "lock": "🔒",
    "warning": "⚠️",
    "hourglass_flowing_sand": "⏳",
    "x": "❌",
    "busts_in_silhouette": "👥",
}
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 46rem; padding: 1rem; }
article { border: 1px solid #ccc; border-radius: 8px; margin: 1rem 0; padding: .5rem 1rem; }
.thread { border-left: 3px solid #ddd; margin: .5rem 0 .5rem .5rem; padding-left: 1rem; }
.whisper { background: #fff6d5; font-style: italic; padding: .3rem .6rem; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: .5rem; }
dialog { border: 2px solid #1f3d3a; position: fixed; top: 2rem; max-height: 90vh; overflow: auto; }
.wrong { color: #a00; display: block; }
.context { color: #555; font-size: 13px; }
blockquote { border-left: 3px solid #bbb; margin: .2rem 0; padding-left: .6rem; }
form { display: inline-block; margin: .2rem .3rem .2rem 0; }
input[name=text] { width: 24rem; max-width: 70vw; } button { padding: .3rem .7rem; }
"""
_SCRIPT = """
const seen = document.body.dataset.changes;
setInterval(async () => {
  const busy = [...document.querySelectorAll("input[name=text]")].some((i) => i.value);
  const now = await (await fetch("/changes")).text();
  if (now !== seen && !busy) location.reload();
}, 1000);
"""


_FAULTS: dict[str, Fault] = {
    "posted, then cut": Reset(accepted=True),
    "cut": Reset(),
    "429": RateLimited(retry_after_s=5),
    "503": Broken(status=503),
    "silence": Silence(seconds=30),
    "blocks refused": NotOk(error="invalid_blocks"),
    "archived": NotOk(error="is_archived"),
    "token revoked": NotOk(error="token_revoked"),
}


def add_routes(app: web.Application, slack: FakeSlack) -> None:
    """Add the page and its forms."""

    wrong: dict[str, Mapping[str, str]] = {}

    async def show(request: web.Request) -> web.Response:
        user = request.cookies.get("user") or next(iter(_people(slack)), "")
        text = _page(slack, user, wrong.pop(user, {}))
        return web.Response(text=text, content_type="text/html")

    async def changes(_: web.Request) -> web.Response:
        return web.Response(text=str(slack.workspace.changes))

    async def act(request: web.Request) -> web.Response:
        form = await request.post()
        user, ts = str(form["user"]), str(form.get("ts") or "")
        done = web.HTTPSeeOther("/")
        done.set_cookie("user", user)
        view = slack.views.of(user)
        if form.get("close"):
            slack.views.close(user)
        elif form.get("send") and view is not None:
            wrong[user] = await slack.hands.submits(user, **page_forms.filled(form, view))
        elif label := form.get("press"):
            await _press(slack, user, str(label), ts)
        elif form.get("home"):
            await slack.hands.opens_home(user)
        elif command := str(form.get("command") or ""):
            channel = slack.workspace.channels[SUPPORT]
            await slack.hands.commands(user, command.removeprefix("/heard").strip(), channel)
        elif text := str(form.get("text") or ""):
            await slack.says(user, html.escape(text, quote=False), thread_ts=ts or None)
        return done

    async def break_next(request: web.Request) -> web.Response:
        form = await request.post()
        slack.faults.next("chat.postMessage", _FAULTS[str(form["fault"])])
        return web.HTTPSeeOther("/")

    async def break_sockets(_: web.Request) -> web.Response:
        slack.sockets.drop()
        return web.HTTPSeeOther("/")

    app.router.add_post("/fault", break_next)
    app.router.add_post("/drop", break_sockets)
    app.router.add_get("/", show)
    app.router.add_get("/changes", changes)
    app.router.add_post("/act", act)


def _people(slack: FakeSlack) -> Iterator[str]:
    return (user for user in slack.workspace.people if user != BOT_USER)


async def _press(slack: FakeSlack, user: str, label: str, place: str) -> None:
    """Press a button, wherever it stands: in a form, at home, in a whisper or on a message."""
    kind, _, name = place.partition(":")
    if kind == "view":
        view = slack.views.of(user) or {}
        await slack.hands.presses_in_view(user, label, view)
    elif kind == "home":
        await slack.hands.presses_in_view(user, label, slack.views.homes[user])
    elif kind == "whisper":
        whisper = slack.workspace.whispers[int(name)]
        await slack.hands.presses_in_whisper(user, label, whisper)
    else:
        await slack.presses(user, label, place)


def _page(slack: FakeSlack, user: str, wrong: Mapping[str, str]) -> str:
    channel = slack.workspace.channels[SUPPORT]
    top = "".join(_article(slack, user, message) for message in slack.workspace.top(channel))
    people = "".join(
        f'<form method="post" action="/act"><input type="hidden" name="user" value="{one}">'
        f"<button {'disabled' if one == user else ''}>{_text(slack, one)}</button></form>"
        for one in _people(slack)
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>#{channel.name}</title>'
        f'<style>{_STYLE}</style><body data-changes="{slack.workspace.changes}">'
        f"<h1>#{channel.name}</h1><p>You are {people}</p>{top or '<p>No case yet.</p>'}"
        f"{_write(user, '', 'Message in the channel')}{_commands(slack, user)}"
        f"{_open_form(slack, user, wrong)}{_breaking()}<script>{_SCRIPT}</script></body></html>"
    )


def _breaking() -> str:
    """Let something go wrong."""
    faults = "".join(
        f'<form method="post" action="/fault"><button name="fault" value="{name}">{name}</button>'
        "</form>"
        for name in _FAULTS
    )
    drop = '<form method="post" action="/drop"><button>cut the sockets</button></form>'
    return f"<details><summary>The next post goes wrong</summary>{faults}{drop}</details>"


def _open_form(slack: FakeSlack, user: str, wrong: Mapping[str, str]) -> str:
    view = slack.views.of(user)
    if view is None:
        return ""
    return page_forms.form(
        user, view, wrong, lambda block: _block(user, "view:", block, inner=True)
    )


def _commands(slack: FakeSlack, user: str) -> str:
    """The slash command, its answers, and the home tab."""
    answers = "".join(
        f'<p class="whisper">Only you see this: {_mrkdwn(str(w["text"]))}</p>'
        for w in slack.workspace.whispers
        if w["user"] == user and w["thread_ts"] is None
    )
    home = slack.views.homes.get(user, {"blocks": []})
    shown = "".join(_block(user, "home:", block) for block in home["blocks"])
    return (
        f'<form method="post" action="/act"><input type="hidden" name="user" value="{user}">'
        '<input name="command" aria-label="Command" value="/heard queue"> <button>Send</button> '
        f'<button name="home" value="yes">Home tab</button></form>{answers}{shown}'
    )


def _article(slack: FakeSlack, user: str, message: Json) -> str:
    channel = slack.workspace.channels[SUPPORT]
    ts = message["ts"]
    replies = "".join(_message(slack, user, m) for m in slack.workspace.thread(channel, ts))
    whispers = "".join(
        f'<div class="whisper">Only you see this: {_whisper(user, number, whisper)}</div>'
        for number, whisper in enumerate(slack.workspace.whispers)
        if whisper["user"] == user and whisper["thread_ts"] == ts
    )
    reply = _write(user, ts, "Reply in the thread")
    thread = f'<div class="thread">{replies}{whispers}{reply}</div>'
    return f"<article>{_message(slack, user, message)}{thread}</article>"


def _message(slack: FakeSlack, user: str, message: Json) -> str:
    who = message.get("username") or slack.workspace.people.get(message.get("user", ""), "Slackbot")
    shown = [block for block in message.get("blocks") or () if block["type"] != "rich_text"]
    body = "".join(_block(user, message["ts"], block) for block in shown)
    files = "".join(
        f"<p>File: {html.escape(file['name'])}</p>" for file in message.get("files", ())
    )
    ticks = "".join(
        f" {_SIGNS.get(one['name'], one['name'])}" for one in message.get("reactions", ())
    )
    said = body or f"<p>{_mrkdwn(message['text'])}</p>"
    return f"<div><strong>{_mrkdwn(who)}</strong>{said}{files}{ticks}</div>"


def _whisper(user: str, number: int, whisper: Json) -> str:
    shown = "".join(_block(user, f"whisper:{number}", one) for one in whisper.get("blocks") or ())
    return shown or _mrkdwn(str(whisper["text"]))


def _block(user: str, ts: str, block: Json, *, inner: bool = False) -> str:
    kind = block["type"]
    if kind == "header":
        return f"<h2>{_mrkdwn(block['text']['text'])}</h2>"
    if kind == "section":
        fields = "".join(
            f"<div>{_mrkdwn(field['text'])}</div>" for field in block.get("fields", ())
        )
        text = f"<div>{_mrkdwn(block['text']['text'])}</div>" if "text" in block else ""
        beside = _button(user, ts, block["accessory"]) if "accessory" in block else ""
        return f'{text}{beside}<div class="fields">{fields}</div>'
    if kind == "context":
        texts = " ".join(_mrkdwn(element["text"]) for element in block["elements"])
        return f'<p class="context">{texts}</p>'
    return "".join(_button(user, ts, element, inner=inner) for element in block.get("elements", ()))


def _button(user: str, ts: str, button: Json, *, inner: bool = False) -> str:
    if button["type"] == "overflow":
        return "".join(_button(user, ts, {**one, "type": "button"}) for one in button["options"])
    label = html.escape(button["text"]["text"])
    if inner:  # within the form that is open
        return (
            f'<input type="hidden" name="ts" value="{ts}">'
            f'<button name="press" value="{label}">{label}</button>'
        )
    return (
        f'<form method="post" action="/act"><input type="hidden" name="user" value="{user}">'
        f'<input type="hidden" name="ts" value="{ts}">'
        f'<button name="press" value="{label}">{label}</button></form>'
    )


def _write(user: str, ts: str, label: str) -> str:
    return (
        f'<form method="post" action="/act"><input type="hidden" name="user" value="{user}">'
        f'<input type="hidden" name="ts" value="{ts}">'
        f'<input name="text" aria-label="{label}" placeholder="{label}"> '
        "<button>Send</button></form>"
    )


def _text(slack: FakeSlack, user: str) -> str:
    return html.escape(slack.workspace.people[user])


def _mrkdwn(text: str) -> str:
    """Slack's notation as HTML. What is not its notation was escaped by whoever sent it."""
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<(https?://[^|>]*)\|([^>]*)>", "\0a href='\\1'\1\\2\0/a\1", text)
    text = re.sub(r"<([^>]*)>", r"&lt;\1&gt;", text).replace("\0", "<").replace("\1", ">")
    text = re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"<strong>\1</strong>", text)
    text = re.sub(r"(?<!\w)_([^_\n]+)_(?!\w)", r"<em>\1</em>", text)
    text = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", text)
    lines = (
        f"<blockquote>{line[2:]}</blockquote>" if line.startswith("> ") else f"{line}<br>"
        for line in text.replace(":lock:", "🔒").split("\n")
    )
    return "".join(lines).removesuffix("<br>")
