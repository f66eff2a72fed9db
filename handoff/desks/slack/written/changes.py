"""What agents change of what they wrote: a note never becomes a reply, a reply never a note."""

from conversation.clock import Clock
from conversation.messages import Message
from handoff.case import Case, CaseError
from handoff.casework.receipts import Sign
from handoff.casework.verbs import Casework
from handoff.delivery.boxes import Delivery
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.written.differing import Differing
from handoff.desks.slack.written.keys import DELETED, VIA, client_id, key_of_file, key_of_message
from handoff.desks.slack.written.replies import Replies
from handoff.desks.slack.written.revised import Revised
from handoff.ports import Store
from staff.account import Staff

_STAYS_NOTE = "This is a private note and stays one: nothing was sent. Write a new reply instead."


class Changes:
    """Turns edits and deletions into casework."""

    def __init__(
        self,
        store: Store,
        casework: Casework,
        replies: Replies,
        differing: Differing,
        clock: Clock,
    ) -> None:
        self._store = store
        self._casework = casework
        self._replies = replies
        self._differing = differing
        self._clock = clock

    async def revise(self, case: Case, agent: Staff, revised: Revised, stored_as: str) -> None:
        """Change or take back a reply, wherever the case stands by now.

        Args: stored_as: see `actions.STORED_AS`.
        """
        message, after = revised.message, revised.after
        async with self._store.read() as work:
            stored = await work.receipts.key_at(message.place.ref)
            sent = await work.receipts.sign_at(message.place.ref) is Sign.DIFFERS
            noted = await work.cases.noted(case.id, client_id(message.key))
        noted = noted or (revised.was_note and not sent)
        key = stored or message.key
        if not revised.reworded:
            await self._take_files(case, agent, revised, key)
        elif after is not None and after.note is not None:
            await self._now_a_note(case, agent, revised, key, stored_as, noted=noted)
        elif noted and after is not None:
            raise CaseError(_STAYS_NOTE)
        elif not noted:
            changed = await self._change(case, agent, revised, key)
            if changed is None and after is not None and message.thread.ref != case.ref:
                await self._replies.stands_elsewhere(case, message)
            elif changed is not None and after is not None:
                await self._differing.ends(message.place)

    async def take_off(self, case: Case, agent: Staff, revised: Revised) -> None:
        """Take a reply that was made a note away from the customer's page: then it is one."""
        assert revised.after is not None
        place = revised.message.place
        await self._differing.check(place)
        async with self._store.read() as work:
            if await work.cases.noted(case.id, client_id(revised.message.key)):
                return
        await self._take_all(case, agent, place)
        await self._differing.is_over(place)
        await self._replies.keep_note(case, agent, revised.after)

    async def deleted(self, place: Place) -> None:
        """Take back what stood there, whoever deleted it; what comes later is never sent."""
        async with self._store.work() as work:
            found = await work.receipts.reply_at(place.ref)
            if found is None:
                await work.receipts.heard(place.ref, DELETED, self._clock())
                return
            message, case_id = found
            author = await work.accounts.by_id(message.staff_id or "")
            case = await work.cases.get(case_id) if case_id else None
        if author is not None and case is not None:
            await self._take_all(case, author, place)

    async def head_deleted(self, place: Place) -> None:
        """Where it was the card of an open case that somebody deleted, have it come anew."""
        async with self._store.work() as work:
            case = await work.cases.by_ref(place.ref)
            if case is not None and case.status.open:
                await work.outbox.put(case.id, Delivery.UPDATE_CASE, self._clock())

    async def _take_all(self, case: Case, author: Staff, place: Place) -> None:
        """Take away the reply that stands there, and each of its files."""
        async with self._store.read() as work:
            key = key_of_message(str(await work.receipts.key_at(place.ref)))
            said = await work.conversations.transcript(case.conversation_id)
        for stored in [one.client_id or "" for one in said]:
            act = stored.removeprefix(f"{VIA}:")
            if act != stored and key_of_message(act) == key:
                await self._casework.delete_reply(case.id, author, act, VIA)

    async def _change(self, case: Case, agent: Staff, revised: Revised, key: str) -> Message | None:
        """Change the reply under this key, or under the one that it came under meanwhile."""
        changed = await self._apply(case, agent, revised, key)
        if changed is not None:
            return changed
        async with self._store.read() as work:
            stored = await work.receipts.key_at(revised.message.place.ref)
        if stored is None or stored == key:
            return None
        return await self._apply(case, agent, revised, stored)

    async def _apply(self, case: Case, agent: Staff, revised: Revised, key: str) -> Message | None:
        await self._take_files(case, agent, revised, key)
        after = revised.after
        if after is None:
            return await self._casework.delete_reply(case.id, agent, key, VIA)
        text = await self._replies.plain(after, after.text)
        return await self._casework.edit_reply(case.id, agent, key, text, VIA, stamp=revised.stamp)

    async def _take_files(self, case: Case, agent: Staff, revised: Revised, key: str) -> None:
        """Take away the files that the message under this key has no more; a note's were never
        sent."""
        for file in () if revised.was_note else revised.files_gone:
            name = key_of_file(key_of_message(key), file)
            await self._casework.delete_reply(case.id, agent, name, VIA)

    async def _now_a_note(
        self, case: Case, agent: Staff, revised: Revised, key: str, stored_as: str, *, noted: bool
    ) -> None:
        assert revised.after is not None
        again = f":{revised.stamp}"
        if noted:
            await self._replies.keep_note(case, agent, revised.after, again)
            return
        async with self._store.read() as work:
            sent = await work.conversations.known(case.conversation_id, client_id(key))
        if sent is not None:
            await self._differing.begins(revised.after, stored_as)
            return
        # It was not sent yet: then it never is.
        await self._casework.delete_reply(case.id, agent, key, VIA)
        await self._replies.keep_note(case, agent, revised.after, again)
