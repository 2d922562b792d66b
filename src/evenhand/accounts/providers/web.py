"""Asking providers: short answers in JSON, soon, over https, from where we asked and nowhere else."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from evenhand.accounts.providers.provider import ProviderDown, ProviderWrong, error_code
from evenhand.core.sign_in_file import is_safe_address

CONNECT_SECONDS = 4.0
ANSWER_SECONDS = 8.0
LARGEST = 1_048_576
"""Bytes of an answer; the largest key sets have a hundredth of it."""


class Web:
    """Asks. Redirects, cookies and the environment's proxies mean nothing here."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def get(self, url: str, *, token: str | None = None) -> Any:
        """What stands at an address, as somebody whom the token is for."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return await self._asked("GET", url, headers, None)

    async def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Any:
        """What a form is answered with."""
        return await self._asked("POST", url, headers, form)

    async def _asked(
        self, method: str, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None
    ) -> Any:
        if not is_safe_address(url):
            raise ProviderWrong("it names an address that is not https")
        try:
            async with self._http.request(
                method, url, headers=headers, data=form, allow_redirects=False
            ) as response:
                body = await _read(response)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise ProviderDown(type(error).__name__) from None
        if response.status == 429 or response.status >= 500:
            raise ProviderDown(f"status {response.status}")
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            raise ProviderWrong(f"status {response.status}, not JSON") from None
        if response.status != 200:
            raise ProviderWrong(f"status {response.status}{error_in(answer)}")
        return answer


def error_in(answer: Any) -> str:
    """The error code of an answer, for the log: never what else stands in it."""
    error = answer.get("error") if isinstance(answer, dict) else None
    return f", {error_code(error)}" if isinstance(error, str) else ""


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in response.content.iter_chunked(65_536):
        body += piece
        if len(body) > LARGEST:
            raise ProviderWrong("it answers too much")
    return bytes(body)


@asynccontextmanager
async def open_web() -> AsyncIterator[Web]:
    """What asks, until the block is left."""
    times = aiohttp.ClientTimeout(total=ANSWER_SECONDS, connect=CONNECT_SECONDS)
    headers = {"Accept": "application/json", "User-Agent": "evenhand"}
    async with aiohttp.ClientSession(
        timeout=times, headers=headers, cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        yield Web(http)
