"""The tasks that change something: what each needs, what it asks, and how it is done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

from actions.details import (
    ADDRESS,
    DATA_KIND,
    EXCHANGE,
    NEWSLETTER,
    REFUND_REASON,
    RETURN_REASON,
    Detail,
)
from actions.wording import small
from conversation.amounts import money
from conversation.shop import (
    ARRIVED,
    BEFORE_CARRIER,
    WITHOUT_INVOICE,
    DataRequest,
    Order,
    OrderState,
    Receipt,
    Shop,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the customer wants done. `number` is empty where it is about the account."""

    customer_id: str
    number: str
    detail: str
    key: str


@dataclass(frozen=True, slots=True)
class OfOrders:
    """Which orders a task is for (as of a day), how it is asked which, what if none is.

    `called` is the task's name in the shop, which may object to an order all the same. `whole`: it
    is done for all items of an order or none.
    """

    called: str
    fits: Callable[[Order, date], bool]
    which: str
    none_fits: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """One task. `intents` begin its form; `confirm` asks before what cannot be undone."""

    form: str
    action: str
    intents: tuple[str, ...]
    do: Callable[[Shop, Wish], Awaitable[Receipt]]
    orders: OfOrders | None = None
    detail: Detail | None = None
    confirm: Callable[[Order, str], str] | None = None
    confirm_detail: Callable[[str], str | None] | None = None
    then: Callable[[str], str] = lambda _: ""

    @property
    def slots(self) -> tuple[str, ...]:
        """What its form needs, in the order in which it is asked."""
        asked = ("order_number" if self.orders else None, self.detail and self.detail.slot)
        last = "confirmed" if self.confirm or self.confirm_detail else None
        return tuple(name for name in (*asked, last) if name)

    def question(self, order: Order | None, detail: str) -> str | None:
        """What is asked before it is done; None where nothing can go wrong."""
        if self.confirm and order:
            return self.confirm(order, detail)
        return self.confirm_detail(detail) if self.confirm_detail else None


def _after_return(reason: str) -> str:
    if reason.startswith(EXCHANGE):
        return "The other size is a new order; shall I send the return label by e-mail?"
    return "Shall I send the return label by e-mail?"


def _confirm_return(order: Order, reason: str) -> str:
    if reason.startswith(EXCHANGE):
        return (
            f"I cannot swap items, only take back {small(order)}; the other size is a new order. "
            "Shall I open the return?"
        )
    return f"Shall I take {small(order)} back?"


CANCEL = Task(
    form="cancel_form",
    action="action_cancel_order",
    intents=("cancel_order",),
    do=lambda shop, wish: shop.cancel(wish.customer_id, wish.number, key=wish.key),
    orders=OfOrders(
        called="cancel",
        fits=lambda order, _: order.state in BEFORE_CARRIER,
        which="Which order shall I cancel?",
        none_fits="No order of yours can be cancelled now. That is possible until an order leaves "
        "our warehouse.",
    ),
    confirm=lambda order, _: (
        f"Shall I cancel {small(order)} for {money(order.total_cents, order.currency)}? "
        "This cannot be undone."
    ),
)
CHANGE_ADDRESS = Task(
    form="address_form",
    action="action_change_address",
    intents=("change_address",),
    do=lambda shop, wish: shop.change_address(
        wish.customer_id, wish.number, wish.detail, key=wish.key
    ),
    orders=OfOrders(
        called="change_address",
        fits=lambda order, _: order.state in BEFORE_CARRIER,
        which="Which order shall go to another address?",
        none_fits="No order of yours can go to another address now. That is possible until an "
        "order leaves our warehouse.",
        whole=False,
    ),
    detail=ADDRESS,
    confirm=lambda order, address: f"Shall {small(order)} go to {address}?",
)
RETURN = Task(
    form="return_form",
    action="action_start_return",
    intents=("return_item", "exchange_item"),
    do=lambda shop, wish: shop.start_return(
        wish.customer_id, wish.number, wish.detail, key=wish.key
    ),
    orders=OfOrders(
        called="start_return",
        fits=lambda order, _: order.state in ARRIVED,
        which="Which order do you want to return?",
        none_fits="No order of yours can be returned now. A return needs a delivered order.",
    ),
    detail=RETURN_REASON,
    confirm=_confirm_return,
    then=_after_return,
)
REFUND = Task(
    form="refund_form",
    action="action_refund",
    intents=("request_refund",),
    do=lambda shop, wish: shop.refund(wish.customer_id, wish.number, wish.detail, key=wish.key),
    orders=OfOrders(
        called="refund",
        fits=lambda order, today: (
            order.whole
            and (
                order.state in ARRIVED
                or (order.state is OrderState.SHIPPED and order.days_late(today) > 0)
            )
        ),
        which="Which order is the refund for?",
        none_fits="No order of yours can be paid back now: that needs one that came or is late. "
        "One that is still with us can be cancelled.",
    ),
    detail=REFUND_REASON,
    confirm=lambda order, _: (
        f"Shall I pay back {money(order.total_cents, order.currency)} for {small(order)}?"
    ),
)
REORDER = Task(
    form="reorder_form",
    action="action_reorder",
    intents=("reorder",),
    do=lambda shop, wish: shop.reorder(wish.customer_id, wish.number, key=wish.key),
    orders=OfOrders(
        called="reorder",
        fits=lambda order, _: order.state is not OrderState.PAYMENT_FAILED,
        which="Which order shall I place again?",
        none_fits="There is no order of yours yet that I could place again.",
    ),
    confirm=lambda order, _: (
        f"Shall I place {small(order)} again? It goes to {order.address}, paid as before."
    ),
)
INVOICE = Task(
    form="invoice_form",
    action="action_resend_invoice",
    intents=("invoice",),
    do=lambda shop, wish: shop.resend_invoice(wish.customer_id, wish.number, key=wish.key),
    orders=OfOrders(
        called="resend_invoice",
        fits=lambda order, _: order.state not in WITHOUT_INVOICE,
        which="Which order is the invoice for?",
        none_fits="No order of yours has an invoice yet. It is written once an order is paid.",
        whole=False,
    ),
)
LABEL = Task(
    form="label_form",
    action="action_send_label",
    intents=("return_label",),
    do=lambda shop, wish: shop.send_return_label(wish.customer_id, wish.number, key=wish.key),
    orders=OfOrders(
        called="send_return_label",
        fits=lambda order, _: order.state is OrderState.RETURNING,
        which="Which return is the label for?",
        none_fits="No return of yours is open, and a label needs one. Write which order you want "
        "to return.",
        whole=False,
    ),
)
NEWS = Task(
    form="newsletter_form",
    action="action_set_newsletter",
    intents=("newsletter",),
    do=lambda shop, wish: shop.set_newsletter(wish.customer_id, wish.detail == "on", key=wish.key),
    detail=NEWSLETTER,
)
DATA = Task(
    form="data_form",
    action="action_request_data",
    intents=("data_request", "delete_account"),
    do=lambda shop, wish: shop.request_data(
        wish.customer_id, DataRequest(wish.detail), key=wish.key
    ),
    detail=DATA_KIND,
    confirm_detail=lambda kind: (
        "Shall I ask for your account and its data to be deleted? This cannot be undone."
        if kind == DataRequest.DELETION
        else None
    ),
)

TASKS = (CANCEL, CHANGE_ADDRESS, RETURN, REFUND, REORDER, INVOICE, LABEL, NEWS, DATA)
DETAIL_SLOTS = tuple(task.detail.slot for task in TASKS if task.detail)
_BY_FORM = {task.form: task for task in TASKS}


def task_of_form(form: str | None) -> Task:
    """The task of the active form. Raises: KeyError where the form belongs to no task."""
    return _BY_FORM[form or ""]
