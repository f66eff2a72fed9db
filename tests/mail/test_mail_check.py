"""`heard check` says how e-mail stands, and what to do."""

import pytest

from handoff.mail.settings import MailSettings
from heard.mail_checks import check_mail
from heard.settings import SettingsError, load
from tests.desks.site import HOST
from tests.mail.post_office import PostOffice
from tests.mail.talk import SENDER, settings_for
from tests.ports import free_ports


async def test_without_a_mail_server_it_says_where_to_read_on():
    [found] = await check_mail(None)
    assert found.good
    assert "docs/email.md" in found.text


async def test_a_server_that_lets_us_in_is_good_and_deafness_is_said(office: PostOffice):
    server, hears = await check_mail(settings_for(office, inbound_token=""))
    assert (server.good, hears.good) == (True, True)
    assert "Replies to e-mails do not come in" in hears.text


async def test_a_server_that_is_away_is_found():
    away = MailSettings(HOST, SENDER, port=free_ports(1)[0], tls="none", timeout_s=2.0)
    found = (await check_mail(away))[0]
    assert not found.good
    assert "not reachable" in found.text
    assert "HEARD_MAIL_HOST" in found.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"mail_from": "support"}, "HEARD_MAIL_FROM must be the whole address"),
        ({"mail_user": "heard"}, "HEARD_MAIL_USER and HEARD_MAIL_PASSWORD"),
        ({"mail_host": ""}, "Set HEARD_MAIL_HOST too"),
        ({"mail_from": f"{'s' * 30}@shop.example"}, "at most 21 characters before the @"),
        (
            {"mail_user": "heard", "mail_password": "secret", "mail_tls": "none"},
            "in the clear",
        ),
    ],
)
def test_what_cannot_work_is_refused_at_the_start(tmp_path, wrong: dict[str, str], said: str):
    given = {
        "mail_host": "mail.shop.example",
        "mail_from": SENDER,
        "mail_inbound_token": "a-token-of-at-least-32-characters",
    }
    with pytest.raises(SettingsError, match=said):
        load(_env_file=None, var=tmp_path, **{**given, **wrong})
