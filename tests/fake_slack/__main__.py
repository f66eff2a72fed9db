"""Start it by hand: .venv/bin/python -m tests.fake_slack --port 8090 --app http://127.0.0.1:8080"""

import argparse
import asyncio

from tests.fake_slack.server import APP_TOKEN, SECRET, TOKEN, FakeSlack
from tests.fake_slack.workspace import SUPPORT


async def _serve(port: int, app: str, people: list[str], *, sockets: bool) -> None:
    async with FakeSlack(app, port=port, socket_mode=sockets) as slack:
        for person in people:
            user, _, name = person.partition("=")
            slack.workspace.join(user, name or user)
        print(f"The channel is at {slack.url} . Start Heard with")
        print("  HEARD_DESK=slack")
        print(f"  HEARD_SLACK_API_URL={slack.api_url}")
        print(f"  HEARD_SLACK_FILES_URL={slack.url}")
        print(f"  HEARD_SLACK_BOT_TOKEN={TOKEN}")
        way = f"APP_TOKEN={APP_TOKEN}" if sockets else f"SIGNING_SECRET={SECRET}"
        print(f"  HEARD_SLACK_{way}")
        print(f"  HEARD_SLACK_CHANNEL={SUPPORT}")
        print("An agent's account names the Slack user: heard user add ... --slack U0AGENT001")
        await asyncio.Event().wait()


def main() -> None:
    """Read the arguments and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="tests.fake_slack", description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--app", default="http://127.0.0.1:8080", help="where Heard listens")
    parser.add_argument(
        "--person",
        action="append",
        metavar="ID=NAME",
        help="somebody in the workspace; an agent's account in Heard has the same Slack id",
    )
    parser.add_argument("--socket-mode", action="store_true", help="instead of HTTP events")
    given = parser.parse_args()
    people = given.person or ["U0AGENT001=Nia", "U0AGENT002=Omar", "U0GUEST001=Guest"]
    try:
        asyncio.run(_serve(given.port, given.app.rstrip("/"), people, sockets=given.socket_mode))
    except KeyboardInterrupt:
        print("stopped")


if __name__ == "__main__":
    main()
