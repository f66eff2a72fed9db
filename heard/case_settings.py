"""The settings of cases: what is masked for agents, and how long a case can go on."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property

from pydantic import Field
from pydantic_settings import BaseSettings

from conversation.sensitive import BY_CHOICE, Kind

_MASKABLE = "email, phone, address, or leave it empty"


class CaseFields(BaseSettings):
    """Part of `heard.settings.Settings`."""

    reopen_hours: float = Field(
        24,
        ge=0,
        le=8760,
        description="So long after its end a case goes on when its customer writes",
    )
    slack_masks: str = Field(
        "", description="Also masked in Slack, by commas: email, phone, address; see privacy.md"
    )
    browser_masks: str = Field("", description="The same for the browser desk")

    @property
    def reopen_for(self) -> timedelta:
        """So long after its end a case goes on where its customer writes again."""
        return timedelta(hours=self.reopen_hours)

    @cached_property
    def masks(self) -> Mapping[str, frozenset[Kind]]:
        """By desk, what is masked beside what always is. Raises: ValueError."""
        return {
            "slack": _kinds("HEARD_SLACK_MASKS", self.slack_masks),
            "browser": _kinds("HEARD_BROWSER_MASKS", self.browser_masks),
        }


def _kinds(name: str, listed: str) -> frozenset[Kind]:
    named = {part.strip().lower() for part in listed.split(",") if part.strip()}
    if unknown := named - set(BY_CHOICE):
        raise ValueError(f"{name} has {', '.join(sorted(unknown))}: use {_MASKABLE}.")
    return frozenset(Kind(one) for one in named)
