"""Slack on this machine: a real HTTP server, with everything that can go wrong on demand."""

from tests.fake_slack.faults import Broken, Fine, NotOk, RateLimited, Reset, Silence, Terse
from tests.fake_slack.server import FakeSlack

__all__ = ["Broken", "FakeSlack", "Fine", "NotOk", "RateLimited", "Reset", "Silence", "Terse"]
