"""Send agents' answers by e-mail: in order per conversation, joined, again until taken or refused.

Where the connection breaks after the letter was handed over nobody knows whether it was taken: it
is sent again with the same Message-ID, by which mailboxes tell that it is the same.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from conversation.clock import Clock
from conversation.conversation import Conversation
from handoff.casework.telling import tell_agents
from handoff.leases import LEASE, kept
from handoff.mail.letter import Letter, Stationery
from handoff.mail.ports import Outgoing
from handoff.mail.post import MailError, NotOurs, Post, Refused
from handoff.mail.reply_address import ReplyAddresses
from handoff.mail.settings import MailSettings
from handoff.mail.timing import Found, NotNeeded, decide
from handoff.ports import Store, Work
from handoff.wakes import MAIL_TOPIC, Live

log = structlog.get_logger()

Links = Callable[[Conversation, datetime], str]
"""The link that opens a conversation, made at this moment."""

_IDLE_S = 5.0
_AT_ONCE = 4
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=15)
_MENDED_WITHIN = timedelta(minutes=5)
_GIVEN_UP_AFTER = timedelta(days=1)


class Postman:
    """Carries mails to the mail server. Each app process runs one."""

    def __init__(
        self,
        store: Store,
        post: Post,
        stationery: Stationery,
        addresses: ReplyAddresses,
        settings: MailSettings,
        links: Links,
        live: Live,
        clock: Clock,
    ) -> None:
        self._store = store
        self._post = post
        self._stationery = stationery
        self._addresses = addresses
        self._settings = settings
        self._links = links
        self._live = live
        self._clock = clock
        self._busy: set[str] = set()
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def run(self) -> None:
        """Send until cancelled. A mail that takes long holds up no other conversation's."""
        async with self._live.listen(MAIL_TOPIC) as listener, asyncio.TaskGroup() as tasks:
            while True:
                pause = _IDLE_S
                try:
                    for mail in await self._due():
                        self._busy.add(mail.conversation_id)
                        tasks.create_task(self._carry(mail))
                    pause = await self._pause()
                except Exception:
                    log.exception("mail_failed")
                await listener.wait(pause)

    async def _due(self) -> Sequence[Outgoing]:
        async with self._store.read() as work:
            mails = await work.mails.due(self._clock())
        return [mail for mail in mails if mail.conversation_id not in self._busy]

    async def _pause(self) -> float:
        async with self._store.read() as work:
            next_at = await work.mails.next_at()
        if next_at is None:
            return _IDLE_S
        least = 0.5 if self._busy else 0.05  # what is under way wakes this loop when it is done
        return min(_IDLE_S, max(least, (next_at - self._clock()).total_seconds()))

    async def _carry(self, mail: Outgoing) -> None:
        try:
            async with self._at_once:
                if (letter := await self._begin(mail)) is not None:
                    await self._send(*letter)
        except Exception:
            log.exception("mail_not_kept", mail=mail.id)
            await asyncio.sleep(_IDLE_S)
        finally:
            self._busy.discard(mail.conversation_id)
            self._live.wake(MAIL_TOPIC)

    async def _begin(self, due: Outgoing) -> tuple[Outgoing, Letter] | None:
        """Claim the mail if its time has come. None where it waits on, or is not needed."""
        now = self._clock()
        async with self._store.work() as work:
            found = await self._look(work, due)
            if found is None:
                return None
            match decide(found, self._settings, now):
                case NotNeeded(why):
                    await work.mails.done(found.mail, now, why)
                    return None
                case datetime() as until:
                    await work.mails.rest(found.mail, until)
                    return None
            if not await work.mails.begin(found.mail, now + LEASE):
                return None
            heard = await work.mails.last_heard(found.conversation.id)
        return found.mail, self._letter(found, heard)

    async def _look(self, work: Work, due: Outgoing) -> Found | None:
        conversation = await work.conversations.get(due.conversation_id)
        mail = await work.mails.undone(due.id)  # as it is now that nothing can join it
        case = await work.cases.latest_of(conversation.id)
        if mail is None or case is None or mail.attempts != due.attempts:
            return None  # another process was first
        return Found(mail, conversation, case, await work.conversations.transcript(conversation.id))

    def _letter(self, found: Found, heard: str | None) -> Letter:
        conversation, mail = found.conversation, found.mail
        hears = self._settings.hears
        return Letter(
            id=mail.id,
            conversation_id=conversation.id,
            case_number=found.case.number,
            to=conversation.email or "",
            at=mail.put_at,
            answers=found.answers,
            link=self._links(conversation, mail.put_at),
            language=conversation.locale,
            replies_to=self._addresses.of(conversation.id) if hears else None,
            heard=heard,
        )

    async def _send(self, mail: Outgoing, letter: Letter) -> None:
        try:
            async with kept(partial(self._renew, mail)):
                written = self._stationery.write(letter)
                sender = letter.replies_to or self._settings.sender
                await self._post.send(written, sender, letter.to)
        except MailError as error:
            await self._failed(mail, error)
            return
        except Exception as error:
            log.exception("mail_broke", mail=mail.id)
            await self._failed(mail, MailError(type(error).__name__))
            return
        async with self._store.work() as work:
            now = self._clock()
            await work.mails.done(mail, now)
            await work.timeline.record(mail.conversation_id, "answered_by_email", now, key=mail.id)
        log.info("mail_sent", conversation=mail.conversation_id, mail=mail.id)

    async def _renew(self, mail: Outgoing) -> None:
        async with self._store.work() as work:
            await work.mails.renew(mail, self._clock() + LEASE)

    async def _failed(self, mail: Outgoing, error: MailError) -> None:
        now = self._clock()
        final = isinstance(error, Refused) or now - mail.put_at > _GIVEN_UP_AFTER
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(mail.attempts, 10))
        if isinstance(error, NotOurs):
            pause = _MENDED_WITHIN
        async with self._store.work() as work:
            if final:
                await self._give_up(work, mail, error, now)
            else:
                await work.mails.postpone(mail, now + pause, str(error))
        log.warning(
            "mail_not_sent",
            mail=mail.id,
            attempt=mail.attempts + 1,
            final=final,
            settings_wrong=isinstance(error, NotOurs),
            error=type(error).__name__ if final else str(error),
        )

    async def _give_up(self, work: Work, mail: Outgoing, error: MailError, now: datetime) -> None:
        await work.conversations.get(mail.conversation_id)
        await work.mails.done(mail, now, str(error))
        await work.timeline.record(mail.conversation_id, "email_refused", now, key=mail.id)
        case = await work.cases.latest_of(mail.conversation_id)
        if case is not None:
            text = (
                f"The answer did not reach the customer by e-mail. {error}. It stands in the "
                "chat, if they come back there."
            )
            await tell_agents(work, case, "E-mail", text, f"mail:{mail.id}", now)
