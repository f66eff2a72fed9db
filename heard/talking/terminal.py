"""The chat as lines on a terminal: what was said in full strength, what was thought dimmed."""

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from typing import Any, TextIO

from conversation.clock import utc_now
from heard.services import opened_store
from heard.settings import Settings
from heard.talking.visitor import Visitor
from heard.talking.workings import workings
from store.store import SqlStore

_NAMES = {"bot": "assistant", "agent": "colleague", "system": "notice"}


async def talk(settings: Settings, customer_id: str | None) -> None:
    """Read lines from the terminal and say them as this customer, until the input ends.

    Raises: NotRunning where Heard does not answer.
    """
    visitor = await Visitor.arrives(settings, customer_id, utc_now)
    screen = Screen(sys.stdout)
    try:
        async with opened_store(settings) as store:
            screen.say(
                f"You write as {customer_id or 'a visitor who is not signed in'}. "
                "A number presses a button; Ctrl-D ends."
            )
            screen.show(visitor.messages)
            while (line := await asyncio.to_thread(screen.asks)) is not None:
                if line:
                    await _turn(settings, store, visitor, screen, line)
    finally:
        await visitor.leaves()


async def _turn(
    settings: Settings, store: SqlStore, visitor: Visitor, screen: "Screen", line: str
) -> None:
    by_bot = visitor.responder in ("bot", "closed")
    try:
        answers = await visitor.says(screen.pressed(line))
    except ValueError as refusal:
        screen.say(str(refusal))
        return
    if by_bot:
        screen.think(await workings(settings, store, visitor.conversation))
    screen.show(answers)


class Screen:
    """Writes the chat; dims what was thought where `out` is a terminal."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._dim, self._plain = ("\x1b[2m", "\x1b[0m") if out.isatty() else ("", "")
        self._payloads: list[str] = []

    def asks(self) -> str | None:
        """The next line the person writes; None at the end of the input."""
        with contextlib.suppress(EOFError):
            return input("you        ").strip()
        self.say("")
        return None

    def pressed(self, line: str) -> str:
        """What is said by this line: a button's text where it is the number of one."""
        number = int(line) if line.isascii() and line.isdigit() and len(line) < 3 else 0
        return self._payloads[number - 1] if 0 < number <= len(self._payloads) else line

    def show(self, messages: Sequence[dict[str, Any]]) -> None:
        """Write messages with their buttons, numbered through."""
        self._payloads = []
        for message in messages:
            if message["author"] == "customer":
                continue
            self.say(f"{_NAMES[message['author']]:<10} {message['text']}")
            for button in message.get("buttons") or ():
                self._button(button)

    def _button(self, button: dict[str, Any]) -> None:
        if button.get("url"):
            self.say(f"           {button['title']}: {button['url']}")
            return
        self._payloads.append(button["payload"])
        self.say(f"           [{len(self._payloads)}] {button['title']}")

    def think(self, lines: Sequence[str]) -> None:
        """Write what happened behind the answer."""
        for line in lines:
            self.say(f"{self._dim}           {line}{self._plain}")

    def say(self, line: str) -> None:
        """Write one line."""
        print(line, file=self._out, flush=True)
