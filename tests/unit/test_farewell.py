"""A thank-you after the end opens nothing again; whatever else is said does."""

import pytest

from conversation.farewell import is_farewell


@pytest.mark.parametrize(
    "text",
    """thanks
Thanks!
thank you
Thank you so much!
thank you very much for your help
Many thanks for the quick reply, Nia!
thx
ty :)
ok
Okay, thanks
ok great thank you
perfect
Perfect, thanks a lot.
that's great, thanks again
great
brilliant!! thank you
got it, thanks
bye
Goodbye and thanks
thanks, have a nice day
Have a great weekend!
you too
cheers nia
no thanks
👍
🙏🏽
❤️
thanks 😊
it works now, thank you
all sorted now. Cheers
you've been very helpful, thank you
you are the best
I appreciate your help
Much appreciated.
Alright, bye bye
Danke
Danke schön!
Vielen Dank für Ihre Hilfe
alles klar, danke
merci beaucoup
muchas gracias
Thanks Nia x
kind regards""".splitlines(),
)
def test_this_only_takes_leave(text: str):
    assert is_farewell(text, ["Nia Demo"])


@pytest.mark.parametrize(
    "text",
    """thanks, but it is still not there
thanks for nothing
thanks now help me
thank you, one more thing
ok and the refund?
ok?
great, it broke again
perfect, and where is my refund
thanks, when does it come
thank you for cancelling, but I did not want that
no
yes
no it does not work
it works not
it does not work now
still broken
hello
hi again
are you there
?
!
...
great, another week of waiting
thanks. The label is missing
you are not helpful
bye bye my money
I want to talk to Nia
Nia
ok so what now
have a look
that is not fine
danke, aber es geht nicht
merci mais non
super, und wo ist mein Paket
it is done wrong
thanks 1001
right, so nothing
not great""".splitlines(),
)
def test_this_says_more(text: str):
    assert not is_farewell(text, ["Nia Demo"])
