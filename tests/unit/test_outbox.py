"""Deliveries reach the desk once and in order, whoever fails, stops or is there twice."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.clock import Clock, utc_now
from conversation.messages import Author, Draft, Message
from conversation.reasons import HandoffReason
from handoff import leases
from handoff.briefing.card import Card
from handoff.case import Briefing, Case, CaseRef, CaseStatus, Note
from handoff.delivery import outbox
from handoff.delivery.boxes import Delivery, Notice
from handoff.delivery.outbox import Dispatcher
from handoff.desk import Act, DeskError, Line
from handoff.digests.digests import Digest
from handoff.queue.groups import Group
from staff.account import Role, Staff
from store.database import connect, transaction
from store.live import LocalLive
from store.store import SqlStore
from store.tables import OutboxRow
from tests.desks.site import eventually
from tests.unit.staff_site import MovableClock


class Board:
    """A desk that notes what it is given; it takes its time, and fails with `errors` first.

    Nothing is taken while `gate` is not set, and no act while `acts_gate` is not.
    """

    name = "board"

    def __init__(self, *errors: Exception, takes_s: float = 0.0) -> None:
        self.errors = list(errors)
        self.takes_s = takes_s
        self.gate = asyncio.Event()
        self.gate.set()
        self.acts_gate = asyncio.Event()
        self.acts_gate.set()
        self.asked = 0
        self.cards = 0
        self.posts = 0
        self.shown: list[str] = []

    async def open_case(self, card: Card, *, key: str, again: bool) -> CaseRef:
        await self._take()
        self.cards += 1
        return CaseRef(f"board:{card.case.id}")

    async def tell(
        self,
        ref: CaseRef,
        card: Card,
        transcript: Sequence[Message],
        notes: Sequence[Note],
        *,
        key: str,
        again: bool,
    ) -> None:
        await self._take()
        self.shown.append(f"case with {[message.text for message in transcript]}")

    async def update_case(self, ref: CaseRef, card: Card) -> None:
        await self._take()
        self.shown.append(f"update of {ref.split(':')[0]}")

    async def relay(
        self, ref: CaseRef, lines: Sequence[Line], customer: str, *, again: bool
    ) -> None:
        await self._take()
        self.posts += 1
        self.shown += [line.message.text for line in lines]

    async def move_case(self, ref: CaseRef, card: Card, *, key: str, again: bool) -> CaseRef:
        await self._take()
        self.shown.append(f"moved to {card.group.name if card.group else None}")
        return CaseRef(f"{ref}:moved")

    async def notify(
        self,
        ref: CaseRef,
        text: str,
        call: Staff | Group | None,
        *,
        aloud: bool,
        key: str,
        again: bool,
    ) -> None:
        await self._take()
        self.shown.append(f"{'aloud ' * aloud}{call.name if call else 'nobody'}: {text}")

    async def add_acts(self, ref: CaseRef, acts: Sequence[Act], *, again: bool) -> None:
        await self.acts_gate.wait()
        self.posts += 1
        self.shown += [act.text for act in acts]

    async def publish(self, digest: Digest, channel: str, *, key: str, again: bool) -> None:
        await self._take()

    async def _take(self) -> None:
        self.asked += 1
        await asyncio.sleep(self.takes_s)
        await self.gate.wait()
        if self.errors:
            raise self.errors.pop(0)


@asynccontextmanager
async def dispatching(store: SqlStore, desk: Board, clock: Clock = utc_now) -> AsyncIterator[None]:
    dispatcher = Dispatcher(store, desk, LocalLive(), clock, "http://shop.example")
    running = asyncio.create_task(dispatcher.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait({running})


async def opened(
    store: SqlStore, *texts: str, ref: str | None = None, visitor: str = "visitor"
) -> Case:
    """A case whose customer wrote `texts` since. With `ref`, a desk has the case already."""
    now = utc_now()
    briefing = Briefing("Ada Demo", "A parcel that is late", "where is it")
    async with store.work() as work:
        talk = await work.conversations.start(visitor, "demo-ada", now)
        case = await work.cases.open(talk.id, HandoffReason.ASKED, briefing, now, opened_seq=0)
        if ref is None:
            await work.outbox.put(case.id, Delivery.OPEN_CASE, now)
        else:
            await work.cases.set_ref(case.id, CaseRef(ref), opening=None)
    for text in texts:
        await says(store, case, text)
    return case


async def says(store: SqlStore, case: Case, text: str, *, relayed: bool = True) -> None:
    async with store.work() as work:
        draft = Draft(Author.CUSTOMER, text, client_id=text)
        message = await work.conversations.append(case.conversation_id, draft, utc_now())
        if relayed:
            await work.outbox.put(case.id, Delivery.RELAY, utc_now(), seq=message.seq)


async def tells(store: SqlStore, case: Case, text: str) -> None:
    async with store.work() as work:
        await work.outbox.put(case.id, Delivery.NOTICE, utc_now(), notice=Notice(text))


async def acts(store: SqlStore, case: Case, text: str) -> None:
    async with store.work() as work:
        await work.outbox.put(case.id, Delivery.ACT, utc_now(), notice=Notice(text))


@asynccontextmanager
async def session_on(database: str) -> AsyncIterator[AsyncSession]:
    engine = connect(database)
    async with transaction(engine, writes=True) as session:
        yield session
    await engine.dispose()


async def entry_where(database: str, condition: ColumnElement[bool]) -> OutboxRow | None:
    """The first outbox row that is like this, or None."""
    async with session_on(database) as session:
        return (await session.scalars(select(OutboxRow).where(condition))).first()


async def shows(desk: Board, *expected: str) -> None:
    """Wait until the desk shows as much as is expected, and a moment for more than that."""

    async def enough() -> bool:
        return len(desk.shown) >= len(expected)

    await eventually(enough)
    await asyncio.sleep(0.2)
    assert desk.shown == list(expected)


async def parks(store: SqlStore, times: int = 1) -> None:
    """Wait until so many deliveries are parked."""

    async def parked() -> bool:
        async with store.read() as work:
            return await work.outbox.parked() == times

    await eventually(parked)


def gone() -> DeskError:
    return DeskError("no such channel", permanent=True)


async def test_what_is_parked_is_tried_again_at_once_when_the_app_starts(store: SqlStore):
    await opened(store, "one", "two")
    async with dispatching(store, Board(gone())):
        await parks(store)
    mended = Board()
    async with dispatching(store, mended):
        await shows(mended, "case with []", "one", "two")
    await parks(store, 0)


async def test_what_is_parked_is_tried_again_by_and_by(store: SqlStore, monkeypatch):
    monkeypatch.setattr(outbox, "_PARKED_FOR", timedelta(seconds=0.5))
    case = await opened(store, "one", ref="board:1")
    async with store.work() as work:
        await work.outbox.put(case.id, Delivery.UPDATE_CASE, utc_now())
    desk = Board(gone())
    async with dispatching(store, desk):
        await shows(desk, "one", "update of board")


async def test_lines_that_wait_are_shown_in_one_go(store: SqlStore):
    await opened(store, "one", "two", "three")
    desk = Board()
    async with dispatching(store, desk):
        await shows(desk, "case with []", "one", "two", "three")
    assert desk.posts == 1


async def test_no_line_of_a_case_overtakes_one_that_the_desk_did_not_take(store: SqlStore):
    case = await opened(store, "one", ref="board:1")
    other = await opened(store, ref="board:2", visitor="other")
    desk = Board(gone())
    async with dispatching(store, desk):
        await parks(store)
        await says(store, case, "two")
        await tells(store, case, "hurry")
        await says(store, other, "elsewhere")
        await shows(desk, "elsewhere")
    mended = Board()
    async with dispatching(store, mended):
        await shows(mended, "one", "two", "nobody: hurry")


async def test_a_line_that_alone_is_not_taken_keeps_no_other_back(store: SqlStore):
    case = await opened(store, "one", ref="board:1")
    desk = Board(DeskError("too long", permanent=True, alone=True))
    async with dispatching(store, desk):
        await parks(store)
        await says(store, case, "two")
        await shows(desk, "two")


async def test_a_card_that_cannot_be_moved_keeps_no_line_back(store: SqlStore):
    case = await opened(store, ref="board:1")
    async with store.work() as work:
        await work.outbox.put(case.id, Delivery.MOVE_CASE, utc_now())
    await says(store, case, "one")
    desk = Board(gone())
    async with dispatching(store, desk):
        await shows(desk, "one")


async def test_lines_that_were_parked_together_come_one_by_one(store: SqlStore):
    await opened(store, "one", "two", ref="board:1")
    async with dispatching(store, Board(DeskError("too long", permanent=True, alone=True))):
        await parks(store, 2)
    desk = Board()
    async with dispatching(store, desk):
        await shows(desk, "one", "two")
    assert desk.posts == 2


async def test_an_act_keeps_nothing_back_and_those_that_wait_are_one_post(store: SqlStore):
    case = await opened(store, ref="board:1")
    for text in ("claimed", "urgent", "snoozed"):
        await acts(store, case, text)
    await says(store, case, "one")
    desk = Board()
    desk.acts_gate.clear()
    async with dispatching(store, desk):
        await shows(desk, "one")
        await says(store, case, "two")
        await shows(desk, "one", "two")
        desk.acts_gate.set()
        await shows(desk, "one", "two", "claimed", "urgent", "snoozed")
    assert desk.posts == 3


async def test_lines_with_an_act_between_them_are_one_post(store: SqlStore):
    case = await opened(store, "one", ref="board:1")
    await acts(store, case, "claimed")
    await says(store, case, "two")
    desk = Board()
    async with dispatching(store, desk):
        await shows(desk, "one", "two", "claimed")
    assert desk.posts == 2


async def test_an_act_waits_until_its_case_is_shown(store: SqlStore):
    case = await opened(store)
    await acts(store, case, "claimed")
    async with dispatching(store, Board(gone())):
        await parks(store)
    desk = Board()
    async with dispatching(store, desk):
        await shows(desk, "case with []", "claimed")


async def test_a_case_of_another_desk_is_opened_here_also_where_an_act_waits(store: SqlStore):
    case = await opened(store, ref="browser:1")
    await acts(store, case, "claimed")
    desk = Board()
    async with dispatching(store, desk):
        await shows(desk, "case with []", "update of board")


async def test_edits_that_wait_are_one_edit(store: SqlStore):
    case = await opened(store, ref="board:1")
    async with store.work() as work:
        for _ in range(3):
            await work.outbox.put(case.id, Delivery.UPDATE_CASE, utc_now())
    desk = Board()
    async with dispatching(store, desk):
        await shows(desk, "update of board")


async def test_however_often_it_was_tried_it_is_tried_again_within_a_minute(
    store: SqlStore, database: str
):
    await opened(store)
    async with session_on(database) as session:
        await session.execute(update(OutboxRow).values(attempts=5_000))
    desk = Board(DeskError("busy"))
    async with dispatching(store, desk):
        tried = await eventually(lambda: entry_where(database, OutboxRow.error.is_not(None)))
    assert tried.error == "busy"
    assert timedelta(seconds=50) < tried.due_at - utc_now() <= timedelta(minutes=1)


async def test_two_processes_on_one_database_deliver_once(store: SqlStore):
    await opened(store, "one", "two", "three")
    desk = Board(takes_s=0.1)
    async with dispatching(store, desk), dispatching(store, desk):
        await shows(desk, "case with []", "one", "two", "three")


async def test_a_slow_delivery_keeps_its_claim(store: SqlStore, database: str, monkeypatch):
    monkeypatch.setattr(leases, "_RENEW_EVERY_S", 0.05)
    monkeypatch.setattr(outbox, "_IDLE_S", 0.05)  # both look all the time
    await opened(store)
    desk, clock = Board(), MovableClock()
    desk.gate.clear()
    half = leases.LEASE / 2
    async with dispatching(store, desk, clock), dispatching(store, desk, clock):
        for _ in range(3):
            await eventually(lambda: entry_where(database, OutboxRow.due_at > clock() + half))
            clock.ahead += half
        assert desk.asked == 1
        desk.gate.set()
        await shows(desk, "case with []")
    assert desk.cards == 1


async def test_what_a_killed_process_was_at_is_tried_again_after_its_lease(
    store: SqlStore, database: str, monkeypatch
):
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=0.5))
    await opened(store, "one")
    async with dispatching(store, Board(takes_s=60)):
        await eventually(lambda: entry_where(database, OutboxRow.attempts > 0))
    desk = Board()
    async with dispatching(store, desk):
        await shows(desk, "case with []", "one")


async def test_a_case_of_another_desk_is_opened_here_and_goes_on(store: SqlStore):
    case = await opened(store, ref="browser:1")
    await says(store, case, "shown there", relayed=False)
    await says(store, case, "one")
    await says(store, case, "two")
    desk = Board(DeskError("busy"))
    async with dispatching(store, desk):
        await shows(desk, "case with ['shown there']", "one", "two")


async def test_a_waiting_case_of_another_desk_is_opened_here_without_waiting_for_news(
    store: SqlStore,
):
    case = await opened(store, ref="browser:1")
    desk = Board()
    async with dispatching(store, desk):
        await shows(desk, "case with []", "update of board")
    async with dispatching(store, desk):
        await shows(desk, "case with []", "update of board")
    async with store.read() as work:
        assert (await work.cases.get(case.id)).ref == f"board:{case.id}"


async def test_a_closed_case_of_another_desk_is_left_alone(store: SqlStore, database: str):
    case = await opened(store, "one", ref="browser:1")
    async with store.work() as work:
        await work.cases.end(case.id, CaseStatus.RESOLVED, utc_now())
    desk = Board()
    async with dispatching(store, desk):
        await eventually(lambda: entry_where(database, OutboxRow.done_at.is_not(None)))
    assert desk.shown == []


async def test_of_an_unknown_error_only_its_kind_is_kept(store: SqlStore, database: str):
    await opened(store)
    async with dispatching(store, Board(RuntimeError("my card number is 4111"))):
        tried = await eventually(lambda: entry_where(database, OutboxRow.error.is_not(None)))
    assert tried.error == "RuntimeError"


async def test_notices_and_moves_keep_their_place_among_the_lines(store: SqlStore):
    desk = Board()
    case = await opened(store, "one", ref="board:here")
    async with store.work() as work:
        nia = await work.accounts.save("nia@example.com", "Nia", [Role.AGENT], "-", utc_now())
        for notice in (
            Notice("hurry", agent_id=nia.id),
            Notice("late", group="support", aloud=True),
            Notice("mail bounced"),
        ):
            await work.outbox.put(case.id, Delivery.NOTICE, utc_now(), notice=notice)
        await work.outbox.put(case.id, Delivery.MOVE_CASE, utc_now())
    await says(store, case, "two")
    async with dispatching(store, desk):
        await shows(
            desk, "one", "Nia: hurry", "aloud Support: late", "nobody: mail bounced",
            "moved to Support", "case with ['one']", "two",
        )  # fmt: skip
    async with store.read() as work:
        assert (await work.cases.get(case.id)).ref == "board:here:moved"
        assert await work.cases.by_ref(CaseRef("board:here")) is None
        former = await work.cases.by_former_ref(CaseRef("board:here"))
    assert former is not None
    assert former.id == case.id


async def test_what_agents_are_told_survives_a_desk_that_is_down(store: SqlStore):
    desk = Board(DeskError("down"))
    case = await opened(store, ref="board:here")
    async with store.work() as work:
        await work.outbox.put(case.id, Delivery.NOTICE, utc_now(), notice=Notice("hurry"))
    async with dispatching(store, desk):
        await shows(desk, "nobody: hurry")
