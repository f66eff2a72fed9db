"""Reading submitted forms."""

from sanic import Request


def field(request: Request, name: str) -> str:
    """The submitted text of a field; empty where it was not sent."""
    form = request.form
    return str(form.get(name) or "") if form else ""
