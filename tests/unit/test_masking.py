"""What is masked on its way to agents, held against sentences that say what should be."""

import re
from pathlib import Path

import pytest

from conversation.check_digits import is_card, is_iban
from conversation.masking import Mask
from conversation.sensitive import BY_CHOICE, Kind

PROBES = Path(__file__).with_name("masking_probes.txt")
_MARK = re.compile(r"«(\w+)\|(.*?)»")
_TOKEN = re.compile(r"\[[A-Z]+_\d+\]")


def probes() -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Sentence as written, the same with marks, and what is marked."""
    found = []
    for line in PROBES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            found.append((_MARK.sub(r"\2", line), line, tuple(_MARK.findall(line))))
    return found


def masked(marked: str) -> str:
    """The sentence with the tokens it should get."""
    numbers: dict[str, dict[str, int]] = {}

    def token(match: re.Match[str]) -> str:
        known = numbers.setdefault(match[1], {})
        number = known.setdefault(match[2], len(known) + 1)
        return f"[{match[1].upper()}_{number}]"

    return _MARK.sub(token, marked)


def test_there_are_enough_probes():
    assert len(probes()) >= 200
    assert sum(not marks for _, _, marks in probes()) >= 90


@pytest.mark.parametrize(("text", "marked"), [(t, m) for t, m, marks in probes() if marks])
def test_what_is_marked_is_masked_and_nothing_else(text: str, marked: str):
    assert Mask()(text) == masked(marked)


@pytest.mark.parametrize("text", [text for text, _, marks in probes() if not marks])
def test_what_is_not_marked_stays(text: str):
    assert Mask()(text) == text


def test_the_same_value_has_the_same_token_however_it_is_written():
    mask = Mask()
    said = ["4111 1111 1111 1111", "and 5555555555554444", "again 4111-1111-1111-1111!"]
    assert [mask(text) for text in said] == ["[CARD_1]", "and [CARD_2]", "again [CARD_1]!"]
    assert mask.originals["CARD_1"] == (Kind.CARD, "4111 1111 1111 1111")


def test_what_is_masked_once_is_not_masked_again():
    for text, _, _ in probes():
        once = Mask(frozenset(BY_CHOICE))(text)
        assert Mask(frozenset(BY_CHOICE))(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call me on +44 7700 900123 please", "call me on [PHONE_1] please"),
        ("my number is 0151 23456789", "my number is [PHONE_1]"),
        ("+1 (415) 555-0132", "[PHONE_1]"),
        ("(415) 555-0132", "[PHONE_1]"),
        ("020 7946 0958", "[PHONE_1]"),
        ("write to ada.demo+x@mail.example.org.", "write to [EMAIL_1]."),
        ("I live at 1 Sample Street, Leeds LS1 1AA", "I live at [ADDRESS_1]"),
        ("Musterweg 5, 10115 Berlin", "[ADDRESS_1]"),
        ("to Beispielstraße 12a bitte", "to [ADDRESS_1] bitte"),
    ],
)
def test_by_setting_more_is_masked(text: str, expected: str):
    assert Mask(frozenset(BY_CHOICE))(text) == expected


@pytest.mark.parametrize(
    "text",
    [text for text, _, marks in probes() if not marks and not set("+@(") & set(text)][:66],
)
def test_no_order_number_is_lost_to_the_wider_masks_either(text: str):
    numbers = re.findall(r"\b(?:[A-Z]{2,3}-)?\d{4,6}\b", text) if "order" in text.lower() else []
    shown = Mask(frozenset(BY_CHOICE))(text)
    assert all(number in shown for number in numbers)


def test_the_shops_own_order_numbers_stay_even_where_they_look_like_cards():
    shape = re.compile(r"\b4\d{15}\b")
    assert Mask(order_shape=shape)("order 4111111111111111") == "order 4111111111111111"
    assert Mask()("order 4111111111111111") == "order [CARD_1]"


def test_check_digits_tell_right_from_wrong():
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert not is_card("0000000000000000")
    assert is_iban("DE89370400440532013000")
    assert not is_iban("DE88370400440532013000")
    assert not is_iban("XX89370400440532013000")
    assert not is_iban("")
