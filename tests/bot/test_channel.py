"""The gateway channel answers once a message id, and says so when it could not."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import threading
import urllib.error
import urllib.request
import uuid

import pytest
from action_server import ActionServer, slot
from rasa.core.run import configure_app
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from bot.channel import GatewayInput, readyz

TOKEN = "a-token"


@pytest.fixture(scope="module")
def actions():
    server = ActionServer()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def fresh(request):
    if "actions" in request.fixturenames:
        request.getfixturevalue("actions").forget()


@pytest.fixture(scope="module")
def site(agent, actions):
    """Rasa's own server with the channel, on a loopback port of its own."""
    headers = {"Authorization": "Bearer for-actions"}
    agent.processor.action_endpoint = EndpointConfig(
        actions.url, headers=headers, enable_selective_domain=True
    )
    app = configure_app([GatewayInput(TOKEN)], auth_token=TOKEN, use_uvloop=False)
    app.add_route(readyz, "/readyz")
    app.ctx.agent = agent
    with socket.create_server(("127.0.0.1", 0)) as sock:
        app.ctx.url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        loop = asyncio.new_event_loop()
        serving = threading.Event()
        thread = threading.Thread(target=_serve, args=(app, sock, loop, serving), daemon=True)
        thread.start()
        assert serving.wait(timeout=10)
        yield app
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=5)


def _serve(app, sock, loop, serving):
    asyncio.set_event_loop(loop)
    server = loop.run_until_complete(app.create_server(sock=sock, return_asyncio_server=True))
    loop.run_until_complete(server.startup())
    loop.run_until_complete(server.start_serving())
    loop.call_soon(serving.set)
    loop.run_forever()


def _call(site, path, body=None, token=TOKEN):
    request = urllib.request.Request(  # noqa: S310 - always the loopback address above
        site.ctx.url + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def _post(site, body, token=TOKEN):
    return _call(site, "/webhooks/gateway/turn", body, token)


def _turn(text="hello", conversation=None, message_id=None, **more):
    conversation = conversation or uuid.uuid4().hex
    message_id = message_id or uuid.uuid4().hex
    return {"conversation": conversation, "message_id": message_id, "text": text, **more}


def test_a_message_is_answered_with_text_and_buttons(site, actions):
    status, answer = _post(site, _turn())
    assert status == 200
    assert answer == {
        "replies": [{"text": "Hello.", "buttons": [{"title": "Buy", "payload": "/buy"}]}],
        "replayed": False,
    }


def test_a_button_may_be_a_link(site, actions):
    link = {"title": "Read more", "url": "/help/delivery-cost"}
    actions.answers["action_clarify"] = {"responses": [{"text": "Free.", "buttons": [link]}]}
    _, answer = _post(site, _turn("no"))
    assert answer["replies"] == [{"text": "Free.", "buttons": [link]}]


def test_a_message_sent_again_gets_the_stored_answer_and_runs_nothing(site, actions):
    body = _turn()
    _, first = _post(site, body)
    ran = len(actions.calls)
    status, second = _post(site, body)
    assert (status, second) == (200, {**first, "replayed": True})
    assert len(actions.calls) == ran


def test_an_older_message_sent_again_gets_its_own_answer(site, actions):
    first = _turn()
    _post(site, first)
    _post(site, _turn("buy something", conversation=first["conversation"]))
    _, again = _post(site, first)
    assert [reply["text"] for reply in again["replies"]] == ["Hello."]
    assert again["replayed"] is True


@pytest.mark.parametrize("token", ["", "wrong", "a-toke"])
def test_without_the_token_there_is_no_answer(site, token):
    status, answer = _post(site, _turn(), token=token)
    assert status == 401
    assert "error" in answer


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ([], "object"),
        ("hello", "object"),
        ({"conversation": "c", "message_id": "m"}, "text"),
        ({"conversation": "c", "message_id": "m", "text": "  "}, "text"),
        ({"conversation": "c", "message_id": 7, "text": "hi"}, "message_id"),
        ({"conversation": "", "message_id": "m", "text": "hi"}, "conversation"),
        ({"conversation": "c", "message_id": "m", "text": "x" * 4001}, "4000"),
        ({"conversation": "c", "message_id": "m", "text": "hi", "metadata": 1}, "metadata"),
        ({"conversation": "c", "message_id": "m", "text": "hi", "sender": "x"}, "sender"),
    ],
)
def test_a_body_that_is_no_turn_is_refused_with_a_sentence(site, body, names):
    status, answer = _post(site, body)
    assert status == 400
    assert names in answer["error"]


def test_metadata_and_embedding_reach_the_actions(site, actions):
    body = _turn(metadata={"customer_id": "c-1", "page": "/tents"})
    _post(site, body)
    latest = actions.calls[-1]["tracker"]["latest_message"]
    assert latest["metadata"] == {
        "customer_id": "c-1",
        "page": "/tents",
        "message_id": body["message_id"],
    }
    assert len(base64.b64decode(latest["embedding"])) == 384
    assert actions.authorizations == {"Bearer for-actions"}


def test_a_button_carries_an_embedding_too(site, actions):
    _post(site, _turn("/buy"))
    latest = actions.calls[-1]["tracker"]["latest_message"]
    assert latest["intent"]["name"] == "buy"
    assert len(base64.b64decode(latest["embedding"])) == 384


def test_a_handoff_runs_exactly_once(site, actions):
    actions.answers["action_validate_slot_mappings"] = {"events": [slot("handoff_reason", "asked")]}
    actions.answers["action_hand_off"] = {"responses": [{"text": "A colleague was asked."}]}
    status, answer = _post(site, _turn())
    assert (status, [r["text"] for r in answer["replies"]]) == (200, ["A colleague was asked."])
    assert actions.ran("action_hand_off") == 1


@pytest.mark.parametrize("kind", ["broken", "rejecting"])
@pytest.mark.parametrize("action", ["action_validate_slot_mappings", "action_clarify"])
def test_a_failed_action_is_an_error_and_the_message_may_be_tried_again(
    site, actions, kind, action
):
    body = _turn("no")  # no rule: action_clarify answers
    getattr(actions, kind).add(action)
    status, answer = _post(site, body)
    assert status == 502
    assert action in answer["error"]

    actions.forget()
    actions.answers["action_clarify"] = {"responses": [{"text": "Which of these?"}]}
    status, answer = _post(site, body)
    assert status == 200
    assert answer == {"replies": [{"text": "Which of these?", "buttons": []}], "replayed": False}


def test_an_answer_which_is_not_of_the_action_protocol_is_an_error(site, actions):
    actions.answers["action_clarify"] = {"events": [{"no": "event"}]}
    status, _ = _post(site, _turn("no"))
    assert status == 502


@pytest.mark.parametrize(
    ("typed", "words"),
    [("/restart", "restart"), ("//ask_person", "ask_person"), ("/no{}", "no{}"), ("/", "?")],
)
def test_commands_and_intents_are_words_when_customers_type_them(site, actions, typed, words):
    conversation = uuid.uuid4().hex
    _post(site, _turn("buy something", conversation=conversation))
    _post(site, _turn(typed, conversation=conversation))
    assert actions.calls[-1]["tracker"]["latest_message"]["text"] == words


def test_ready_only_when_a_model_is_loaded(site, agent):
    assert _call(site, "/readyz")[0] == 200
    site.ctx.agent = None
    try:
        assert _call(site, "/readyz")[0] == 503
        assert _post(site, _turn())[0] == 503
    finally:
        site.ctx.agent = agent


def test_the_channel_is_never_open_to_all():
    for credentials in (None, {}, {"token": ""}, {"token": "${HEARD_BOT_TOKEN}"}):
        with pytest.raises(RasaException, match="HEARD_BOT_TOKEN"):
            GatewayInput.from_credentials(credentials)
