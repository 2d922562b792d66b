"""Which addresses give the page, which its files, and which say that there is nothing."""

import asyncio
import gzip
import re
from pathlib import Path

import aiohttp
import pytest

from evenhand.app.static import ADDRESSES
from tests.support.arena import Arena

ROOT = Path(__file__).parents[2]


async def fetch(arena: Arena, path: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as http, http.get(arena.base_url + path) as response:
        return response.status, response.content_type, await response.text()


def test_the_server_knows_the_addresses_of_the_pages_router() -> None:
    router = (ROOT / "web" / "src" / "app" / "router.tsx").read_text("utf-8")
    assert sorted(re.findall(r'path: "([^"]*)"', router)) == sorted(ADDRESSES)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_of_the_page_is_described(address: str) -> None:
    assert f"| `{address}` |" in (ROOT / "docs" / "page.md").read_text("utf-8")


@pytest.mark.parametrize("path", ["/", "/boards", "/boards/", "/boards/text", "/c/0198", "/?mode=direct"])
async def test_an_address_of_the_page_gives_the_page(arena: Arena, path: str) -> None:
    status, kind, body = await fetch(arena, path)
    assert (status, kind) == (200, "text/html")
    assert '<div id="root">' in body


@pytest.mark.parametrize("path", ["/about", "/c", "/c/", "/c/0198/x", "/boards/text/x", "/assets/old.js"])
async def test_any_other_address_gives_the_page_that_says_so(arena: Arena, path: str) -> None:
    status, kind, body = await fetch(arena, path)
    assert (status, kind) == (404, "text/html")
    assert '<div id="root">' in body


async def test_a_file_comes_compressed_for_all_who_ask_at_once_and_take_it(arena: Arena) -> None:
    async def ask(encoding: str) -> tuple[str | None, bytes]:
        url, headers = f"{arena.base_url}/favicon.svg", {"Accept-Encoding": encoding}
        async with (
            aiohttp.ClientSession(auto_decompress=False) as http,
            http.get(url, headers=headers) as response,
        ):
            return response.headers.get("Content-Encoding"), await response.read()

    _, plain = await ask("identity")
    answers = await asyncio.gather(*(ask("gzip, br") for _ in range(5)))
    assert {encoding for encoding, _ in answers} == {"gzip"}
    assert {gzip.decompress(content) for _, content in answers} == {plain}


async def test_a_file_of_the_page_is_given_as_what_it_is(arena: Arena) -> None:
    status, kind, _ = await fetch(arena, "/favicon.svg")
    assert (status, kind) == (200, "image/svg+xml")
