"""Ask the shop for a remedy, and keep what it said where agents and leads find it."""

import structlog

from conversation.clock import Clock
from conversation.shop import Receipt, Shop
from handoff.delivery.boxes import Delivery, Notice
from handoff.ports import Store, Work
from handoff.remedies.choices import Remedy, Stands
from handoff.remedies.rules import Task
from staff.account import Staff

log = structlog.get_logger()


async def asked(shop: Shop, remedy: Remedy) -> Receipt:
    """Have the shop do it. Raises: Refused, ShopUnavailable."""
    wish, who, key = remedy.wish, remedy.customer_id, remedy.key
    if wish.task is Task.INVOICE:
        return await shop.resend_invoice(who, wish.number, key=key)
    if wish.task is Task.RETURN_LABEL:
        return await shop.send_return_label(who, wish.number, key=key)
    reason, by = wish.reason, remedy.agent
    if wish.task is Task.REFUND:
        return await shop.pay_back(who, wish.number, wish.cents, reason, by=by, key=key)
    if wish.task is Task.EXTEND_RETURN:
        return await shop.extend_return(who, wish.number, wish.days, reason, by=by, key=key)
    return await shop.send_again(who, wish.number, reason, by=by, key=key)


class Records:
    """What became of remedies: each outcome is one transaction, and may be noted again."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def done(self, remedy: Remedy, agent: Staff, receipt: Receipt, *, told: bool) -> None:
        """It is done, with a private note on the case, words beside it where agents
        work, and an entry on the timeline."""
        is_told = "is told" if told else "is not told"
        async with self._store.work() as work:
            await _lock(work, remedy)
            await work.remedies.settle(remedy, Stands.DONE, receipt.fact)
            what = _with_reason(remedy.wish.done_words(remedy.currency), remedy)
            text = f"{what} The customer {is_told}: “{receipt.fact}”"
            await self._note_down(work, remedy, agent, "remedy", text)

    async def refused(self, remedy: Remedy) -> None:
        """The shop did not do it: it counts no more."""
        async with self._store.work() as work:
            await _lock(work, remedy)
            await work.remedies.settle(remedy, Stands.REFUSED, "")

    async def not_known(self, remedy: Remedy, agent: Staff) -> None:
        """The shop gave no answer. It goes on to count until it does."""
        async with self._store.work() as work:
            await _lock(work, remedy)
            known = await work.remedies.find(remedy.case_id, remedy.key)
            if known is None or known.stands is not Stands.ASKED:
                return
            wish = remedy.wish.words(remedy.currency)
            text = (
                f"{_with_reason(wish, remedy)} The shop did not answer: it is not known whether "
                "this was done. It can be sent again from the case."
            )
            await self._note_down(work, remedy, agent, "remedy_not_known", text)

    async def _note_down(
        self, work: Work, remedy: Remedy, agent: Staff, kind: str, text: str
    ) -> None:
        case, now, key = await work.cases.get(remedy.case_id), self._clock(), f"{kind}:{remedy.key}"
        await work.cases.note(case.id, agent.name, text, key, now)
        await work.timeline.record(
            case.conversation_id,
            kind,
            now,
            key=key,
            case=case.number,
            agent=agent.name,
            what=remedy.wish.words(remedy.currency),
        )
        await work.outbox.put(case.id, Delivery.UPDATE_CASE, now)
        notice = Notice(f"{agent.name}: {text}")
        await work.outbox.put(case.id, Delivery.NOTICE, now, notice=notice)
        log.info(kind, case=case.number, task=remedy.wish.task.value)


async def _lock(work: Work, remedy: Remedy) -> None:
    # The conversation before its case, as everybody does.
    await work.conversations.get(await work.cases.conversation_of(remedy.case_id))


def _with_reason(words: str, remedy: Remedy) -> str:
    reason = remedy.wish.reason.strip().rstrip(".")
    return f"{words}. Reason: {reason}." if reason else f"{words}."
