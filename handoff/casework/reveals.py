"""Look behind a mask: audited, for one value or one message at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from conversation.sensitive import Kind
from handoff.briefing.masked import read_masked
from handoff.case import Case, CaseError
from handoff.casework.steps import Steps, check_agent, hold
from handoff.ports import Work
from staff.account import Staff


@dataclass(frozen=True, slots=True)
class _Behind:
    """What stands behind a mask. `of`: which kind of thing it is."""

    name: str
    of: str
    text: str = field(repr=False)


class Reveals(Steps):
    """Reveal, and what there is to reveal."""

    async def hidden(self, case_id: str) -> Mapping[str, Kind]:
        """What is masked in the case at the chosen desk: the kind by token. Raises: UnknownCase."""
        mask = self._masks.of_desk(self._desk_name)
        async with self._store.read() as work:
            await read_masked(work, mask, await work.cases.get(case_id))
        return {token: kind for token, (kind, _) in mask.originals.items()}

    async def reveal(self, case_id: str, actor: Staff, what: str) -> str:
        """What is masked. Who looked at which kind of thing is left on the timeline, not the text.

        Args: what: a token, "[CARD_1]" or "CARD_1"; or the `seq` of a message, for all of it.
        Raises: CaseError where there is nothing of that name.
        """
        check_agent(actor)
        async with self._store.work() as work:
            _, case = await hold(work, case_id)
            found = await self._behind(work, case, what)
            await self._record(work, case, "revealed", actor, of=found.of, which=found.name)
        return found.text

    async def revealed(self, case_id: str, what: str) -> str:
        """What was masked, for a desk that brings what an agent has revealed: that is noted.

        Args: what: as `reveal` has it. Raises: CaseError where it is there no more.
        """
        async with self._store.read() as work:
            return (await self._behind(work, await work.cases.get(case_id), what)).text

    async def _behind(self, work: Work, case: Case, what: str) -> _Behind:
        name = what.strip().strip("[]").upper()
        if name.isdecimal():
            messages = await work.conversations.transcript(case.conversation_id)
            said = next((m for m in messages if str(m.seq) == name), None)
            if said is None or not said.text:
                raise CaseError(f"There is no message {name} to show in this conversation.")
            return _Behind(name, "message", said.text)
        mask = self._masks.of_everything()
        await read_masked(work, mask, case)
        kind, text = mask.originals.get(name, (Kind.SECRET, ""))
        if not text:
            raise CaseError(f"Nothing is masked as {name[:40]} in this case.")
        return _Behind(name, kind.value, text)
