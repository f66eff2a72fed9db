"""Look behind a mask: audited, for one value or one message at a time."""

from collections.abc import Mapping

from conversation.sensitive import Kind
from handoff.case import CaseError
from handoff.casework_steps import Steps, check_agent, hold
from handoff.masked import read_masked
from staff.account import Staff


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
        name = what.strip().strip("[]").upper()
        async with self._store.work() as work:
            _, case = await hold(work, case_id)
            if name.isdecimal():
                messages = await work.conversations.transcript(case.conversation_id)
                said = next((m for m in messages if str(m.seq) == name), None)
                if said is None or not said.text:
                    raise CaseError(f"There is no message {name} to show in this conversation.")
                await self._record(work, case, "revealed", actor, of="message", which=name)
                return said.text
            mask = self._masks.of_everything()
            await read_masked(work, mask, case)
            kind, text = mask.originals.get(name, (Kind.SECRET, ""))
            if not text:
                raise CaseError(f"Nothing is masked as {name[:40]} in this case.")
            await self._record(work, case, "revealed", actor, of=kind.value, which=name)
            return text
