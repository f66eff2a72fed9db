"""What the bot has said already, so that it never says it in the same words again."""

from rasa_sdk.interfaces import Tracker

from actions.message import Incoming
from actions.services import services

GUIDE_MOVES = (
    "action_guide_start", "action_guide_next", "action_guide_back", "action_guide_repeat",
)  # fmt: skip
_ONCE_MORE = ("Back to this: ", "Still open: ", "The question was: ")


async def said_lately(tracker: Tracker, message: Incoming) -> list[str]:
    """What the bot has said since the customer last began anew, oldest first."""
    async with services().store.read() as work:
        conversation = await work.conversations.get(message.conversation_id)
    since = conversation.began_anew_at.timestamp()
    said = (event for event in tracker.events if event.get("event") == "bot")
    return [e.get("text") or "" for e in said if (e.get("timestamp") or 0.0) >= since]


def once_more(question: str, said: list[str]) -> str:
    """The question, in a way that differs from how it was last put."""
    lowered = question[0].lower() + question[1:]
    times = sum(text == question or text.endswith(lowered) for text in said)
    return question if not times else _ONCE_MORE[(times - 1) % len(_ONCE_MORE)] + lowered


def still(text: str, said: list[str]) -> str:
    """A statement that may have been made before, then marked as what still holds."""
    lowered = text[0].lower() + text[1:]
    times = sum(one == text or one.endswith(lowered) for one in said)
    return text if not times else ("As before, ", "It is still so: ")[(times - 1) % 2] + lowered


def not_lately(said: list[str], texts: tuple[str, ...]) -> str:
    """The first of the texts that was not said yet, else the one said longest ago."""
    last_said = {text: at for at, text in enumerate(said)}
    return min(texts, key=lambda text: last_said.get(text, -1))


def turns_since(tracker: Tracker, action: str) -> int | None:
    """How many messages of the customer ago this action last ran; None where it did not."""
    turns = 0
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            turns += 1
        elif event.get("event") == "action" and event.get("name") == action:
            return turns
    return None


def in_guide(tracker: Tracker) -> bool:
    """True while a guide is open of which a step, or what it may mean, was said just before."""
    lately = ("action_clarify", *GUIDE_MOVES)
    return bool(tracker.get_slot("guide")) and any(turns_since(tracker, a) == 1 for a in lately)
