"""The Web API methods that Heard uses, answering as Slack answers."""

import asyncio
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.fake_slack.limits import Json, NotOkError, check_message
from tests.fake_slack.views import Views
from tests.fake_slack.workspace import (
    APP,
    BOT,
    BOT_USER,
    TEAM,
    Channel,
    Workspace,
    without_metadata,
)

SCOPES = {
    "auth.test": "",
    "bots.info": "users:read",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.info": "channels:read",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
    "users.info": "users:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "views.open": "",
    "views.push": "",
    "views.update": "",
    "views.publish": "",
}
_PAGE = 100
_AHEAD_S = 86_400


class Methods:
    """Web API methods on a workspace. `call` raises NotOkError where Slack says no."""

    def __init__(self, workspace: Workspace, url: Callable[[], str], views: Views) -> None:
        self._workspace = workspace
        self._url = url
        self._views = views
        self.scopes_used: set[str] = set()

    def call(self, method: str, args: Json, scopes: frozenset[str]) -> Json:
        """Do it. Returns: the answer without `ok`."""
        if method not in SCOPES:
            raise NotOkError("unknown_method", req_method=method)
        custom = method == "chat.postMessage" and args.get("username")
        for needed in (SCOPES[method], "chat:write.customize" if custom else ""):
            if needed and needed not in scopes:
                raise NotOkError("missing_scope", needed=needed, provided=",".join(sorted(scopes)))
            self.scopes_used.add(needed)
        name = "".join(f"_{c.lower()}" if c.isupper() else c for c in method.replace(".", "_"))
        of = self._views if method.startswith("views.") else self
        answer: Json = getattr(of, name)(args)
        return answer

    def auth_test(self, _: Json) -> Json:
        return {
            "url": "https://heard-test.slack.com/",
            "team": "Heard test",
            "team_id": TEAM,
            "user": "heard",
            "user_id": BOT_USER,
            "bot_id": BOT,
            "is_enterprise_install": False,
            **({"enterprise_id": self._workspace.enterprise} if self._workspace.enterprise else {}),
        }

    def bots_info(self, args: Json) -> Json:
        if args.get("bot") != BOT:
            raise NotOkError("bot_not_found")
        return {"bot": {"id": BOT, "name": "Heard", "app_id": APP, "user_id": BOT_USER}}

    def chat_post_message(self, args: Json) -> Json:
        channel = self._workspace.channel(str(args.get("channel")))
        text = str(args.get("text") or "")[:40_000]
        check_message(text, args.get("blocks"), args.get("metadata"))
        _check_thread(args.get("thread_ts"))
        by = {"bot_id": BOT, "app_id": APP}
        if args.get("username"):
            by |= {"subtype": "bot_message", "username": args["username"]}
        else:
            by |= {"user": BOT_USER}
        message = {**by, "text": text, "blocks": _with_ids(args.get("blocks") or [])}
        if args.get("metadata"):
            message["metadata"] = args["metadata"]
        if args.get("reply_broadcast") and args.get("thread_ts"):
            message["subtype"] = "thread_broadcast"
        posted = self._workspace.add(channel, message, args.get("thread_ts"))
        return {"channel": channel.id, "ts": posted["ts"], "message": posted}

    def chat_update(self, args: Json) -> Json:
        channel, message = self._own(args, "cant_update_message")
        text = str(args.get("text") or "")
        check_message(text, args.get("blocks"), args.get("metadata"))
        changes = {"text": text, "blocks": _with_ids(args.get("blocks") or [])}
        changed = self._workspace.change(channel, message["ts"], **changes)
        return {"channel": channel.id, "ts": message["ts"], "text": text, "message": changed}

    def chat_delete(self, args: Json) -> Json:
        channel, message = self._own(args, "cant_delete_message")
        self._workspace.delete(channel, message["ts"])
        return {"channel": channel.id, "ts": message["ts"]}

    def chat_post_ephemeral(self, args: Json) -> Json:
        channel = self._workspace.channel(str(args.get("channel")))
        check_message(str(args.get("text") or ""), args.get("blocks"), None)
        if args.get("user") not in self._workspace.people:
            raise NotOkError("user_not_in_channel")
        whisper = {name: args.get(name) for name in ("user", "text", "thread_ts", "blocks")}
        self._workspace.whispers.append({**whisper, "channel": channel.id})
        self._workspace.changes += 1
        return {"message_ts": "1700000000.000100"}

    def conversations_info(self, args: Json) -> Json:
        channel = self._workspace.channels.get(str(args.get("channel")))
        if channel is None:
            raise NotOkError("channel_not_found")
        facts = {"is_member": channel.has_bot, "is_archived": channel.archived}
        return {"channel": {"id": channel.id, "name": channel.name, **facts}}

    def conversations_history(self, args: Json) -> Json:
        channel = self._workspace.channel(str(args.get("channel")))
        return _page([*self._workspace.top(channel)][::-1], args)

    def conversations_replies(self, args: Json) -> Json:
        channel = self._workspace.channel(str(args.get("channel")))
        ts = str(args.get("ts"))
        root = channel.messages.get(ts)
        if root is None:
            raise NotOkError("thread_not_found")
        answer = _page(self._workspace.thread(channel, ts), args)
        answer["messages"].insert(0, without_metadata(root))
        return answer

    def reactions_add(self, args: Json) -> Json:
        channel = self._workspace.channel(str(args.get("channel")))
        message = self._workspace.message(channel, str(args.get("timestamp")))
        reactions = message.setdefault("reactions", [])
        if any(reaction["name"] == args.get("name") for reaction in reactions):
            raise NotOkError("already_reacted")
        reactions.append({"name": args.get("name"), "users": [BOT_USER], "count": 1})
        self._workspace.changes += 1
        return {}

    def reactions_remove(self, args: Json) -> Json:
        channel = self._workspace.channel(str(args.get("channel")))
        message = self._workspace.message(channel, str(args.get("timestamp")))
        before = message.get("reactions", [])
        message["reactions"] = [one for one in before if one["name"] != args.get("name")]
        if len(message["reactions"]) == len(before):
            raise NotOkError("no_reaction")
        self._workspace.changed()
        return {}

    def users_info(self, args: Json) -> Json:
        user = str(args.get("user"))
        if user not in self._workspace.people:
            raise NotOkError("user_not_found")
        name = self._workspace.people[user]
        profile = {"display_name": name, "real_name": name}
        return {"user": {"id": user, "team_id": TEAM, "real_name": name, "profile": profile}}

    def files_get_upload_u_r_l_external(self, args: Json) -> Json:
        if not args.get("filename") or int(args.get("length") or 0) <= 0:
            raise NotOkError("invalid_arguments")
        file_id = f"F{len(self._workspace.files):09d}"
        self._workspace.files[file_id] = {"name": args["filename"], "size": int(args["length"])}
        return {"file_id": file_id, "upload_url": f"{self._url()}/upload/{file_id}"}

    def files_complete_upload_external(self, args: Json) -> Json:
        channel = self._workspace.channel(str(args.get("channel_id")))
        asked = args.get("files")
        files = json.loads(asked) if isinstance(asked, str) else asked or []
        shared = []
        for file in files:
            kept = self._workspace.files.get(file["id"])
            if kept is None or len(kept.get("content", b"")) != kept["size"]:
                raise NotOkError("file_not_found")
            kept["title"] = file.get("title")
            shared.append({"id": file["id"], "name": kept["name"], "title": kept["title"]})
        message = {"user": BOT_USER, "bot_id": BOT, "text": "", "files": shared, "upload": True}
        share = partial(self._workspace.add, channel, message, args.get("thread_ts"))
        if self._workspace.share_late_s:
            asyncio.get_running_loop().call_later(self._workspace.share_late_s, share)
        else:
            share()
        return {"files": shared}

    def _own(self, args: Json, error: str) -> tuple[Channel, Json]:
        channel = self._workspace.channel(str(args.get("channel")))
        message = self._workspace.message(channel, str(args.get("ts")))
        if message.get("bot_id") != BOT:
            raise NotOkError(error)
        return channel, message


def _check_thread(ts: Any) -> None:
    """Raises: NotOkError where this can be no message's time; what names none is passed over."""
    try:
        good = ts is None or 0 < float(ts) <= time.time() + _AHEAD_S
    except ValueError:
        good = False
    if not good:
        raise NotOkError("invalid_thread_ts")


def _page(messages: list[Json], args: Json) -> Json:
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    found = [m for m in messages if oldest < float(m["ts"]) < latest]
    if str(args.get("include_all_metadata")).lower() not in ("1", "true"):
        found = [without_metadata(message) for message in found]
    start = int(args.get("cursor") or 0)
    end = start + min(int(args.get("limit") or _PAGE), 999)
    more = end < len(found)
    answer: dict[str, Any] = {"messages": found[start:end], "has_more": more}
    return answer | {"response_metadata": {"next_cursor": str(end) if more else ""}}


def _with_ids(blocks: list[Json]) -> list[Json]:
    return [{"block_id": f"b{index}", **block} for index, block in enumerate(blocks)]
