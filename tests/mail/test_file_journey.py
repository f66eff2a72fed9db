"""The way of a customer's file, through the whole app, to the agent who opens it."""

import re

import httpx

from tests.mail.test_mail_journey import Company, company, words_of
from tests.patience import PATIENT_S

__all__ = ["company"]

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 4000


async def test_a_customers_file_is_opened_by_the_agent_and_by_nobody_without_an_account(
    company: Company,
) -> None:
    page = await company.customer()
    await page.post("/api/person")
    params = {"name": "tent.png", "client_id": "f1"}
    assert (await page.post("/api/files", params=params, content=PNG)).status_code == 200

    nia = await company.agent()
    found = re.search(r"/desk/cases/[0-9a-f-]{36}", (await nia.get("/desk")).text)
    assert found is not None
    case = (await nia.get(found[0])).text
    assert "tent.png, 4 kB" in words_of(case)
    link = re.search(r'href="([^"]*/files/[\w-]{43})"', case)
    assert link is not None
    answer = await nia.get(link[1])
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"

    async with httpx.AsyncClient(
        base_url=company.url, trust_env=False, timeout=PATIENT_S
    ) as stranger:
        refused = await stranger.get(link[1])
        assert refused.status_code in (302, 303)
        assert "/sign-in" in refused.headers["location"]
    assert (await nia.get(f"/files/{'x' * 43}")).status_code == 404
