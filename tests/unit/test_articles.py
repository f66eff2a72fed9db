"""Articles: how they lie in their folder, and what is said of those that cannot be read."""

from pathlib import Path

import pytest

from store.articles import BadArticles, load_articles

GOOD = """---
title: What delivery costs
intents: [delivery_cost]
questions:
  - how much is shipping
  - delivery fee??
  - postage price
  - do i pay for delivery
answer: Standard delivery costs 4.90 EUR. From 60 EUR it is free.
---
Standard delivery costs **4.90 EUR**.
"""
GUIDE = """---
title: Pitch the tent
intents: [setup_help]
questions: [pitch tent, tent up how, poles which way, tent instructions]
answer: Poles first, then the fly. It takes ten minutes.
guide: true
---
You need ten minutes.

## 1. Lay it out

Choose flat ground.
Peg the corners.

## 2. Raise it

Push the poles in.

## In wind

Peg the windward side first.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "topics.yml").write_text("delivery: Delivery\nset-up: Setting up\n")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)


def problems(folder: Path) -> list[str]:
    with pytest.raises(BadArticles) as refused:
        load_articles(folder)
    return [str(problem) for problem in refused.value.problems]


def test_an_article_is_read_with_all_its_fields(folder: Path) -> None:
    write(folder, "delivery/delivery-cost.md", GOOD)
    articles = load_articles(folder)
    (found,) = articles.all()
    assert found == articles.get("delivery-cost")
    assert (found.topic, found.title) == ("delivery", "What delivery costs")
    assert found.intents == ("delivery_cost",)
    assert found.questions[1] == "delivery fee??"
    assert found.answer == "Standard delivery costs 4.90 EUR. From 60 EUR it is free."
    assert found.body.startswith("Standard delivery costs **4.90 EUR**")
    assert (found.guide, found.steps) == (False, ())
    assert found.path == "/help/delivery-cost"


def test_a_guide_has_its_steps_and_nothing_that_follows_them(folder: Path) -> None:
    write(folder, "set-up/pitch.md", GUIDE)
    (found,) = load_articles(folder).all()
    assert found.steps == (
        ("Lay it out", "Choose flat ground. Peg the corners."),
        ("Raise it", "Push the poles in."),
    )


def test_topics_keep_the_order_of_their_file(folder: Path) -> None:
    write(folder, "set-up/pitch.md", GUIDE)
    write(folder, "delivery/delivery-cost.md", GOOD)
    articles = load_articles(folder)
    assert [topic.title for topic in articles.topics] == ["Delivery", "Setting up"]
    assert [one.slug for one in articles.all()] == ["delivery-cost", "pitch"]
    assert [one.slug for one in articles.answering("setup_help")] == ["pitch"]
    assert [one.slug for one in articles.known(["gone", "pitch"])] == ["pitch"]
    assert articles.get("gone") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: What delivery costs", "title: ''", "2: title must be a text"),
        ("[delivery_cost]", "delivery_cost", "3: intents must be a list"),
        ("  - delivery fee??\n", "  - no\n", "4: questions must be a list of texts (quote yes"),
        ("  - delivery fee??\n", "", "4: give 4 to 8 questions, not 3"),
        ("From 60 EUR it is free.", "Yes. Free.", "9: the answer has 3 sentences: 2 at most"),
        ("Standard delivery costs 4", "so " * 45 + "4", "9: the answer has 53 words: 45 at most"),
        ("answer: Standard", "anser: Standard", "9: anser is no field"),
        ("answer: Standard", "answer: 'Standard", "10: this is no YAML"),
        ("questions:\n", "title: again\nquestions:\n", "4: a field stands there twice: title"),
        ("free.\n---\n", "free.\n", "1: close the fields"),
        ("---\ntitle", "title", "1: begin with a line ---"),
        ("Standard delivery costs **4.90 EUR**.\n", "", "11: write the article's text"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(folder: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    write(folder, "delivery/delivery-cost.md", GOOD.replace(old, new, 1))
    assert any(p.startswith(f"delivery/delivery-cost.md:{said}") for p in problems(folder)), (
        problems(folder)
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("## 2. Raise it", "## 3. Raise it", "15: this step has the number 3: it must be 2"),
        ("Push the poles in.", "", "15: say below the heading"),
        ("## 2. Raise it", "### Raise it", "6: a guide needs at least two steps"),
        ("Push the", "Push. Pull. Push the", "15: the step has 3 sentences: 2 at most"),
    ],
)
def test_steps_are_numbered_and_short(folder: Path, old: str, new: str, said: str) -> None:
    assert old in GUIDE
    write(folder, "set-up/pitch.md", GUIDE.replace(old, new, 1))
    assert any(p.startswith(f"set-up/pitch.md:{said}") for p in problems(folder)), problems(folder)


def test_every_broken_file_is_named(folder: Path) -> None:
    write(folder, "delivery/same.md", GOOD)
    write(folder, "set-up/same.md", GUIDE)
    write(folder, "care/boots.md", GOOD)
    write(folder, "delivery/What_Is.md", GOOD)
    assert problems(folder) == [
        "care/boots.md:1: add the topic care to topics.yml",
        "delivery/What_Is.md:1: name the file with small letters, digits and single hyphens",
        "set-up/same.md:1: delivery/same.md has the same name: names must differ across topics",
    ]


def test_without_topics_it_is_said_what_is_missing(tmp_path: Path) -> None:
    assert problems(tmp_path)[0].startswith("topics.yml:1: ")
