"""Whole conversations, as customers have them, through the running product."""

from pathlib import Path
from typing import Any

import pytest
import yaml

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
    await customer.leaves_for_good()
