"""What agents have the shop do from a case: within the policy, once, never unnoticed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from conversation.clock import Clock
from conversation.shop import Order, Receipt, Refused, Shop, ShopUnavailable
from handoff.case import Case, CaseClosed, CaseError
from handoff.casework.verbs import Casework
from handoff.ports import Store, Work
from handoff.remedies.choices import BadWish, Choice, Policy, Remedy, Stands
from handoff.remedies.records import Records, asked
from handoff.remedies.rules import RemedyRules, Task, Wish
from staff.account import Role, Staff

LONGEST_KEY = 64
_LONGEST_REASON = 500
_VIA = "remedy"
_OVER = "The case is closed. Reopen it to have something done with the orders."
_DOWN = "The shop cannot be asked just now. Try again in a moment."
_NOT_SIGNED_IN = "The customer is not signed in, so nothing can be done with orders from here."


class NotKnown(CaseError):
    """The shop gave no answer: nobody knows whether it was done."""

    def __init__(self) -> None:
        super().__init__(
            "The shop did not answer, so it is not known whether this was done. Press the same "
            "button again: it is never done twice."
        )


@dataclass(frozen=True, slots=True)
class Pending:
    """What was sent to the shop and never answered: `do` it again with this key and wish."""

    key: str
    wish: Wish
    agent: str
    said: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be done in a case. `why_none` says why there is no choice, empty where there is."""

    choices: tuple[Choice, ...] = ()
    pending: tuple[Pending, ...] = ()
    why_none: str = ""

    def of(self, *tasks: Task) -> tuple[Choice, ...]:
        """The choices of these tasks that the agent may have done."""
        return tuple(one for one in self.choices if one.task in tasks and one.may)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words for staff; what now holds, in words for the customer; and whether
    the customer was told that."""

    what: str
    fact: str
    told: bool

    @property
    def words(self) -> str:
        """All of it in a line for the agent."""
        was = "was told" if self.told else "was not told"
        return f"{self.what}. The customer {was}: “{self.fact}”"


class Remedies:
    """Asks the shop on an agent's behalf. Each form is done once, however often it is sent."""

    def __init__(
        self, store: Store, shop: Shop, casework: Casework, clock: Clock, rules: RemedyRules
    ) -> None:
        self._store = store
        self._shop = shop
        self._casework = casework
        self._clock = clock
        self._records = Records(store, clock)
        self._rules = rules

    async def allowed(self, case_id: str, agent: Staff) -> Allowed:
        """What this agent may have done in the case, for forms. Raises: UnknownCase."""
        async with self._store.read() as work:
            case, customer_id = await _case(work, case_id)
            before = await work.remedies.of_customer(customer_id) if customer_id else ()
        pending = tuple(_pending(one) for one in before if _waits(one, case_id))
        if not case.status.open:
            return Allowed(pending=pending, why_none=_OVER)
        if customer_id is None:
            return Allowed(why_none=_NOT_SIGNED_IN)
        try:
            orders = await self._shop.orders_of(customer_id)
        except ShopUnavailable:
            return Allowed(pending=pending, why_none=_DOWN)
        choices = Policy(self._rules, agent, orders, before).choices()
        none = "" if choices else "There is no order of this customer to do something with."
        return Allowed(choices, pending, none)

    async def check(self, case_id: str, agent: Staff, wish: Wish) -> None:
        """Whether it may be done, for a form that is still open. Raises: as `do`."""
        _check_wish(agent, wish)
        async with self._store.read() as work:
            case, customer_id = await _case(work, case_id)
            before = await work.remedies.of_customer(customer_id) if customer_id else ()
        if not case.status.open:
            raise CaseClosed(case.status)
        Policy(self._rules, agent, await self._orders(customer_id), before).check(wish)

    async def do(self, case_id: str, agent: Staff, wish: Wish, *, key: str, tell: bool) -> Done:
        """Have the shop do it, once per `key`: the form's own id, at most 64 characters.

        Args: tell: the customer reads what now holds, as a reply of this agent.
        Raises: UnknownCase; BadWish naming the field; NotKnown; CaseError where the shop refuses,
        the case is closed or the person is no agent.
        """
        _check(agent, wish, key)
        async with self._store.read() as work:
            remedy = await _known(work, case_id, wish, key)
        if remedy is None:
            remedy = await self._decided(case_id, agent, wish, key)
        if remedy.stands is not Stands.DONE:
            receipt = await self._ask(remedy, agent, tell=tell)
            remedy = replace(remedy, stands=Stands.DONE, fact=receipt.fact)
        told = tell and await self._tell(remedy, agent)
        return Done(remedy.wish.done_words(remedy.currency), remedy.fact, told)

    async def _decided(self, case_id: str, agent: Staff, wish: Wish, key: str) -> Remedy:
        async with self._store.read() as work:
            _, customer_id = await _case(work, case_id)
        orders = await self._orders(customer_id)
        async with self._store.work() as work:
            if customer_id is None:
                raise CaseError(_NOT_SIGNED_IN)
            await work.remedies.hold(customer_id)
            known = await _known(work, case_id, wish, key)
            if known is not None:  # the same form came twice at once
                return known
            case, _ = await _case(work, case_id)
            if not case.status.open:
                raise CaseClosed(case.status)
            before = await work.remedies.of_customer(customer_id)
            order = Policy(self._rules, agent, orders, before).check(wish)
            now = self._clock()
            remedy = Remedy(case_id, key, customer_id, agent.name, wish, order.currency, now)
            return await work.remedies.ask(remedy)

    async def _orders(self, customer_id: str | None) -> Sequence[Order]:
        if customer_id is None:
            raise CaseError(_NOT_SIGNED_IN)
        try:
            return await self._shop.orders_of(customer_id)
        except ShopUnavailable as error:
            raise CaseError(f"Nothing was done. {_DOWN}") from error

    async def _ask(self, remedy: Remedy, agent: Staff, *, tell: bool) -> Receipt:
        try:
            receipt = await asked(self._shop, remedy)
        except Refused as refusal:
            await self._records.refused(remedy)
            raise CaseError(str(refusal)) from refusal
        except ShopUnavailable as error:
            await self._records.not_known(remedy, agent)
            raise NotKnown from error
        await self._records.done(remedy, agent, receipt, told=tell)
        return receipt

    async def _tell(self, remedy: Remedy, agent: Staff) -> bool:
        try:
            await self._casework.reply(remedy.case_id, agent, remedy.fact, key=remedy.key, via=_VIA)
        except CaseClosed:
            return False
        return True


async def _case(work: Work, case_id: str) -> tuple[Case, str | None]:
    case = await work.cases.get(case_id)
    return case, (await work.conversations.get(case.conversation_id)).customer_id


async def _known(work: Work, case_id: str, wish: Wish, key: str) -> Remedy | None:
    known = await work.remedies.find(case_id, key)
    if known is None or known.stands is Stands.REFUSED:
        return None
    if known.wish == wish:
        return known
    if known.stands is Stands.ASKED:
        raise BadWish(
            "What was sent before from this form is not settled: send that again first.",
            "order",
        )
    raise BadWish("This form was used already. Open it anew.", "order")


def _check(agent: Staff, wish: Wish, key: str) -> None:
    if not 1 <= len(key) <= LONGEST_KEY:
        raise ValueError(f"A key has 1 to {LONGEST_KEY} characters, not {len(key)}")
    _check_wish(agent, wish)


def _check_wish(agent: Staff, wish: Wish) -> None:
    if Role.AGENT not in agent.roles:
        raise CaseError("Only agents can work on cases. Ask an admin for the agent role.")
    if wish.task.needs_reason and not wish.reason.strip():
        raise BadWish("Say why, in a few words: the shop and your colleagues read it.", "reason")
    if len(wish.reason) > _LONGEST_REASON:
        raise BadWish(f"At most {_LONGEST_REASON} characters.", "reason")
    if wish.task is Task.REFUND and wish.cents < 1:
        raise BadWish("Give an amount such as 12.50.", "amount")
    if wish.task is Task.EXTEND_RETURN and wish.days < 1:
        raise BadWish("Give a number of days, such as 7.", "days")


def _waits(remedy: Remedy, case_id: str) -> bool:
    return remedy.stands is Stands.ASKED and remedy.case_id == case_id


def _pending(remedy: Remedy) -> Pending:
    return Pending(remedy.key, remedy.wish, remedy.agent, remedy.wish.words(remedy.currency))
