"""What is said to an agent who gives a case back that somebody else should look after."""

from handoff.case import Case
from staff.account import Staff

ALL_THE_SAME = "Hand it back all the same"


def not_yours(case: Case, agent: Staff) -> str:
    """Whose the case is, "" where it is the agent's own."""
    if case.agent_id == agent.id:
        return ""
    if case.agent_id is None:
        return f"Nobody has claimed this case: {case.customer} waits for a person."
    return f"{case.agent} has this case, not you."
