"""Reading submitted forms."""

from sanic import Request


def field(request: Request, name: str) -> str:
    """The submitted text of a field; empty where it was not sent.

    Without NUL characters: nobody types them, and PostgreSQL cannot store or look for them.
    """
    form = request.form
    return str(form.get(name) or "").replace("\0", "") if form else ""
