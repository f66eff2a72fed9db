"""After an agent has handed back: what the bot takes up, and what it forgets."""

import pytest

from conversation.clock import utc_now
from conversation.messages import Author, Draft
from tests.unit.test_actions import Endpoint
from tests.unit.test_actions import endpoint as endpoint

VALIDATE = "action_validate_slot_mappings"
ASKS = {"text": "so is it cancelled or not", "intent": "cancel_order"}
LEFT = "He wants to keep order 1007. Do not cancel it."


async def test_what_an_agent_leaves_is_for_the_assistant_alone(endpoint: Endpoint):
    message = await endpoint.hears(ASKS["text"])
    ran = await endpoint.runs(VALIDATE, message, **ASKS, handed_back=LEFT)
    assert ran["replies"] == []
    assert ran["slots"]["handback_summary"] == LEFT


async def test_the_order_that_the_agent_spoke_of_is_the_one_that_is_asked_about(endpoint: Endpoint):
    message = await endpoint.hears(ASKS["text"])
    ran = await endpoint.runs(VALIDATE, message, **ASKS, handed_back=LEFT)
    assert ran["slots"]["order_number"] == "1007"
    asked = ran["slots"]["second_request"]
    assert (asked["intent"], asked["order_number"], asked["stage"]) == (
        "order_status",
        "1007",
        "only",
    )


async def test_a_wish_to_cancel_is_no_question(endpoint: Endpoint):
    for text in ("cancel it please", "can it be cancelled", "is it possible to get it cancelled"):
        message = await endpoint.hears(text)
        ran = await endpoint.runs(VALIDATE, message, text=text, intent="cancel_order")
        assert "second_request" not in ran["slots"]


KEPT = {"intent": "invoice", "text": "and the invoice", "order_number": None, "stage": "asked"}


async def test_what_was_kept_before_a_person_came_is_not_asked_about_after_it(endpoint: Endpoint):
    asked = await endpoint.hears("where is it, and the invoice")
    await endpoint.runs(VALIDATE, asked, text="where is it", intent="order_status")
    async with endpoint.store.work() as work:
        await work.conversations.leave_summary(endpoint.conversation, "", utc_now())
    message = await endpoint.hears("yes")
    kept = {"second_request": KEPT}
    ran = await endpoint.runs(VALIDATE, message, text="yes", intent="affirm", slots=kept)
    assert ran["slots"]["second_request"] is None


async def test_without_a_person_between_a_yes_still_takes_it_up(endpoint: Endpoint):
    asked = await endpoint.hears("where is it, and the invoice")
    await endpoint.runs(VALIDATE, asked, text="where is it", intent="order_status")
    message = await endpoint.hears("yes")
    kept = {"second_request": KEPT}
    ran = await endpoint.runs(VALIDATE, message, text="yes", intent="affirm", slots=kept)
    assert "second_request" not in ran["slots"]


@pytest.mark.parametrize(
    ("also", "offered"), [("talk to a person", True), ("I do not need a person", False)]
)
async def test_a_wish_for_a_person_is_never_kept_for_later(
    endpoint: Endpoint, also: str, offered: bool
):
    text = f"where is my order and {also}"
    second = {"intent": "ask_person", "text": also}
    message = await endpoint.hears(text)
    ran = await endpoint.runs(VALIDATE, message, text=text, intent="order_status", second=second)
    assert "second_request" not in ran["slots"]
    assert ran["slots"]["offer_person"] is offered


ASKS_FOR_IT = {"text": "where is order 1007", "intent": "order_status", "entities": ("1007",)}


async def test_the_assistant_does_not_contradict_what_an_agent_said(endpoint: Endpoint):
    asked = await endpoint.hears(ASKS_FOR_IT["text"])
    before = await endpoint.runs("action_order_status", asked, **ASKS_FOR_IT)
    assert not any("go by that" in text for text in before["replies"])
    await tells(endpoint, "Omar", "It comes tomorrow.")
    message = await endpoint.hears(ASKS_FOR_IT["text"])
    after = await endpoint.runs("action_order_status", message, **ASKS_FOR_IT)
    assert after["replies"][0].endswith(" If Omar told you otherwise, go by that.")
    await says(endpoint, Draft(Author.BOT, after["replies"][0]))
    again = await endpoint.hears("where is it")
    more = await endpoint.runs("action_order_status", again, **ASKS_FOR_IT)
    assert not any("go by that" in text for text in more["replies"])


async def test_who_was_there_and_said_nothing_is_not_named(endpoint: Endpoint):
    await endpoint.hears("hello")
    await hands_back(endpoint)
    message = await endpoint.hears(ASKS_FOR_IT["text"])
    ran = await endpoint.runs("action_order_status", message, **ASKS_FOR_IT)
    assert not any("go by that" in text for text in ran["replies"])


async def tells(endpoint: Endpoint, name: str, text: str) -> None:
    """An agent says something and gives the conversation back."""
    await says(endpoint, Draft(Author.AGENT, text, name))
    await hands_back(endpoint)


async def says(endpoint: Endpoint, draft: Draft) -> None:
    async with endpoint.store.work() as work:
        await work.conversations.append(endpoint.conversation, draft, utc_now())


async def hands_back(endpoint: Endpoint) -> None:
    async with endpoint.store.work() as work:
        await work.conversations.leave_summary(endpoint.conversation, "", utc_now())
