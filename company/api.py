"""Ask a company's own HTTP API: time-outs, a second try where it is safe, and clear failures."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

_AGAIN_AFTER_S = (0.15, 0.45)
_PASSING = (500, 502, 503, 504)
_REFUSED_TOKEN = (401, 403)


class NoAnswer(Exception):
    """The API gave no usable answer; the text says why, for the log and for `heard check`."""


class _Passing(NoAnswer):
    """It failed in a way that may be over at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said. `body` is decoded JSON, None where there was none."""

    status: int
    body: Any

    @property
    def good(self) -> bool:
        """True where it did what was asked."""
        return self.status in (200, 201)


class CompanyApi:
    """One API behind a base address and a bearer token. One instance holds the connections.

    Redirects are not followed: they would carry the token to another place.
    Args: timeout_s: for one call, its repeats included.
    """

    def __init__(self, url: str, token: str, timeout_s: float) -> None:
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._http = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=timeout_s,
            follow_redirects=False,
            trust_env=False,  # settings alone say where data goes, not a proxy in the environment
        )

    async def get(self, *path: str) -> Answer:
        """Read what is at the path, whose parts may hold anything. Raises: NoAnswer."""
        return await self._ask("GET", path)

    async def post(self, *path: str, body: Mapping[str, object], key: str) -> Answer:
        """Have something done, once per key. Raises: NoAnswer; it may have been done all the same.

        It is tried again as a reading is: the key tells the API that it is the same wish.
        """
        return await self._ask("POST", path, json=dict(body), headers={"Idempotency-Key": key})

    async def check(self) -> None:
        """Ask whether it is there and knows the token. Raises: NoAnswer saying what is wrong."""
        answer = await self.get("health")
        if not answer.good:
            raise NoAnswer(f"GET /health answered {answer.status}")

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _ask(self, method: str, path: tuple[str, ...], **sent: Any) -> Answer:
        if any(not part.strip(".") for part in path):
            return Answer(404, None)  # "", "." and ".." would lead to another path
        url = "/".join((self._url, *(quote(part, safe="") for part in path)))
        try:
            async with asyncio.timeout(self._timeout_s):
                for pause_s in _AGAIN_AFTER_S:
                    try:
                        return await self._once(method, url, **sent)
                    except _Passing:
                        await asyncio.sleep(pause_s)
                return await self._once(method, url, **sent)
        except TimeoutError as error:
            raise NoAnswer(f"no answer within {self._timeout_s:g} s") from error

    async def _once(self, method: str, url: str, **sent: Any) -> Answer:
        try:
            response = await self._http.request(method, url, **sent)
        except httpx.TimeoutException as error:
            raise NoAnswer(f"no answer within {self._timeout_s:g} s") from error
        except httpx.TransportError as error:
            raise _Passing(f"not reachable: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            raise NoAnswer(f"not readable: {type(error).__name__}") from error
        return _answer(response)


def _answer(response: httpx.Response) -> Answer:
    status = response.status_code
    if status in _PASSING:
        raise _Passing(f"it answered {status}")
    if status in _REFUSED_TOKEN:
        raise NoAnswer(f"it refused the token ({status})")
    try:
        return Answer(status, response.json() if response.content else None)
    except ValueError as error:  # also what is no UTF-8
        if status in (200, 201):
            raise NoAnswer("it answered with something that is no JSON") from error
        return Answer(status, None)
