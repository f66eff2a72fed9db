"""Who answers the customer now: the state machine, as a table."""

from enum import StrEnum

from conversation.events import (
    CaseClaimed,
    CaseReleased,
    CaseReopened,
    CaseResolved,
    CustomerReturned,
    Event,
    HandedBack,
    HandoffRequested,
    LeftQueue,
    NobodyThere,
    SolvedConfirmed,
    WentSilent,
)


class Responder(StrEnum):
    """Who is responsible for the next answer."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"
    CALLBACK = "callback"
    CLOSED = "closed"


class NotPossible(Exception):
    """The event cannot happen in this state; the text says what holds instead."""

    def __init__(self, now: Responder, event: Event) -> None:
        super().__init__(f"{type(event).__name__} is not possible while {_SAYS[now]}")
        self.now = now
        self.event = event


_MOVES: dict[tuple[Responder, type[Event]], Responder] = {
    (Responder.BOT, HandoffRequested): Responder.QUEUE,
    (Responder.BOT, SolvedConfirmed): Responder.CLOSED,
    (Responder.BOT, WentSilent): Responder.CLOSED,
    (Responder.QUEUE, CaseClaimed): Responder.AGENT,
    (Responder.QUEUE, HandedBack): Responder.BOT,
    (Responder.QUEUE, CaseResolved): Responder.CLOSED,
    (Responder.QUEUE, LeftQueue): Responder.BOT,
    (Responder.QUEUE, NobodyThere): Responder.CALLBACK,
    (Responder.QUEUE, WentSilent): Responder.CLOSED,
    (Responder.AGENT, CaseReleased): Responder.QUEUE,
    (Responder.AGENT, HandedBack): Responder.BOT,
    (Responder.AGENT, CaseResolved): Responder.CLOSED,
    (Responder.CALLBACK, CaseClaimed): Responder.AGENT,
    (Responder.CALLBACK, CaseResolved): Responder.CLOSED,
    (Responder.CALLBACK, LeftQueue): Responder.BOT,
    (Responder.BOT, CaseReopened): Responder.AGENT,
    (Responder.CLOSED, CustomerReturned): Responder.BOT,
    (Responder.CLOSED, HandoffRequested): Responder.QUEUE,
    (Responder.CLOSED, CaseReopened): Responder.AGENT,
}

_SAYS = {
    Responder.BOT: "the assistant answers",
    Responder.QUEUE: "the customer waits for a person",
    Responder.AGENT: "an agent answers",
    Responder.CALLBACK: "an answer by e-mail is due",
    Responder.CLOSED: "the conversation is closed",
}


def after(now: Responder, event: Event) -> Responder:
    """Who answers after `event`.

    Raises: NotPossible where the table has no such move.
    """
    try:
        return _MOVES[now, type(event)]
    except KeyError:
        raise NotPossible(now, event) from None


def moves() -> dict[tuple[Responder, type[Event]], Responder]:
    """A copy of the table, for documents and tests."""
    return dict(_MOVES)
