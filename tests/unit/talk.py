"""Conversations of which a test decides every turn."""

from dataclasses import dataclass, field

from conversation.annotated import AnnotatedTurn
from conversation.clock import utc_now
from conversation.effort import Effort
from conversation.messages import Author, Draft
from conversation.outcome import Outcome
from conversation.policy import Decision, Step
from conversation.reasons import HandoffReason
from conversation.turns import Signal, Turn
from handoff.case import Case
from tests.unit.staff_site import StaffSite


@dataclass
class Talk:
    """A conversation of which a test decides every turn."""

    site: StaffSite
    id: str
    turns: list[AnnotatedTurn] = field(default_factory=list)

    async def says(
        self,
        text: str,
        score: float = 12,
        *,
        intent: str | None = "order_status",
        signals: tuple[Signal, ...] = (),
        reasons: tuple[str, ...] = (),
        decision: Decision | None = None,
    ) -> None:
        """A customer message and what was concluded from it."""
        async with self.site.site.store.work() as work:
            draft = Draft(Author.CUSTOMER, text)
            message = await work.conversations.append(self.id, draft, utc_now())
            found = dict.fromkeys(signals, 1.0)
            followed = decision or Decision(Step.GO_ON)
            offered = followed.step is Step.OFFER
            turn = Turn(message.id, message.at, text, intent, 0.87, signals=found, offered=offered)
            effort = Effort(score, reasons, "1")
            annotated = AnnotatedTurn(turn, effort, followed)
            await work.turns.save(self.id, annotated)

    async def closes(self, outcome: Outcome) -> None:
        """The conversation ends."""
        async with self.site.site.store.work() as work:
            await work.conversations.close(self.id, outcome, utc_now())

    async def needs_a_person(self, reason: HandoffReason) -> Case:
        """A case is opened."""
        return await self.site.site.handoffs.request(self.id, reason)

    @property
    def path(self) -> str:
        """Its page."""
        return f"/review/conversations/{self.id}"


async def talk_with(site: StaffSite, name: str) -> Talk:
    """A conversation of a new customer."""
    customer = await site.site.customer(name)
    return Talk(site, customer.conversation_id)


async def struggle(site: StaffSite) -> tuple[Talk, Case]:
    """A conversation in which effort grows until a person is brought in."""
    talk = await talk_with(site, "Ada")
    await talk.says("where is my parcel", 12)
    await talk.says("no, my parcel", 47, signals=(Signal.CORRECTED, Signal.REPHRASED),
                    decision=Decision(Step.OFFER))  # fmt: skip
    await talk.says(
        "you don't get it",
        71,
        intent=None,
        signals=(Signal.NOT_UNDERSTOOD,),
        reasons=("had to correct the assistant", "was not understood"),
        decision=Decision(Step.HAND_OFF, HandoffReason.EFFORT),
    )
    return talk, await talk.needs_a_person(HandoffReason.EFFORT)
