"""Bad input at every door of the running product gets a plain sentence; nothing falls over."""

import httpx
import pytest

from tests.patience import PATIENT_S
from tests.people import Customer, StaffMember
from tests.product import Product


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/api/nowhere", 404),
        ("PUT", "/api/messages", 405),
        ("GET", "/api/messages", 401),
        ("POST", "/api/messages", 401),
        ("POST", "/slack/events", 404),
        ("GET", "/widget/../heard/settings.py", 404),
        ("POST", "/desk/cases/none/claim", 403),
    ],
)
async def test_a_wrong_address_is_answered_in_words(product: Product, method, path, status):
    async with httpx.AsyncClient(base_url=product.url, trust_env=False, timeout=PATIENT_S) as http:
        answer = await http.request(method, path)
    assert answer.status_code == status, answer.text
    assert "Traceback" not in answer.text
    assert "Sanic" not in answer.text


@pytest.mark.parametrize("token", ["", "Bearer x", "Bearer a.b.c", "Basic abc"])
async def test_a_forged_token_opens_nothing(product: Product, token: str):
    async with httpx.AsyncClient(base_url=product.url, trust_env=False, timeout=PATIENT_S) as http:
        answer = await http.get("/api/messages", headers={"Authorization": token} if token else {})
    assert answer.status_code == 401
    assert answer.json()["error"]["text"]


async def test_a_megabyte_is_refused_and_the_conversation_goes_on(product: Product):
    customer = await Customer.arrives(product, None)
    with pytest.raises(httpx.HTTPStatusError) as refused:
        await customer.sends("x" * 1_000_000)
    assert refused.value.response.status_code == 413
    await customer.says("hello")
    assert customer.messages[-1]["author"] == "bot"


async def test_hostile_text_is_kept_as_text(product: Product):
    customer = await Customer.arrives(product, None)
    hostile = "<script>alert(1)</script> '; DROP TABLE messages;-- <!channel> \u202e\u200b"
    await customer.says(hostile)
    assert customer.messages[0]["text"].startswith("<script>alert(1)</script>")


async def test_staff_see_their_own_door_only(product: Product):
    robin = await StaffMember.signs_in(product, "robin@example.com")
    lee = await StaffMember.signs_in(product, "lee@example.com")
    for person, path in ((robin, "/review"), (lee, "/desk")):
        with pytest.raises(httpx.HTTPStatusError) as refused:
            await person.reads(path)
        assert refused.value.response.status_code == 403
    for path in ("/desk/cases/none", "/desk/cases/00000000-0000-0000-0000-000000000000"):
        with pytest.raises(httpx.HTTPStatusError) as refused:
            await robin.reads(path)
        assert refused.value.response.status_code == 404
