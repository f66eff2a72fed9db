"""Tell the agents of a case what its customer does not see: as a note, and aloud at the desk."""

from datetime import datetime

from handoff.case import Case
from handoff.delivery.boxes import Delivery, Notice
from handoff.ports import Work

_LONGEST = 4000


async def tell_agents(
    work: Work, case: Case, author: str, text: str, key: str, at: datetime
) -> None:
    """Keep the words among the notes, and show them where the case is worked on.

    Args: author: who or what says it, such as "E-mail". key: the same again changes nothing.
    """
    if await work.cases.noted(case.id, key):
        return
    await work.cases.note(case.id, author, text[:_LONGEST], key, at)
    notice = Notice(text[:_LONGEST], agent_id=case.agent_id)
    await work.outbox.put(case.id, Delivery.NOTICE, at, notice=notice)
