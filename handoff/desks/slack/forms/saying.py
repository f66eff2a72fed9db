"""What a form sends to the customer: checked like any reply, before anything is done."""

from handoff.case import CaseError
from handoff.casework.steps import check_reply
from handoff.desks.slack.forms.form import Filled, Problems
from handoff.desks.slack.written.plain import typed


def said(filled: Filled, name: str) -> str:
    """What is to be sent from the field `name`, "" where it is empty."""
    return typed(filled.text(name))


def unsayable(filled: Filled, name: str) -> Problems:
    """What is wrong with it: it is too long, or may be meant as a private note."""
    try:
        if said(filled, name):
            check_reply(said(filled, name))
    except CaseError as error:
        return {name: str(error)}
    return {}
