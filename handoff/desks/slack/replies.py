"""What agents write in a case's thread: replies, private notes, and what they change of them."""

from conversation.messages import Message
from handoff.case import Case, CaseClosed, CaseError, FileNotTaken, TakenBack
from handoff.casework import Casework
from handoff.desks.slack.actions import RETRY
from handoff.desks.slack.agent_files import AgentFiles, Attached, NotReadable
from handoff.desks.slack.api import SlackApi
from handoff.desks.slack.blocks import actions, button, section
from handoff.desks.slack.courtesy import Courtesy
from handoff.desks.slack.names import Names
from handoff.desks.slack.plain import mentioned, plain
from handoff.desks.slack.revised import Revised
from handoff.desks.slack.said import Said
from handoff.desks.slack.text import escape
from handoff.ports import Store
from staff.account import Staff

_VIA = "slack"
_STAYS_NOTE = "This is a private note and stays one: nothing was sent. Write a new reply instead."
_STAYS_REPLY = (
    "The customer has this reply already, so it cannot become a private note: for them it stays as "
    "it was. Delete it to take it away from their page."
)
_MAY_BE_NOTE = (
    "This did not reach the customer: Slack told of it late, after you had changed it, so it may "
    "have been a private note. Write it once more if the customer is to have it."
)
_WENT_WRONG = "Something went wrong: this did not reach the customer."


class Replies:
    """Turns what is written into casework."""

    def __init__(
        self,
        api: SlackApi,
        files: AgentFiles,
        store: Store,
        casework: Casework,
        courtesy: Courtesy,
    ) -> None:
        self._files = files
        self._store = store
        self._casework = casework
        self._courtesy = courtesy
        self._names = Names(api, store)

    async def hear(self, case: Case, agent: Staff, said: Said, stored_as: str) -> None:
        """Keep a note, or send a reply. Args: stored_as: what a retry works off again."""
        if said.note is not None:
            await self._keep_note(case, agent, said)
            return
        if await self._heard_before(case, said):
            return
        if said.edited:
            self.not_sent(said, _MAY_BE_NOTE)
            return
        text = await self._plain(said, said.text)
        try:
            if text or not said.files:
                await self._send(case, agent, said, text)
            for file in said.files:
                await self._send_file(case, agent, said, file)
        except CaseClosed as error:
            self.not_sent(said, str(error), stored_as)
        except TakenBack:
            raise
        except CaseError as error:
            self.not_sent(said, str(error))

    async def _heard_before(self, case: Case, said: Said) -> bool:
        """Whether it is a note already, or a reply under another key."""
        async with self._store.read() as work:
            stored = await work.receipts.key_at(said.place.ref)
            noted = await work.cases.noted(case.id, f"{_VIA}:{stored or said.key}")
        return noted or (stored is not None and not stored.startswith((said.key, said.ts)))

    async def _send_file(self, case: Case, agent: Staff, said: Said, file: Attached) -> None:
        key = f"{said.key}:{file.id}"
        try:
            content = await self._files.fetch(file)
            sent = await self._casework.send_file(
                case.id, agent, file.name, content, key=key, via=_VIA
            )
        except (NotReadable, FileNotTaken) as error:
            name = escape(file.name) or "The file"
            self._courtesy.whisper(said.thread, said.user, f"{name} was not sent: {error}.")
            return
        if not said.text:
            async with self._store.work() as work:
                await work.receipts.heard(said.place.ref, key, sent.at, message_id=sent.id)

    async def revise(self, case: Case, agent: Staff, revised: Revised) -> None:
        """Change or take back a reply. A note never becomes a reply, a reply never a note."""
        message, after = revised.message, revised.after
        async with self._store.read() as work:
            stored = await work.receipts.key_at(message.place.ref)
            noted = revised.was_note or await work.cases.noted(case.id, f"{_VIA}:{message.key}")
        key = stored or message.key
        if after is not None and after.note is not None:
            await self._now_a_note(case, agent, revised, key, noted=noted)
        elif noted and after is not None:
            raise CaseError(_STAYS_NOTE)
        elif not noted:
            await self._change(case, agent, revised, key)

    def not_sent(self, said: Said, why: str = _WENT_WRONG, stored_as: str = "") -> None:
        """Tell the author that the customer does not have it. Args: stored_as: offers a retry."""
        self._courtesy.not_sent(said.place)
        again = [actions([button(RETRY, "Try again", stored_as)])] if stored_as else []
        shown = [section(escape(why)), *again] if again else None
        self._courtesy.whisper(said.thread, said.user, why, shown)

    async def _change(self, case: Case, agent: Staff, revised: Revised, key: str) -> None:
        """Change the reply under this key, or under the one that it came under meanwhile."""
        if await self._apply(case, agent, revised, key) is not None:
            return
        async with self._store.read() as work:
            stored = await work.receipts.key_at(revised.message.place.ref)
        if stored is not None and stored != key:
            await self._apply(case, agent, revised, stored)

    async def _apply(self, case: Case, agent: Staff, revised: Revised, key: str) -> Message | None:
        after = revised.after
        if after is None:
            for file in revised.message.files:
                name = f"{revised.message.key}:{file.id}"
                await self._casework.delete_reply(case.id, agent, name, _VIA)
            return await self._casework.delete_reply(case.id, agent, key, _VIA)
        text = await self._plain(after, after.text)
        return await self._casework.edit_reply(case.id, agent, key, text, _VIA, stamp=revised.stamp)

    async def _send(self, case: Case, agent: Staff, said: Said, text: str) -> None:
        key = await self._key(case, said)
        message = await self._casework.reply(case.id, agent, text, key=key, via=_VIA)
        async with self._store.work() as work:
            await work.receipts.heard(said.place.ref, key, message.at, message_id=message.id)
        if message.helping:
            self._courtesy.helps(said.place)
        if key != said.ts:
            await self._catch_up(case, agent, said.ts, key)

    async def _catch_up(self, case: Case, agent: Staff, ts: str, key: str) -> None:
        """Apply a change that was worked off beside the reply, and could not know its key."""
        async with self._store.read() as work:
            early = await work.revisions.kept(case.conversation_id, f"{_VIA}:{ts}")
        if early is None or early.staff_id != agent.id:
            return
        if early.text is None:
            await self._casework.delete_reply(case.id, agent, key, _VIA)
        else:
            await self._casework.edit_reply(
                case.id, agent, key, early.text, _VIA, stamp=early.stamp
            )

    async def _key(self, case: Case, said: Said) -> str:
        """Under which key the reply is kept: that of an edit of it, where one came before it."""
        async with self._store.read() as work:
            early = await work.revisions.kept(case.conversation_id, f"{_VIA}:{said.ts}")
        return said.ts if early is not None else said.key

    async def _keep_note(self, case: Case, agent: Staff, said: Said, again: str = "") -> None:
        text = await self._plain(said, said.note or "")
        key = f"{_VIA}:{said.key}{again}"
        note = await self._casework.note(case.id, agent, text, key=key, via=_VIA)
        async with self._store.work() as work:
            await work.receipts.heard(said.place.ref, said.key, note.at)

    async def _now_a_note(
        self, case: Case, agent: Staff, revised: Revised, key: str, *, noted: bool
    ) -> None:
        assert revised.after is not None
        if noted:
            await self._keep_note(case, agent, revised.after, again=f":{revised.stamp}")
            return
        async with self._store.read() as work:
            sent = await work.conversations.known(case.conversation_id, f"{_VIA}:{key}")
        if sent is not None:
            raise CaseError(_STAYS_REPLY)
        # It was not sent yet: then it never is.
        await self._casework.delete_reply(case.id, agent, key, _VIA)
        await self._keep_note(case, agent, revised.after, again=f":{revised.stamp}")

    async def _plain(self, said: Said, text: str) -> str:
        return plain(text, await self._names.of(mentioned(text)), said.emoji)
