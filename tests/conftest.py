"""What journeys and stories share: one running product, and a browser."""

import signal
from collections.abc import Iterator

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
