"""Agents' answers reach customers by e-mail: once, in order, or the agent is told why not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from conversation.clock import utc_now
from conversation.messages import Author, Draft
from tests.desks.site import eventually
from tests.mail.post_office import Fault, PostOffice, text_of
from tests.mail.talk import ADDRESS, SENDER, Talk


async def _sent(talk: Talk) -> None:
    await eventually(talk.all_mail_is_done, 20)


async def test_a_promised_answer_goes_out_with_all_that_a_reply_needs(
    talk: Talk, office: PostOffice
):
    await talk.is_promised()
    async with talk.mail_runs():
        await talk.replies("It comes on Friday.\n\nI have looked it up.")
        await _sent(talk)
    [letter] = office.taken
    assert str(letter["From"]) == f'"Nia, Northpine support" <{SENDER}>'
    assert letter["To"] == ADDRESS
    assert letter["Subject"] == "Your question to Northpine (case 1)"
    assert letter["Auto-Submitted"] == "no"
    assert talk.addresses.conversation_in([letter["Reply-To"]]) == talk.id
    assert office.envelopes == [(letter["Reply-To"], [ADDRESS])]
    assert letter["References"] == f"<{talk.id}@shop.example>"
    assert letter["Message-ID"].endswith("@shop.example>")
    text = text_of(letter)
    assert text.startswith("It comes on Friday.\n\nI have looked it up.\n\nNia, Northpine support")
    assert f"https://shop.example/chat#{talk.id}\n" in text
    html = letter.get_body(("html",))
    assert html is not None
    assert f'href="https://shop.example/chat#{talk.id}"' in html.get_content()


async def test_answers_written_shortly_after_one_another_are_one_letter(
    talk: Talk, office: PostOffice
):
    await talk.is_promised()
    talk.settings = replace(talk.settings, join=timedelta(seconds=30))
    async with talk.mail_runs():
        await talk.replies("First.", "Second.")
        talk.time_passes(timedelta(seconds=31))
        await _sent(talk)
    [letter] = office.taken
    text = text_of(letter)
    assert text.index("First.") < text.index("Second.")
    assert text.count("Nia, Northpine support") == 1


async def test_what_an_agent_writes_stays_text_and_makes_no_header(talk: Talk, office: PostOffice):
    await talk.is_promised()
    async with talk.mail_runs():
        await talk.replies("<script>alert(1)</script>\r\nBcc: all@example.com\n\n.\n\nEnd.")
        await _sent(talk)
    [letter] = office.taken
    assert letter["Bcc"] is None
    assert "\n.\n" in text_of(letter)
    html = letter.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


async def test_a_greylisted_letter_is_tried_again_and_arrives_once(
    talk: Talk, office: PostOffice, no_pauses: None
):
    await talk.is_promised()
    office.faults = [Fault.GREYLISTED, Fault.GREYLISTED]
    async with talk.mail_runs():
        await talk.replies("Hello.")
        await _sent(talk)
    assert len(office.taken) == 1
    assert office.tries == 3


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER_DATA, Fault.SLOW])
async def test_a_letter_of_unknown_fate_is_sent_again_as_the_same(
    talk: Talk, office: PostOffice, no_pauses: None, fault: Fault
):
    await talk.is_promised()
    office.faults = [fault]
    talk.settings = replace(talk.settings, timeout_s=0.7)
    async with talk.mail_runs():
        await talk.replies("Hello.")
        await eventually(_lets(lambda: office.tries), 10)
        await talk.replies("One more.")  # joins nothing that was begun
        await _sent(talk)
    ids = [letter["Message-ID"] for letter in office.taken]
    assert len(set(ids)) == 2
    first = [letter for letter in office.taken if letter["Message-ID"] == ids[0]]
    assert len({letter.as_string() for letter in first}) == 1
    assert "One more." in text_of(office.taken[-1])
    assert "One more." not in text_of(first[-1])


@pytest.mark.parametrize("fault", [Fault.NO_SUCH_USER, Fault.REFUSES_CONTENT])
async def test_a_letter_that_is_refused_for_good_is_told_to_the_agent(
    talk: Talk, office: PostOffice, fault: Fault
):
    await talk.is_promised()
    office.faults = [fault]
    async with talk.mail_runs():
        await talk.replies("Hello.")
        await _sent(talk)
    [note] = await talk.notes()
    assert note.text.startswith("The answer did not reach the customer by e-mail. ")
    assert {Fault.NO_SUCH_USER: "no such user", Fault.REFUSES_CONTENT: "spam"}[fault] in note.text
    assert office.tries == 1
    async with talk.mail_runs():  # the next one is not held back by it
        await talk.replies("Once more.")
        await _sent(talk)
    assert len(office.taken) == 1


async def test_a_server_that_takes_nothing_of_ours_is_our_matter_not_the_agents(
    talk: Talk, office: PostOffice
):
    await talk.is_promised()
    office.faults = [Fault.REFUSES_SENDER]
    async with talk.mail_runs():
        await talk.replies("Hello.")

        async def failing() -> bool:
            async with talk.store.read() as work:
                return await work.mails.failing() == 1

        await eventually(failing)
        assert await talk.notes() == []
        talk.time_passes(timedelta(minutes=6))
        await _sent(talk)
    assert len(office.taken) == 1


async def test_what_cannot_be_sent_for_a_day_is_told_to_the_agent(talk: Talk, office: PostOffice):
    await talk.is_promised()
    office.close()
    await talk.replies("Hello.")
    talk.time_passes(timedelta(days=1, minutes=1))
    async with talk.mail_runs():
        await _sent(talk)
    [note] = await talk.notes()
    assert "not reachable" in note.text


async def test_letters_of_one_conversation_keep_their_order(
    talk: Talk, office: PostOffice, no_pauses: None
):
    await talk.is_promised()
    office.faults = [Fault.GREYLISTED] * 3
    async with talk.mail_runs():
        for number in range(4):
            await talk.replies(f"Answer {number}.")
            tries = office.tries
            await eventually(_lets(lambda seen=tries: office.tries > seen), 10)
        await _sent(talk)
    texts = "".join(text_of(letter) for letter in office.taken)
    assert [texts.count(f"Answer {number}.") for number in range(4)] == [1, 1, 1, 1]
    assert texts.index("Answer 0.") < texts.index("Answer 1.") < texts.index("Answer 3.")


async def test_two_processes_send_a_letter_once(talk: Talk, office: PostOffice):
    await talk.is_promised()
    async with talk.mail_runs(), talk.mail_runs():
        await talk.replies("Hello.")
        await _sent(talk)
    assert len(office.taken) == 1


async def test_who_reads_the_answer_on_the_page_gets_no_letter(talk: Talk, office: PostOffice):
    await _joins_with_address(talk)
    [message] = await talk.replies("I am here.")
    async with talk.store.work() as work:
        await work.conversations.shown(talk.id, message.seq)
    async with talk.mail_runs():
        await _sent(talk)
    assert office.taken == []


async def test_who_has_left_the_page_gets_the_answer_after_a_while(talk: Talk, office: PostOffice):
    await _joins_with_address(talk)
    async with talk.mail_runs():
        await talk.replies("Are you there?")

        async def rests() -> bool:
            async with talk.store.read() as work:
                next_at = await work.mails.next_at()
            return next_at is not None and next_at > utc_now() + timedelta(minutes=4)

        await eventually(rests)
        assert office.taken == []
        talk.time_passes(timedelta(minutes=6))
        await _sent(talk)
    assert "Are you there?" in text_of(office.taken[0])


async def test_a_page_left_open_breaks_no_promise(talk: Talk, office: PostOffice):
    await talk.is_promised()
    [message] = await talk.replies("It comes on Friday.")
    async with talk.store.work() as work:
        await work.conversations.shown(talk.id, message.seq)
    async with talk.mail_runs():
        await _sent(talk)
    assert len(office.taken) == 1


async def test_who_was_promised_a_letter_and_chats_now_gets_none(talk: Talk, office: PostOffice):
    await talk.is_promised()
    async with talk.store.work() as work:
        draft = Draft(Author.CUSTOMER, "I am back", client_id="page-1")
        await work.conversations.append(talk.id, draft, talk.clock())
    [message] = await talk.replies("Good.")
    async with talk.store.work() as work:
        await work.conversations.shown(talk.id, message.seq)
    async with talk.mail_runs():
        await _sent(talk)
    assert office.taken == []


async def test_a_reply_that_was_taken_back_in_time_is_not_sent(talk: Talk, office: PostOffice):
    await talk.is_promised()
    case = await talk.case()
    await talk.casework.reply(case.id, talk.nia, "Wrong case, sorry.", key="1", via="test")
    await talk.casework.reply(case.id, talk.nia, "It comes on Friday.", key="2", via="test")
    await talk.casework.delete_reply(case.id, talk.nia, "1", "test")
    async with talk.mail_runs():
        await _sent(talk)
    assert "Wrong case" not in text_of(office.taken[0])


async def test_the_last_word_of_a_case_goes_out_too(talk: Talk, office: PostOffice):
    await talk.is_promised()
    case = await talk.case()
    await talk.casework.resolve(case.id, talk.nia, closing="All done.")
    async with talk.mail_runs():
        await _sent(talk)
    assert "All done." in text_of(office.taken[0])


async def test_private_notes_never_go_out(talk: Talk, office: PostOffice):
    await talk.is_promised()
    case = await talk.case()
    await talk.casework.note(case.id, talk.nia, "Has been rude.", key="n1")
    async with talk.mail_runs():
        await talk.replies("Hello.")
        await _sent(talk)
    assert "rude" not in office.taken[0].as_string()


def _lets(look):  # type: ignore[no-untyped-def]
    async def looks() -> object:
        return look()

    return looks


async def _joins_with_address(talk: Talk) -> None:
    """Nia has the case before the customer leaves an address: nothing was promised."""
    case = await talk.case()
    await talk.casework.claim(case.id, talk.nia)
    assert await talk.callbacks.leave_address(talk.id, ADDRESS)
