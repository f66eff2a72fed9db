"""Who may see what: identities, visitor tokens, and shared devices."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest

from conversation.conversation import UnknownConversation
from conversation.customer import Customer, DirectoryUnavailable
from conversation.messages import Author, Draft
from conversation.outcome import Outcome
from conversation.reasons import HandoffReason
from tests.door import IDENTITY_KEY, NOON, SECRET, Door, open_door
from website.arrival import Arrival, read_arrival
from website.identity import Pass, seal, sign_identity, unseal, verified_customer, visitor_of
from website.reception import Reception
from website.refusal import Refusal

HOUR = timedelta(hours=1)


def signed(key: str = IDENTITY_KEY, algorithm: str = "HS256", **claims: Any) -> str:
    whole = {"sub": "demo-ada", "aud": "heard", "exp": int((NOON + HOUR).timestamp()), **claims}
    return jwt.encode({k: v for k, v in whole.items() if v is not None}, key, algorithm)


def test_a_signed_identity_names_the_customer() -> None:
    assert verified_customer(signed(), IDENTITY_KEY, NOON) == "demo-ada"
    demo = sign_identity("demo-eve", IDENTITY_KEY, NOON, HOUR)
    assert verified_customer(demo, IDENTITY_KEY, NOON) == "demo-eve"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "é" * 10,
        "x" * 5000,
        signed(key="another-key-that-is-not-the-companys"),
        signed(aud="another-audience"),
        signed(aud=None),
        signed(exp=None),
        signed(sub=None),
        signed(sub=""),
        signed(sub="x" * 65),
        signed(key="", algorithm="none"),
        signed(algorithm="HS512"),
    ],
)
def test_an_identity_that_cannot_be_trusted_is_refused(token: str) -> None:
    with pytest.raises(Refusal, match="could not be confirmed"):
        verified_customer(token, IDENTITY_KEY, NOON)


def test_an_expired_identity_is_refused_and_says_so() -> None:
    verified_customer(signed(), IDENTITY_KEY, NOON + HOUR + timedelta(seconds=20))
    with pytest.raises(Refusal, match="run out"):
        verified_customer(signed(), IDENTITY_KEY, NOON + HOUR + timedelta(seconds=31))


def test_without_a_key_no_identity_is_believed() -> None:
    with pytest.raises(Refusal):
        verified_customer(signed(key="x" * 32), "", NOON)


def test_a_visitor_token_comes_back_as_it_went() -> None:
    held = Pass(str(uuid4()), None, str(uuid4()))
    assert unseal(seal(held, SECRET, NOON), SECRET, NOON) == held


@pytest.mark.parametrize(
    ("customer_id", "lasts"), [(None, timedelta(days=90)), ("demo-ada", timedelta(hours=12))]
)
def test_a_visitor_token_runs_out(customer_id: str | None, lasts: timedelta) -> None:
    token = seal(Pass(str(uuid4()), customer_id, str(uuid4())), SECRET, NOON)
    unseal(token, SECRET, NOON + lasts - timedelta(seconds=1))
    with pytest.raises(Refusal, match="not valid"):
        unseal(token, SECRET, NOON + lasts)


def test_neither_token_passes_for_the_other() -> None:
    with pytest.raises(Refusal):
        unseal(sign_identity("demo-ada", SECRET, NOON, HOUR), SECRET, NOON)
    with pytest.raises(Refusal):
        verified_customer(
            seal(Pass(str(uuid4()), "demo-ada", str(uuid4())), SECRET, NOON), SECRET, NOON
        )


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def reception(door: Door) -> Reception:
    return Reception(
        door.store, door.site.directory, door.site.handoffs, door.site.clock, SECRET, IDENTITY_KEY
    )


async def test_a_customer_and_a_visitor_on_one_device_never_see_each_others_past(
    tmp_path: Path,
) -> None:
    async with open_door(tmp_path, clock=Watch()) as door:
        desk = reception(door)
        visitor = await desk.admit(Arrival())
        customer = await desk.admit(Arrival(identity=signed(), token=visitor.token))
        other = await desk.admit(Arrival(identity=signed(sub="demo-bea"), token=customer.token))
        signed_out = await desk.admit(Arrival(token=customer.token))
        seen = [visitor, customer, other, signed_out]
        assert len({one.conversation_id for one in seen}) == 4
        assert [one.customer for one in seen] == [None, "Ada Demo", "Bea Demo", None]


async def test_a_customer_comes_in_although_the_directory_is_down(tmp_path: Path) -> None:
    class Down:
        async def find(self, customer_id: str) -> Customer | None:
            raise DirectoryUnavailable("gone")

    async with open_door(tmp_path, clock=Watch()) as door:
        known = await reception(door).admit(Arrival(identity=signed()))
        desk = Reception(
            door.store, Down(), door.site.handoffs, door.site.clock, SECRET, IDENTITY_KEY
        )
        unnamed = await desk.admit(Arrival(identity=signed()))
        assert unnamed.conversation_id == known.conversation_id
        assert unnamed.customer is None


async def test_a_customer_finds_the_conversation_again_on_another_device(tmp_path: Path) -> None:
    async with open_door(tmp_path, clock=Watch()) as door:
        phone = await reception(door).admit(Arrival(identity=signed()))
        laptop = await reception(door).admit(Arrival(identity=signed()))
        assert phone.conversation_id == laptop.conversation_id
        assert visitor_of("demo-ada") != visitor_of("demo-bea")


async def test_a_day_after_its_end_a_conversation_is_followed_by_a_new_one(tmp_path: Path) -> None:
    watch = Watch()
    async with open_door(tmp_path, clock=watch) as door:
        first = await reception(door).admit(Arrival())
        async with door.store.work() as work:
            await work.conversations.append(
                first.conversation_id, Draft(Author.CUSTOMER, "hi"), watch.now
            )
            await work.conversations.close(first.conversation_id, Outcome.AGENT, watch.now)
        watch.now += timedelta(hours=23)
        again = await reception(door).admit(Arrival(token=first.token))
        assert again.conversation_id == first.conversation_id
        watch.now += timedelta(hours=2)
        later = await reception(door).admit(Arrival(token=again.token))
        assert later.conversation_id != first.conversation_id


async def wrote(door: Door, conversation_id: str, at: datetime, text: str = "hi") -> None:
    async with door.store.work() as work:
        await work.conversations.append(conversation_id, Draft(Author.CUSTOMER, text), at)


def pass_of(token: str) -> Pass:
    return unseal(token, SECRET, NOON)


async def test_what_was_written_before_signing_in_comes_along_only_when_asked_for(
    tmp_path: Path,
) -> None:
    async with open_door(tmp_path, clock=Watch()) as door:
        desk = reception(door)
        visitor = await desk.admit(Arrival())
        await wrote(door, visitor.conversation_id, NOON)
        ada = await desk.admit(Arrival(identity=signed(), token=visitor.token))
        assert ada.left
        assert ada.conversation_id != visitor.conversation_id
        again = await desk.admit(Arrival(identity=signed(), token=visitor.token))
        assert again.conversation_id == ada.conversation_id
        taken = await desk.take_along(pass_of(ada.token), visitor.token)
        assert (taken.conversation_id, taken.left) == (visitor.conversation_id, False)
        later = await desk.admit(Arrival(identity=signed(), token=visitor.token))
        assert (later.conversation_id, later.left) == (visitor.conversation_id, False)
        assert (await desk.check(later.token)).customer_id == "demo-ada"
        async with door.store.read() as work:
            events = await work.timeline.of(visitor.conversation_id)
        assert [one.kind for one in events] == ["taken_along"]


async def test_the_token_from_before_opens_nothing_once_it_was_taken_along(tmp_path: Path) -> None:
    async with open_door(tmp_path, clock=Watch()) as door:
        desk = reception(door)
        visitor = await desk.admit(Arrival())
        await wrote(door, visitor.conversation_id, NOON)
        ada = await desk.admit(Arrival(identity=signed(), token=visitor.token))
        await desk.take_along(pass_of(ada.token), visitor.token)
        with pytest.raises(UnknownConversation):
            await desk.check(visitor.token)
        signed_out = await desk.admit(Arrival(token=visitor.token))
        assert signed_out.conversation_id not in (ada.conversation_id, visitor.conversation_id)
        bea = await desk.admit(Arrival(identity=signed(sub="demo-bea"), token=visitor.token))
        assert not bea.left
        with pytest.raises(Refusal, match="no chat from before"):
            await desk.take_along(pass_of(bea.token), visitor.token)


async def test_there_is_nothing_to_take_along_but_what_was_just_left(tmp_path: Path) -> None:
    watch = Watch()
    async with open_door(tmp_path, clock=watch) as door:
        desk = reception(door)
        empty = await desk.admit(Arrival())
        identity = signed(exp=int((NOON + 3 * HOUR).timestamp()))
        bea = await desk.admit(Arrival(identity=signed(sub="demo-bea")))
        await wrote(door, bea.conversation_id, NOON)
        for token in (empty.token, bea.token, "forged", None):
            assert not (await desk.admit(Arrival(identity=identity, token=token))).left
        await wrote(door, empty.conversation_id, NOON)
        ada = await desk.admit(Arrival(identity=identity, token=empty.token))
        assert ada.left
        watch.now += HOUR + timedelta(seconds=1)
        assert not (await desk.admit(Arrival(identity=identity, token=empty.token))).left
        with pytest.raises(Refusal, match="no chat from before"):
            await desk.take_along(pass_of(ada.token), empty.token)


async def test_nobody_takes_another_customers_conversation_along(tmp_path: Path) -> None:
    async with open_door(tmp_path, clock=Watch()) as door:
        desk = reception(door)
        bea = await desk.admit(Arrival(identity=signed(sub="demo-bea")))
        await wrote(door, bea.conversation_id, NOON)
        ada = await desk.admit(Arrival(identity=signed()))
        visitor = await desk.admit(Arrival())
        for held in (ada, visitor):
            with pytest.raises(Refusal, match="no chat from before"):
                await desk.take_along(pass_of(held.token), bea.token)
        assert (await desk.check(bea.token)).customer_id == "demo-bea"


async def test_who_is_with_a_person_is_not_asked_to_change_the_conversation(
    tmp_path: Path,
) -> None:
    async with open_door(tmp_path, clock=Watch()) as door:
        desk = reception(door)
        ada = await desk.admit(Arrival(identity=signed()))
        await wrote(door, ada.conversation_id, NOON)
        await door.site.handoffs.request(ada.conversation_id, HandoffReason.ASKED)
        visitor = await desk.admit(Arrival())
        await wrote(door, visitor.conversation_id, NOON)
        assert not (await desk.admit(Arrival(identity=signed(), token=visitor.token))).left


async def test_agents_see_who_it_is_once_it_was_taken_along(tmp_path: Path) -> None:
    async with open_door(tmp_path, clock=Watch()) as door:
        desk = reception(door)
        visitor = await desk.admit(Arrival())
        await wrote(door, visitor.conversation_id, NOON)
        case = await door.site.handoffs.request(visitor.conversation_id, HandoffReason.ASKED)
        assert case.customer == f"Visitor {case.number}"
        ada = await desk.admit(Arrival(identity=signed(), token=visitor.token))
        await desk.take_along(pass_of(ada.token), visitor.token)
        async with door.store.read() as work:
            open_case = await work.cases.open_of(visitor.conversation_id)
            due = await work.outbox.due(NOON + HOUR)
        assert open_case is not None
        assert open_case.id == case.id
        assert open_case.customer == "Ada Demo"
        assert ("Customer number", "demo-ada") in open_case.briefing.facts
        assert due


async def test_pages_that_were_looked_at_are_kept_as_paths_or_not_at_all(tmp_path: Path) -> None:
    async with open_door(tmp_path, clock=Watch()) as door:
        seen = Arrival(pages=("/", "/tents"))
        kept = await reception(door).admit(seen)
        forgetful = Reception(
            door.store,
            door.site.directory,
            door.site.handoffs,
            door.site.clock,
            SECRET,
            IDENTITY_KEY,
            keeps=frozenset(),
        )
        dropped = await forgetful.admit(seen)
        async with door.store.read() as work:
            pages = [
                (await work.conversations.get(one.conversation_id)).pages for one in (kept, dropped)
            ]
        assert pages == [("/", "/tents"), ()]
        assert read_arrival({"pages": ["/a?q=my+name"]}).pages == ("/a",)


async def test_a_time_zone_is_kept_as_it_is_now_where_that_is_allowed(tmp_path: Path) -> None:
    async with open_door(tmp_path, clock=Watch()) as door:
        site = door.site
        kept = reception(door)
        forgetful = Reception(
            door.store,
            site.directory,
            site.handoffs,
            site.clock,
            SECRET,
            IDENTITY_KEY,
            keeps=frozenset({"pages"}),
        )
        first = await kept.admit(Arrival(time_zone="Europe/Madrid"))
        await kept.admit(Arrival(token=first.token, time_zone="Asia/Tokyo"))
        await kept.admit(Arrival(token=first.token))
        dropped = await forgetful.admit(Arrival(time_zone="Europe/Madrid"))
        await forgetful.admit(Arrival(token=first.token, time_zone="Europe/Madrid"))
        async with door.store.read() as work:
            zones = [
                (await work.conversations.get(one.conversation_id)).time_zone
                for one in (first, dropped)
            ]
        assert zones == ["Asia/Tokyo", ""]


@pytest.mark.parametrize("zone", ["", "Moon/Crater", "Europe", "../etc/passwd", "Europe/\0", "é"])
def test_a_time_zone_that_is_not_known_here_keeps_nobody_out(zone: str) -> None:
    assert read_arrival({"time_zone": zone}).time_zone == ""


@pytest.mark.parametrize("zone", [7, ["Europe/Madrid"], "x" * 65])
def test_what_is_no_name_of_a_time_zone_is_refused(zone: object) -> None:
    with pytest.raises(Refusal, match="The field time_zone must be"):
        read_arrival({"time_zone": zone})


@pytest.mark.parametrize(
    "pages", ["/", ["https://elsewhere.example/"], ["/"] * 6, ["/" + "x" * 200], [7], [""]]
)
def test_what_is_no_list_of_paths_is_refused(pages: object) -> None:
    with pytest.raises(Refusal, match="The field pages must be"):
        read_arrival({"pages": pages})
