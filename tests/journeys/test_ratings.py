"""What customers answer afterwards, through the running processes: to the card, to a colleague."""

import re

from tests.people import Customer, StaffMember, eventually
from tests.product import Product

ROBIN, LEE = "robin@example.com", "lee@example.com"


async def test_a_low_rating_reaches_the_card_a_colleague_and_the_lead(product: Product):
    nora = await Customer.arrives(product, "demo-nora")
    await nora.says("I want to talk to a person")
    robin = await StaffMember.signs_in(product, ROBIN)
    case = await robin.case_of("Nora Demo")
    await robin.does(case, "resolve", closing="It is on its way.", needed="yes", survey="on")
    await nora.sees_state(responder="closed", survey={"kind": "ces", "step": "rate"})
    await nora.presses("survey", {"kind": "ces", "score": 2})
    await nora.sees_state(survey={"kind": "ces", "step": "why"})
    await nora.presses("survey", {"why": "I had to ask three times"})
    await nora.sees_state(survey={"kind": "ces", "step": "follow_up"})

    card = await robin.reads(f"/desk/cases/{case}")
    assert "Ease 2 of 7" in card
    assert "I had to ask three times" in card
    await nora.presses("survey", {"follow_up": True})
    await nora.sees("I have asked a colleague to look at this and to answer you here.")
    await nora.sees_state(responder="queue", survey=None)

    async def follow_up() -> str | None:
        board = await robin.reads("/desk")
        rows = re.findall(r'href="/desk/cases/([0-9a-f-]{36})">Nora Demo</a>', board)
        return next((one for one in rows if one != case), None)

    second = str(await eventually(follow_up))
    page = await robin.reads(f"/desk/cases/{second}")
    assert "The customer gave a low rating and wants a colleague to look at it" in page
    await robin.does(second, "reply", text="I have read it all, Nora.")
    await nora.sees("I have read it all, Nora.")
    await robin.does(second, "resolve", closing="", needed="yes", survey="on")
    await nora.sees_state(responder="closed", survey=None)

    lee = await StaffMember.signs_in(product, LEE)
    assert "Nora Demo" in await lee.reads("/review?rated=low")
    story = await lee.reads(f"/review/conversations/{nora.conversation}")
    assert "Ease (CES): 2 of 7. “I had to ask three times” (Wants a colleague" in story
    assert "No rating was asked for: it followed up an earlier one" in story
    await nora.leaves_for_good()


async def test_who_gave_up_waiting_is_asked_nothing_and_nobody_twice_in_a_week(product: Product):
    omar = await Customer.arrives(product, "demo-omar")
    await omar.says("I want to talk to a person")
    await omar.presses("back")
    await omar.sees_state(responder="bot")
    assert omar.state["survey"] is None
    await omar.says("I want to talk to a person")
    robin = await StaffMember.signs_in(product, ROBIN)
    await robin.does(
        await robin.case_of("Omar Demo"), "resolve", closing="", needed="yes", survey="on"
    )
    await omar.sees_state(survey={"kind": "ces", "step": "rate"})
    await omar.presses("survey", {"dismiss": True})
    await omar.sees_state(responder="closed", survey=None)
    await omar.says("I want to talk to a person")
    await robin.does(
        await robin.case_of("Omar Demo"), "resolve", closing="", needed="yes", survey="on"
    )
    await omar.sees_state(responder="closed", survey=None)
    lee = await StaffMember.signs_in(product, LEE)
    story = await lee.reads(f"/review/conversations/{omar.conversation}")
    assert "Ease (CES): dismissed" in story
    assert "No rating was asked for: this customer was asked not long ago" in story
    await omar.leaves_for_good()
