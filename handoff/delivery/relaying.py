"""Show the desk what is said while a person has the conversation."""

from datetime import datetime

from conversation.messages import Message
from handoff.delivery.boxes import Delivery
from handoff.ports import Work


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
