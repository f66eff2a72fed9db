"""What the demo shop's tasks do to an order, in a transaction that has locked its customer."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from conversation.amounts import day, money
from conversation.customer import Customer
from conversation.shop import Order, OrderState, Receipt
from store import letters, shop_rules
from store.letters import Letter
from store.store import SqlWork

REFUND_TAKES = timedelta(days=7)
DELIVERY_TAKES = timedelta(days=7)  # five working days


@dataclass(frozen=True, slots=True)
class ShopDesk:
    """What a task works with, in one transaction that has locked the customer."""

    work: SqlWork
    customer: Customer
    now: datetime

    @property
    def today(self) -> date:
        """The shop's day."""
        return self.now.date()

    async def send(self, letter: Letter) -> str:
        """Send it to the customer. Returns: the address, shortened. Raises: Refused without one."""
        return await self.work.letters.send(self.customer, letter, self.now)


def cancelled(order: Order, today: date) -> Order:
    """The order without a future; what was paid for it comes back."""
    costs = order.state is not OrderState.PAYMENT_FAILED and order.left_cents > 0
    return replace(paid_back(order, today) if costs else order, state=OrderState.CANCELLED)


def paid_back(order: Order, today: date) -> Order:
    """The order with all of its price on the way back."""
    return replace(order, refund_cents=order.total_cents, refund_due_on=today + REFUND_TAKES)


async def placed_again(desk: ShopDesk, order: Order) -> Order:
    """Place the same order under a new number. Raises: Refused."""
    shop_rules.must_be_paid(order)
    quote = await desk.work.stock.quote(order.items, order.currency)
    shop_rules.must_be_in_stock(order, quote.missing)
    total_cents = shop_rules.with_delivery(quote.goods_cents)
    shop_rules.must_cost_no_more(order, total_cents)
    return await _placed(desk, order, total_cents)


async def pay_back(desk: ShopDesk, order: Order, cents: int) -> Receipt:
    """Pay back so much of what is left. Raises: Refused."""
    shop_rules.must_have_left(order, cents)
    due_on = desk.today + REFUND_TAKES
    all_of_it = cents == order.left_cents
    state = OrderState.REFUND_PENDING if all_of_it else order.state
    back = replace(order, refund_cents=order.refund_cents + cents, refund_due_on=due_on)
    await desk.work.shop.put(replace(back, state=state))
    amount = money(cents, order.currency)
    fact = f"{amount} for order {order.number} come back to you by {day(due_on)}."
    return Receipt("pay_back", order.number, fact)


async def send_again(desk: ShopDesk, order: Order) -> Receipt:
    """Send the same items once more at no cost. Raises: Refused."""
    sent = await desk.work.shop.replacement_of(order.number)
    shop_rules.must_be_worth_sending_again(order, sent)
    quote = await desk.work.stock.quote(order.items, order.currency)
    shop_rules.must_be_had(order, quote.missing)
    new = await _placed(desk, order, 0, replaces=order.number)
    await desk.send(letters.sent_again(new))
    fact = (
        f"Order {order.number} is sent to you again at no cost, as order {new.number}. "
        f"It should arrive by {day(desk.today + DELIVERY_TAKES)}."
    )
    return Receipt("send_again", new.number, fact)


async def extend_return(desk: ShopDesk, order: Order, days: int) -> Receipt:
    """Move the last day for a return. Raises: Refused."""
    shop_rules.must_have_arrived(order)
    until = max(shop_rules.return_ends(order), desk.today) + timedelta(days=days)
    await desk.work.shop.put(replace(order, return_until=until))
    fact = f"Order {order.number} can be returned until {day(until)}."
    return Receipt("extend_return", order.number, fact)


async def _placed(
    desk: ShopDesk, order: Order, total_cents: int, replaces: str | None = None
) -> Order:
    await desk.work.stock.take(order.items)
    new = Order(
        number=await desk.work.stock.next_number(),
        customer_id=order.customer_id,
        items=order.items,
        total_cents=total_cents,
        currency=order.currency,
        state=OrderState.PROCESSING,
        placed_on=desk.today,
        address=order.address,
        due_on=desk.today + DELIVERY_TAKES,
        replaces=replaces,
    )
    await desk.work.shop.place(new)
    return new
