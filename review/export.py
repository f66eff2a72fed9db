"""One conversation with everything that is known of it, as plain data."""

from dataclasses import asdict
from typing import Any

from store.store import SqlStore


async def export_conversation(store: SqlStore, conversation_id: str) -> dict[str, Any]:
    """All that is known of a conversation, its cases each with their notes, ready for JSON.

    Raises: UnknownConversation.
    """
    async with store.read() as work:
        conversation = await work.conversations.get(conversation_id)
        messages = await work.conversations.transcript(conversation_id)
        before = await work.revisions.versions(conversation_id)
        turns = await work.turns.of(conversation_id)
        timeline = await work.timeline.of(conversation_id)
        cases = [await work.cases.get(one) for one in await work.review.cases(conversation_id)]
        notes = {case.id: await work.cases.notes(case.id) for case in cases}
        surveys = await work.surveys.of(conversation_id)
    return {
        "conversation": _plain(asdict(conversation)),
        "messages": [
            {
                **_plain(asdict(message)),
                "before": [_plain(asdict(version)) for version in before.get(message.seq, ())],
            }
            for message in messages
        ],
        "turns": [
            {
                **_plain(asdict(one.turn)),
                "effort": one.effort.rounded,
                "reasons": list(one.effort.reasons),
                "step": one.decision.step.value,
                "handoff_reason": one.decision.reason.value if one.decision.reason else None,
            }
            for one in turns
        ],
        "timeline": [_plain(asdict(happening)) for happening in timeline],
        "cases": [
            {**_plain(asdict(case)), "notes": [_plain(asdict(note)) for note in notes[case.id]]}
            for case in cases
        ],
        "surveys": [_plain(asdict(survey)) for survey in surveys],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items() if key != "embedding"}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, set | frozenset):
        return sorted(str(inner) for inner in value)
    return value.isoformat() if hasattr(value, "isoformat") else value
