"""Whatever process dies in the middle: nothing acknowledged is lost, nothing is doubled."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people import Customer, StaffMember
from tests.product import Product

ROBIN = "robin@example.com"
ANNOYED = (
    "where is my parcel",
    "no, the parcel, it is late, where is it",
    "you don't get it, this is useless",
)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product of these tests' own: they kill it."""
    with Product(tmp_path_factory.mktemp("killed")) as running:
        yield running


async def test_the_app_dies_while_the_bot_thinks(product: Product):
    ada = await Customer.arrives(product)
    await ada.says("hello")
    await ada.sends("where is my parcel", client_id="the-question")
    product.kill("app")
    product.ready_again("app", times=2)
    await ada.sees("NP100100")
    await ada.sends("where is my parcel", client_id="the-question")
    await asyncio.sleep(1)
    await ada.looks()
    assert ada.texts.count("where is my parcel") == 1
    assert sum("NP100100" in text for text in ada.texts) == 1


async def test_rasa_dies_and_the_customer_is_told_and_gets_a_person(product: Product):
    ben = await Customer.arrives(product, "demo-ben")
    await ben.says("hello")
    product.kill("bot")
    await ben.says("where is my order")
    assert "The assistant is out of order at the moment" in ben.texts[-1]
    assert ben.state["responder"] == "queue"
    robin = await StaffMember.signs_in(product, ROBIN)
    case = await robin.case_of("Ben Demo")
    assert "out of order" in await robin.reads(f"/desk/cases/{case}")
    await robin.does(case, "reply", text="Your shoes arrive in two days.")
    await ben.sees("Your shoes arrive in two days.")
    await robin.does(case, "hand-back", summary="Told him about the shoes")
    product.ready_again("bot", times=2)
    await ben.says("where is my order")
    assert "1003" in ben.texts[-1]


async def test_the_app_dies_while_an_agent_answers(product: Product):
    ines = await Customer.arrives(product, "demo-ines")
    await ines.says("I want to talk to a person")
    robin = await StaffMember.signs_in(product, ROBIN)
    case = await robin.case_of("Inés Demo")
    await robin.does(case, "reply", text="First line", key="k1")
    product.kill("app")
    product.ready_again("app", times=3)
    await robin.does(case, "reply", text="First line", key="k1")
    await robin.does(case, "reply", text="Second line", key="k2")
    await ines.sees("Second line")
    assert ines.texts[-2:] == ["First line", "Second line"]
    assert ines.state["agent"] == "Robin Demo"


async def test_all_dies_and_all_is_there_after_a_start(product: Product):
    gita = await Customer.arrives(product, "demo-gita")
    await gita.says(*ANNOYED)
    before = gita.texts
    product.kill("heard")
    product.start()
    await gita.looks()
    assert gita.texts == before
    robin = await StaffMember.signs_in(product, ROBIN)
    case = await robin.case_of("Gita Demo")
    await robin.does(case, "claim")
    await gita.sees("Robin Demo has joined the chat.")
    await robin.does(case, "resolve", closing="All settled.", needed="yes", survey="on")
    await gita.sees_state(responder="closed", survey={"kind": "ces", "step": "rate"})


def test_ctrl_c_ends_everything_cleanly(product: Product):
    assert product.stop() == 0
    assert "stopped" in product.log.read_text()[-500:]
    assert not list(Path(product.folder).glob("*.db-journal"))
