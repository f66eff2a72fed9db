"""A company's own shop behind `Shop`, over its HTTP API: docs/shop-api.md."""

from collections.abc import Mapping

import structlog

from company.api import Answer, CompanyApi, NoAnswer
from company.reading import read_message, read_orders, read_receipt
from conversation.shop import DataRequest, Order, Receipt, Refused, ShopUnavailable

log = structlog.get_logger()

_REFUSALS = (409, 422)
_NOT_FOUND = 404


class HttpShop:
    """Satisfies `Shop`. What may be done is decided there, and each task happens once per key."""

    def __init__(self, api: CompanyApi) -> None:
        self._api = api

    async def orders_of(self, customer_id: str) -> tuple[Order, ...]:
        """All orders of the customer, newest first; none for a customer who is unknown."""
        try:
            answer = await self._api.get("customers", customer_id, "orders")
            if answer.status == _NOT_FOUND:
                return ()
            _must_be_good(answer)
            return read_orders(answer.body, customer_id)
        except NoAnswer as error:
            raise _unavailable("orders_of", error) from error

    async def objection(self, task: str, order: Order) -> str | None:
        """None: what the company's rules are shows when the task is asked for."""
        return None

    async def cancel(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Cancel an order that has not been handed to the carrier."""
        return await self._order_task("cancel", customer_id, number, "cancel", {}, key)

    async def change_address(
        self, customer_id: str, number: str, address: str, *, key: str
    ) -> Receipt:
        """Send an order that has not been handed to the carrier to another address."""
        body = {"address": address}
        return await self._order_task("change_address", customer_id, number, "address", body, key)

    async def start_return(
        self, customer_id: str, number: str, reason: str, *, key: str
    ) -> Receipt:
        """Open a return for a delivered order."""
        body = {"reason": reason}
        return await self._order_task("start_return", customer_id, number, "return", body, key)

    async def refund(self, customer_id: str, number: str, reason: str, *, key: str) -> Receipt:
        """Pay back what was paid, without a return."""
        body = {"reason": reason}
        return await self._order_task("refund", customer_id, number, "refund", body, key)

    async def resend_invoice(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Send the invoice to the e-mail address of the account."""
        return await self._order_task("resend_invoice", customer_id, number, "invoice", {}, key)

    async def send_return_label(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Send the label of an open return to the e-mail address of the account."""
        task = "send_return_label"
        return await self._order_task(task, customer_id, number, "return-label", {}, key)

    async def reorder(self, customer_id: str, number: str, *, key: str) -> Receipt:
        """Order the same items again."""
        return await self._order_task("reorder", customer_id, number, "reorder", {}, key)

    async def set_newsletter(self, customer_id: str, subscribed: bool, *, key: str) -> Receipt:
        """Begin or stop to send the newsletter."""
        body = {"subscribed": subscribed}
        return await self._account_task("set_newsletter", customer_id, "newsletter", body, key)

    async def request_data(self, customer_id: str, kind: DataRequest, *, key: str) -> Receipt:
        """Take up the wish for a copy or the deletion of the customer's data."""
        body = {"kind": kind.value}
        return await self._account_task("request_data", customer_id, "data-requests", body, key)

    async def pay_back(
        self, customer_id: str, number: str, cents: int, reason: str, *, by: str, key: str
    ) -> Receipt:
        """Pay back so much of what was paid, as a person decided."""
        body = {"amount_cents": cents, "reason": reason, "by": by}
        return await self._order_task("pay_back", customer_id, number, "pay-back", body, key)

    async def send_again(
        self, customer_id: str, number: str, reason: str, *, by: str, key: str
    ) -> Receipt:
        """Send the same items once more at no cost, as a person decided."""
        body = {"reason": reason, "by": by}
        return await self._order_task("send_again", customer_id, number, "send-again", body, key)

    async def extend_return(
        self, customer_id: str, number: str, days: int, reason: str, *, by: str, key: str
    ) -> Receipt:
        """Let an order be returned for so many days more, as a person decided."""
        body = {"days": days, "reason": reason, "by": by}
        task = "extend_return"
        return await self._order_task(task, customer_id, number, "extend-return", body, key)

    async def _order_task(
        self,
        task: str,
        customer_id: str,
        number: str,
        last: str,
        body: Mapping[str, object],
        key: str,
    ) -> Receipt:
        path = ("customers", customer_id, "orders", number, last)
        unknown = f"There is no order {number} in your account."
        return await self._task(task, path, body, key, unknown, number)

    async def _account_task(
        self, task: str, customer_id: str, last: str, body: Mapping[str, object], key: str
    ) -> Receipt:
        unknown = "The shop does not know your account. Ask for a person."
        return await self._task(task, ("customers", customer_id, last), body, key, unknown)

    async def _task(
        self,
        task: str,
        path: tuple[str, ...],
        body: Mapping[str, object],
        key: str,
        unknown: str,
        number: str | None = None,
    ) -> Receipt:
        try:
            answer = await self._api.post(*path, body=body, key=key)
            if answer.status == _NOT_FOUND:
                raise Refused(unknown)
            message = read_message(answer.body)
            if answer.status in _REFUSALS and message is not None:
                raise Refused(message)
            _must_be_good(answer)
            return read_receipt(answer.body, task, number)
        except NoAnswer as error:
            raise _unavailable(task, error) from error


def _must_be_good(answer: Answer) -> None:
    if not answer.good:
        raise NoAnswer(f"it answered {answer.status}")


def _unavailable(task: str, error: NoAnswer) -> ShopUnavailable:
    log.warning("shop_unavailable", task=task, reason=str(error))
    return ShopUnavailable(f"The shop cannot be asked: {error}")
