"""Show the desk what is said while a person has the conversation."""

from datetime import datetime, timedelta

from conversation.messages import Message
from handoff.boxes import Delivery
from handoff.case import Case
from handoff.ports import Work
from handoff.queue_view import unanswered_since

SHOWN_AFTER = timedelta(seconds=20)
"""Who waits so long is shown to wait on the card: in a lively talk it would change all the time."""


async def relay(work: Work, message: Message, at: datetime) -> None:
    """Pass the message on to the open case's desk; a case that rests wakes up by it."""
    case = await work.cases.open_of(message.conversation_id)
    if case is None or message.seq <= case.opened_seq:
        return
    if case.snoozed_until is not None:
        await work.cases.snooze(case.id, None)
        await work.timeline.record(case.conversation_id, "woken", at, case=case.number)
        await work.outbox.put(case.id, Delivery.UPDATE_CASE, at)
    await work.outbox.put(case.id, Delivery.RELAY, at, seq=message.seq)


async def waits_since(work: Work, case: Case) -> datetime | None:
    """When the customer wrote what nobody has answered since the case was opened, or None."""
    thread = await work.conversations.transcript(case.conversation_id, case.opened_seq)
    return unanswered_since(thread)
