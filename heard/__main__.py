"""`python -m heard` is the `heard` command."""

from heard.cli import app

app()
