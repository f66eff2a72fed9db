"""What the actions work with. rasa-sdk builds actions itself, so the wiring leaves it here."""

from dataclasses import dataclass

from conversation.clock import Clock
from conversation.effort import Weights
from conversation.shop import Shop
from handoff.briefing import Briefer
from handoff.handoffs import Handoffs
from store.store import SqlStore


@dataclass(frozen=True, slots=True)
class Services:
    """Everything an action may use."""

    store: SqlStore
    handoffs: Handoffs
    briefer: Briefer
    shop: Shop
    weights: Weights
    clock: Clock


_provided: list[Services] = []


def provide(services: Services) -> None:
    """Give the actions of this process their services, before the first request."""
    _provided[:] = [services]


def services() -> Services:
    """The services. Raises: RuntimeError where the wiring has not provided them."""
    if not _provided:
        raise RuntimeError("Actions were called before the wiring provided their services.")
    return _provided[0]
