"""The action endpoint as Rasa calls it: over HTTP, behind its token, on real rows."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from actions.endpoint import action_app
from actions.services import Services, provide, services
from conversation.clock import utc_now
from conversation.contacts import Channel, Contact
from conversation.customer import Customer
from conversation.effort import effort
from conversation.handoff_rules import HandoffRules
from conversation.hours import Hours, Span
from conversation.messages import Author, Draft
from conversation.outcome import Outcome
from conversation.persona import OF_CUSTOMER, Rule, Rules, read_condition
from conversation.reasons import HandoffReason
from conversation.responder import Responder
from conversation.turns import Signal
from handoff.briefing.briefing import Briefer
from handoff.handoffs import Handoffs
from handoff.queue.groups import DeskRules, Group
from heard.effort.versions import NEWEST, weights_named
from heard.settings import ROOT
from heard.web_server import serving
from store.database import connect
from store.demo import load_demo_shop
from store.history import SqlHistory
from store.live import LocalLive
from store.migrate import upgrade
from store.shop import SqlDirectory, SqlShop
from store.store import SqlStore
from store.touchpoints import Touchpoint
from tests.patience import PATIENT_S
from tests.ports import free_ports

TOKEN = "actions-token"


@dataclass
class Endpoint:
    """The running endpoint, called as Rasa does."""

    store: SqlStore
    http: httpx.AsyncClient
    conversation: str = ""
    customer: str | None = "demo-finn"

    async def hears(self, text: str) -> str:
        """Store a customer message. Returns: its id."""
        async with self.store.work() as work:
            if not self.conversation:
                started = await work.conversations.start("visitor", self.customer, utc_now())
                self.conversation = started.id
            draft = Draft(Author.CUSTOMER, text)
            return (await work.conversations.append(self.conversation, draft, utc_now())).id

    async def runs(self, action: str, message_id: str, **state: Any) -> dict[str, Any]:
        """Run the action for the message. Returns: its slots, by name, and its replies."""
        answer = await self.calls(action, message_id, **state)
        answer.raise_for_status()
        body = answer.json()
        slots = {e["name"]: e["value"] for e in body["events"] if e["event"] == "slot"}
        return {"slots": slots, "replies": [reply["text"] for reply in body["responses"]]}

    async def calls(
        self,
        action: str,
        message_id: str | None,
        *,
        text: str = "hello",
        intent: str = "greet",
        form: str | None = None,
        slots: dict[str, Any] | None = None,
        entities: tuple[str, ...] = (),
        events: Sequence[dict[str, Any]] = (),
        handed_back: str | None = None,
        second: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Call the action."""
        latest = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [{"entity": "order_number", "value": value} for value in entities],
            "second": second,
            "metadata": {
                "message_id": message_id,
                "customer_id": self.customer,
                "handed_back": {"summary": handed_back} if handed_back else None,
            },
        }
        tracker = {
            "sender_id": self.conversation,
            "slots": slots or {},
            "latest_message": latest,
            "events": list(events),
            "paused": False,
            "active_loop": {"name": form} if form else {},
            "latest_action_name": "action_listen",
        }
        body = {"next_action": action, "sender_id": self.conversation, "tracker": tracker,
                "domain": {}, "version": "3.6.21"}  # fmt: skip
        return await self.http.post("/webhook", json=body)


@pytest.fixture
async def endpoint(tmp_path: Path) -> AsyncIterator[Endpoint]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'actions.db'}"
    await asyncio.to_thread(upgrade, url)
    store = SqlStore(connect(url), LocalLive())
    await load_demo_shop(store, ROOT / "data" / "demo" / "shop.json", utc_now().date())
    shop = SqlShop(store, utc_now)
    briefer = Briefer(SqlDirectory(store), shop, PATIENT_S, history=SqlHistory(store))
    handoffs = Handoffs(store, briefer, utc_now)
    provided = Services(
        store, handoffs, briefer, shop, weights_named(NEWEST), utc_now, shadow=weights_named("1")
    )
    (port,) = free_ports(1)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        serving(action_app(provided, TOKEN), "127.0.0.1", port),
        httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=PATIENT_S
        ) as http,
    ):
        yield Endpoint(store, http)
    await store.close()


@pytest.mark.parametrize("token", ["", "Bearer wrong", "Bearer actions-tokenx"])
async def test_nobody_runs_an_action_without_the_token(endpoint: Endpoint, token: str):
    answer = await endpoint.http.post("/webhook", json={}, headers={"Authorization": token})
    assert answer.status_code == 401
    assert "token" in answer.json()["error"]


async def test_the_context_is_loaded_once_and_every_turn_is_scored(endpoint: Endpoint):
    message = await endpoint.hears("hello")
    first = await endpoint.runs("action_validate_slot_mappings", message)
    assert first["slots"]["customer_name"] == "Finn Demo"
    assert first["slots"]["effort_level"] == "calm"
    later = await endpoint.runs("action_validate_slot_mappings", message, slots=first["slots"])
    assert "customer_name" not in later["slots"]


async def test_a_turn_that_rasa_runs_twice_counts_once(endpoint: Endpoint):
    message = await endpoint.hears("this is useless")
    for _ in range(2):
        await endpoint.runs("action_validate_slot_mappings", message, text="this is useless")
    async with endpoint.store.read() as work:
        turns = await work.turns.of(endpoint.conversation)
    assert len(turns) == 1
    assert turns[0].effort.reasons == ("strong words",)


async def test_weights_in_the_shadow_score_the_turn_beside_those_that_act(endpoint: Endpoint):
    message = await endpoint.hears("this is useless")
    await endpoint.runs("action_validate_slot_mappings", message, text="this is useless")
    async with endpoint.store.read() as work:
        (turn,) = (await work.turns.by_conversation())[endpoint.conversation]
        assert not await work.turns.by_conversation(utc_now())
    assert turn.effort.version == NEWEST
    assert turn.shadow is not None
    assert turn.shadow.version == "1"
    assert turn.shadow.score == effort([turn.turn], weights_named("1")).score


async def test_a_value_that_a_form_takes_is_progress(endpoint: Endpoint):
    message = await endpoint.hears("1007")
    state: dict[str, Any] = {
        "text": "1007", "intent": "give_order_number", "form": "cancel_form",
        "slots": {"requested_slot": "order_number"},
    }  # fmt: skip
    await endpoint.runs("action_validate_slot_mappings", message, entities=("1007",), **state)
    idle = await endpoint.hears("hm")
    await endpoint.runs("action_validate_slot_mappings", idle, **{**state, "text": "hm"})
    async with endpoint.store.read() as work:
        taken, not_taken = await work.turns.of(endpoint.conversation)
    assert Signal.PROGRESS in taken.turn.signals
    assert Signal.PROGRESS not in not_taken.turn.signals


async def test_a_message_that_did_not_come_through_the_gateway_is_an_error(endpoint: Endpoint):
    await endpoint.hears("hello")
    answer = await endpoint.calls("action_validate_slot_mappings", None)
    assert answer.status_code == 500


async def test_a_handoff_asked_for_twice_is_one_case(endpoint: Endpoint):
    message = await endpoint.hears("a person please")
    for _ in range(2):
        ran = await endpoint.runs("action_hand_off", message, slots={"handoff_reason": "asked"})
        assert ran["slots"] == {
            "handoff_reason": None,
            "offer_person": False,
            "second_request": None,
        }
    async with endpoint.store.read() as work:
        assert len(await work.cases.listed(open_only=False)) == 1
        texts = [m.text for m in await work.conversations.transcript(endpoint.conversation)]
        conversation = await work.conversations.get(endpoint.conversation)
    assert texts[1:] == ["I have asked a colleague to join this chat. You are next."]
    assert conversation.responder is Responder.QUEUE


async def test_a_cancellation_runs_once_for_its_message_and_only_when_confirmed(
    endpoint: Endpoint,
):
    message = await endpoint.hears("yes")
    unsure = {"order_number": "1007", "confirmed": False}
    ran = await endpoint.runs("action_cancel_order", message, slots=unsure)
    assert ran["replies"] == ["Nothing was changed."]
    sure = {"order_number": "1007", "confirmed": True}
    for _ in range(2):
        ran = await endpoint.runs("action_cancel_order", message, slots=sure)
        assert ran["replies"] == ["Order 1007 is cancelled."]
        assert ran["slots"] == {"confirmed": None}
    async with endpoint.store.read() as work:
        happened = await work.timeline.of(endpoint.conversation)
    assert [one.kind for one in happened] == ["task_done"]


async def test_somebody_elses_order_cannot_be_cancelled(endpoint: Endpoint):
    message = await endpoint.hears("yes")
    slots = {"order_number": "1015", "confirmed": True}
    ran = await endpoint.runs("action_cancel_order", message, slots=slots)
    assert ran["replies"][0] == "There is no order 1015 in your account."


async def test_a_form_takes_the_only_order_that_fits_and_drops_what_is_left_over(
    endpoint: Endpoint,
):
    endpoint.customer = "demo-lars"
    message = await endpoint.hears("cancel my order")
    left_over = {"confirmed": False, "return_reason": "too small", "requested_slot": None}
    entered = [{"event": "active_loop", "name": "cancel_form"}]
    ran = await endpoint.runs(
        "validate_cancel_form", message, form="cancel_form", slots=left_over, events=entered
    )
    assert ran["slots"] == {"confirmed": None, "return_reason": None, "order_number": "1018"}


async def test_a_solved_issue_closes_the_conversation_and_asks_the_survey(endpoint: Endpoint):
    message = await endpoint.hears("yes, solved")
    await endpoint.runs("action_confirm_solved", message)
    async with endpoint.store.read() as work:
        conversation = await work.conversations.get(endpoint.conversation)
        survey = await work.surveys.open_of(endpoint.conversation)
    assert conversation.outcome is Outcome.BOT_CONFIRMED
    assert survey is not None


async def reported(endpoint: Endpoint, topic: str, *, solved: bool = False) -> None:
    """Two days ago the customer called about it."""
    at = utc_now() - timedelta(days=2)
    call = Contact(Channel.CALL, at, at, (topic,), solved, summary="Asked for it")
    async with endpoint.store.work() as work:
        touchpoint = Touchpoint(f"{topic}-1", str(endpoint.customer), call)
        await work.touchpoints.put(touchpoint, utc_now())


async def test_who_called_about_the_same_before_is_offered_a_person_at_once(endpoint: Endpoint):
    endpoint.customer = "demo-ben"
    await reported(endpoint, "order_status")
    message = await endpoint.hears("where is my order")
    ran = await endpoint.runs(
        "action_validate_slot_mappings", message, text="where is my order", intent="order_status"
    )
    assert ran["slots"]["offer_person"] is True
    async with endpoint.store.read() as work:
        [turn] = await work.turns.of(endpoint.conversation)
    assert turn.turn.happened == {
        Signal.REPEAT_CONTACT, Signal.OTHER_CHANNEL, Signal.OLD_ISSUE
    }  # fmt: skip
    assert turn.turn.signals[Signal.OLD_ISSUE] == 0.2
    assert turn.effort.reasons[0] == "had to contact us again about the same"


async def test_who_called_about_something_else_is_served_as_ever(endpoint: Endpoint):
    endpoint.customer = "demo-ben"
    await reported(endpoint, "invoice")
    message = await endpoint.hears("where is my order")
    ran = await endpoint.runs("action_validate_slot_mappings", message, intent="order_status")
    assert ran["slots"]["offer_person"] is False
    async with endpoint.store.read() as work:
        [turn] = await work.turns.of(endpoint.conversation)
    assert turn.turn.happened == frozenset()


async def test_the_card_tells_of_the_call(endpoint: Endpoint):
    endpoint.customer = "demo-ben"
    await reported(endpoint, "order_status")
    message = await endpoint.hears("where is my order")
    await endpoint.runs("action_validate_slot_mappings", message, intent="order_status")
    await endpoint.runs("action_hand_off", message)
    async with endpoint.store.read() as work:
        case = await work.cases.open_of(endpoint.conversation)
    assert case is not None
    label, line = case.briefing.known[0]
    assert label == "Before"
    assert re.fullmatch(r"Called on \w+ about the same, still open: “Asked for it”", line)


class Hanging:
    """A directory that never answers."""

    async def find(self, customer_id: str) -> Customer | None:
        await asyncio.Event().wait()
        return None


async def test_a_directory_that_hangs_costs_the_customer_a_moment_and_the_name(
    endpoint: Endpoint,
):
    message = await endpoint.hears("hello")
    slow = Briefer(Hanging(), services().shop, timeout_s=0.3)
    provide(replace(services(), briefer=slow))
    ran = await endpoint.runs("action_validate_slot_mappings", message)
    assert (ran["slots"]["context_loaded"], ran["slots"]["customer_name"]) == (True, None)
    greeted = await endpoint.runs("action_greet", message, slots=ran["slots"])
    assert greeted["replies"][0].startswith("Hello, this is an automated assistant.")
    async with endpoint.store.read() as work:
        assert len(await work.turns.of(endpoint.conversation)) == 1


async def test_the_timeline_says_once_a_visit_who_it_is_and_by_which_rule(endpoint: Endpoint):
    persona = Rule("late", "Has a late parcel", (read_condition("orders >= 1", OF_CUSTOMER),))
    provide(replace(services(), briefer=Briefer(
        SqlDirectory(endpoint.store), services().shop, PATIENT_S, rules=Rules((persona,))
    )))  # fmt: skip
    for text in ("hello", "where is it"):
        message = await endpoint.hears(text)
        await endpoint.runs("action_validate_slot_mappings", message, text=text)
    async with endpoint.store.read() as work:
        events = await work.timeline.of(endpoint.conversation)
    assert [(one.kind, one.detail) for one in events] == [
        ("standing", {"lines": "Persona: Has a late parcel (rule late)"})
    ]


def staffed(week: Mapping[int, tuple[Span, ...]]) -> DeskRules:
    hours = Hours(ZoneInfo("Europe/Berlin"), week)
    return DeskRules((Group("support", "Support", hours=hours),))


async def test_a_tier_that_comes_sooner_is_offered_a_person_and_staff_read_why(endpoint: Endpoint):
    provide(replace(services(), handoff_rules=HandoffRules(1.5, {"gold": 39})))
    message = await endpoint.hears("where is it")
    done = await endpoint.runs("action_validate_slot_mappings", message, text="where is it",
                               intent="order_status")  # fmt: skip
    assert done["slots"]["offer_person"]
    async with endpoint.store.read() as work:
        (turn,) = await work.turns.of(endpoint.conversation)
    assert turn.effort.reasons[-1] == "a person comes 39 points sooner for gold customers"


async def test_the_same_customer_is_not_offered_one_where_no_tier_comes_sooner(endpoint: Endpoint):
    message = await endpoint.hears("where is it")
    done = await endpoint.runs("action_validate_slot_mappings", message, text="where is it",
                               intent="order_status")  # fmt: skip
    assert not done["slots"]["offer_person"]


async def test_who_struggles_in_a_form_is_offered_a_person_and_keeps_the_form(endpoint: Endpoint):
    provide(replace(services(), handoff_rules=HandoffRules(1.5, {"gold": 39})))
    replies: list[str] = []
    for text in ("which one do you mean", "that is what i ask you"):
        message = await endpoint.hears(text)
        done = await endpoint.runs("action_validate_slot_mappings", message, text=text,
                                   intent="order_status", form="cancel_form",
                                   slots={"requested_slot": "order_number"})  # fmt: skip
        assert not done["slots"]["offer_person"]  # what asks for a yes would take the form's
        replies += done["replies"]
    assert replies == ['A colleague can take over: write "person" at any time, or just go on.']
    async with endpoint.store.read() as work:
        turns = await work.turns.of(endpoint.conversation)
    assert [one.turn.offered for one in turns] == [True, False]


async def test_an_offer_says_when_people_are_back(endpoint: Endpoint):
    mornings = staffed({0: ((clock_time(9), clock_time(10)),)})
    provide(replace(services(), desk_rules=mornings,
                    clock=lambda: datetime(2026, 3, 3, 12, tzinfo=UTC)))  # fmt: skip
    message = await endpoint.hears("hm")
    done = await endpoint.runs("action_offer_person", message, intent="order_status")
    assert done["replies"] == [
        "A colleague can take over here, on Monday at 9:00 (Berlin time). Shall I ask one to join?"
    ]


async def test_who_is_handed_off_at_night_is_told_when_people_are_back(endpoint: Endpoint):
    await endpoint.hears("person")
    handoffs = Handoffs(endpoint.store, services().briefer, utc_now, staffed({}))
    await handoffs.request(endpoint.conversation, HandoffReason.ASKED)
    async with endpoint.store.read() as work:
        said = (await work.conversations.transcript(endpoint.conversation))[-1].text
    assert said == (
        "I have asked a colleague to join this chat. Nobody is there now; "
        "people are back later and find this chat then."
    )


@pytest.mark.parametrize(
    ("customer", "form", "detail", "reason"),
    [
        ("demo-chloe", "return_form", "return_reason", "Noted as damaged when it came"),
        ("demo-omar", "refund_form", "refund_reason", "Noted as damaged when it came"),
        ("demo-nora", "refund_form", "refund_reason", "3 days late"),
        ("demo-gita", "return_form", "return_reason", None),
    ],
)
async def test_a_reason_that_the_shop_has_on_record_is_not_asked_for(
    endpoint: Endpoint, customer: str, form: str, detail: str, reason: str | None
):
    endpoint.customer = customer
    message = await endpoint.hears("i want that")
    entered = [{"event": "active_loop", "name": form}]
    ran = await endpoint.runs(f"validate_{form}", message, form=form, events=entered)
    assert ran["slots"].get(detail) == reason


async def test_the_customers_own_reason_goes_before_what_is_on_record(endpoint: Endpoint):
    endpoint.customer = "demo-chloe"
    text = "send it back, i changed my mind"
    message = await endpoint.hears(text)
    entered = [{"event": "active_loop", "name": "return_form"}]
    ran = await endpoint.runs(
        "validate_return_form", message, text=text, form="return_form", events=entered
    )
    assert ran["slots"]["return_reason"] == text


async def test_of_two_parcels_on_their_way_the_late_one_is_meant_by_late(endpoint: Endpoint):
    endpoint.customer = "demo-ben"
    async with endpoint.store.work() as work:
        [order] = await work.shop.orders_of("demo-ben")
        late = replace(order, number="1099", due_on=utc_now().date() - timedelta(days=2))
        await work.shop.place(late)
    message = await endpoint.hears("my parcel is late")
    ran = await endpoint.runs("action_late_parcel", message, intent="late_parcel")
    assert ran["slots"]["order_number"] == "1099"


async def test_a_carrier_who_came_in_vain_is_named(endpoint: Endpoint):
    endpoint.customer = "demo-nora"
    message = await endpoint.hears("where is it")
    ran = await endpoint.runs("action_order_status", message, intent="order_status")
    assert re.search(r"Nordpost came in vain on \d+ \w+ and has it", ran["replies"][0])
