"""A help page about something the customer already has: said once, after a solved issue.

Only where all of this holds: the customer is signed in and has confirmed that the issue is solved;
it cost little effort; nothing is wrong with any of their orders; the product has arrived and was
kept; neither this conversation had a tip nor this customer the same one before. Nothing is sold.
"""

from rasa_sdk.executor import CollectingDispatcher

from actions.known_problem import problem_of
from actions.message import Incoming
from actions.orders import own_orders
from actions.services import services
from conversation.article import Article
from conversation.conversation import Conversation
from conversation.shop import Order, OrderState, ShopUnavailable
from store.store import SqlWork

_TIP = "tip"


async def give_tip(dispatcher: CollectingDispatcher, message: Incoming) -> None:
    """Say the tip, where there is one; a shop that does not answer costs no more than that."""
    now = services().clock()
    try:
        orders = await own_orders(message)
    except ShopUnavailable:
        return
    if any(problem_of(order, now.date()) for order in orders):
        return
    async with services().store.work() as work:
        conversation = await work.conversations.get(message.conversation_id)
        told = await work.timeline.told_to(conversation.customer_id, _TIP, "slug")
        found = _article(orders, told)
        if found is None or not await _is_welcome(work, conversation):
            return
        article, product = found
        await work.timeline.record(conversation.id, _TIP, now, key=_TIP, slug=article.slug)
    dispatcher.utter_message(
        text=f"There is a help page about your {product}.",
        buttons=[{"title": f"Read more: {article.title}", "url": article.path}],
    )


async def _is_welcome(work: SqlWork, conversation: Conversation) -> bool:
    """True in a calm conversation that has had no tip and did not show an article."""
    events = await work.timeline.of(conversation.id)
    turns = await work.turns.of(conversation.id, conversation.began_anew_at)
    calm = bool(turns) and turns[-1].effort.score < services().weights.calm_below
    return calm and not any(event.kind in (_TIP, "article_shown") for event in events)


def _article(orders: tuple[Order, ...], told: frozenset[str]) -> tuple[Article, str] | None:
    owned = [
        item for order in orders if order.state is OrderState.DELIVERED for item in order.items
    ]
    for product in owned:
        for article in services().articles.about(product):
            if article.slug not in told:
                return article, product
    return None
