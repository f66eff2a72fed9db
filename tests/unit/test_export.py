"""The export of a conversation leaves nothing out, on SQLite and PostgreSQL."""

import json

from conversation.clock import utc_now
from conversation.messages import Author, Draft
from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from conversation.surveys import FollowUp, SurveyKind
from handoff.case import Briefing, CaseStatus
from review.export import export_conversation
from store.store import SqlStore


async def test_every_case_comes_with_its_own_notes(store: SqlStore) -> None:
    now, briefing = utc_now(), Briefing(customer="Ada", goal="", quote="")
    async with store.work() as work:
        one = (await work.conversations.start("visitor", None, now)).id
        await work.conversations.append(one, Draft(Author.CUSTOMER, "hello"), now)
        first = await work.cases.open(one, HandoffReason.ASKED, briefing, now, opened_seq=1)
        await work.cases.note(first.id, "Ruth", "Ask the warehouse", "1", now)
        await work.cases.end(first.id, CaseStatus.HANDED_BACK, now)
        second = await work.cases.open(one, HandoffReason.EFFORT, briefing, now, opened_seq=1)
        await work.cases.note(second.id, "Sam", "It arrived", "2", now)
    exported = json.loads(json.dumps(await export_conversation(store, one)))
    assert [message["text"] for message in exported["messages"]] == ["hello"]
    told = [(case["id"], [note["text"] for note in case["notes"]]) for case in exported["cases"]]
    assert told == [(first.id, ["Ask the warehouse"]), (second.id, ["It arrived"])]


async def test_every_survey_comes_with_all_that_became_of_it(store: SqlStore) -> None:
    now = utc_now()
    async with store.work() as work:
        one = (await work.conversations.start("visitor", None, now)).id
        await work.conversations.close(one, Outcome.BOT_CONFIRMED, now)
        await work.surveys.ask(one, SurveyKind.NPS, now)
        await work.surveys.rate(one, 0, now, FollowUp.OFFERED)
        await work.surveys.tell(one, "never again", now)
        await work.surveys.follow_up(one, FollowUp.DECLINED)
    exported = json.loads(json.dumps(await export_conversation(store, one)))
    [survey] = exported["surveys"]
    told = {name: survey[name] for name in ("kind", "score", "why", "follow_up", "dismissed_at")}
    assert told == {
        "kind": "nps",
        "score": 0,
        "why": "never again",
        "follow_up": "declined",
        "dismissed_at": None,
    }
    assert survey["asked_at"] == survey["answered_at"] == survey["told_at"] == now.isoformat()
