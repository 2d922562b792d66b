"""What a voter does on the page, and what is looked at afterwards."""

from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.readers import ROOT

Visit = Callable[..., Awaitable[Page]]
"""Opens the arena in a browser of its own, of the test's reader where it does not name another."""


async def ask(page: Page, question: str) -> None:
    await page.get_by_test_id("composer").fill(question)
    await page.get_by_test_id("send").click()


async def open_rail(page: Page) -> None:
    """Shows the menu at the side, which a phone shows when it is asked to."""
    opener, inside = page.get_by_test_id("open-rail"), page.get_by_test_id("new-chat")
    await expect(opener.or_(inside)).to_be_visible()
    if await opener.is_visible():
        await opener.click()
        await expect(inside).to_be_visible()


async def close_rail(page: Page) -> None:
    """Puts the menu away where it lies over the page."""
    drawer = page.get_by_role("dialog").filter(has=page.get_by_test_id("new-chat"))
    if await drawer.is_visible():
        await page.keyboard.press("Escape")
        await expect(drawer).to_have_count(0)


async def wait_until_votable(page: Page, seconds: float = 20) -> None:
    await expect(page.get_by_test_id("vote-a")).to_be_enabled(timeout=1000 * seconds)


async def show_side(page: Page, side: str) -> None:
    """Turns to an answer, where a phone shows one at a time."""
    switch = page.get_by_test_id(f"side-switch-{side}")
    if await switch.is_visible():
        await switch.click()
    await expect(page.get_by_test_id(f"answer-{side}")).to_be_visible()


async def vote(page: Page, choice: str) -> None:
    await page.get_by_test_id(f"vote-{choice}").click()
    await page.get_by_test_id("reveal-now").click()
    await expect(page.get_by_test_id("reveal-a")).to_be_visible()


_AT_REST = """() => Promise.all(document.getAnimations()
    .filter(one => one.effect.getComputedTiming().iterations !== Infinity)
    .map(one => one.finished.catch(() => {})))"""


async def serious_faults(page: Page) -> list[str]:
    """What axe finds that keeps people out, once everything that moves has come to rest."""
    await page.evaluate(_AT_REST)
    axe = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
    await page.evaluate(axe.read_text("utf-8"))
    found: dict[str, Any] = await page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


async def wider_than_its_window(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))


async def looks_well(page: Page) -> None:
    """For everybody, and in its window."""
    faults = await serious_faults(page)
    assert faults == [], faults
    assert not await wider_than_its_window(page)
