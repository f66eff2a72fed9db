"""What a message names is found where it stands, in one written form, and nothing else is."""

from __future__ import annotations

import json

import pytest
from components import CONTEXT, RESOURCE, output
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.entities import PatternEntities, spans
from bot.nlu.entity_numbers import own_order_numbers
from bot.nlu.product_names import ProductNames

NAMES = [
    "Ridge 2 tent",
    "Family tent",
    "Camping stove",
    "Head torch",
    "Hiking boots",
    "Sleeping bag, -5 °C",
    "Rucksack, 45 l",
    "Climbing harness",
    "Cool box",
    "Walking poles",
    "Down jacket",
    "Waterproof jacket",
]


def _found(text: str, products: ProductNames | None = None) -> list[tuple[str, str, str]]:
    return [(s.entity, text[s.start : s.end], s.value) for s in spans(text, products)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("where is #1007", [("order_number", "1007", "1007")]),
        ("1007", [("order_number", "1007", "1007")]),
        ("orders 1005 1007", [("order_number", "1005", "1005"), ("order_number", "1007", "1007")]),
        ("ordernumber1012.", [("order_number", "1012", "1012")]),
        ("nr. 104512, please", [("order_number", "104512", "104512")]),
        ("its no20417", [("order_number", "20417", "20417")]),
    ],
)
def test_order_numbers(text, expected):
    assert _found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "in 2024",
        "a customer since 2019",
        "a 3000 mm water column",
        "the 20000mah one",
        "1500g too heavy",
        "that is 1200.50m away",
        "GTX1080 jacket",
        "size 42",
        "123",
        "1234567",
        "version 2.10",
        "open 24/7?",
        "1/2 full",
        "3 items of 2",
        "see https://example.org/1007",
        "half past 10.30 pm",
        "2 days on the way",
        "it is 90 percent down",
    ],
)
def test_figures_which_name_nothing(text):
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail Ada+x@Demo.CO.UK.", ("email", "Ada+x@Demo.CO.UK", "ada+x@demo.co.uk")),
        ("call +44 7700 900123", ("phone", "+44 7700 900123", "+447700900123")),
        ("07700 900 123 is my number", ("phone", "07700 900 123", "07700900123")),
        ("tel: +49 (0)30 901820", ("phone", "+49 (0)30 901820", "+4930901820")),
        ("0113 496 0123", ("phone", "0113 496 0123", "01134960123")),
        ("it's 555-123-4567 now", ("phone", "555-123-4567", "5551234567")),
        ("my phone number is 901 8200", ("phone", "901 8200", "9018200")),
        ("the 219.00 refund", ("amount", "219.00", "219.00")),
        ("i paid €44", ("amount", "€44", "44.00 EUR")),
        ("1.299,90 euro please", ("amount", "1.299,90 euro", "1299.90 EUR")),
        ("it cost £1,200.50!", ("amount", "£1,200.50", "1200.50 GBP")),
        ("20eur back", ("amount", "20eur", "20.00 EUR")),
        ("EUR 1007 was taken", ("amount", "EUR 1007", "1007.00 EUR")),
        ("4,90 for delivery", ("amount", "4,90", "4.90")),
        ("np100100 does not move", ("tracking_number", "np100100", "NP100100")),
        ("tracking number is 4471123", ("tracking_number", "4471123", "4471123")),
        ("RR 123 456 789 GB", ("tracking_number", "RR 123 456 789 GB", "RR123456789GB")),
        ("003404341610940", ("tracking_number", "003404341610940", "003404341610940")),
    ],
)  # fmt: skip
def test_numbers_of_all_kinds_are_no_orders(text, expected):
    assert _found(text) == [expected]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("2026-11-03", "2026-11-03"),
        ("03/12/2026", "2026-12-03"),
        ("12/25/26", "2026-12-25"),
        ("12/03", "--03-12"),
        ("3.12.2026", "2026-12-03"),
        ("5th of May", "--05-05"),
        ("12 september 2026", "2026-09-12"),
        ("Nov 3rd", "--11-03"),
        ("march 31", "--03-31"),
        ("last Tuesday", "last tuesday"),
        ("friday", "friday"),
        ("yesterday", "yesterday"),
        ("3 days ago", "3 days ago"),
        ("next week", "next week"),
    ],
)
def test_dates(said, value):
    assert _found(f"i need it {said}") == [("date", said, value)]


def test_a_day_of_the_month_alone():
    assert _found("it should come on the 3rd") == [("date", "3rd", "---03")]
    assert _found("is it here by sat?") == [("date", "sat", "saturday")]
    assert _found("the 3rd time i ask") == []
    assert _found("we sat in the sun") == []
    assert _found("on 31/02/2026") == []


@pytest.mark.parametrize(
    ("text", "said", "value"),
    [
        ("do you deliver to cf10 1aa", "cf10 1aa", "CF10 1AA"),
        ("M11AA?", "M11AA", "M1 1AA"),
        ("postcode 69001", "69001", "69001"),
        ("do you ship to 10115", "10115", "10115"),
        ("i live in 20095 Hamburg", "20095", "20095"),
        ("to 211 11 Malmö", "211 11", "211 11"),
        ("D-10115", "D-10115", "D-10115"),
        ("A-1010 please", "A-1010", "A-1010"),
    ],
)
def test_postcodes(text, said, value):
    assert _found(text) == [("postcode", said, value)]


@pytest.mark.parametrize(
    ("address", "postcode"),
    [
        ("1 Sample Street, Leeds LS1 1AA", "LS1 1AA"),
        ("Flat 3, 12b Old Mill Road, Bristol BS1 1AA", "BS1 1AA"),
        ("Musterweg 5, 10115 Berlin", "10115"),
        ("3 rue Exemple, 69001 Lyon", "69001"),
        ("Exempelvägen 12, 211 11 Malmö", "211 11"),
        ("Calle Ejemplo 9, 28001 Madrid", "28001"),
        ("Musterweg 10, 1010 Wien", "1010"),
        ("6 Sample Street, Dublin D01", None),
        ("21 Harbour Road, Dublin D02 X285", None),
        ("14 green lane", None),
    ],
)
def test_addresses_and_the_postcode_within(address, postcode):
    found = _found(f"please send it to {address}")
    assert ("address", address, address) in found
    assert [value for entity, _, value in found if entity == "postcode"] == (
        [postcode] if postcode else []
    )
    assert {entity for entity, _, _ in found} <= {"address", "postcode"}


def test_several_things_in_one_message():
    text = "Order 1005 of 219.00 EUR came on 12/03, call 0113 496 0123 or write to a@b.org"
    assert [(entity, value) for entity, _, value in _found(text)] == [
        ("order_number", "1005"),
        ("amount", "219.00 EUR"),
        ("date", "--03-12"),
        ("phone", "01134960123"),
        ("email", "a@b.org"),
    ]


@pytest.mark.parametrize(
    ("text", "said", "value"),
    [
        ("my Ridge 2 tent leaks", "Ridge 2 tent", "Ridge 2 tent"),
        ("two ridge 2 tents", "ridge 2 tents", "Ridge 2 tent"),
        ("the headtorch is dim", "headtorch", "Head torch"),
        ("head torches", "head torches", "Head torch"),
        ("where are my boots", "boots", "Hiking boots"),
        ("the hikng boots are late", "hikng boots", "Hiking boots"),
        ("a slepping bag", "slepping bag", "Sleeping bag, -5 °C"),
        ("my rucksak", "rucksak", "Rucksack, 45 l"),
        ("which tent is warm", "tent", "tent"),
        ("the jackets", "jackets", "jacket"),
        ("climbing harnesses", "climbing harnesses", "Climbing harness"),
        ("which rukcsack", "rukcsack", "Rucksack, 45 l"),
    ],
)
def test_products_in_a_customers_words(text, said, value):
    assert _found(text, ProductNames(NAMES)) == [("product", said, value)]


@pytest.mark.parametrize("text", ["the box is crushed", "what a head", "to rent", "they stole it"])
def test_a_general_word_is_no_product(text):
    assert _found(text, ProductNames(NAMES)) == []


def test_a_word_of_the_training_sentences_is_no_slip():
    assert _found("a paddler", ProductNames(["Canoe paddle"])) != []
    assert _found("a paddler", ProductNames.learnt(["Canoe paddle"], ["a paddler"] * 4)) == []
    assert _found("a paddle", ProductNames.learnt(["Canoe paddle"], ["a paddle"] * 4)) != []


@pytest.fixture
def config(tmp_path):
    shop = tmp_path / "shop.json"
    shop.write_text(json.dumps({"products": [{"name": name} for name in NAMES]}))
    return {"products": str(shop)}


def test_a_trained_extractor_loads_and_adds_to_what_others_found(config, tmp_path):
    storage = LocalModelStorage(tmp_path)
    PatternEntities.create(config, storage, RESOURCE, CONTEXT).train(TrainingData())
    loaded = PatternEntities.load(config, storage, RESOURCE, CONTEXT)
    earlier = {"entity": "city", "start": 23, "end": 28, "value": "Leeds"}
    message = Message({"text": "  my boots of 1009 near Leeds", "entities": [earlier]})
    button = Message({"text": '/inform{"order_number": "1007"}'})
    loaded.process([message, button])
    assert output(message)["entities"] == [
        earlier,
        {"entity": "product", "start": 5, "end": 10, "value": "Hiking boots",
         "extractor": "PatternEntities"},
        {"entity": "order_number", "start": 14, "end": 18, "value": "1009",
         "extractor": "PatternEntities"},
    ]  # fmt: skip
    assert output(button)["entities"] == []


def test_a_new_product_asks_for_training(config, tmp_path):
    before = PatternEntities.fingerprint_addon(config)
    (tmp_path / "shop.json").write_text('{"products": [{"name": "Kayak"}]}')
    assert PatternEntities.fingerprint_addon(config) != before


@pytest.mark.parametrize("content", ["no json", "[]", '{"products": [{}]}'])
def test_a_file_without_products_is_refused(content, config, tmp_path):
    (tmp_path / "shop.json").write_text(content)
    component = PatternEntities.create(config, LocalModelStorage(tmp_path), RESOURCE, CONTEXT)
    with pytest.raises(InvalidConfigException, match=r"shop\.json.*products"):
        component.train(TrainingData())


def test_a_shop_may_have_order_numbers_of_its_own_shape() -> None:
    own = own_order_numbers(r"dr-\d{4}-\d{4}")
    found = spans("where is dr-2026-0042, not 1007", own_orders=own)
    assert [(span.entity, span.value) for span in found] == [("order_number", "DR-2026-0042")]


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidConfigException, match="order_number"):
        PatternEntities.validate_config({"order_number": "(", "products": None})
