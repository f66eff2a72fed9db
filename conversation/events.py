"""What can happen to a conversation that changes who answers."""

from dataclasses import dataclass

from conversation.reasons import HandoffReason


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; the state machine decides what follows from it."""


@dataclass(frozen=True, slots=True)
class HandoffRequested(Event):
    """A person is needed, by the customer's wish, by policy, or because the bot failed."""

    reason: HandoffReason


@dataclass(frozen=True, slots=True)
class CaseClaimed(Event):
    """An agent took the case."""

    agent_id: str


@dataclass(frozen=True, slots=True)
class HandedBack(Event):
    """An agent gave the conversation back to the bot, with what the bot should know."""

    agent_id: str
    summary: str


@dataclass(frozen=True, slots=True)
class CaseReleased(Event):
    """A claimed case went back to the queue."""


@dataclass(frozen=True, slots=True)
class CaseResolved(Event):
    """An agent resolved the case."""

    agent_id: str


@dataclass(frozen=True, slots=True)
class LeftQueue(Event):
    """The customer no longer wants to wait for a person."""


@dataclass(frozen=True, slots=True)
class NobodyThere(Event):
    """Nobody can take the case now, or the customer waits no longer: the answer comes by e-mail."""


@dataclass(frozen=True, slots=True)
class SolvedConfirmed(Event):
    """The customer said, when asked, that the assistant solved the issue."""


@dataclass(frozen=True, slots=True)
class WentSilent(Event):
    """The customer has been silent for longer than the set time."""


@dataclass(frozen=True, slots=True)
class CustomerReturned(Event):
    """The customer wrote again after the conversation was closed."""


@dataclass(frozen=True, slots=True)
class CaseReopened(Event):
    """A closed case goes on: the customer wrote again soon, or an agent opened it again."""
