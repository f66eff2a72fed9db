"""The bot goes on after an agent: with the order they spoke of, and what the customer is to know.

An agent writes the summary for the bot, so the customer reads none of it but the lines that begin
with `FOR_CUSTOMER`.
"""

import re

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.message import Event, Incoming, slot
from actions.orders import own_orders
from conversation.shop import ShopUnavailable

FOR_CUSTOMER = "Tell the customer"
_LINE = re.compile(rf"^\W*{FOR_CUSTOMER}\s*:\s*(?P<what>\S.*)$", re.IGNORECASE | re.MULTILINE)
_NUMBER = re.compile(r"[\w-]*\d[\w-]*")


async def gone_on(
    dispatcher: CollectingDispatcher, tracker: Tracker, message: Incoming
) -> list[Event]:
    """Take up what was left for the bot, on the first message after it, once."""
    summary = message.handed_back
    if not summary or summary == tracker.get_slot("handback_summary"):
        return []
    for line in _LINE.finditer(summary):
        dispatcher.utter_message(text=f"From the colleague who was here: {line['what'].strip()}")
    named = set(_NUMBER.findall(summary))
    try:
        numbers = [one.number for one in await own_orders(message) if one.number in named]
    except ShopUnavailable:
        numbers = []
    known = [slot("order_number", numbers[0])] if len(numbers) == 1 else []
    return [slot("handback_summary", summary), *known]
