"""How the assistant speaks is checked over every text of the product, and each rule bites."""

import re
from pathlib import Path

import pytest

from heard.settings import ROOT
from heard.tone.rules import Reader, Text, faults_of
from heard.tone.spoken import spoken

TEXTS = list(spoken(ROOT))


def test_every_text_of_the_product_keeps_the_rules():
    faults = [str(fault) for text in TEXTS for fault in faults_of(text)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "place",
    [
        "domain.yml",
        "actions/order_questions.py",
        "actions/task_rules.py",
        "conversation/reasons.py",
        "store/shop.py",
        "website/widget/words.js",
        "website/refusal.py",
        "handoff/desks/slack",
        "data/articles",
    ],
)
def test_texts_are_found_where_they_are_written(place: str):
    assert any(text.where.startswith(place) for text in TEXTS)


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("Your order is on its way!", "exclamation"),
        ("Your order is on its way \N{SLIGHTLY SMILING FACE}", "emoji"),
        ("Your order is on its way :)", "emoji"),
        ("Oops, that went wrong.", "phrase"),
        ("We regret any inconvenience.", "phrase"),
        ("I understand how you feel.", "phrase"),
        ("I'm so sorry that your order 1001 is late.", "no feelings"),
        ("I am really happy with that.", "no feelings"),
        ("I’m glad that it works.", "no feelings"),
        ("I hope that your day goes well.", "no feelings"),
        ("Sorry.", "fact after it"),
        ("Sorry, your order is late. Sorry for that.", "once is enough"),
        ("One. Two. Three.", "3 sentences"),
        ("Is it late? Which one is it?", "one question"),
        ("word " * 46, "46 words"),
        (
            "Subsequent authorisation necessitates comprehensive administrative verification of "
            "individual circumstances.",
            "reading grade",
        ),
    ],
)
def test_each_rule_bites(words: str, advice: str):
    found = " ".join(fault.advice for fault in faults_of(Text("here", words)))
    assert advice in found


@pytest.mark.parametrize(
    "words",
    [
        "Sorry. Order 1001 (Ridge 2 tent) is 4 days late: it was due on 4 March.",
        "Standard delivery costs 4.90 EUR and takes 3 to 5 working days.",
        "Which order do you mean?",
        "I have asked a colleague to join this chat.",
    ],
)
def test_plain_sentences_pass(words: str):
    assert faults_of(Text("here", words)) == []


def test_agents_may_read_more_but_nothing_false():
    long = Text("here", "Reveal the address. It is written down. Then it is hidden.", Reader.STAFF)
    assert faults_of(long) == []
    assert faults_of(Text("here", "Great work!", Reader.STAFF))


def test_the_first_message_says_what_this_is_and_that_a_person_is_near():
    words = (ROOT / "website/widget/words.js").read_text(encoding="utf-8")
    introduction = words[words.index("intro:") : words.index("starters:")]
    for needed in ("automated assistant", "can find", "person"):
        assert needed in introduction
    assert re.search(r'assistant: "Automated', words), "each message carries its author"


def test_a_text_is_named_by_file_and_line():
    file, line = re.fullmatch(
        r"(.+):(\d+)", next(t.where for t in TEXTS if "order_questions.py" in t.where)
    ).groups()  # type: ignore[union-attr]
    assert (Path(ROOT) / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
