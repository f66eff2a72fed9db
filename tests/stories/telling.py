"""A story: a whole conversation, held with the running product and compared with what is written.

A file holds a list of stories. Each has a `story` (its title), a `kind`, a `customer` (a demo
customer, or null for a visitor) and `turns`. A turn `says` something; the answer `reads` certain
words, does not (`not_reads`), has `buttons`, and leaves a `responder`. In the end the shop has
`done` exactly what is listed, nothing where nothing is; `orders` and `newsletter` are what it then
holds.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import delete, select

from conversation.clock import utc_now
from heard.settings import ROOT
from heard.tone.rules import Text, faults_of
from store.database import connect, transaction
from store.demo import load_demo_shop
from store.live import LocalLive
from store.store import SqlStore
from store.tables import (
    CustomerRow,
    DataRequestRow,
    LetterRow,
    OrderRow,
    ProductRow,
    ShopTaskRow,
)
from tests.people import Customer
from tests.product import Product

Story = dict[str, Any]
Message = dict[str, Any]

FOLDER = Path(__file__).parent
_DEMO_SHOP = ROOT / "data" / "demo" / "shop.json"
_NEEDS, _MAY = {"story", "kind", "customer", "turns"}, {"done", "orders", "newsletter"}
_OF_TURN = {"says", "reads", "not_reads", "buttons", "responder"}
_FILLED_IN = re.compile(r"\S+@\S+?(?=\.?(\s|$))| \([^()]*\)")  # addresses, what an order holds
_SHOP = (ShopTaskRow, LetterRow, DataRequestRow, OrderRow, CustomerRow, ProductRow)


class Wrong(Exception):
    """The first thing in a story that was not as it is written."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a story went. `answers_s`: seconds to each answer; `wrong`: None where all was right."""

    story: Story
    answers_s: tuple[float, ...]
    wrong: str | None


def read_stories(folder: Path = FOLDER) -> list[Story]:
    """The stories of all files in `folder`. Raises: ValueError that names what cannot be told."""
    stories: list[Story] = []
    for file in sorted(folder.glob("*.yml")):
        stories += yaml.safe_load(file.read_text("utf-8")) or []
        for story in stories:
            title = f"{file.name}, {story.get('story')!r}"
            if not set(story) >= _NEEDS or set(story) - _NEEDS - _MAY:
                raise ValueError(f"{title}: needs {sorted(_NEEDS)} and may have {sorted(_MAY)}.")
            for turn in story["turns"]:
                if not isinstance(turn.get("says"), str) or set(turn) - _OF_TURN:
                    raise ValueError(f"{title}: {turn} says no text, or not only {_OF_TURN}.")
    if not stories:
        raise ValueError(f"There is no story in {folder}: files there end in .yml.")
    return stories


async def tell(product: Product, story: Story) -> Told:
    """Hold the conversation with a demo shop that is as new."""
    await renew_shop(product)
    customer = await Customer.arrives(product, story["customer"])
    answers_s: list[float] = []
    wrong = None
    try:
        for turn in story["turns"]:
            seen = len(customer.messages)
            await customer.says(turn["says"])
            asked, *answer = customer.messages[seen:]
            answers_s += _waited(asked, answer)
            _compare(turn, answer, customer.state["responder"])
        _spoke_plainly(customer.messages)
        await _compare_shop(product, story)
    except Wrong as first:
        wrong = str(first)
    await customer.leaves_for_good()
    return Told(story, tuple(answers_s), wrong)


def _waited(asked: Message, answer: Sequence[Message]) -> list[float]:
    if not answer:
        return []
    return [(_at(answer[0]) - _at(asked)).total_seconds()]


def _at(message: Message) -> datetime:
    return datetime.fromisoformat(message["at"])


def _compare(turn: Story, answer: Sequence[Message], responder: str) -> None:
    text = " ".join(message["text"] for message in answer)
    titles = [button["title"] for message in answer for button in message["buttons"]]
    faults = [f"lacks {words!r}" for words in turn.get("reads", ()) if words not in text]
    faults += [f"has {words!r}" for words in turn.get("not_reads", ()) if words in text]
    faults += [f"has no button {one!r}" for one in turn.get("buttons", ()) if one not in titles]
    if not text:
        faults.append("is empty")
    if responder != turn.get("responder", responder):
        faults.append(f"leaves {responder!r} in charge")
    if faults:
        shown = f"{text} {titles}" if titles else text
        raise Wrong(f"{turn['says']!r} is answered {shown!r}, which {' and '.join(faults)}")


def _spoke_plainly(messages: Sequence[Message]) -> None:
    """Hold what was said to the rules of how the assistant speaks, all but filled-in names.

    A second line is in the customer's own language, of which the rules know nothing.
    """
    texts = [m["text"] for m in messages if m["author"] in ("bot", "system")]
    said = [_FILLED_IN.sub("", text.partition("\n")[0]) for text in texts]
    faults = [str(fault) for text in said for fault in faults_of(Text("said", text))]
    if sum("sorry" in text.lower() for text in said) > 1:
        faults.append("sorry is said more than once")
    if faults:
        raise Wrong("\n".join(faults))


async def renew_shop(product: Product) -> None:
    """Load the demo shop anew: no story finds what another has changed."""
    engine = connect(_database(product))
    async with transaction(engine, writes=True) as session:
        for rows in _SHOP:
            await session.execute(delete(rows))
    store = SqlStore(engine, LocalLive())
    await load_demo_shop(store, _DEMO_SHOP, utc_now().date())
    await store.close()


async def _compare_shop(product: Product, story: Story) -> None:
    engine = connect(_database(product))
    async with transaction(engine, writes=False) as session:
        tasks = await session.scalars(select(ShopTaskRow).order_by(ShopTaskRow.at))
        done = [f"{task.task} {task.order_number or ''}".strip() for task in tasks]
        held: dict[str, Any] = {
            f"order {number} {field}": getattr(await session.get_one(OrderRow, number), field)
            for number, fields in story.get("orders", {}).items()
            for field in fields
        }
        if "newsletter" in story:
            customer = await session.get_one(CustomerRow, story["customer"])
            held["newsletter"] = customer.newsletter
    await engine.dispose()
    if not _same(done, story.get("done", [])):
        raise Wrong(f"The shop has done {done}, not {story.get('done', [])}")
    if held != (expected := _expected(story)):
        raise Wrong(f"The shop holds {held}, not {expected}")


def _same(done: Sequence[str], expected: Sequence[str]) -> bool:
    """Compare tasks; one that is written without an order may be of any."""
    pairs = zip(done, expected, strict=False)
    return len(done) == len(expected) and all(want in (one, one.split()[0]) for one, want in pairs)


def _expected(story: Story) -> dict[str, Any]:
    orders = story.get("orders", {}).items()
    expected = {f"order {number} {f}": value for number, of in orders for f, value in of.items()}
    return expected | ({"newsletter": story["newsletter"]} if "newsletter" in story else {})


def _database(product: Product) -> str:
    return f"sqlite+aiosqlite:///{product.folder / 'heard.db'}"
