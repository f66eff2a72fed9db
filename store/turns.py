"""Annotated customer turns."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from conversation.annotated import AnnotatedTurn
from conversation.effort import Effort
from conversation.policy import Decision, Step
from conversation.reasons import HandoffReason
from conversation.turns import Signal, Turn
from store.tables import TurnRow


class TurnRows:
    """Satisfies `handoff.ports.Turns`, and stores what the actions conclude."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(
        self, conversation_id: str, since: datetime | None = None
    ) -> Sequence[AnnotatedTurn]:
        """The turns, oldest first; with `since`, those from that moment on."""
        query = select(TurnRow).where(TurnRow.conversation_id == conversation_id)
        if since is not None:
            query = query.where(TurnRow.at >= since)
        rows = await self._session.scalars(query.order_by(TurnRow.at, TurnRow.message_id))
        return [_turn(row) for row in rows]

    async def by_conversation(
        self, since: datetime | None = None
    ) -> Mapping[str, Sequence[AnnotatedTurn]]:
        """The turns of every conversation, oldest first; with `since`, those from then on."""
        query = select(TurnRow).order_by(TurnRow.at, TurnRow.message_id)
        if since is not None:
            query = query.where(TurnRow.at >= since)
        found: dict[str, list[AnnotatedTurn]] = {}
        for row in await self._session.scalars(query):
            found.setdefault(row.conversation_id, []).append(_turn(row))
        return found

    async def offered(self, message_id: str) -> None:
        """Note that a person was offered after this message."""
        await self._session.execute(
            update(TurnRow).where(TurnRow.message_id == message_id).values(offered=True)
        )

    async def save(self, conversation_id: str, annotated: AnnotatedTurn) -> None:
        """Store the turn; the same message again replaces what was concluded from it."""
        turn, effort, decision = annotated.turn, annotated.effort, annotated.decision
        await self._session.merge(
            TurnRow(
                message_id=turn.message_id,
                conversation_id=conversation_id,
                at=turn.at,
                text=turn.text,
                intent=turn.intent,
                confidence=turn.confidence,
                entities=sorted(turn.entities),
                embedding=turn.embedding,
                frustration=turn.frustration,
                replies=list(turn.replies),
                happened=sorted(signal.value for signal in turn.happened),
                signals={signal.value: strength for signal, strength in turn.signals.items()},
                offered=turn.offered,
                in_form=turn.in_form,
                sooner=turn.sooner,
                score=effort.score,
                reasons=list(effort.reasons),
                weights=effort.version,
                step=decision.step.value,
                handoff_reason=decision.reason.value if decision.reason else None,
                shadow_score=annotated.shadow.score if annotated.shadow else None,
                shadow_weights=annotated.shadow.version if annotated.shadow else None,
            )
        )
        await self._session.flush()


def _turn(row: TurnRow) -> AnnotatedTurn:
    turn = Turn(
        message_id=row.message_id,
        at=row.at,
        text=row.text,
        intent=row.intent,
        confidence=row.confidence,
        entities=frozenset(row.entities),
        embedding=row.embedding,
        frustration=row.frustration,
        replies=tuple(row.replies),
        happened=frozenset(Signal(name) for name in row.happened),
        signals={Signal(name): strength for name, strength in row.signals.items()},
        offered=row.offered,
        in_form=row.in_form,
        sooner=row.sooner,
    )
    reason = HandoffReason(row.handoff_reason) if row.handoff_reason else None
    return AnnotatedTurn(
        turn=turn,
        effort=Effort(score=row.score, reasons=tuple(row.reasons), version=row.weights),
        decision=Decision(Step(row.step), reason),
        shadow=_shadow(row),
    )


def _shadow(row: TurnRow) -> Effort | None:
    if row.shadow_score is None or row.shadow_weights is None:
        return None
    return Effort(score=row.shadow_score, reasons=(), version=row.shadow_weights)
