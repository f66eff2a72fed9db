"""Places in Slack that groups and digests name are looked at before anything starts."""

from datetime import time
from pathlib import Path

import pytest

from handoff.queue.groups import DeskRules, DigestKind, Group, Plan
from heard import desk_channels
from heard.desk_channels import channels, wrong_places
from heard.settings import DESK, Settings


def settings(desk: str = "slack") -> Settings:
    return Settings(desk=desk, slack_channel="C0SUPPORT1")  # type: ignore[arg-type]


def written(folder: Path, old: str, new: str) -> Path:
    shipped = DESK.read_text(encoding="utf-8")
    assert old in shipped
    file = folder / "desk.yml"
    file.write_text(shipped.replace(old, new, 1), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "    name: Payments\n",
            "    name: Payments\n    channel: '#payments'\n",
            "groups: payments",
        ),
        ("    name: Payments\n", "    name: Payments\n    mention: '@pay'\n", "mention must be a"),
        ('channel: ""', "channel: general", "digests: daily: channel must be a Slack channel's ID"),
    ],
)
def test_what_can_be_no_place_in_slack_is_named(tmp_path, monkeypatch, old, new, says):
    monkeypatch.setattr(desk_channels, "DESK", written(tmp_path, old, new))
    (found,) = wrong_places(settings())
    assert says in found
    assert wrong_places(settings("browser")) == []


def test_the_shipped_file_names_no_place_of_its_own():
    assert wrong_places(settings()) == []


def test_a_file_that_cannot_be_read_is_told_of_once(tmp_path, monkeypatch):
    monkeypatch.setattr(desk_channels, "DESK", tmp_path / "none.yml")
    assert wrong_places(settings()) == []


def test_every_channel_that_is_posted_in_is_known():
    rules = DeskRules(
        (Group("a", "A", channel="C0AAAAAA1"), Group("b", "B"), Group("c", "C")),
        digests={DigestKind.DAILY: Plan(time(8), frozenset({0}), "C0DIGESTS1")},
    )
    assert channels(settings(), rules) == ("C0SUPPORT1", "C0AAAAAA1", "C0DIGESTS1")
