"""What agents write in a case's thread: replies and private notes."""

from collections.abc import Sequence

from handoff.case import Case, CaseClosed, CaseError, TakenBack
from handoff.casework.verbs import Casework
from handoff.desks.slack.pressed.actions import GO_ON, RETRY
from handoff.desks.slack.shown.blocks import actions, button, section
from handoff.desks.slack.shown.place import Place
from handoff.desks.slack.shown.text import escape
from handoff.desks.slack.web_api.api import Block, SlackApi
from handoff.desks.slack.written.courtesy import Courtesy
from handoff.desks.slack.written.differing import Differing
from handoff.desks.slack.written.keys import VIA, key_of_message
from handoff.desks.slack.written.names import Names
from handoff.desks.slack.written.plain import mentioned, plain
from handoff.desks.slack.written.reply_files import ReplyFiles
from handoff.desks.slack.written.said import Said
from handoff.ports import Store
from staff.account import Staff

_MAY_BE_NOTE = (
    "This did not reach the customer: Slack told of it late, after you had changed it, so it may "
    "have been a private note. Write it once more if the customer is to have it."
)
_ELSEWHERE = "This case stands {} now, and this did not reach the customer: reply there."
_NOT_FETCHED = "The customer has this without {}: Slack did not give the file."
_WENT_WRONG = "Something went wrong: this did not reach the customer."


class Replies:
    """Turns what is written into casework."""

    def __init__(
        self,
        api: SlackApi,
        files: ReplyFiles,
        store: Store,
        casework: Casework,
        courtesy: Courtesy,
        differing: Differing,
    ) -> None:
        self._files = files
        self._store = store
        self._casework = casework
        self._courtesy = courtesy
        self._differing = differing
        self._api = api
        self._names = Names(api, store)

    async def hear(self, case: Case, agent: Staff, said: Said, stored_as: str) -> None:
        """Keep a note, or send a reply. Args: stored_as: what a retry works off again."""
        if said.note is not None:
            await self.keep_note(case, agent, said)
            return
        heard, key = await self._look(case, said)
        if heard:
            return
        if said.thread.ref != case.ref:
            await self.stands_elsewhere(case, said)
            return
        if said.edited:
            await self.not_sent(said, _MAY_BE_NOTE)
            return
        text = await self.plain(said, said.text)
        try:
            if text or not said.files:
                await self._send(case, agent, said, text, key)
            if said.files:
                await self._files.send(case, agent, said, key)
        except CaseClosed as error:
            offer = (GO_ON, "Reopen and send") if error.status.may_go_on else None
            await self._refuse(said, str(error), _offered(str(error), offer, stored_as))
        except TakenBack:
            raise
        except CaseError as error:
            await self.not_sent(said, str(error))

    async def _look(self, case: Case, said: Said) -> tuple[bool, str]:
        """Whether it is a note already, or a reply under another key; and under which key it is
        kept: that which it has, or that of an edit before it."""
        async with self._store.read() as work:
            stored = await work.receipts.key_at(said.place.ref)
            noted = await work.cases.noted(case.id, f"{VIA}:{stored or said.key}")
            early = await work.revisions.kept(case.conversation_id, f"{VIA}:{said.ts}")
        other = stored is not None and not stored.startswith((said.key, said.ts))
        key = said.ts if early is not None else said.key
        return noted or other, key if stored is None else key_of_message(stored)

    async def gave_up(self, said: Said, stored_as: str) -> None:
        """Tell the author what the customer has not got, for a reason of ours; offer a retry."""
        async with self._store.read() as work:
            case = await work.cases.by_ref(said.thread.ref)
        missing = said.files
        if case is not None:
            _, key = await self._look(case, said)
            missing = tuple(await self._files.missing(case, said, key))
        if not missing or not await self._differing.mark(said.place):
            await self.not_sent(said, stored_as=stored_as)
            return
        names = ", ".join(file.name or "a file" for file in missing)
        why = _NOT_FETCHED.format(names)
        await self._courtesy.whisper(said.thread, said.user, why, _retry(why, stored_as))

    async def not_sent(self, said: Said, why: str = _WENT_WRONG, stored_as: str = "") -> None:
        """Tell the author that the customer does not have it. Args: stored_as: offers a retry."""
        await self._refuse(said, why, _retry(why, stored_as) if stored_as else None)

    async def stands_elsewhere(self, case: Case, said: Said) -> None:
        """Tell the author where the case stands now: this is not its thread any more."""
        words, shown = "in another thread", None
        workspace = (await self._api.identity()).url
        if workspace and case.ref and case.ref.startswith(f"{VIA}:"):
            link = f"<{Place.of(case.ref).address(workspace)}|{words}>"
            shown = [section(_ELSEWHERE.format(link))]
        await self._refuse(said, _ELSEWHERE.format(words), shown)

    async def _refuse(self, said: Said, why: str, shown: Sequence[Block] | None) -> None:
        await self._courtesy.not_sent(said.place)
        await self._courtesy.whisper(said.thread, said.user, why, shown)

    async def _send(self, case: Case, agent: Staff, said: Said, text: str, key: str) -> None:
        place = said.place.ref
        message = await self._casework.reply(case.id, agent, text, key=key, via=VIA, place=place)
        if message.helping:
            await self._courtesy.helps(said.place)
        if key != said.ts:
            await self._catch_up(case, agent, said.ts, key)

    async def _catch_up(self, case: Case, agent: Staff, ts: str, key: str) -> None:
        """Apply a change that was worked off beside the reply, and could not know its key."""
        async with self._store.read() as work:
            early = await work.revisions.kept(case.conversation_id, f"{VIA}:{ts}")
        if early is None or early.staff_id != agent.id:
            return
        if early.text is None:
            await self._casework.delete_reply(case.id, agent, key, VIA)
        else:
            await self._casework.edit_reply(case.id, agent, key, early.text, VIA, stamp=early.stamp)

    async def keep_note(self, case: Case, agent: Staff, said: Said, again: str = "") -> None:
        """Keep the private note; colleagues see it where the case stands now, too.

        Args: again: tells what became of a note from what it was first.
        """
        text = await self.plain(said, said.note or "")
        key, via = f"{VIA}:{said.key}{again}", VIA if said.thread.ref == case.ref else ""
        note = await self._casework.note(case.id, agent, text, key=key, via=via)
        async with self._store.work() as work:
            await work.receipts.heard(said.place.ref, said.key, note.at)
        await self._courtesy.stays_private(said.place)

    async def plain(self, said: Said, text: str) -> str:
        """The text as the customer reads it."""
        return plain(text, await self._names.of(mentioned(text)), said.emoji)


def _retry(why: str, stored_as: str) -> Sequence[Block] | None:
    return _offered(why, (RETRY, "Try again"), stored_as)


def _offered(why: str, offer: tuple[str, str] | None, stored_as: str) -> Sequence[Block] | None:
    """The words with a button below them. Args: offer: its action and its label."""
    if offer is None:
        return None
    return [section(escape(why)), actions([button(*offer, stored_as)])]
