"""Where a company's API is, checked before anything is asked of it."""

from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """An API's base address and bearer token. `timeout_s` is for one call with its repeats.

    `name` is how the names of its settings begin, such as HEARD_SHOP.
    Raises: ValueError naming the setting that is wrong.
    """

    name: str
    url: str
    token: str
    timeout_s: float

    def __post_init__(self) -> None:
        try:
            url = httpx.URL(self.url)
        except httpx.InvalidURL:
            url = httpx.URL("")
        if url.scheme not in ("http", "https") or not url.host or url.query or url.userinfo:
            raise ValueError(
                f"{self.name}_URL must be an address such as https://shop.example.com/api, without "
                "a name, a password or a question mark."
            )
        if not self.token or not self.token.isascii() or not self.token.isprintable():
            raise ValueError(
                f"{self.name}_TOKEN must be the bearer token that {self.name}_URL asks for."
            )
