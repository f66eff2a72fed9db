"""The page of a case's orders: what the agent may have the shop do, a form each."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from jinja2 import Environment
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import BadRequest

from conversation.amounts import money
from conversation.shop import Order
from handoff.briefing.known import order_words
from handoff.case import CaseError, UnknownCase
from handoff.desks.browser.parts import DeskParts
from handoff.desks.browser.submitted import INCOMPLETE, agent_of, key_of
from handoff.remedies.choices import BadWish, Choice, cents_of, days_of
from handoff.remedies.remedies import Allowed
from handoff.remedies.rules import Task, Wish
from staff import forms
from staff.account import Role
from staff.sign_in import see_other

_WORDS = {
    Task.REFUND: ("Pay back a part or all of it", "Pay back"),
    Task.SEND_AGAIN: ("Send it again at no cost", "Send it again"),
    Task.EXTEND_RETURN: ("Give more days for a return", "Give these days"),
    Task.INVOICE: ("Send the invoice once more", "Send the invoice"),
    Task.RETURN_LABEL: ("Send the return label once more", "Send the label"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent and refused. `wrong` is the field to correct, empty where none is."""

    task: Task
    number: str
    key: str
    amount: str = ""
    days: str = ""
    reason: str = ""
    tell: bool = True
    problem: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class TaskForm:
    """One task of one order. `typed` is set where this form was refused."""

    choice: Choice
    title: str
    button: str
    typed: Typed | None = None
    key: str = field(default_factory=lambda: str(uuid4()))

    @property
    def anchor(self) -> str:
        """What the form is called within the page."""
        return f"{self.choice.task.value}-{self.choice.order.number}"


@dataclass(frozen=True, slots=True)
class OrderPart:
    """An order and its forms."""

    order: Order
    words: str
    forms: tuple[TaskForm, ...]


class ShopPage:
    """Shows the orders of a case and sends what an agent wants done with them."""

    def __init__(self, parts: DeskParts, environment: Environment) -> None:
        self._parts = parts
        self._environment = environment

    def add_to(self, pages: Blueprint) -> None:
        """Add the routes, for agents only."""
        path, guard = "/cases/<case_id:str>/shop", self._parts.door.requires(Role.AGENT)
        pages.add_route(guard(self.show), path, methods=["GET"], name="shop")
        pages.add_route(guard(self.send), path, methods=["POST"], name="shop_send")

    async def show(self, request: Request, case_id: str) -> HTTPResponse:
        """The page."""
        return await self._render(request, case_id, None)

    async def send(self, request: Request, case_id: str) -> HTTPResponse:
        """Have the shop do it, and go back to the case, where a note says so."""
        typed = _typed(request)
        try:
            wish = _wish(typed)
            await self._parts.remedies.do(
                case_id, agent_of(request), wish, key=typed.key, tell=typed.tell
            )
        except UnknownCase:
            raise
        except CaseError as error:
            return await self._render(request, case_id, _refused(typed, error), status=409)
        return see_other(f"/desk/cases/{case_id}#notes")

    async def _render(
        self, request: Request, case_id: str, typed: Typed | None, *, status: int = 200
    ) -> HTTPResponse:
        async with self._parts.store.read() as work:
            case = await work.cases.get(case_id)
        allowed = await self._parts.remedies.allowed(case_id, agent_of(request))
        context: dict[str, Any] = {
            "case": case,
            "allowed": allowed,
            "orders": tuple(_orders(allowed, typed, self._parts)),
            "problem": _at_the_top(typed),
            "Task": Task,
        }
        return self._parts.door.render(
            request, self._environment, "shop.html", status=status, **context
        )


def _at_the_top(typed: Typed | None) -> str | None:
    if typed is None or not typed.wrong:
        return typed.problem if typed else None
    return "Nothing was done: correct the field that is marked below."


def _orders(allowed: Allowed, typed: Typed | None, parts: DeskParts) -> Iterator[OrderPart]:
    by_order: dict[str, list[Choice]] = {}
    for choice in allowed.choices:
        by_order.setdefault(choice.order.number, []).append(choice)
    for choices in by_order.values():
        order = choices[0].order
        worth = money(order.total_cents, order.currency)
        words = f"{worth} · {order_words(order, parts.clock())}"
        yield OrderPart(order, words, tuple(_form(choice, typed) for choice in choices))


def _form(choice: Choice, typed: Typed | None) -> TaskForm:
    title, button = _WORDS[choice.task]
    if typed and (typed.task, typed.number) == (choice.task, choice.order.number):
        return TaskForm(choice, title, button, typed, typed.key)
    return TaskForm(choice, title, button)


def _typed(request: Request) -> Typed:
    try:
        task = Task(forms.field(request, "task"))
    except ValueError as error:
        raise BadRequest(INCOMPLETE) from error
    return Typed(
        task=task,
        number=forms.field(request, "order"),
        key=key_of(request),
        amount=forms.field(request, "amount"),
        days=forms.field(request, "days"),
        reason=forms.field(request, "reason").strip(),
        tell=forms.field(request, "tell") == "on",
    )


def _wish(typed: Typed) -> Wish:
    cents = cents_of(typed.amount) if typed.task is Task.REFUND else 0
    days = days_of(typed.days) if typed.task is Task.EXTEND_RETURN else 0
    return Wish(typed.task, typed.number, cents, days, typed.reason)


def _refused(typed: Typed, error: CaseError) -> Typed:
    wrong = error.field if isinstance(error, BadWish) else ""
    return replace(typed, problem=str(error), wrong=wrong)
