"""Reading submitted forms."""

from sanic import Request
from sanic.request import File


def field(request: Request, name: str) -> str:
    """The submitted text of a field; empty where it was not sent.

    Without NUL characters: nobody types them, and PostgreSQL cannot store or look for them.
    """
    form = request.form
    return str(form.get(name) or "").replace("\0", "") if form else ""


def upload(request: Request, name: str) -> File | None:
    """The file that was chosen in a field; None where none was."""
    file = request.files.get(name) if request.files else None
    return file if isinstance(file, File) and file.name else None
