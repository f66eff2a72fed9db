"""The names under which Slack tells what was pressed."""

AT_ONCE = "heard_now"
"""How the names of those begin that wait behind nothing else."""

CLAIM, REOPEN, RETRY = "heard_claim", "heard_reopen", "heard_retry"
TAKE_OFF, GO_ON = "heard_take_off", "heard_go_on"
FORM = f"{AT_ONCE}_form"
MENU = f"{AT_ONCE}_menu"
HOME = f"{AT_ONCE}_home"

STORED_AS = "heard_stored_as"
"""Under this name a request's context holds the id of the inbox entry that it comes from."""


def opens(form: str) -> str:
    """The name of a button that opens this form."""
    return f"{FORM}:{form}"
