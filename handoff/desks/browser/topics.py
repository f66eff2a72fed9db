"""The topics that the pages listen to; the store wakes them after each commit."""

CASES_TOPIC = "cases"


def case_topic(case_id: str) -> str:
    """Woken when this case or its notes change."""
    return f"case:{case_id}"


def conversation_topic(conversation_id: str) -> str:
    """Woken when this conversation has a new message or moves."""
    return f"conversation:{conversation_id}"
