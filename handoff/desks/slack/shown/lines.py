"""What was said since, as posts for the thread: what one person said in a row is one post."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from handoff.briefing.card import speaker, written
from handoff.desk import Act, Line
from handoff.desks.slack.shown.blocks import context
from handoff.desks.slack.shown.text import escape, fit, quoted
from handoff.desks.slack.web_api.api import Post

_MOST = 3_500
_NAME = 80


def posts(lines: Iterable[Line], customer: str, *, named: bool) -> Iterator[Post]:
    """The lines as posts, oldest first.

    Args: named: posts may stand under other names than the app's; else the name is in the text.
    """
    for name, said in groupby(lines, key=lambda line: speaker(line.message, customer)):
        for burst in _bursts(said):
            yield _post(fit(name, _NAME), burst, named=named)


def _bursts(lines: Iterable[Line]) -> Iterator[Sequence[Line]]:
    """Lines that together are not too long to read; one that alone is too long stays alone."""
    burst: list[Line] = []
    length = 0
    for line in lines:
        size = len(escape(written(line.message)))
        if burst and length + size > _MOST:
            yield burst
            burst, length = [], 0
        burst.append(line)
        length += size
    if burst:
        yield burst


def _post(name: str, burst: Sequence[Line], *, named: bool) -> Post:
    text = escape("\n".join(written(line.message) for line in burst))
    first, *more = [line.key for line in burst]
    post = Post(text, first, "line", username=name, literal=True, more=tuple(more))
    return post if named else unnamed(post)


def acts_post(acts: Sequence[Act]) -> Post:
    """What agents did, each on a line of its own, in small letters."""
    text = escape("\n".join(act.text for act in acts))
    first, *more = [act.key for act in acts]
    return Post(text, first, "act", blocks=[context(text)], more=tuple(more))


def unnamed(post: Post) -> Post:
    """The post under the app's own name: whose words it carries is in its text."""
    text = f"*{post.username}*\n{quoted(post.text)}"
    return replace(post, text=text, username=None, literal=False)
