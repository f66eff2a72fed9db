"""Every verb of an agent has a form on the browser desk, and the form does what it says."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handoff.case import Case, CaseStatus, Priority, Resolution
from handoff.casework.handing_back import TAKEN_UP
from handoff.delivery.boxes import Delivery
from handoff.promises.callbacks import Callbacks, Told
from handoff.queue.groups import SUPPORT, DeskRules, Group
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


async def _waiting(site: StaffSite, name: str = "Ada") -> tuple[Customers, Case, str]:
    customer = await site.site.customer(name)
    case = await customer.asks_for_a_person()
    await customer.says("where is my parcel?")
    return customer, case, f"/desk/cases/{case.id}"


async def _replied(site: StaffSite, ruth: Browser) -> tuple[Customers, str, str]:
    """A case that Ruth has answered. Returns: the customer, the page, the key of the reply."""
    customer, _, page = await _waiting(site)
    answer = await ruth.sends(page, f"{page}/reply", text="It is in Leads.")
    assert answer.status_code == 303
    return customer, page, hidden_fields(await ruth.gets(page), f"{page}/edit")["about"]


async def test_a_case_is_given_to_a_colleague_with_a_word(site: StaffSite, ruth: Browser) -> None:
    customer, _, page = await _waiting(site)
    sam = await site.account("Sam", Role.AGENT)
    await site.account("Lea", Role.LEAD)
    shown = await ruth.gets(page)
    assert re.findall(r">([^<]+, \d of \d cases)<", shown) == [
        "Me, 0 of 4 cases",
        "Sam, 0 of 4 cases",
    ]
    answer = await ruth.sends(page, f"{page}/assign", to=sam.id, note="You know the depot.")
    assert answer.status_code == 303
    assert (await customer.case()).agent == "Sam"
    shown = await ruth.reads(page)
    assert "Claimed by Sam" in shown
    assert "For Sam: You know the depot." in shown
    assert (await customer.notices())[-1] == "Ruth has passed your chat on to Sam."


async def test_a_case_that_changed_hands_meanwhile_is_not_taken_away(
    site: StaffSite, ruth: Browser
) -> None:
    _, case, page = await _waiting(site)
    sam = await site.account("Sam", Role.AGENT)
    form = hidden_fields(await ruth.gets(page), f"{page}/assign")
    await site.casework.claim(case.id, sam)
    answer = await ruth.http.post(f"{page}/assign", data={**form, "to": sam.id, "note": "x"})
    assert answer.status_code == 303  # it is Sam's already
    tom = await site.account("Tom", Role.AGENT)
    answer = await ruth.http.post(f"{page}/assign", data={**form, "to": tom.id, "note": "for you"})
    assert answer.status_code == 409
    assert "Sam has it now. Nothing was done." in text_of(answer.text)
    assert "for you</textarea>" in answer.text
    assert f'<option value="{tom.id}" selected>' in answer.text


@pytest.mark.parametrize(("to", "told"), [("", "Choose who"), ("nobody", "no such colleague")])
async def test_whom_a_case_goes_to_has_to_be_chosen(
    site: StaffSite, ruth: Browser, to: str, told: str
) -> None:
    customer, _, page = await _waiting(site)
    answer = await ruth.sends(page, f"{page}/assign", to=to, note="")
    assert answer.status_code == 409
    assert told in text_of(answer.text)
    assert (await customer.case()).agent is None


async def test_a_case_goes_back_into_the_queue(site: StaffSite, ruth: Browser) -> None:
    customer, _, page = await _waiting(site)
    assert f'action="{page}/release"' not in await ruth.gets(page)
    await ruth.sends(page, f"{page}/claim")
    await ruth.sends(page, f"{page}/release")
    assert (await customer.case()).agent is None
    assert "Claim this case" in await ruth.reads(page)


async def test_a_case_rests_until_it_is_woken(site: StaffSite, ruth: Browser) -> None:
    customer, _, page = await _waiting(site)
    await ruth.sends(page, f"{page}/claim")
    await ruth.sends(page, f"{page}/snooze", **{"for": "60"})
    assert "Snoozed until" in await ruth.reads(page)
    assert "snoozed until" in await ruth.reads("/desk")
    await ruth.sends(page, f"{page}/wake")
    assert "Snoozed until" not in await ruth.reads(page)
    answer = await ruth.sends(page, f"{page}/snooze", **{"for": "tomorrow"})
    assert answer.status_code == 303
    until = (await customer.case()).snoozed_until
    assert until is not None
    assert (until.hour, until.minute) == (9, 0)
    assert (await ruth.sends(page, f"{page}/snooze", **{"for": "ever"})).status_code == 400


async def test_an_answer_that_is_owed_by_e_mail_says_how_soon(
    site: StaffSite, ruth: Browser
) -> None:
    customer, case, page = await _waiting(site)
    async with site.site.store.work() as work:
        await work.conversations.leave_email(customer.conversation_id, "ada@example.com")
    told = await Callbacks(site.site.store, site.site.clock).nobody_there(case.id)
    assert told is Told.PROMISED
    for path in (page, "/desk"):
        assert re.search(r"Answer by e-mail due in 3 h \d+ min", await ruth.reads(path))
    async with site.site.store.work() as work:
        await work.cases.call_back(case.id, site.site.clock() - timedelta(hours=5, minutes=1))
    for path in (page, "/desk"):
        assert re.search(r"Answer by e-mail 1 h \d min late", await ruth.reads(path))


async def test_an_urgent_case_stands_before_an_older_one(site: StaffSite, ruth: Browser) -> None:
    await _waiting(site, "Ada")
    customer, _, page = await _waiting(site, "Ben")
    await ruth.sends(page, f"{page}/priority", priority="urgent")
    assert (await customer.case()).priority is Priority.URGENT
    board = await ruth.reads("/desk")
    assert "2 cases, urgent first, then longest first" in board
    assert board.index("Ben") < board.index("Ada")
    assert "Urgent" in board
    assert (await ruth.sends(page, f"{page}/priority", priority="huge")).status_code == 400


async def test_resolving_asks_how_it_ended_and_whether_a_person_was_needed(
    site: StaffSite, ruth: Browser
) -> None:
    customer, _, page = await _waiting(site)
    await ruth.sends(page, f"{page}/resolve", resolution="not_solved", needed="no", closing="Bye.")
    case = await customer.case()
    assert (case.resolution, case.needed) == (Resolution.NOT_SOLVED, False)
    assert "Could not be solved · a person was not needed" in await ruth.reads(page)


async def test_a_case_is_not_resolved_before_it_is_said_whether_a_person_was_needed(
    site: StaffSite, ruth: Browser
) -> None:
    customer, _, page = await _waiting(site)
    answer = await ruth.sends(page, f"{page}/resolve", closing="Bye.")
    assert answer.status_code == 409
    shown = text_of(answer.text)
    assert "The case is not resolved yet. Choose one: did this need a person?" in shown
    assert "Bye." in shown
    assert "checked" not in answer.text.split("Did this need a person?")[1].split("</fieldset>")[0]
    assert (await customer.case()).status.open
    assert await customer.reads_from_agents() == []


@pytest.mark.parametrize("wrong", [{"resolution": "magic"}, {"needed": "perhaps"}])
async def test_a_judgement_that_is_none_closes_nothing(
    site: StaffSite, ruth: Browser, wrong: dict[str, str]
) -> None:
    customer, _, page = await _waiting(site)
    answer = await ruth.sends(page, f"{page}/resolve", **wrong)
    assert answer.status_code == 400
    assert (await customer.case()).status.open


async def test_a_closed_case_is_reopened_by_who_wants_to_go_on(
    site: StaffSite, ruth: Browser
) -> None:
    customer, _, page = await _waiting(site)
    await ruth.sends(page, f"{page}/resolve", closing="Bye.", needed="yes")
    answer = await ruth.sends(page, f"{page}/reopen")
    assert answer.status_code == 303
    assert "Claimed by you" in await ruth.reads(page)
    assert (await customer.case()).status.open


async def test_the_assistant_gets_summary_and_facts(site: StaffSite, ruth: Browser) -> None:
    customer, _, page = await _waiting(site)
    await ruth.sends(page, f"{page}/claim")
    assert TAKEN_UP in await ruth.reads(page)
    facts = "Order: 1016\n\n Address : 9 New Street"
    await ruth.sends(
        page, f"{page}/hand-back", summary="The address is new.", facts=facts, saying="Done."
    )
    async with site.site.store.read() as work:
        conversation = await work.conversations.get(customer.conversation_id)
    assert conversation.handed_back == ("The address is new.\nOrder: 1016\nAddress: 9 New Street")
    assert "Done." in [message.text for message in await customer.sees()]


async def test_who_hands_back_what_is_not_theirs_ticks_that_they_mean_it(
    site: StaffSite, ruth: Browser
) -> None:
    customer, _, page = await _waiting(site)
    answer = await ruth.sends(page, f"{page}/hand-back", summary="All is said.")
    assert answer.status_code == 409
    shown = text_of(answer.text)
    assert "waits for a person. To go on, tick “Hand it back all the same”." in shown
    assert "All is said.</textarea>" in answer.text
    assert (await customer.case()).status.open
    await ruth.sends(page, f"{page}/hand-back", summary="All is said.", sure="on")
    assert (await customer.case()).status is CaseStatus.HANDED_BACK


async def test_a_fact_without_its_name_is_asked_for_and_nothing_typed_is_lost(
    site: StaffSite, ruth: Browser
) -> None:
    customer, _, page = await _waiting(site)
    await ruth.sends(page, f"{page}/claim")
    answer = await ruth.sends(page, f"{page}/hand-back", summary="New.", facts="just words")
    assert answer.status_code == 409
    assert "This line is not: just words" in text_of(answer.text)
    assert "just words</textarea>" in answer.text
    assert "New.</textarea>" in answer.text
    assert (await customer.case()).status.open


async def test_a_reply_is_edited_and_staff_can_see_what_it_said(
    site: StaffSite, ruth: Browser
) -> None:
    customer, page, about = await _replied(site, ruth)
    answer = await ruth.sends(page, f"{page}/edit", about=about, text="It is in Leeds.")
    assert answer.status_code == 303
    assert await customer.reads_from_agents() == [("Ruth", "It is in Leeds.")]
    shown = await ruth.reads(page)
    assert "Ada sees that it was." in shown
    assert "What it said before It is in Leads." in shown


async def test_a_reply_is_deleted_for_the_customer_and_kept_for_staff(
    site: StaffSite, ruth: Browser
) -> None:
    customer, page, about = await _replied(site, ruth)
    await ruth.sends(page, f"{page}/delete", about=about)
    assert [text for _, text in await customer.reads_from_agents()] == [""]
    shown = await ruth.gets(page)
    assert "Deleted by Ruth: Ada no longer sees it What it said before It is in Leads." in text_of(
        shown
    )
    assert f'action="{page}/edit"' not in shown


async def test_nobody_changes_what_a_colleague_said(site: StaffSite, ruth: Browser) -> None:
    customer, page, about = await _replied(site, ruth)
    sam = await site.signed_in("Sam", Role.AGENT)
    shown = await sam.gets(page)
    assert f'action="{page}/edit"' not in shown
    csrf = hidden_fields(shown, f"{page}/reply")["csrf"]
    for verb in ("edit", "delete"):
        form = {"csrf": csrf, "about": about, "text": "No."}
        answer = await sam.http.post(f"{page}/{verb}", data=form)
        assert answer.status_code == 409
        assert "Only Ruth can change this reply." in text_of(answer.text)
    assert await customer.reads_from_agents() == [("Ruth", "It is in Leads.")]


async def test_an_empty_edit_is_refused_and_the_form_stays_open(
    site: StaffSite, ruth: Browser
) -> None:
    customer, page, about = await _replied(site, ruth)
    answer = await ruth.sends(page, f"{page}/edit", about=about, text="  ")
    assert answer.status_code == 409
    assert '<details class="revise" open>' in answer.text
    assert await customer.reads_from_agents() == [("Ruth", "It is in Leads.")]


async def test_who_helps_is_marked_and_who_is_asked_is_named(
    site: StaffSite, ruth: Browser
) -> None:
    _, case, page = await _waiting(site)
    assert "You were asked to take it" in await ruth.reads("/desk")
    sam = await site.account("Sam", Role.AGENT)
    await site.casework.claim(case.id, sam)
    await ruth.sends(page, f"{page}/reply", text="May I add something?")
    assert "Ruth, helping Sam" in await ruth.reads(page)


async def test_a_reply_says_whether_the_customers_page_has_it(
    site: StaffSite, ruth: Browser
) -> None:
    customer, page, _ = await _replied(site, ruth)
    assert "not on their page yet" in await ruth.reads(page)
    site.clock.ahead = timedelta(minutes=2)
    assert "waits: the customer is away, no e-mail can be sent" in await ruth.reads(page)
    seq = (await customer.sees())[-1].seq
    async with site.site.store.work() as work:
        await work.conversations.shown(customer.conversation_id, seq)
    shown = await ruth.reads(page)
    assert "on their page" in shown
    assert "not on their page" not in shown


async def test_a_reply_that_went_out_by_email_says_so(site: StaffSite, ruth: Browser) -> None:
    customer, page, _ = await _replied(site, ruth)
    seq, now = (await customer.sees())[-1].seq, site.clock()
    async with site.site.store.work() as work:
        await work.mails.put(customer.conversation_id, seq, now)
        [mail] = await work.mails.due(now)
    assert "not on their page yet" in await ruth.reads(page)
    async with site.site.store.work() as work:
        assert await work.mails.begin(mail, now)
        await work.mails.done(mail, now)
    assert "sent by e-mail" in await ruth.reads(page)


async def test_what_is_masked_is_shown_once_to_who_asks_and_that_is_noted(
    site: StaffSite, ruth: Browser
) -> None:
    customer, case, page = await _waiting(site)
    await customer.says("my card is 4111 1111 1111 1111")
    shown = await ruth.gets(page)
    assert "4111" not in shown
    assert "my card is [CARD_1]" in text_of(shown)
    assert "1 text is masked" in text_of(shown)
    answer = await ruth.sends(page, f"{page}/reveal")
    assert "[CARD_1] stands for 4111 1111 1111 1111" in text_of(answer.text)
    assert "4111" not in await ruth.gets(page)
    async with site.site.store.read() as work:
        happened = await work.timeline.of(case.conversation_id)
    [looked] = [it for it in happened if it.kind == "revealed"]
    assert (looked.detail["agent"], looked.detail["of"]) == ("Ruth", "card")
    answer = await ruth.sends(page, f"{page}/reveal", token="[CARD_9]")
    assert answer.status_code == 409
    assert "Nothing is masked as CARD_9" in text_of(answer.text)


async def test_the_day_in_figures_stands_above_the_list(site: StaffSite, ruth: Browser) -> None:
    _, _, page = await _waiting(site)
    assert "Today 1 case opened, 0 resolved" in await ruth.reads("/desk")
    await ruth.sends(page, f"{page}/reply", text="Hello.")
    await ruth.sends(page, f"{page}/resolve", closing="", needed="yes")
    shown = await ruth.reads("/desk")
    assert re.search(r"1 resolved, first reply after \d+ s \(median\)", shown)


async def test_how_soon_a_first_reply_is_due_is_on_the_list_and_on_the_case(
    site: StaffSite, ruth: Browser
) -> None:
    _, _, page = await _waiting(site)
    for path in ("/desk", page):
        assert "First reply due in" in await ruth.reads(path)
    await ruth.sends(page, f"{page}/reply", text="Hello.")
    for path in ("/desk", page):
        assert "First reply" not in await ruth.reads(path)


@pytest.mark.parametrize(
    "verb",
    ["assign", "release", "snooze", "wake", "priority", "reopen", "edit", "delete", "reveal"],
)
async def test_no_verb_works_without_the_sessions_token(
    site: StaffSite, ruth: Browser, verb: str
) -> None:
    customer, page, about = await _replied(site, ruth)
    await site.site.delivered()
    before = (await customer.sees(), await customer.case())
    form = {"csrf": "wrong", "about": about, "text": "x", "for": "60", "priority": "high"}
    answer = await ruth.http.post(f"{page}/{verb}", data=form)
    assert answer.status_code == 403
    assert (await customer.sees(), await customer.case()) == before


PAYMENTS = Group("payments", "Payments", topics=frozenset({"charged_twice"}))


async def test_a_case_goes_to_a_group_and_the_list_can_be_narrowed_to_one(tmp_path: Path) -> None:
    rules = DeskRules(groups=(PAYMENTS, SUPPORT))
    async with staff_site(tmp_path, rules=rules) as site:
        ruth = await site.signed_in("Ruth", Role.AGENT)
        customer, _, page = await _waiting(site)
        await _waiting(site, "Ben")
        await ruth.sends(page, f"{page}/claim")
        answer = await ruth.sends(page, f"{page}/assign", to="group:payments", note="Twice paid.")
        assert answer.status_code == 303
        case = await customer.case()
        assert (case.route.group, case.agent) == ("payments", None)
        assert "for Payments" in await ruth.reads(page)
        assert "For Payments: Twice paid." in await ruth.reads(page)
        everything = await ruth.reads("/desk")
        assert "All groups Payments 1 waiting Support 1 waiting" in everything
        narrowed = await ruth.reads("/desk?group=payments")
        assert "Ada" in narrowed
        assert "Ben" not in narrowed
        assert "Ben" in await ruth.reads("/desk?group=none")
        answer = await ruth.sends(page, f"{page}/assign", to="group:gone", note="")
        assert "no such group any more" in text_of(answer.text)


async def test_a_desk_that_takes_nothing_is_told_of_where_work_goes_on(tmp_path: Path) -> None:
    async with staff_site(tmp_path, chosen="slack") as site:
        ruth = await site.signed_in("Ruth", Role.AGENT)
        _, case, page = await _waiting(site)
        await site.site.delivered()
        for path in ("/desk", page):
            assert "does not take" not in await ruth.reads(path)
        await site.site.stop_dispatching()
        now = site.clock()
        async with site.site.store.work() as work:
            await work.outbox.put(case.id, Delivery.UPDATE_CASE, now)
            [entry] = await work.outbox.undone(case.id)
            until = now + timedelta(hours=1)
            assert await work.outbox.begin(entry, until)
            await work.outbox.park(entry, now, until, "The token was revoked.", holds=True)
        for path in ("/desk", page):
            shown = await ruth.reads(path)
            assert "Slack does not take what is sent to it: 1 delivery waits." in shown
            assert "The token was revoked. Nothing is lost" in shown


@pytest.mark.parametrize("text", [";; a difficult customer", "🔒 no", "Hello.\n;; he lies"])
async def test_what_is_marked_as_a_private_note_does_not_leave_by_another_field(
    site: StaffSite, ruth: Browser, text: str
) -> None:
    customer, page, about = await _replied(site, ruth)
    for verb, fields in {
        "edit": {"text": text, "about": about},
        "resolve": {"closing": text, "needed": "yes"},
    }.items():
        answer = await ruth.sends(page, f"{page}/{verb}", **fields)
        assert answer.status_code == 409, verb
        assert "mark of a private note" in text_of(answer.text), verb
        assert text.splitlines()[-1] in text_of(answer.text), f"{verb}: what was typed is kept"
    assert await customer.reads_from_agents() == [("Ruth", "It is in Leads.")]
    assert (await customer.case()).status.open


@pytest.mark.parametrize("text", [";; a difficult customer", "🔒 a difficult customer"])
async def test_a_private_note_typed_where_replies_are_written_is_kept_as_one(
    site: StaffSite, ruth: Browser, text: str
) -> None:
    customer, case, page = await _waiting(site)
    answer = await ruth.sends(page, f"{page}/reply", text=text)
    assert answer.status_code == 303
    shown = text_of((await ruth.http.get(answer.headers["location"])).text)
    assert "Kept as a private note: Ada was sent nothing." in shown
    async with site.site.store.read() as work:
        [note] = await work.cases.notes(case.id)
    assert (note.author, note.text) == ("Ruth", "a difficult customer")
    assert await customer.reads_from_agents() == []
    assert (await customer.case()).agent is None, "a note claims nothing"


async def test_a_reply_with_a_note_in_its_midst_is_neither(site: StaffSite, ruth: Browser) -> None:
    customer, case, page = await _waiting(site)
    answer = await ruth.sends(page, f"{page}/reply", text="Hello.\n;; he lies")
    assert answer.status_code == 409
    shown = text_of(answer.text)
    assert "mark of a private note" in shown
    assert ";; he lies" in shown, "what was typed is kept"
    assert await customer.reads_from_agents() == []
    async with site.site.store.read() as work:
        assert await work.cases.notes(case.id) == []
