"""Addresses as customers write and correct them."""

import pytest

from actions.addresses import completed, is_whole, put_right

HELD = "12 Storgatan, 211 42 Malmo"


@pytest.mark.parametrize(
    "text",
    [
        "12 Storgatan, 211 42 Malmo",
        "Storgatan 12 21142 Malmö",
        "12 Storgatan Malmö 21142",
        "22 Elm Road Dublin D04 X123",
        "10 downing street london sw1a 2aa",
        "Flat 3, 12 Main Street, London NW1 6XE",
        "12 rue de la Paix, 75002 Paris",
        "Rua Augusta 100, 1100-053 Lisboa",
        "Keizersgracht 12, 1015 CJ Amsterdam",
        "Hauptstr. 5, 10115 Berlin",
        "12, Main Street, Leeds, LS1 4AP, UK",
    ],
)
def test_a_street_with_its_number_a_postcode_and_a_town_are_an_address(text: str):
    assert is_whole(text)


@pytest.mark.parametrize(
    "text",
    [
        "24 Elm Road",
        "10 Downing Street, SW1A 2AA",
        "12 Main Street, Galway",
        "Flat 3, 12 Main Street, London",
        "211 42 Malmö",
        "order 1018 is it coming",
        "yes",
    ],
)
def test_less_is_none(text: str):
    assert not is_whole(text)


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("make that 14 Storgatan", "14 Storgatan, 211 42 Malmo"),
        ("no wait, 14 Nygatan please", "14 Nygatan, 211 42 Malmo"),
        ("no, number 14", "14 Storgatan, 211 42 Malmo"),
        ("14 instead of 12", "14 Storgatan, 211 42 Malmo"),
        ("not 12 but 14b", "14b Storgatan, 211 42 Malmo"),
        ("the postcode is 211 43", "12 Storgatan, 211 43 Malmo"),
        ("no, 222 29 Lund", "12 Storgatan, 222 29 Lund"),
        ("no, 22 Elm Road, Dublin D04 X123", "22 Elm Road, Dublin D04 X123"),
    ],
)
def test_a_correction_changes_its_part_of_the_address(said: str, then: str):
    assert put_right(said, HELD) == then


@pytest.mark.parametrize(
    "said", ["yes", "no", "hm", "no, order 1008", "where is order 1018", "how long is it, 5 days"]
)
def test_what_names_no_part_corrects_nothing(said: str):
    assert put_right(said, HELD) is None


def test_another_town_needs_its_postcode():
    assert not is_whole(put_right("14 Elm Road, Cork", HELD) or "")


def test_the_next_message_completes_a_street():
    assert completed("to 24 Elm Road", "Dublin D04 X123") == "24 Elm Road, Dublin D04 X123"
    assert completed("where is my order", "Dublin D04 X123") is None
