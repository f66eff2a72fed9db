"""Who shapes the bot chats in a terminal, and sees why it answered as it did."""

import subprocess
import sys

from heard.settings import ROOT
from tests.people import Customer
from tests.product import Product


def _talks(product: Product, *arguments: str, says: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "heard", "talk", *arguments],
        cwd=ROOT,
        env=product.environment,
        input=says,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


async def test_every_answer_shows_its_workings_and_buttons_are_pressed_by_number(product: Product):
    talked = _talks(product, "--as", "demo-finn", says="where is my order\n1\nthis is useless!!\n")
    assert talked.returncode == 0, talked.stderr
    said = talked.stdout
    assert "intent   order_status" in said
    assert "actions  action_order_status" in said
    assert "effort   " in said
    assert "[1] 10" in said, "the orders are offered as numbered buttons"
    assert "slots    " in said
    assert "order_number=10" in said, "pressing 1 said the first order"
    assert "insult" in said or "frustrat" in said
    finn = await Customer.arrives(product, "demo-finn")
    await finn.leaves_for_good()  # others have no part in what this chat has cost him


def test_without_a_running_product_it_says_what_to_start(product: Product):
    nobody = Product(product.folder)
    talked = _talks(nobody, says="hello\n")
    assert talked.returncode == 1
    assert "make run" in talked.stderr
    assert "Traceback" not in talked.stderr
