"""Under which keys what agents write in Slack is kept."""

from handoff.desks.slack.written.agent_files import Attached

VIA = "slack"
DELETED = "deleted"
"""The key at a place whose message was deleted in Slack before it came here."""


def client_id(key: str) -> str:
    """How the conversation knows what is kept under this key."""
    return f"{VIA}:{key}"


def key_of_file(of: str, file: Attached) -> str:
    """Under which key a file is kept. Args: of: the key of the message that it came with."""
    return f"{of}:{file.id}"


def key_of_message(stored: str) -> str:
    """The key of the message, where what is stored may be the key of its file."""
    return stored.partition(":")[0]
