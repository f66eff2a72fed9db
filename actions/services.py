"""What the actions work with. rasa-sdk builds actions itself, so the wiring leaves it here."""

from dataclasses import dataclass, field

from actions.orders_read import OrdersRead
from conversation.article import Articles
from conversation.clock import Clock
from conversation.effort import Weights
from conversation.handoff_rules import AS_WEIGHTED, HandoffRules
from conversation.shop import Shop
from conversation.survey_rules import SurveyRules
from handoff.briefing.briefing import Briefer
from handoff.handoffs import Handoffs
from handoff.queue.groups import DeskRules
from store.store import SqlStore


@dataclass(frozen=True, slots=True)
class Services:
    """Everything an action may use. `languages`: codes of those that the assistant reads.

    `weights` act; `shadow` are weights that only score, beside them.
    """

    store: SqlStore
    handoffs: Handoffs
    briefer: Briefer
    shop: Shop
    weights: Weights
    clock: Clock
    articles: Articles = field(default_factory=Articles)
    languages: frozenset[str] = frozenset({"en"})
    survey_rules: SurveyRules = field(default_factory=SurveyRules)
    shadow: Weights | None = None
    handoff_rules: HandoffRules = AS_WEIGHTED
    desk_rules: DeskRules = field(default_factory=DeskRules)
    orders_read: OrdersRead = field(default_factory=OrdersRead)


_provided: list[Services] = []


def provide(services: Services) -> None:
    """Give the actions of this process their services, before the first request."""
    _provided[:] = [services]


def services() -> Services:
    """The services. Raises: RuntimeError where the wiring has not provided them."""
    if not _provided:
        raise RuntimeError("Actions were called before the wiring provided their services.")
    return _provided[0]
