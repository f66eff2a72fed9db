"""The orders of a case on the browser desk: what agents have the shop do, as their forms do it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conversation.shop import ShopUnavailable
from handoff.case import Case
from staff.account import Role
from tests.desks.site import Customers
from tests.unit.staff_site import Browser, StaffSite, hidden_fields, staff_site, text_of


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[StaffSite]:
    async with staff_site(tmp_path) as opened:
        yield opened


@pytest.fixture
async def ruth(site: StaffSite) -> Browser:
    return await site.signed_in("Ruth", Role.AGENT)


async def _with_order(site: StaffSite) -> tuple[Customers, Case, str]:
    """A customer with order 7, which came today, and the page of her orders."""
    customer = await site.site.customer("Ada")
    await site.an_order(customer.conversation_id)
    case = await customer.asks_for_a_person()
    return customer, case, f"/desk/cases/{case.id}/shop"


async def _fills(ruth: Browser, page: str, task: str, **fields: str) -> dict[str, str]:
    """The fields of the form of this task, filled in."""
    shown = (await ruth.gets(page)).split(f'name="task" value="{task}"')[0]
    start = shown.rindex("<form")
    hidden = hidden_fields(shown[start:] + "</form>", page)
    return {**hidden, "task": task, "order": "7", "tell": "on", **fields}


async def test_an_agent_pays_back_a_part_from_the_case(site: StaffSite, ruth: Browser) -> None:
    customer, case, page = await _with_order(site)
    case_page = await ruth.gets(f"/desk/cases/{case.id}")
    assert f'href="{page}"' in case_page
    shown = await ruth.reads(page)
    assert "Order 7 90.00 EUR · Tent and 1 more, delivered" in shown
    assert "Pay back a part or all of it up to 50.00 EUR; above that ask a lead" in shown
    form = await _fills(ruth, page, "refund", amount="12,50", reason="a torn seam")
    answer = await ruth.http.post(page, data=form)
    assert answer.headers["location"] == f"/desk/cases/{case.id}#notes"
    [(name, said)] = await customer.reads_from_agents()
    assert name == "Ruth"
    assert said.startswith("12.50 EUR for order 7 come back to you by")
    case_page = await ruth.reads(f"/desk/cases/{case.id}")
    assert "Refunded 12.50 EUR on order 7. Reason: a torn seam." in case_page
    assert "12.50 EUR paid back" in await ruth.reads(page)


async def test_a_form_that_is_sent_twice_is_done_once(site: StaffSite, ruth: Browser) -> None:
    customer, _, page = await _with_order(site)
    form = await _fills(ruth, page, "refund", amount="10", reason="a torn seam")
    for _ in range(2):
        assert (await ruth.http.post(page, data=form)).status_code == 303
    assert len(await customer.reads_from_agents()) == 1
    assert "10.00 EUR paid back" in await ruth.reads(page)


@pytest.mark.parametrize(
    ("amount", "reason", "told"),
    [
        ("50.01", "a torn seam", "You may pay back 50.00 EUR for one order. For 50.01 EUR: a lead"),
        ("some", "a torn seam", "Give an amount such as 12.50"),
        ("10", "  ", "Say why, in a few words"),
    ],
)
async def test_what_is_refused_says_why_and_keeps_what_was_typed(
    site: StaffSite, ruth: Browser, amount: str, reason: str, told: str
) -> None:
    customer, _, page = await _with_order(site)
    form = await _fills(ruth, page, "refund", amount=amount, reason=reason)
    del form["tell"]
    answer = await ruth.http.post(page, data=form)
    assert answer.status_code == 409
    assert told in text_of(answer.text)
    assert f'value="{amount}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    refused = answer.text.split('name="task" value="refund"')
    assert (
        hidden_fields(refused[0][refused[0].rindex("<form") :] + "</form>", page)["key"]
        == form["key"]
    )
    assert 'name="tell"> Tell Ada' in refused[1]  # the tick that was taken away stays away
    assert await customer.reads_from_agents() == []


async def test_days_invoices_and_a_second_parcel_have_forms_of_their_own(
    site: StaffSite, ruth: Browser
) -> None:
    customer, _, page = await _with_order(site)
    more = {"days": "7", "reason": "on a journey"}
    for task, fields in (("extend_return", more), ("invoice", {})):
        answer = await ruth.http.post(page, data=await _fills(ruth, page, task, **fields))
        assert answer.status_code == 303, answer.text
    said = [text for _, text in await customer.reads_from_agents()]
    assert said[0].startswith("Order 7 can be returned until")
    assert said[1].startswith("The invoice for order 7 was sent to")
    answer = await ruth.http.post(
        page, data=await _fills(ruth, page, "send_again", reason="it never came")
    )
    assert "Tent is sold out, so order 7 cannot be sent again." in text_of(answer.text)


async def test_a_shop_that_does_not_answer_leaves_a_form_to_ask_again(
    site: StaffSite, ruth: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, _, page = await _with_order(site)
    form = await _fills(ruth, page, "refund", amount="10", reason="a torn seam")

    async def silent(*_: object, **__: object) -> None:
        raise ShopUnavailable("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(site.site.shop, "pay_back", silent)
        answer = await ruth.http.post(page, data=form)
    assert "it is not known whether this was done" in text_of(answer.text)
    assert await customer.reads_from_agents() == []
    shown = await ruth.gets(page)
    assert "Refund of 10.00 EUR for order 7 , asked by Ruth" in text_of(shown)
    again = hidden_fields(shown, page)
    assert again["key"] == form["key"]
    assert (await ruth.http.post(page, data=again)).status_code == 303
    assert "10.00 EUR paid back" in await ruth.reads(page)
    assert "Ask the shop again" not in await ruth.reads(page)


async def test_only_agents_with_the_sessions_token_reach_the_shop(
    site: StaffSite, ruth: Browser
) -> None:
    _, _, page = await _with_order(site)
    form = await _fills(ruth, page, "refund", amount="10", reason="x")
    assert (await ruth.http.post(page, data={**form, "csrf": "wrong"})).status_code == 403
    assert (await ruth.http.post(page, data={**form, "task": "jackpot"})).status_code == 400
    lea = await site.signed_in("Lea", Role.LEAD)
    await lea.gets(page, 403)
    assert "paid back" not in await ruth.reads(page)


async def test_the_away_switch_says_what_it_does(site: StaffSite, ruth: Browser) -> None:
    assert "At the desk 0 of 4 cases" in await ruth.reads("/desk")
    await ruth.sends("/desk", "/desk/away", minutes="30")
    away = await ruth.reads("/desk")
    assert "Away until" in away
    assert "No case is given to you; you can still claim and answer." in away
    await ruth.sends("/desk", "/desk/back")
    assert "At the desk" in await ruth.reads("/desk")
    assert (await ruth.sends("/desk", "/desk/away", minutes="5")).status_code == 400
