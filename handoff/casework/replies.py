"""What is said in a case: replies to the customer, their edits and deletions, private notes."""

from collections.abc import Awaitable, Callable

from conversation.conversation import Conversation
from conversation.files import LARGEST_BYTES, PATH, TAKEN, kind_of, safe_name
from conversation.messages import Author, Link, Message, Revision
from handoff.case import Case, CaseError, FileNotTaken, Note, TakenBack
from handoff.casework.steps import (
    Steps,
    check_agent,
    check_reply,
    check_text,
    hold,
    still_open,
)
from handoff.delivery.boxes import Delivery
from handoff.ports import Work
from handoff.promises.sla import SHOWN_AFTER
from staff.account import Staff

_Write = Callable[[Work, Case, str], Awaitable[Message]]


class Replies(Steps):
    """Reply, edit, delete, note."""

    async def reply(
        self, case_id: str, agent: Staff, text: str, *, key: str, via: str, place: str = ""
    ) -> Message:
        """Say something to the customer. A reply on an unclaimed case claims it.

        The same `key` again returns the first message. Who is not the owner is marked as helping.
        Args: place: see `Receipt`; "" where the desk shows no sign beside it.
        Raises: TakenBack where its author had deleted it before it came.
        """
        check_agent(agent)
        text = check_reply(text)

        async def write(work: Work, case: Case, client_id: str) -> Message:
            return await self._say(work, case, agent, text, client_id)

        return await self._answer(case_id, agent, key, via, write, place)

    async def send_file(
        self,
        case_id: str,
        agent: Staff,
        name: str,
        content: bytes,
        *,
        key: str,
        via: str,
        place: str = "",
    ) -> Message:
        """Send the customer a file. On an unclaimed case it claims, as a reply does.

        The same `key` again returns the first message. Args: place: as `reply` has it.
        Raises: FileNotTaken where its content is of no kind that is taken, or too large;
        TakenBack where its author had deleted it before it came.
        """
        check_agent(agent)
        kind = kind_of(content)
        if kind is None or len(content) > LARGEST_BYTES:
            most = LARGEST_BYTES // 1_000_000
            raise FileNotTaken(f"only {TAKEN} of at most {most} MB go to customers")
        plain = safe_name(name, kind)

        async def write(work: Work, case: Case, client_id: str) -> Message:
            now = self._clock()
            file = await work.files.put(
                case.conversation_id, plain, kind, content, now, author=Author.AGENT
            )
            link = Link(file.title, f"{PATH}{file.id}")
            text = f"A file in the chat: {file.title}"
            return await self._say(work, case, agent, text, client_id, (link,))

        return await self._answer(case_id, agent, key, via, write, place)

    async def _answer(
        self, case_id: str, agent: Staff, key: str, via: str, write: _Write, place: str
    ) -> Message:
        """Write to the customer once, as whoever has the case from now on or helps them."""
        async with self._store.work() as work:
            conversation, case = await hold(work, case_id)
            message = await work.conversations.known(conversation.id, f"{via}:{key}")
            if message is None:
                message = await self._write(work, conversation, case, agent, f"{via}:{key}", write)
                await self._echo(work, case, message, via)
            if place:
                of = {"message_id": message.id, "case_id": case.id}
                await work.receipts.heard(place, key, message.at, **of)
        return message

    async def _write(
        self,
        work: Work,
        conversation: Conversation,
        case: Case,
        agent: Staff,
        client_id: str,
        write: _Write,
    ) -> Message:
        still_open(case)
        early = await work.revisions.kept(conversation.id, client_id)
        own = early if early is not None and early.staff_id == agent.id else None
        if own is not None and own.text is None:
            raise TakenBack
        if case.agent_id is None:
            await self._take(work, conversation, case, agent, plain=True)
        elif case.first_reply_at is None or await self._shown_to_wait(work, case):
            # nothing is due any longer: the card says so
            await work.outbox.put(case.id, Delivery.UPDATE_CASE, self._clock())
        message = await write(work, case, client_id)
        return await work.revisions.apply(message, own) if own is not None else message

    async def _shown_to_wait(self, work: Work, case: Case) -> bool:
        asked = await work.queue.unanswered(case.conversation_id)
        since = asked.get(case.conversation_id)
        return since is not None and self._clock() - since >= SHOWN_AFTER

    async def edit_reply(
        self, case_id: str, actor: Staff, key: str, text: str, via: str, *, stamp: str = ""
    ) -> Message | None:
        """Change one's own reply, stored under this key; the customer sees that it was edited.

        An edit that comes before its reply is kept for it: None then. An edit of a deleted reply
        changes nothing.
        Args: stamp: of two edits of a reply the one with the greater stamp holds.
        Raises: CaseError where it is somebody else's, or a private note.
        """
        check_agent(actor)
        revision = Revision(check_reply(text), actor.id, self._clock(), stamp)
        return await self._revise(case_id, actor, f"{via}:{key}", revision, via)

    async def delete_reply(self, case_id: str, actor: Staff, key: str, via: str) -> Message | None:
        """Take one's own reply, stored under this key, away from the customer's page.

        A deletion that comes before its reply is kept: None then, and the reply is never sent.
        Raises: CaseError where it is somebody else's, or a private note.
        """
        check_agent(actor)
        revision = Revision(None, actor.id, self._clock())
        return await self._revise(case_id, actor, f"{via}:{key}", revision, via)

    async def note(self, case_id: str, agent: Staff, text: str, *, key: str, via: str = "") -> Note:
        """Keep a private note on the case, open or closed. It never reaches the customer.

        Colleagues at the desk are shown it, unless it was written there.
        """
        check_agent(agent)
        words, now = check_text(text), self._clock()
        async with self._store.work() as work:
            await work.cases.get(case_id)
            if not await work.cases.noted(case_id, key):
                await self._share_note(work, case_id, agent, words, via)
            return await work.cases.note(case_id, agent.name, words, key, now)

    async def _revise(
        self, case_id: str, actor: Staff, client_id: str, revision: Revision, via: str
    ) -> Message | None:
        async with self._store.work() as work:
            _, case = await hold(work, case_id)
            if await work.cases.noted(case_id, client_id):
                raise CaseError("This is a private note and stays one: nothing was sent.")
            message = await work.conversations.known(case.conversation_id, client_id)
            if message is None:
                await work.revisions.keep(case.conversation_id, client_id, revision)
                return None
            if message.staff_id != actor.id:
                author = message.name or "its author"
                raise CaseError(f"Only {author} can change this reply. Nothing was changed.")
            changed = await work.revisions.apply(message, revision)
            if changed != message:
                kind = "reply_edited" if revision.text is not None else "reply_deleted"
                await self._record(work, case, kind, actor, seq=message.seq)
                await self._echo(work, case, changed, via)
            return changed
