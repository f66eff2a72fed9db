"""An agent's home tab: whether they take cases, what is theirs, and what waits."""

import hashlib
import json
from collections.abc import Iterator, Sequence

from handoff.case import Case, CaseError
from handoff.desks.slack.agents import Agents, not_an_agent
from handoff.desks.slack.parts import SlackParts
from handoff.desks.slack.pressed.actions import HOME
from handoff.desks.slack.pressed.presses import Pressed
from handoff.desks.slack.pressed.views import Changed, Views
from handoff.desks.slack.shown.blocks import actions, button, context, divider, header, section
from handoff.desks.slack.shown.overview import figures, more, presence, rows
from handoff.desks.slack.shown.text import at_time, escape
from handoff.desks.slack.web_api.api import Block, SlackApi
from staff.account import Staff

AWAY, BACK, CLAIM, REFRESH = (f"{HOME}:{what}" for what in ("away", "back", "claim", "refresh"))
PRESSES = (AWAY, BACK, CLAIM, REFRESH)

_MOST = 15


class Home:
    """Shows the home tab, and does what is pressed there."""

    def __init__(self, api: SlackApi, agents: Agents, parts: SlackParts) -> None:
        self._api = api
        self._views = Views(api)
        self._agents = agents
        self._casework = parts.casework
        self._staffing = parts.staffing
        self._queue = parts.queue
        self._clock = parts.clock
        self._masks = parts.masks
        self._rules = parts.rules
        self._shown: dict[str, str] = {}

    async def show(self, user: str, seen: str | None, said: str = "", team: str = "") -> None:
        """Publish the tab. Args: seen: the hash of the one that the user looks at; said: a
        sentence at its top."""
        try:
            await self._publish(user, await self._tab(user, team), seen, said)
        except Changed:  # what was read may be older than what is shown: read once more
            await self._publish(user, await self._tab(user, team), None, said)

    async def refresh(self, user: str, team: str) -> None:
        """Publish the tab where it would say something else than it does."""
        tab = await self._tab(user, team)
        if self._shown.get(user) != _says(tab):
            await self._publish(user, tab, None)

    async def press(self, pressed: Pressed, seen: str | None) -> None:
        """Do what a button of the tab says, and show the tab as it is then."""
        agent, said = await self._agents.find(pressed.user, pressed.team), ""
        if agent is not None:
            try:
                await self._do(pressed, agent)
            except CaseError as error:
                said = str(error)
        await self.show(pressed.user, seen, said, pressed.team)

    async def _publish(self, user: str, tab: list[Block], seen: str | None, said: str = "") -> None:
        above = [section(f"*{escape(said)}*")] if said else []
        await self._views.publish(user, {"type": "home", "blocks": [*above, *tab]}, seen)
        self._shown[user] = _says(tab)

    async def _do(self, pressed: Pressed, agent: Staff) -> None:
        if pressed.action == AWAY:
            await self._staffing.set_away(agent, self._clock())
        elif pressed.action == BACK:
            await self._staffing.set_back(agent)
        elif pressed.action == CLAIM:
            await self._casework.claim(pressed.value, agent)

    async def _tab(self, user: str, team: str) -> list[Block]:
        agent = await self._agents.find(user, team)
        return [section(not_an_agent(user))] if agent is None else await self._blocks(agent)

    async def _blocks(self, agent: Staff) -> list[Block]:
        status, queue = await self._staffing.status_of(agent), await self._queue.of(agent)
        workspace = (await self._api.identity()).url
        switch = (
            button(BACK, "I am back", agent.id, style="primary")
            if status.away
            else button(AWAY, "Set me away", agent.id)
        )
        return [
            section(presence(status), accessory=switch),
            context(f"Today: {figures(await self._queue.today())}"),
            *self._listed(
                "Mine, to answer", queue.mine, "No case of yours waits for an answer.", workspace
            ),
            *self._listed(
                "Unclaimed", queue.unclaimed, "The queue is empty.", workspace, claim=True
            ),
            *self._listed(
                "Mine, waiting for the customer",
                queue.waiting_for_customer,
                "No open cases.",
                workspace,
            ),
            divider(),
            actions([button(REFRESH, "Refresh", agent.id)]),
            context(f"As of {at_time(self._clock())}"),
        ]

    def _listed(
        self, title: str, cases: Sequence[Case], none: str, workspace: str, *, claim: bool = False
    ) -> Iterator[Block]:
        yield header(f"{title} ({len(cases)})" if cases else title)
        for case, words in rows(cases, workspace, self._masks, self._rules, _MOST):
            pick = button(CLAIM, "Claim", case.id, style="primary") if claim else None
            yield section(words, accessory=pick)
        if below := more(cases, _MOST) if cases else none:
            yield context(below)


def _says(tab: Sequence[Block]) -> str:
    """What the tab says, told apart from anything else; without the time at its foot."""
    said = json.dumps(tab[:-1] if len(tab) > 1 else tab)
    return hashlib.sha256(said.encode()).hexdigest()
