"""What the log shows of an error, and what it never shows."""

import subprocess
import sys

import pytest

from heard.settings import ROOT

_FAILS = """
import logging
import structlog
from heard.logs import set_up

def fail(said):
    raise LookupError("no such order")

set_up(colours=False)
try:
    fail("my card is " + "4929 0000".replace("0", "7"))
except LookupError:
    {log}
"""


@pytest.mark.parametrize(
    "log",
    ['structlog.get_logger().exception("broke")', 'logging.getLogger("x").exception("broke")'],
)
def test_an_error_is_told_with_its_place_and_without_the_values_of_variables(log: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _FAILS.format(log=log)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "broke" in ran.stdout
    assert "in fail" in ran.stdout
    assert "LookupError: no such order" in ran.stdout
    assert "4929 7777" not in ran.stdout
