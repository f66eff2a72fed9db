"""Everything that goes wrong between Heard, Slack and the customers' pages, by chance."""

from __future__ import annotations

import asyncio
from random import Random

from benchmarks.relay_house import House
from benchmarks.relay_people import Customer
from tests.fake_slack import Broken, NotOk, RateLimited, Reset, Silence
from tests.fake_slack.faults import Fault

_ON_THE_WAY_OUT: list[Fault] = [
    Reset(accepted=True),
    Reset(),
    Broken(status=503),
    Broken(status=500, accepted=True),
    Broken(status=200),
    NotOk(error="internal_error"),
    NotOk(error="fatal_error", accepted=True),
    RateLimited(retry_after_s=1),
    Silence(seconds=2, accepted=True),
]
_EVERY_S = 0.25


async def disturb(house: House, people: list[Customer], chance: Random | None) -> None:
    """Disturb until cancelled; without `chance` nothing is disturbed."""
    if chance is None:
        return
    house.slack.sender.disorder = chance
    while True:
        await asyncio.sleep(_EVERY_S)
        if chance.random() < 0.5:
            _once(house, "chat.postMessage", chance.choice(_ON_THE_WAY_OUT))
        if chance.random() < 0.2:
            _once(house, "chat.update", Reset(accepted=True))
        if chance.random() < 0.3:
            await chance.choice(people).loses_the_socket()
        if chance.random() < 0.05:
            house.slack.sockets.drop()


def _once(house: House, method: str, fault: Fault) -> None:
    """The next call goes wrong; faults do not pile up for one that is tried again and again."""
    if not house.slack.faults.waiting(method):
        house.slack.faults.next(method, fault)
