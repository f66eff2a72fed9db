"""The documents are true: settings, links, the table of the README, the steps of the journey."""

import re
from pathlib import Path

import pytest

from heard.settings import ROOT
from heard.settings_page import settings_page
from heard.slack_scopes import FULL, MINIMAL
from tests.journeys.steps import STEPS

ROOMS = (
    "actions",
    "company",
    "conversation",
    "handoff",
    "heard",
    "review",
    "staff",
    "store",
    "website",
)
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_settings_page_is_what_the_settings_say():
    written = (ROOT / "docs" / "settings.md").read_text()
    assert written == settings_page(), "run: .venv/bin/heard settings > docs/settings.md"


def test_every_scope_is_told_of_with_what_it_is_for():
    page = (ROOT / "docs" / "slack.md").read_text()
    told = set(re.findall(r"`([a-z:._]+)`", page.split("## What the scopes are for")[1]))
    assert {*MINIMAL, *FULL} <= told


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [t for t in targets if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_named_is_there(page: Path):
    rooms = "|".join((*ROOMS, "bot", "data", "tests", "docs"))
    named = set(re.findall(rf"`((?:{rooms})/[\w./-]+)`", page.read_text()))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_the_life_of_a_message_has_the_steps_of_the_journey():
    page = (ROOT / "docs" / "life-of-a-message.md").read_text()
    assert re.findall(r"^## \d+\. (.+)$", page, re.MULTILINE) == list(STEPS)


def test_every_page_that_the_code_names_is_there():
    sources = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    named = {p for path in sources for p in re.findall(r"docs/[\w/-]+\.md", path.read_text())}
    assert len(named) >= 4
    assert sorted(page for page in named if not (ROOT / page).exists()) == []
