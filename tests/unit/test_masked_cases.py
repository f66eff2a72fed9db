"""What agents are shown of a case: quotes that were cut, settings, the shop's own order numbers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conversation.messages import Author, Button, Link, Message
from conversation.reasons import HandoffReason
from conversation.sensitive import Kind
from handoff.briefing.masked import MaskRules, brief, masked
from handoff.case import Briefing, Case, CaseStatus, Note
from heard.order_shape import order_shape
from heard.settings import ROOT, SettingsError, load

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CARD = "4111 1111 1111 1111"


def case(quote: str, **briefing: tuple[tuple[str, str], ...]) -> Case:
    """A waiting case with this quote."""
    told = Briefing("Ada Demo", "A refund", quote, **briefing)
    return Case("c", 1, "v", HandoffReason.ASKED, told, CaseStatus.WAITING, NOON, 1)


def said(text: str) -> Message:
    """The customer's first message."""
    return Message("m", "v", 1, Author.CUSTOMER, text, NOON)


@pytest.mark.parametrize("length", range(20, 70))
def test_a_quote_that_was_cut_shows_no_part_of_a_number(length: int):
    text = f"please pay it back to my card {CARD} and not to the other one"
    cut = case(f"{text[:length]}…")
    for shown in (
        masked(MaskRules().of_desk("slack"), cut, [said(text)]).case,
        brief(MaskRules().of_desk("slack"), cut),
    ):
        assert "4111" not in shown.briefing.quote
        assert "1111" not in shown.briefing.quote
    assert masked(MaskRules().of_desk("slack"), cut, [said(text)]).messages[0].text == (
        "please pay it back to my card [CARD_1] and not to the other one"
    )


def test_what_is_known_of_the_matter_is_masked_with_the_same_tokens():
    told = case(f"it is {CARD}", known=(("Card", CARD),), facts=(("E-mail", "ada@example.org"),))
    rules = MaskRules({"slack": frozenset({Kind.EMAIL})})
    shown = masked(rules.of_desk("slack"), told, [said(f"again: {CARD}")])
    assert shown.case.briefing.known == (("Card", "[CARD_1]"),)
    assert shown.case.briefing.facts == (("E-mail", "[EMAIL_1]"),)
    assert shown.messages[0].text == "again: [CARD_1]"
    at_home = masked(rules.of_desk("browser"), told, [said("hi")])
    assert at_home.case.briefing.facts == (("E-mail", "ada@example.org"),)


def test_what_stands_on_a_button_is_masked_with_the_same_tokens():
    buttons = (Button(f"Card {CARD}", "Yes"), Link("Read more", "/help/cards"))
    asked = Message("m", "v", 1, Author.BOT, f"Is it {CARD}?", NOON, buttons=buttons)
    shown = masked(MaskRules().of_desk("slack"), case("hi"), [asked]).messages[0]
    assert (shown.text, shown.buttons) == (
        "Is it [CARD_1]?",
        (Button("Card [CARD_1]", "Yes"), buttons[1]),
    )


def test_the_order_numbers_of_the_bot_stay(tmp_path: Path):
    config = tmp_path / "config.yml"
    config.write_text("pipeline:\n- name: x\n  order_number: '4\\d{15}'\n", encoding="utf-8")
    rules = MaskRules(order_shape=order_shape(config))
    text = "order 4111111111111111, card 5555555555554444"
    assert rules.of_desk("slack")(text) == "order 4111111111111111, card [CARD_1]"
    config.write_text("pipeline:\n- name: x\n  order_number: '4('\n", encoding="utf-8")
    with pytest.raises(ValueError, match="must be a regular expression"):
        order_shape(config)
    assert order_shape(ROOT / "config.yml") is None


def test_a_slip_in_the_settings_of_masks_is_named(tmp_path: Path):
    with pytest.raises(SettingsError, match="HEARD_SLACK_MASKS has mail: use email, phone"):
        load(var=tmp_path, slack_masks="mail, phone")
    assert load(var=tmp_path, slack_masks="Email,phone").masks["slack"] == {
        Kind.EMAIL,
        Kind.PHONE,
    }


def test_what_comes_later_changes_no_token():
    told = Note("n", "c", "E-mail", "my other card is 5555 5555 5555 4444", NOON + MINUTE)
    later = replace(said("4012888888881881"), seq=2, at=NOON + 2 * MINUTE)
    mask = MaskRules().of_desk("slack")
    shown = masked(mask, case("hi"), [said(CARD), later], None, [told])
    assert [message.text for message in shown.messages] == ["[CARD_1]", "[CARD_3]"]
    assert [note.text for note in shown.notes] == ["my other card is [CARD_2]"]
