"""Who misses a mail says so in many ways; who speaks of mails otherwise is taken at their word."""

import pytest

from actions.mails import misses_mail


@pytest.mark.parametrize(
    "text",
    [
        *("i checked spam", "nothing in my inbox", "checked junk too", "spam folder is empty"),
        *("you said youd email me", "u promised to mail it", "its not in my spam folder"),
        *("what adress did u send it to", "which email was it sent to"),
    ],
)
def test_a_mail_is_missed(text: str):
    assert misses_mail(text)


@pytest.mark.parametrize(
    "text",
    [
        *("no spam please", "stop spamming me", "too many ads in my inbox from you, end it"),
        *("what address do i send it to", "which email address do you have for me"),
        *("checked spam, no confirmation there either", "the invoice is not in my inbox"),
        *("do you have a newsletter", "nothing in the box", "can you email me", "u said 3 days"),
    ],
)
def test_no_mail_is_missed(text: str):
    assert not misses_mail(text)
