"""Whether a case needed a person, in the judgement of the agent who resolves it."""

from enum import StrEnum

QUESTION = "Did this need a person?"
NOT_SAID = f"Choose one: {QUESTION[0].lower()}{QUESTION[1:]}"


class Needed(StrEnum):
    """What can be answered. Nothing is chosen for the agent: the assistant learns from it."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        """The answer as agents read it."""
        return _WORDS[self]

    @property
    def judged(self) -> bool | None:
        """Whether it was needed, None where the agent does not say."""
        return {Needed.YES: True, Needed.NO: False}.get(self)


_WORDS = {
    Needed.YES: "Yes",
    Needed.NO: "No, the assistant should have managed",
    Needed.UNKNOWN: "I cannot say",
}
