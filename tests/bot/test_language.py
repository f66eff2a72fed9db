"""A message in another language is called so only when that is certain."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from components import CONTEXT, RESOURCE, output
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.language import LanguageDetector

SURE = 0.85  # from here the customer is told: actions/languages.py
CONFIG = LanguageDetector.get_default_config()
LINES = yaml.safe_load(Path(__file__).with_name("languages.yml").read_text("utf-8"))
TAUGHT = [
    *("where is my order", "has my parcel been sent", "i want a refund please", "cancel my order"),
    *("can you send the tent again", "my card was declined", "do you deliver to germany", "hello"),
    *("how do i wash a down jacket", "crampons", "the walking poles are bent", "where is my tent"),
    *(
        "is the head torch in stock",
        "a warm sleeping bag",
        "what does it cost",
        "what is the address of the shop",
    ),
]


@pytest.fixture(scope="module")
def detector(tmp_path_factory):
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    examples = [Message({"text": text, "intent": "question"}) for text in TAUGHT]
    foreign = [
        Message({"text": "wo ist meine bestellung", "intent": "order_status"}),
        Message({"text": "je voudrais du fromage", "intent": "out_of_scope"}),
    ]
    trained = LanguageDetector.create(CONFIG, storage, RESOURCE, CONTEXT)
    trained.train(TrainingData([*examples, *foreign]))
    return LanguageDetector.load(CONFIG, storage, RESOURCE, CONTEXT)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Hallo, wo ist meine Bestellung geblieben?"),
        ("de", "ich möchte mein zelt zurückgeben"),
        ("fr", "Bonjour, je n'ai toujours pas reçu mon colis"),
        ("fr", "je voudrais annuler ma commande"),
        ("es", "quiero hablar con una persona"),
        ("es", "mi chaqueta llegó rota, qué hago"),
        ("it", "vorrei sapere quando arriva il rimborso"),
        ("nl", "wanneer krijg ik mijn geld terug"),
        ("sv", "jag har inte fått mitt paket"),
        ("sv", "när får jag pengarna tillbaka"),
        ("tr", "siparişimi iptal etmek istiyorum"),
        ("tr", "birisiyle konuşmak istiyorum"),
        ("pl", "Dzień dobry, nie dostałem paczki"),
        ("pl", "kiedy dostanę zwrot pieniędzy"),
        ("pt", "olá, quero falar com uma pessoa"),
        ("ru", "где мой заказ"),
        ("el", "πού είναι η παραγγελία μου"),
        ("zh", "我的订单在哪里"),
    ],
)
def test_another_language_is_named(detector, code, text):
    found, confidence = detector.detect(text)
    assert found == code
    assert confidence >= 0.6


@pytest.mark.parametrize(
    "text",
    [
        *("where is my order", "ok", "refund pls", "1001", "hi", "tent", "no", "nein", "crampons"),
        *("klarna", "paypal", "merino", "tent pegs", "cant log in", "u guys suck", "asdfgh", "??"),
        *("wheres my stuff", "delivry late agen", "do u ship to germany", "ok danke", "ya", ""),
        *("gracias amigo where is my tent", "no no no", "sleeping bag -5", "NP100100", "a@b.org"),
        *("express to Cardiff CF10 1AA", "is it open on sunday", "my name is Lars", "Chloé Demo"),
        *("cancle oder plz", "wheer is my parzel", "retun my pracel"),
        *("rfnd", "idk", "lol", "size 42 boots", "voucher WINTER20", "/affirm"),
    ],
)
def test_short_and_sloppy_english_stays_english(detector, text):
    assert detector.detect(text)[0] == "en"


def test_few_words_are_little_to_go_by(detector):
    sure = detector.detect("where is my order, has it been sent to the shop")[1]
    assert detector.detect("ok")[1] < 0.3 < 0.6 < sure
    assert detector.detect("1001") == ("en", 0.0)


def test_names_and_addresses_are_of_no_language(detector):
    text = "the address is Exempelvägen 12, 211 11 Malmö"
    place = {"entity": "address", "start": text.index("Ex"), "end": len(text), "value": "x"}
    message = Message({"text": text, "entities": [place]})
    detector.process([message])
    assert output(message)["language"]["code"] == "en"


def test_foreign_training_sentences_teach_no_words(detector):
    assert detector.detect("wo ist meine bestellung")[0] == "de"
    assert detector.detect("je voudrais du fromage")[0] == "fr"


def test_a_button_is_in_the_bots_language(detector):
    message = Message({"text": '/inform{"wo": "ist meine bestellung"}'})
    detector.process([message])
    assert output(message)["language"] == {"code": "en", "confidence": 0.0}


def test_an_unknown_language_is_refused(tmp_path):
    config = {**CONFIG, "languages": ["en", "xx"]}
    with pytest.raises(InvalidConfigException, match="languages of LanguageDetector"):
        LanguageDetector.create(config, LocalModelStorage(tmp_path), RESOURCE, CONTEXT)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """The detector as the bot of the demo shop has it."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("shipped"))
    LanguageDetector.create(CONFIG, storage, RESOURCE, CONTEXT).train(load_data("data/nlu"))
    return LanguageDetector.load(CONFIG, storage, RESOURCE, CONTEXT)


@pytest.mark.parametrize(("part", "least"), [("seen", 0.97), ("unseen", 0.7)])
def test_short_lines_of_other_languages_are_told_from_english(shipped, part, least):
    foreign = [line for code, lines in LINES[part].items() if code != "en" for line in lines]
    read = [shipped.detect(line) for line in foreign]
    sure = sum(code != "en" and confidence >= SURE for code, confidence in read)
    assert sure >= least * len(foreign)


def test_no_english_line_is_taken_for_foreign(shipped):
    english = [line for part in LINES.values() for line in part["en"]]
    assert [(line, read) for line in english if (read := shipped.detect(line))[0] != "en"] == []


@pytest.mark.parametrize(
    ("code", "text"),
    [("hi", "मेरा ऑर्डर कहाँ है"), ("hi", "mera order kahan hai"), ("es", "¿dónde está mi pedido?")],
)
def test_scripts_and_accents_make_no_difference(shipped, code, text):
    assert shipped.detect(text)[0] == code


def test_the_language_that_is_served_is_never_foreign(tmp_path):
    storage = LocalModelStorage(tmp_path)
    config = {**CONFIG, "served": "de"}
    taught = [Message({"text": "wo ist mein paket", "intent": "order_status"})]
    german = LanguageDetector.create(config, storage, RESOURCE, CONTEXT)
    german.train(TrainingData(taught))
    assert german.detect("ich möchte mein geld zurück")[0] == "de"
    assert german.detect("dove il mio pacco")[0] == "it"
