"""What each kind of delivery shows at the desk, from the case as it stands when its turn comes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from conversation.clock import Clock
from conversation.masking import Mask
from conversation.messages import Message
from conversation.surveys import Survey
from handoff.briefing.card import Card, card_of
from handoff.briefing.masked import MaskRules, read_masked
from handoff.case import Case, CaseRef, Note
from handoff.delivery.boxes import Delivery, Entry, Notice
from handoff.desk import Act, CaseGone, Desk, Line
from handoff.ports import Store
from handoff.queue.groups import DeskRules, Group
from staff.account import Staff

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Seen:
    """A case, masked, with all that a delivery may need. `undone`: what its desk has not got."""

    mask: Mask
    case: Case
    messages: Sequence[Message]
    notes: Sequence[Note]
    undone: Sequence[Entry]
    survey: Survey | None
    suggested: Staff | None
    before: Case | None
    away: bool
    anew: bool = False

    def at(self, ref: CaseRef, opening: str) -> "_Seen":
        """The same, with the case standing there, opened by that delivery."""
        return replace(self, case=replace(self.case, ref=ref, opening=opening))

    @property
    def gone(self) -> "_Seen":
        """The same, with the case standing nowhere: it is opened anew."""
        return replace(self, case=replace(self.case, ref=None, opening=None), anew=True)


class Deliveries:
    """Shows cases at one desk. Raises, everywhere: DeskError."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        clock: Clock,
        site_url: str,
        rules: DeskRules,
        masks: MaskRules,
    ) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._site_url = site_url
        self._rules = rules
        self._masks = masks

    def ours(self, ref: CaseRef | None) -> CaseRef | None:
        """The reference, None where the case stands at no desk or at the one used before."""
        return ref if ref is not None and ref.startswith(f"{self._desk.name}:") else None

    async def deliver(self, entries: Sequence[Entry]) -> None:
        """Show what the entries ask for. Args: entries: of one case and kind, oldest first."""
        entry = entries[0]
        seen = await self._look(entry.case_id)
        if entry.kind is Delivery.ACT:
            await self._add_acts(seen, entries)
            return
        if self.ours(seen.case.ref) is None and not _opens(entry, seen.case):
            return
        try:
            await self._show(seen, entries)
        except CaseGone as gone:
            log.warning("case_gone_from_desk", case=seen.case.number, error=str(gone))
            if seen.case.status.open:
                await self._show(seen.gone, entries)

    async def _add_acts(self, seen: _Seen, entries: Sequence[Entry]) -> None:
        """Add what agents did to a case that stands here. Elsewhere, or gone, it is not opened for
        that alone: the card was updated before, and what was done stands on the timeline."""
        ref = self.ours(seen.case.ref)
        if ref is None:
            return
        acts = [Act(one.id, seen.mask(one.notice.text)) for one in entries if one.notice]
        try:
            await self._desk.add_acts(ref, acts, again=any(one.attempts > 0 for one in entries))
        except CaseGone as gone:
            log.warning("case_gone_from_desk", case=seen.case.number, error=str(gone))

    async def _show(self, seen: _Seen, entries: Sequence[Entry]) -> None:
        """Show the case where it does not stand, all that was said where that is missing, and then
        what is new."""
        entry = entries[0]
        ref = self.ours(seen.case.ref)
        if ref is None:
            again = entry.attempts > 0
            card = self._card(seen, _told(entry, seen))
            ref = await self._desk.open_case(card, key=entry.id, again=again)
            seen = await self._keep(seen, ref, entry)
        await self._tell(ref, seen, entry)
        await self._add(ref, seen, entries)

    async def _add(self, ref: CaseRef, seen: _Seen, entries: Sequence[Entry]) -> None:
        entry, again = entries[0], any(one.attempts > 0 for one in entries)
        if entry.kind is Delivery.UPDATE_CASE:
            await self._desk.update_case(ref, self._card(seen, seen.messages, seen.survey))
        elif entry.kind is Delivery.MOVE_CASE:
            card = self._card(seen, _shown(seen))
            moved = await self._desk.move_case(ref, card, key=entry.id, again=again)
            if moved != ref:
                await self._tell(moved, await self._keep(seen, moved, entry), entry)
        elif entry.notice is not None:
            notice = replace(entry.notice, text=seen.mask(entry.notice.text))
            await self._notify(ref, entry, notice, again=again)
        elif entry.kind is Delivery.RELAY:
            by_seq = {message.seq: message for message in seen.messages}
            lines = [Line(one.id, by_seq[one.seq]) for one in entries if one.seq is not None]
            await self._desk.relay(ref, lines, seen.case.customer, again=again)
            tokens = [f"[{token}]" for token in seen.mask.originals]
            if any(token in line.message.text for line in lines for token in tokens):
                await self._offer_what_is_masked(seen.case)

    async def _offer_what_is_masked(self, case: Case) -> None:
        """The card offers to show it, from now on at the latest."""
        async with self._store.work() as work:
            await work.outbox.put(case.id, Delivery.UPDATE_CASE, self._clock())

    async def _keep(self, seen: _Seen, ref: CaseRef, entry: Entry) -> _Seen:
        """Note at once where the case stands: agents may answer it from now on."""
        async with self._store.work() as work:
            await work.cases.set_ref(seen.case.id, ref, opening=entry.id)
        return seen.at(ref, entry.id)

    async def _tell(self, ref: CaseRef, seen: _Seen, entry: Entry) -> None:
        """Show what was said so far, unless it stands there."""
        key = seen.case.opening
        if key is None:
            return
        told, notes = _told(entry, seen), _noted(entry, seen)
        again = entry.attempts > 0 or key != entry.id
        await self._desk.tell(ref, self._card(seen, told), told, notes, key=key, again=again)
        async with self._store.work() as work:
            await work.cases.set_ref(seen.case.id, ref, opening=None)

    async def _notify(self, ref: CaseRef, entry: Entry, notice: Notice, *, again: bool) -> None:
        call: Staff | Group | None = None
        if notice.agent_id is not None:
            async with self._store.read() as work:
                call = await work.accounts.by_id(notice.agent_id)
        elif notice.group is not None:
            call = self._rules.group(notice.group)
        await self._desk.notify(
            ref, notice.text, call, aloud=notice.aloud, key=entry.id, again=again
        )

    async def _look(self, case_id: str) -> _Seen:
        async with self._store.read() as work:
            case = await work.cases.get(case_id)
            mask = self._masks.of_desk(self._desk.name)
            shown = await read_masked(work, mask, case)
            return _Seen(
                mask=mask,
                case=shown.case,
                messages=[message.on(self._site_url) for message in shown.messages],
                notes=await work.cases.notes(case.id),
                undone=await work.outbox.undone(case.id),
                survey=shown.survey,
                suggested=await work.accounts.by_id(case.route.suggested_id or ""),
                before=await work.cases.before(case),
                away=await work.receipts.wait(case.conversation_id),
            )

    def _card(self, seen: _Seen, messages: Sequence[Message], survey: Survey | None = None) -> Card:
        case = seen.case
        return card_of(
            case,
            messages,
            self._clock(),
            f"{self._site_url}/desk/cases/{case.id}",
            survey,
            group=self._rules.group(case.route.group),
            suggested=seen.suggested if case.agent_id is None else None,
            masked=bool(seen.mask.originals),
            before=seen.before,
            away=seen.away,
        )


def _opens(entry: Entry, case: Case) -> bool:
    return case.status.open or entry.kind is Delivery.OPEN_CASE


def _told(entry: Entry, seen: _Seen) -> Sequence[Message]:
    """The messages that stand beside the case from its beginning."""
    if _begins(entry, seen):
        return [message for message in seen.messages if message.seq <= seen.case.opened_seq]
    return _shown(seen)


def _begins(entry: Entry, seen: _Seen) -> bool:
    return entry.kind is Delivery.OPEN_CASE and not seen.anew


def _noted(entry: Entry, seen: _Seen) -> Sequence[Note]:
    """The private notes that stand where the case stood before, and that no notice still brings."""
    if _begins(entry, seen):
        return ()
    to_come = [
        other.notice.text
        for other in seen.undone
        if other.notice is not None and other.kind is Delivery.NOTICE
    ]
    return [
        replace(note, text=seen.mask(note.text))
        for note in seen.notes
        if not any(text.endswith(note.text) for text in to_come)
    ]


def _shown(seen: _Seen) -> Sequence[Message]:
    """The messages that no delivery still brings by itself."""
    to_come = {other.seq for other in seen.undone}
    return [message for message in seen.messages if message.seq not in to_come]
