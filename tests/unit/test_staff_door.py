"""Who gets in at the door to the staff pages, for how long, and who does not."""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from staff import passwords
from staff.account import Role, Staff
from staff.entry import Entry, Refused
from staff.sign_in import safe_path
from store.tables import SessionRow
from tests.unit.staff_site import PASSWORD, StaffSite, hidden_fields, staff_site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[StaffSite]:
    async with staff_site(tmp_path) as opened:
        yield opened


async def test_staff_come_to_the_page_they_wanted_after_signing_in(site: StaffSite) -> None:
    await site.account("Ruth", Role.AGENT)
    browser = await site.browser()
    sent = await browser.http.get("/desk/cases/some-case?x=1")
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        "/sign-in?next=/desk/cases/some-case%3Fx%3D1",
    )
    fields = hidden_fields(await browser.gets(sent.headers["location"]), "/sign-in")
    answer = await browser.sign_in("RUTH@example.com ", **fields)
    assert answer.headers["location"] == "/desk/cases/some-case?x=1"


@pytest.mark.parametrize(
    ("role", "home"), [(Role.AGENT, "/desk"), (Role.LEAD, "/review"), (Role.ADMIN, "/review")]
)
async def test_staff_begin_where_their_role_works(site: StaffSite, role: Role, home: str) -> None:
    account = await site.account("Ruth", role)
    browser = await site.browser()
    assert (await browser.sign_in(account.email)).headers["location"] == home
    assert (await browser.http.get("/sign-in")).headers["location"] == home
    assert (await browser.http.get(home)).status_code == 200


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/a\nb", "desk", "", "/sign-out"],
)
def test_signing_in_never_leads_to_another_site(target: str) -> None:
    assert safe_path(target) is None


async def test_a_wrong_password_and_an_unknown_account_look_the_same(site: StaffSite) -> None:
    await site.account("Ruth", Role.AGENT)
    browser = await site.browser()
    wrong = await browser.sign_in("ruth@example.com", "something else")
    unknown = await browser.sign_in("nobody@example.com", "something else")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.text.replace("ruth@", "nobody@") == unknown.text
    assert "do not belong together" in wrong.text
    assert "something else" not in wrong.text


async def test_guessing_at_an_account_ends_in_a_wait_even_for_the_right_password(
    site: StaffSite,
) -> None:
    await site.account("Ruth", Role.AGENT)
    await site.account("Sam", Role.AGENT)
    browser = await site.browser()
    for _ in range(8):
        assert (await browser.sign_in("ruth@example.com", "a guess")).status_code == 401
    refused = await browser.sign_in("ruth@example.com")
    assert refused.status_code == 429
    assert "Wait 1" in refused.text
    assert 800 < int(refused.headers["retry-after"]) <= 900
    assert (await browser.sign_in("sam@example.com")).status_code == 303
    site.clock.ahead += timedelta(minutes=15)
    assert (await browser.sign_in("ruth@example.com")).status_code == 303


async def test_a_stranger_who_guesses_locks_nobody_else_out(site: StaffSite) -> None:
    entry = Entry(site.site.store, site.clock)
    await site.account("Ruth", Role.AGENT)
    for _ in range(60):
        await entry.check("ruth@example.com", "x" * 300, "192.0.2.1")
    assert isinstance(await entry.check("ruth@example.com", PASSWORD, "192.0.2.1"), Refused)
    assert isinstance(await entry.check("ruth@example.com", PASSWORD, "192.0.2.2"), Staff)


async def test_guessing_at_an_account_from_many_addresses_ends_in_a_wait(site: StaffSite) -> None:
    entry = Entry(site.site.store, site.clock)
    await site.account("Ruth", Role.AGENT)
    for number in range(50):
        await entry.check("ruth@example.com", "x" * 300, f"192.0.2.{number}")
    refused = await entry.check("ruth@example.com", PASSWORD, "192.0.2.99")
    assert isinstance(refused, Refused)
    assert refused.wait_s > 0
    site.clock.ahead += timedelta(minutes=15)
    assert isinstance(await entry.check("ruth@example.com", PASSWORD, "192.0.2.99"), Staff)


async def test_a_new_password_ends_the_sessions_of_the_old_one(site: StaffSite) -> None:
    ruth = await site.signed_in("Ruth", Role.AGENT)
    sam = await site.signed_in("Sam", Role.AGENT)
    new = passwords.hash("another long password")
    async with site.site.store.work() as work:
        await work.accounts.save("ruth@example.com", "Ruth", [Role.AGENT], new, site.clock())
    await ruth.gets("/desk", 303)
    await sam.gets("/desk")


async def test_guessing_at_many_accounts_from_one_address_ends_in_a_wait(site: StaffSite) -> None:
    browser = await site.browser()
    for number in range(40):
        answer = await browser.sign_in(f"person-{number}@example.com", "x" * 300)
        assert answer.status_code == 401
    assert (await browser.sign_in("one-more@example.com")).status_code == 429


async def test_the_cookie_holds_a_secret_of_which_only_the_hash_is_stored(site: StaffSite) -> None:
    account = await site.account("Ruth", Role.AGENT)
    browser = await site.browser()
    cookie = (await browser.sign_in(account.email)).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    secret = browser.http.cookies["heard_staff"]
    async with site.site.engine.connect() as connection:
        stored = (await connection.scalars(select(SessionRow.id))).all()
    assert stored == [hashlib.sha256(secret.encode()).hexdigest()]


async def test_on_an_https_site_the_cookie_never_travels_in_the_clear(tmp_path: Path) -> None:
    async with staff_site(tmp_path, secure=True) as site:
        account = await site.account("Ruth", Role.AGENT)
        cookie = (await (await site.browser()).sign_in(account.email)).headers["set-cookie"]
    assert cookie.startswith("__Host-heard_staff=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


async def test_a_session_ends_after_eight_idle_hours(site: StaffSite) -> None:
    ruth = await site.signed_in("Ruth", Role.AGENT)
    site.clock.ahead += timedelta(hours=7)
    await ruth.gets("/desk")
    site.clock.ahead += timedelta(hours=7)
    await ruth.gets("/desk")
    site.clock.ahead += timedelta(hours=8, minutes=1)
    await ruth.gets("/desk", 303)


async def test_a_session_ends_after_a_day_however_busy(site: StaffSite) -> None:
    ruth = await site.signed_in("Ruth", Role.AGENT)
    for _ in range(4):
        site.clock.ahead += timedelta(hours=5, minutes=59)
        await ruth.gets("/desk")
    site.clock.ahead += timedelta(minutes=5)
    await ruth.gets("/desk", 303)


async def test_an_open_page_that_refreshes_itself_does_not_keep_a_session(site: StaffSite) -> None:
    ruth = await site.signed_in("Ruth", Role.AGENT)
    for _ in range(2):
        site.clock.ahead += timedelta(hours=3, minutes=59)
        await ruth.gets("/desk/live")
    site.clock.ahead += timedelta(minutes=3)
    assert await ruth.gets("/desk/live", 401) == ""


async def test_signing_out_ends_the_session_and_not_only_the_cookie(site: StaffSite) -> None:
    ruth = await site.signed_in("Ruth", Role.AGENT)
    secret = ruth.http.cookies["heard_staff"]
    answer = await ruth.sends("/desk", "/sign-out")
    assert answer.headers["location"] == "/sign-in"
    assert "heard_staff" not in ruth.http.cookies
    ruth.http.cookies.set("heard_staff", secret)
    await ruth.gets("/desk", 303)


async def test_signing_in_again_ends_the_session_before(site: StaffSite) -> None:
    ruth = await site.signed_in("Ruth", Role.AGENT)
    before = ruth.http.cookies["heard_staff"]
    await ruth.sign_in("ruth@example.com")
    assert ruth.http.cookies["heard_staff"] != before
    other = await site.browser()
    other.http.cookies.set("heard_staff", before)
    await other.gets("/desk", 303)


@pytest.mark.parametrize("token", [None, "", "guessed", "ä"])
async def test_a_form_without_the_sessions_token_does_nothing(
    site: StaffSite, token: str | None
) -> None:
    ruth = await site.signed_in("Ruth", Role.AGENT)
    answer = await ruth.http.post("/sign-out", data={} if token is None else {"csrf": token})
    assert answer.status_code == 403
    assert "reload the page" in answer.text
    await ruth.gets("/desk")


async def test_the_token_of_another_session_does_nothing(site: StaffSite) -> None:
    ruth = await site.signed_in("Ruth", Role.AGENT)
    sam = await site.signed_in("Sam", Role.AGENT)
    token = hidden_fields(await sam.gets("/desk"), "/sign-out")["csrf"]
    assert (await ruth.http.post("/sign-out", data={"csrf": token})).status_code == 403


async def test_a_sign_in_form_on_another_site_does_not_work(site: StaffSite) -> None:
    account = await site.account("Ruth", Role.AGENT)
    browser = await site.browser()
    browser.http.headers["sec-fetch-site"] = "cross-site"
    answer = await browser.sign_in(account.email)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_each_role_sees_its_own_part_and_is_told_whose_the_other_is(site: StaffSite) -> None:
    ruth = await site.signed_in("Ruth", Role.AGENT)
    lea = await site.signed_in("Lea", Role.LEAD)
    sam = await site.signed_in("Sam", Role.AGENT, Role.LEAD)
    assert "This page is for leads or admins." in await ruth.reads("/review", 403)
    assert "This page is for agents." in await lea.reads("/desk", 403)
    assert 'href="/review"' not in await ruth.gets("/desk")
    assert 'href="/desk"' not in await lea.gets("/review")
    page = await sam.gets("/desk")
    assert 'href="/desk" aria-current="page"' in page
    assert 'href="/review"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/desk/cases/a%00b",
        "/desk/cases/a%00b/live",
        "/desk/events?case=%00",
        "/review?q=late%00",
        "/review/conversations/%00",
    ],
)
async def test_an_address_that_no_database_can_look_for_is_refused(
    site: StaffSite, path: str
) -> None:
    sam = await site.signed_in("Sam", Role.AGENT, Role.LEAD)
    assert "choose the link again" in await sam.reads(path, 400)


async def test_a_nul_in_the_sign_in_form_is_as_if_it_were_not_there(site: StaffSite) -> None:
    account = await site.account("Ruth", Role.AGENT)
    browser = await site.browser()
    assert (await browser.sign_in(f"{account.email}\0", f"{PASSWORD}\0")).status_code == 303


async def test_pages_are_not_kept_framed_or_scripted_by_others(site: StaffSite) -> None:
    ruth = await site.signed_in("Ruth", Role.AGENT)
    for path in ("/desk", "/sign-in", "/desk/cases/none"):
        headers = (await ruth.http.get(path)).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


async def test_a_redirect_leaves_nothing_in_the_headers_of_later_pages(site: StaffSite) -> None:
    ruth = await site.signed_in("Ruth", Role.AGENT)
    assert "location" in (await ruth.http.get("/sign-in")).headers
    assert "location" not in (await ruth.http.get("/desk")).headers


async def test_the_shared_files_may_be_kept_because_their_address_changes(site: StaffSite) -> None:
    browser = await site.browser()
    page = await browser.gets("/sign-in")
    assert "<style" not in page
    assert " style=" not in page
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = await browser.http.get(address)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]


def test_a_password_is_neither_short_nor_endless() -> None:
    with pytest.raises(ValueError, match="8 to 256 characters"):
        passwords.hash("seven77")
    with pytest.raises(ValueError, match="8 to 256 characters"):
        passwords.hash("x" * 257)


async def test_passwords_are_kept_as_argon2id() -> None:
    stored = passwords.hash(PASSWORD)
    assert stored.startswith("$argon2id$")
    assert await passwords.verify(PASSWORD, stored)
    assert not await passwords.verify(PASSWORD.upper(), stored)
    assert not await passwords.verify(PASSWORD, None)
    assert not await passwords.verify(PASSWORD, "not a hash")
