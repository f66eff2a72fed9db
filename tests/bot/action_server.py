"""A real action endpoint on loopback whose answers a test sets."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ActionServer:
    """Answers each action with `answers[name]`, or nothing; those in `broken` with status 500."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.broken: set[str] = set()
        self.rejecting: set[str] = set()
        self.calls: list[dict[str, Any]] = []
        self.authorizations: set[str | None] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhook"

    def forget(self) -> None:
        """Start the next test afresh."""
        self.answers, self.broken, self.rejecting, self.calls = {}, set(), set(), []

    def ran(self, action: str) -> int:
        """How often an action was called."""
        return sum(call["next_action"] == action for call in self.calls)

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


def _handler_for(server: ActionServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            call = json.loads(self.rfile.read(int(self.headers["content-length"])))
            server.calls.append(call)
            server.authorizations.add(self.headers["authorization"])
            action = call["next_action"]
            if "domain" not in call:  # as rasa-sdk does, until it has had one
                return self._answer(449, {"action_name": action, "error": "no domain"})
            if action in server.broken:
                return self._answer(500, {"error": "broken"})
            if action in server.rejecting:
                return self._answer(400, {"action_name": action, "error": "rejected"})
            nothing: dict[str, Any] = {"events": [], "responses": []}
            return self._answer(200, {**nothing, **server.answers.get(action, {})})

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            payload = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *arguments: Any) -> None:
            """Say nothing on the test's output."""

    return Handler


def slot(name: str, value: object) -> dict[str, Any]:
    """A SlotSet as an action endpoint sends it."""
    return {"event": "slot", "name": name, "value": value, "timestamp": None}
