"""The bot goes on after an agent, with the order they spoke of.

An agent writes the summary for the bot: the customer reads none of it. What the agent told the
customer may be newer than what the shop's system shows, and is not contradicted.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

from rasa_sdk.interfaces import Tracker

from actions.message import Event, Incoming, slot
from actions.orders import own_orders
from actions.services import services
from conversation.messages import Author, Message
from conversation.shop import ShopUnavailable

_NUMBER = re.compile(r"[\w-]*\d[\w-]*")
_COUNTS_FOR = timedelta(days=2)


async def gone_on(tracker: Tracker, message: Incoming) -> list[Event]:
    """Take up what was left for the bot, on the first message after it, once."""
    summary = message.handed_back
    if not summary or summary == tracker.get_slot("handback_summary"):
        return []
    named = set(_NUMBER.findall(summary))
    try:
        numbers = [one.number for one in await own_orders(message) if one.number in named]
    except ShopUnavailable:
        numbers = []
    known = [slot("order_number", numbers[0])] if len(numbers) == 1 else []
    return [slot("handback_summary", summary), *known]


async def beside(text: str, message: Incoming) -> str:
    """The answer, with a word on what a colleague told the customer lately: once after each."""
    if "?" in text:
        return text
    async with services().store.read() as work:
        conversation = await work.conversations.get(message.conversation_id)
        if conversation.began_anew_at == conversation.created_at:
            return text  # nobody else has had the conversation
        said = await work.conversations.transcript(conversation.id)
    agent = _last_told(said)
    if agent is None or not agent.name or services().clock() - agent.at > _COUNTS_FOR:
        return text
    caution = f"If {agent.name} told you otherwise, go by that."
    known = any(one.seq > agent.seq and caution in one.text for one in said)
    return text if known else f"{text} {caution}"


def _last_told(said: Sequence[Message]) -> Message | None:
    """What an agent said last, None where nothing of it stands there any more."""
    agents = (one for one in said if one.author is Author.AGENT and one.deleted_at is None)
    return max(agents, key=lambda one: one.seq, default=None)
