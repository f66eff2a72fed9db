"""Serve the bot: `python -m bot.serve --model PATH --port N`, from the repository's root."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import corrections

if TYPE_CHECKING:
    from bot.redis_locks import RedisLocks

HOST = "127.0.0.1"
REQUIRED = ("HEARD_BOT_TOKEN", "HEARD_ACTIONS_TOKEN", "HEARD_ACTIONS_URL", "HEARD_BOT_DB")
_PARENT_CHECK_S = 1.0
_RESPONSE_TIMEOUT_S = 60
_started = time.monotonic()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; return the exit code."""
    options = _parse(arguments)
    missing = [name for name in REQUIRED if not os.environ.get(name)]
    if missing:
        print(f"Set {', '.join(missing)} before starting the bot.", file=sys.stderr)
        return 2
    if not Path(options.model).is_file():
        print(
            f"There is no model at {options.model}: train one with "
            f"`python -m bot.train --out {options.model}`.",
            file=sys.stderr,
        )
        return 2
    _stop_with(os.getppid())
    os.environ.setdefault("HEARD_BOT_KEEP_DAYS", "30")
    corrections.prepare(serving=True)
    fault = asyncio.run(_fault_of_stores())
    if fault:
        print(fault, file=sys.stderr)
        return 1
    _serve(options)
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.serve", description=__doc__)
    parser.add_argument("--model", required=True, help="a model written by bot.train")
    parser.add_argument("--port", type=int, default=int(os.environ.get("HEARD_BOT_PORT", "5005")))
    parser.add_argument("--endpoints", default="endpoints.yml")
    parser.add_argument("--credentials", default="credentials.yml")
    return parser.parse_args(arguments)


def _serve(options: argparse.Namespace) -> None:
    from rasa.core.run import (
        close_resources,
        configure_app,
        create_http_input_channels,
        load_agent_on_start,
    )
    from rasa.core.utils import AvailableEndpoints

    from bot.channel import is_ready, readyz

    corrections.correct()
    log = logging.getLogger("bot.serve")
    endpoints = AvailableEndpoints.read_endpoints(options.endpoints)
    app = configure_app(
        create_http_input_channels(None, options.credentials),
        auth_token=os.environ["HEARD_BOT_TOKEN"],
        response_timeout=_RESPONSE_TIMEOUT_S,
        port=options.port,
        endpoints=endpoints,
    )
    logging.getLogger("sanic.root").setLevel(logging.WARNING)
    app.add_route(readyz, "/readyz")

    async def load(app: Any, loop: Any) -> None:
        endpoints.lock_store = _locks()
        await load_agent_on_start(options.model, endpoints, None, app, loop)
        if not is_ready(app):
            raise SystemExit(f"The model at {options.model} could not be loaded.")

    async def announce(app: Any, loop: Any) -> None:
        log.info("ready: port=%d seconds=%.1f", options.port, time.monotonic() - _started)

    app.register_listener(load, "before_server_start")
    app.register_listener(announce, "after_server_start")
    app.register_listener(close_resources, "after_server_stop")
    app.register_listener(_close_connections, "after_server_stop")
    app.run(host=HOST, port=options.port, workers=1, access_log=False, motd=False)
    log.info("stopped")


async def _fault_of_stores() -> str:
    """Try database and Redis before the server starts. Returns: what is wrong, or nothing."""
    from bot.redis_locks import LocksUnavailable
    from bot.tracker_rows import StoreUnavailable, TrackerRows

    try:
        TrackerRows.open(os.environ["HEARD_BOT_DB"]).close()
        locks = _locks()
        if locks is not None:
            await locks.check()
            await locks.close()
    except (LocksUnavailable, StoreUnavailable) as error:
        return str(error)
    return ""


def _locks() -> RedisLocks | None:
    """Locks for several processes when there is a Redis; None means those of one process."""
    from bot.redis_locks import RedisLocks

    url = os.environ.get("HEARD_REDIS_URL")
    return RedisLocks(url) if url else None


async def _close_connections(app: Any, loop: Any) -> None:
    from bot.action_endpoint import ActionEndpoint
    from bot.redis_locks import RedisLocks
    from bot.turn import store_of

    agent = getattr(app.ctx, "agent", None)
    if agent is None or agent.processor is None:
        return
    if isinstance(agent.processor.action_endpoint, ActionEndpoint):
        await agent.processor.action_endpoint.close()
    if isinstance(agent.lock_store, RedisLocks):
        await agent.lock_store.close()
    store_of(agent.processor).close()


def _stop_with(parent: int) -> None:
    """Stop cleanly when the process that started this one is gone: nobody else would."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_CHECK_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
