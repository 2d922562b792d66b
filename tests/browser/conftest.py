"""A real browser on a real arena."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.acts import Visit, looks_well
from tests.browser.readers import ENGLISH_DESK, Reader
from tests.support.arena import Arena, running_arena
from tests.support.fake_provider import Scenario

FOLDER = Path(__file__).parent

# No background traffic of the browser's own: tests speak to loopback alone.
_QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# The first is the same browser without a desktop's parts, and a third faster.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

USUAL_PATIENCE = 20_000
"""Milliseconds: a machine may be busy, and nothing here is meant to be fast."""
expect.set_options(timeout=USUAL_PATIENCE)

shared_loop = pytest_asyncio.fixture(loop_scope="session")
"""A fixture in the loop of the browser, which all tests here share: to start one takes two seconds."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of this folder in that loop, too."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    assert path, "there is no Chromium: install it (on Debian: apt install chromium)"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*_QUIET, *sandbox])
        yield browser
        await browser.close()


@shared_loop
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """A browser in which nobody was before, and nobody stays."""
    yield chromium
    for context in chromium.contexts:
        await context.close()


@asynccontextmanager
async def brief_arena(database_url: str, **more: Any) -> AsyncIterator[Arena]:
    """A running arena whose models say little: setting formulas and code takes as long as most tests."""
    async with running_arena(database_url, **more) as running:
        running.provider.usual = Scenario(text="Yes, and here is the reason for it.", tokens_per_second=500)
        yield running


@shared_loop
async def arena(database_url: str) -> AsyncIterator[Arena]:
    """One without contestants."""
    async with brief_arena(database_url) as running:
        yield running


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> Reader:
    """Somebody at a desk who reads English, where a test does not say that it is for others, too."""
    found: Reader = getattr(request, "param", ENGLISH_DESK)
    return found


def of_a_reader(reader: Reader, arena: Arena) -> dict[str, Any]:
    """What a new browser of theirs is opened with."""
    return {
        "base_url": arena.base_url,
        "viewport": reader.size,
        "locale": reader.locale,
        "has_touch": reader.on_phone,
    }


@shared_loop
async def context(browser: Browser, arena: Arena, reader: Reader) -> AsyncIterator[BrowserContext]:
    """The reader's browser, with two contestants to answer."""
    await arena.enter(
        arena.entry("swift", name="Swift 1"), arena.entry("calm", name="Calm 2", organization="Stoa")
    )
    context = await browser.new_context(**of_a_reader(reader, arena))
    context.set_default_timeout(USUAL_PATIENCE)
    yield context
    await context.close()


@shared_loop
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """Its page; whatever it complains of makes the test fail, and whatever keeps people out where it ends."""
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    yield page
    if not page.is_closed():
        await looks_well(page)
    # What tests provoke: answers with an error status, and parts of the page or texts that do not come.
    expected = (
        "Failed to load resource",
        "TypeError: Failed to fetch dynamically imported module",
        "Error: the text of",
    )
    assert [one for one in complaints if not one.startswith(expected)] == []


@shared_loop
async def visit(browser: Browser, arena: Arena, reader: Reader) -> AsyncIterator[Visit]:
    """Opens the arena in a browser of its own, whose complaints make the test fail."""
    contexts, complaints = [], []

    async def opened(somebody: Reader = reader) -> Page:
        context = await browser.new_context(**of_a_reader(somebody, arena))
        context.set_default_timeout(USUAL_PATIENCE)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto("/")
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert complaints == []
