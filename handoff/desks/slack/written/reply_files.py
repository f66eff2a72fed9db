"""The files of agents' replies, each on its own: one that cannot be sent ends no other."""

from collections.abc import Sequence

from handoff.case import Case, FileNotTaken, TakenBack
from handoff.casework.verbs import Casework
from handoff.desk import DeskError
from handoff.desks.slack.written.agent_files import AgentFiles, Attached, NotReadable
from handoff.desks.slack.written.courtesy import Courtesy
from handoff.desks.slack.written.differing import Differing
from handoff.desks.slack.written.keys import VIA, client_id, key_of_file
from handoff.desks.slack.written.said import Said
from handoff.ports import Store
from staff.account import Staff


class ReplyFiles:
    """Sends them, and tells the author by name which were not sent."""

    def __init__(
        self,
        files: AgentFiles,
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

    async def send(self, case: Case, agent: Staff, said: Said, key: str) -> None:
        """Send all that can be sent. Args: key: of the message that they came with.

        Raises: DeskError where another try may bring one more, nothing is told then; TakenBack
        where its author had deleted all there is of the message.
        """
        refused: list[tuple[Attached, str]] = []
        later: DeskError | None = None
        taken_back = 0
        for file in said.files:
            try:
                await self._send(case, agent, said, file, key)
            except TakenBack:
                taken_back += 1
            except (NotReadable, FileNotTaken) as error:
                refused.append((file, str(error)))
            except DeskError as error:
                later = error
        if later is not None:
            raise later
        if taken_back == len(said.files) and not said.text:
            raise TakenBack
        await self._show(said, refused)

    async def _send(self, case: Case, agent: Staff, said: Said, file: Attached, of: str) -> None:
        key, place = key_of_file(of, file), "" if said.text else said.place.ref
        content = await self._files.fetch(file)
        await self._casework.send_file(
            case.id, agent, file.name, content, key=key, via=VIA, place=place
        )

    async def missing(self, case: Case, said: Said, key: str) -> Sequence[Attached]:
        """The files that the customer has not got. Args: key: of the message."""
        ids = {file: client_id(key_of_file(key, file)) for file in said.files}
        async with self._store.read() as work:
            known = work.conversations.known
            return [f for f, one in ids.items() if await known(case.conversation_id, one) is None]

    async def _show(self, said: Said, refused: Sequence[tuple[Attached, str]]) -> None:
        if not refused:
            await self._differing.ends(said.place)
        elif not await self._differing.mark(said.place):
            await self._courtesy.not_sent(said.place)
        for file, why in refused:
            words = f"{file.name or 'The file'} was not sent: {why}."
            await self._courtesy.whisper(said.thread, said.user, words)
