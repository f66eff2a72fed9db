"""Where a case stands in Slack: a channel and the message that heads its thread."""

from dataclasses import dataclass

from handoff.case import CaseRef


@dataclass(frozen=True, slots=True)
class Place:
    """The card's message. `ts` is Slack's id of a message within its channel."""

    channel: str
    ts: str

    @property
    def ref(self) -> CaseRef:
        """The place as the case remembers it."""
        return CaseRef(f"slack:{self.channel}:{self.ts}")

    def address(self, workspace: str) -> str:
        """Where a browser finds it. Args: workspace: such as "https://example.slack.com/"."""
        return f"{workspace}archives/{self.channel}/p{self.ts.replace('.', '')}"

    @classmethod
    def of(cls, ref: CaseRef) -> "Place":
        """The place a reference of this desk names. Raises: ValueError for another desk's."""
        desk, channel, ts = ref.split(":")
        if desk != "slack":
            raise ValueError(f"{ref} is not kept in Slack")
        return cls(channel, ts)
