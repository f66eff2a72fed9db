"""Whole conversations, as customers have them, through the running product.

What the bot says in them is held to the rules of how it speaks, too: only here texts are whole.
"""

import pytest

from tests.product import Product
from tests.stories.telling import Story, read_stories, tell


@pytest.mark.parametrize("story", read_stories(), ids=lambda story: story["story"])
async def test_story(product: Product, story: Story):
    told = await tell(product, story)
    assert told.wrong is None, told.wrong
