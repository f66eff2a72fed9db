"""Have the shop do something for the customer: pay back, send again, extend a return."""

from collections.abc import Iterator
from itertools import groupby

from handoff.case import Case, CaseError
from handoff.desks.slack.forms.form import Filled, Problems, Sheet
from handoff.desks.slack.forms.inputs import Choices, line, menu, text, tick
from handoff.desks.slack.written.plain import typed
from handoff.remedies.choices import BadWish, Choice, cents_of, days_of
from handoff.remedies.remedies import Allowed, Remedies
from handoff.remedies.rules import Task, Wish
from staff.account import Staff

_MOST_ORDERS = 20
_REASON = 500
_PENDING = "pending"
_WORDS = {
    Task.REFUND: "Pay back",
    Task.SEND_AGAIN: "Send the order again at no cost",
    Task.EXTEND_RETURN: "Give more days for a return",
    Task.INVOICE: "Send the invoice once more",
    Task.RETURN_LABEL: "Send the return label once more",
}
_BLOCKS = {"order": "what"}


class AskShop:
    """Satisfies `Form`."""

    name = "shop"

    def __init__(self, remedies: Remedies) -> None:
        self._remedies = remedies

    async def sheet(self, case: Case, agent: Staff) -> Sheet:
        """What may be done, with which order."""
        allowed = await self._remedies.allowed(case.id, agent)
        groups = [*_unsettled(allowed), *_by_order(allowed)][:_MOST_ORDERS]
        if not groups:
            raise CaseError(allowed.why_none or "None of this is yours to decide: ask a lead.")
        return Sheet(
            "Refund, resend, extend",
            "Confirm",
            (
                menu("what", "What should the shop do?", groups),
                line("amount", "Amount to pay back", hint="Such as 12.50.", needed=False),
                line("days", "Days to add", hint="To extend a return, such as 7.", needed=False),
                text(
                    "reason",
                    "Why",
                    most=_REASON,
                    hint="The shop and your colleagues read it. The customer does not.",
                ),
                tick("tell", "Customer", "Tell the customer what was done", ticked=True),
            ),
        )

    async def problems(self, filled: Filled, agent: Staff) -> Problems:
        """What the policy or the form does not let through."""
        if filled.choice("what").startswith(_PENDING):
            return {}
        try:
            await self._remedies.check(filled.about.case_id, agent, _wish(filled))
        except BadWish as error:
            return {_BLOCKS.get(error.field, error.field): str(error)}
        return {}

    async def submit(self, filled: Filled, agent: Staff) -> str:
        """Ask the shop, once for each form however often it is sent."""
        case_id, key = filled.about.case_id, filled.key
        kind, _, known = filled.choice("what").partition(":")
        if kind == _PENDING:
            allowed = await self._remedies.allowed(case_id, agent)
            waiting = [one for one in allowed.pending if one.key == known]
            if not waiting:
                raise CaseError("This is settled meanwhile: see the notes of the case.")
            wish, key = waiting[0].wish, known
        else:
            wish = _wish(filled)
        done = await self._remedies.do(case_id, agent, wish, key=key, tell=filled.ticked("tell"))
        return done.words


def _unsettled(allowed: Allowed) -> Iterator[tuple[str, Choices]]:
    if allowed.pending:
        choices = [(f"Ask again: {one.said}", f"{_PENDING}:{one.key}") for one in allowed.pending]
        yield "The shop has not answered yet", choices


def _by_order(allowed: Allowed) -> Iterator[tuple[str, Choices]]:
    may = [one for one in allowed.choices if one.may]
    for number, choices in groupby(may, key=lambda one: one.order.number):
        of_order = list(choices)
        heading = f"Order {number}: {of_order[0].order.title}"
        yield heading, [(_label(one), f"{one.task.value}:{number}") for one in of_order]


def _label(choice: Choice) -> str:
    hint = f", {choice.hint}" if choice.hint else ""
    return f"{_WORDS[choice.task]}{hint}"


def _wish(filled: Filled) -> Wish:
    """What was asked for. Raises: BadWish."""
    kind, _, number = filled.choice("what").partition(":")
    task, amount, days = Task(kind), filled.text("amount"), filled.text("days")
    return Wish(
        task,
        number,
        cents=cents_of(amount) if task is Task.REFUND else 0,
        days=days_of(days) if task is Task.EXTEND_RETURN else 0,
        reason=typed(filled.text("reason")),
    )
