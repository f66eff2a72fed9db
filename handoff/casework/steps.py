"""The steps that the verbs of casework have in common."""

from conversation.clock import Clock
from conversation.conversation import Conversation
from conversation.events import CaseClaimed, CaseReopened, Event
from conversation.messages import Author, Draft, Link, Message
from conversation.responder import NotPossible, Responder, after
from conversation.survey_rules import SurveyRules
from handoff.briefing.masked import MaskRules
from handoff.case import AlreadyClaimed, Case, CaseClosed, CaseError
from handoff.casework.happenings import Detail, Happening, act_of
from handoff.casework.note_mark import may_be_note
from handoff.delivery.boxes import Delivery, Notice
from handoff.ports import Store, Work
from handoff.queue.groups import DeskRules
from staff.account import Role, Staff

MAX_TEXT = 4000

_MAY_BE_NOTE = (
    "Nothing was sent: this, or a line of it, begins with the mark of a private note (;; or a "
    "lock). Write the note by itself, or the reply without the mark."
)


class Steps:
    """What every group of verbs is built on."""

    def __init__(
        self,
        store: Store,
        desk_name: str,
        clock: Clock,
        rules: SurveyRules | None = None,
        desk_rules: DeskRules | None = None,
        masks: MaskRules | None = None,
    ) -> None:
        self._store = store
        self._desk_name = desk_name
        self._clock = clock
        self._rules = rules or SurveyRules()
        self._desk_rules = desk_rules or DeskRules()
        self._masks = masks or MaskRules()

    async def _take(
        self,
        work: Work,
        conversation: Conversation,
        case: Case,
        agent: Staff,
        assigned_by: Staff | None = None,
        by_rule: bool = False,
        plain: bool = False,
    ) -> None:
        """Make the agent the owner in place of whoever is, and tell the customer their name.

        Args: assigned_by: who gave it to the agent. by_rule: the rules of the desk did. plain: as
            `_record` has it.
        """
        now = self._clock()
        if not await work.cases.claim(case.id, agent.id, now, owner=case.agent_id):
            raise AlreadyClaimed(case.agent)
        if conversation.responder is not Responder.AGENT:
            responder = moved(conversation, CaseClaimed(agent.id))
            await work.conversations.move(conversation.id, responder, now)
        await self._tell(work, case, _now_with(agent, assigned_by, by_rule=by_rule))
        if assigned_by is None and not by_rule:
            await self._record(work, case, "claimed", agent, plain=plain)
        else:
            to, owner = agent.name, case.agent
            await self._record(work, case, "assigned", assigned_by, to=to, owner=owner)

    async def _go_on(
        self, work: Work, conversation: Conversation, case: Case, agent: Staff
    ) -> None:
        """Open the closed case again for this agent, with what was said since it was closed."""
        now = self._clock()
        await work.cases.reopen(case.id, agent.id, now)
        responder = moved(conversation, CaseReopened())
        await work.conversations.move(conversation.id, responder, now)
        known = await work.outbox.relayed(case.id)  # a thank-you after the end is there already
        for message in await work.conversations.transcript(conversation.id, case.closed_seq or 0):
            if message.author is not Author.SYSTEM and message.seq not in known:
                await work.outbox.put(case.id, Delivery.RELAY, now, seq=message.seq)
        await self._tell(work, case, f"{agent.name} has joined the chat.")
        await self._record(work, case, "reopened", agent)

    async def _say(
        self,
        work: Work,
        case: Case,
        agent: Staff,
        text: str,
        client_id: str | None = None,
        buttons: tuple[Link, ...] = (),
    ) -> Message:
        now = self._clock()
        owner = case.agent if case.agent_id not in (None, agent.id) else None
        draft = Draft(
            Author.AGENT,
            text,
            name=agent.name,
            client_id=client_id,
            staff_id=agent.id,
            helping=owner,
            buttons=buttons,
        )
        await work.cases.replied(case.id, now)
        message = await work.conversations.append(case.conversation_id, draft, now)
        if (await work.conversations.get(case.conversation_id)).email is not None:
            await work.mails.put(case.conversation_id, message.seq, now)
        return message

    async def _tell(
        self, work: Work, case: Case, text: str, client_id: str | None = None
    ) -> Message:
        draft = Draft(Author.SYSTEM, text, client_id=client_id)
        return await work.conversations.append(case.conversation_id, draft, self._clock())

    async def _echo(self, work: Work, case: Case, message: Message, via: str) -> None:
        """Show what was said where the case is worked on, unless it was written there."""
        if via != self._desk_name:
            await work.outbox.put(case.id, Delivery.RELAY, self._clock(), seq=message.seq)

    async def _share_note(
        self, work: Work, case_id: str, agent: Staff, text: str, via: str
    ) -> None:
        """Show a private note where the case is worked on, unless it was written there."""
        if via != self._desk_name:
            notice = Notice(f"Private note by {agent.name}: {text}")
            await work.outbox.put(case_id, Delivery.NOTICE, self._clock(), notice=notice)

    async def _record(
        self,
        work: Work,
        case: Case,
        kind: str,
        actor: Staff | None,
        *,
        plain: bool = False,
        **detail: str | int | None,
    ) -> None:
        """Leave on the timeline who did it, and show at the desk the case as it stands now, and
        what was done. Args: plain: what stands beside the case says already what was done."""
        now = self._clock()
        facts: Detail = {"case": case.number, "agent": actor.name if actor else None, **detail}
        await work.timeline.record(case.conversation_id, kind, now, key=None, **facts)
        await work.outbox.put(case.id, Delivery.UPDATE_CASE, now)
        act = act_of(Happening(kind, now, facts), self._desk_rules.zone)
        if act is not None and not plain:
            await work.outbox.put(case.id, Delivery.ACT, now, notice=Notice(act))


async def hold(work: Work, case_id: str) -> tuple[Conversation, Case]:
    """The case and its conversation, locked. Raises: UnknownCase."""
    # Everybody locks the conversation first and its case after it, so that nobody waits in a ring.
    conversation_id = await work.cases.conversation_of(case_id)
    conversation = await work.conversations.get(conversation_id)
    return conversation, await work.cases.get(case_id)


def moved(conversation: Conversation, event: Event) -> Responder:
    """Who answers after the event. Raises: CaseError where it is not possible."""
    try:
        return after(conversation.responder, event)
    except NotPossible as error:
        raise CaseError(f"{error}. Reload the case to see how it stands.") from error


def _now_with(agent: Staff, assigned_by: Staff | None, *, by_rule: bool) -> str:
    """Whose chat it is now, to the customer: joined has who did so, not who was given a case."""
    if by_rule:
        return f"Your chat was passed on to {agent.name}."
    if assigned_by is None or assigned_by.id == agent.id:
        return f"{agent.name} has joined the chat."
    return f"{assigned_by.name} has passed your chat on to {agent.name}."


def check_agent(agent: Staff) -> None:
    """Raises: CaseError where the person is no agent."""
    if Role.AGENT not in agent.roles:
        raise CaseError("Only agents can work on cases. Ask an admin for the agent role.")


def check_text(text: str) -> str:
    """The text as it can be sent. Raises: CaseError."""
    text = text.replace("\0", "").strip()
    if not text:
        raise CaseError("There is nothing to send. Write something first.")
    if len(text) > MAX_TEXT:
        raise CaseError(f"This is {len(text)} characters long; at most {MAX_TEXT} can be sent.")
    return text


def check_reply(text: str) -> str:
    """The text as it can be sent to the customer. Raises: CaseError, also where a private note may
    have been meant: whoever writes notes with a mark may write one in the wrong field."""
    text = check_text(text)
    if may_be_note(text):
        raise CaseError(_MAY_BE_NOTE)
    return text


def still_open(case: Case) -> Case:
    """The case. Raises: CaseClosed."""
    if not case.status.open:
        raise CaseClosed(case.status)
    return case
