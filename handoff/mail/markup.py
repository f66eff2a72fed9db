"""The text of an e-mail that came as HTML alone, without what it quotes."""

from html.parser import HTMLParser

_SILENT = {"script", "style", "head", "title", "blockquote"}
_BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "ul", "ol", "table"}


def text_of(markup: str) -> str:
    """What a person reads of it, in lines."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = "".join(reader.said).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                continue
        elif tag in _BREAKS and tag != "br":
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data.replace("\n", " "))
