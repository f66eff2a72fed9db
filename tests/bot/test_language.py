"""A message in another language is called so only when that is certain."""

from __future__ import annotations

import pytest
from components import CONTEXT, RESOURCE, output
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.language import LanguageDetector

CONFIG = LanguageDetector.get_default_config()
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
