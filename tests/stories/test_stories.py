"""Whole conversations, as customers have them, through the running product.

What the bot says in them is held to the rules of how it speaks, too: only here texts are whole.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from heard.tone.rules import Text, faults_of
from tests.people import Customer
from tests.product import Product

STORIES = [
    story
    for file in sorted(Path(__file__).parent.glob("*.yml"))
    for story in yaml.safe_load(file.read_text())
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["story"])
async def test_story(product: Product, story: dict[str, Any]):
    customer = await Customer.arrives(product, story["customer"])
    for turn in story["turns"]:
        seen = len(customer.messages)
        await customer.says(turn["says"])
        answer = " ".join(customer.texts[seen + 1 :])
        assert answer, f"no answer to {turn['says']!r}"
        for words in turn.get("reads", ()):
            assert words in answer, f"{turn['says']!r} was answered with {answer!r}"
        if "responder" in turn:
            assert customer.state["responder"] == turn["responder"], answer
    _spoke_plainly(customer)
    await customer.leaves_for_good()


def _spoke_plainly(customer: Customer) -> None:
    said = [m["text"] for m in customer.messages if m["author"] in ("bot", "system")]
    faults = [str(fault) for text in said for fault in faults_of(Text("said", text))]
    assert not faults, "\n".join(faults)
    assert sum("sorry" in text.lower() for text in said) <= 1, "sorry is said once an issue"
