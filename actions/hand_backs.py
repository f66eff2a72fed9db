"""The bot goes on after an agent, with the order they spoke of.

An agent writes the summary for the bot: the customer reads none of it.
"""

import re

from rasa_sdk.interfaces import Tracker

from actions.message import Event, Incoming, slot
from actions.orders import own_orders
from conversation.shop import ShopUnavailable

_NUMBER = re.compile(r"[\w-]*\d[\w-]*")


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
