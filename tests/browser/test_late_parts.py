"""Parts of the page that are fetched when somebody comes near: slow ones, and ones that fail to come."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.acts import looks_well, open_rail
from tests.browser.readers import CHINESE_PHONE, Reader, both_readers
from tests.browser.test_history import asked

__all__ = ["asked"]

pytestmark = pytest.mark.browser


def script(name: str) -> re.Pattern[str]:
    return re.compile(f"/assets/{name}-")


@asynccontextmanager
async def on_its_way(page: Page, name: str) -> AsyncIterator[None]:
    """Holds a script back until the block ends, and waits until the page has it."""
    may_go = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_go.wait()
        await route.continue_()

    await page.route(script(name), hold)
    yield
    may_go.set()
    await page.wait_for_function(
        "part => performance.getEntriesByType('resource').some(({name}) => name.includes(part))",
        arg=f"/assets/{name}-",
    )
    await page.unroute(script(name))


def menus(page: Page) -> Locator:
    return page.get_by_role("menu")


@both_readers
async def test_of_two_menus_that_are_still_fetched_the_one_that_was_pressed_last_opens(page: Page) -> None:
    await page.goto("/")
    async with on_its_way(page, "Choices"):
        await page.get_by_test_id("mode-menu").click()
        await page.get_by_test_id("arena-menu").click()
    await expect(page.get_by_test_id("arena-menu")).to_have_attribute("aria-expanded", "true")
    await expect(menus(page)).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("arena-menu")).to_be_focused()


@both_readers
async def test_escape_puts_away_a_menu_that_is_still_fetched(page: Page) -> None:
    await page.goto("/")
    mode = page.get_by_test_id("mode-menu")
    async with on_its_way(page, "Choices"):
        await mode.focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Escape")
    await expect(mode).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("mode-menu-battle")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(menus(page)).to_have_count(0)
    await expect(mode).to_be_focused()


@both_readers
async def test_no_letter_is_lost_that_is_written_after_a_slash_while_the_panel_is_fetched(page: Page) -> None:
    await page.goto("/")
    composer = page.get_by_test_id("composer")
    async with on_its_way(page, "AskingPanel"):
        await composer.focus()
        await page.keyboard.type("/etc/hosts")
        await expect(composer).to_have_value("/etc/hosts")
    await expect(composer).to_be_focused()
    await expect(page.get_by_test_id("asking-panel")).to_have_count(0)
    await composer.fill("")
    await composer.press("/")
    await expect(page.get_by_test_id("prompt-search")).to_be_focused()
    await expect(composer).to_have_value("")


@both_readers
async def test_a_slash_alone_opens_the_panel_when_it_has_come(page: Page) -> None:
    await page.goto("/")
    composer = page.get_by_test_id("composer")
    async with on_its_way(page, "AskingPanel"):
        await composer.press("/")
        await expect(composer).to_have_value("/")
    await expect(page.get_by_test_id("prompt-search")).to_be_focused()
    await expect(composer).to_have_value("")


@both_readers
async def test_a_slash_stays_where_the_panel_does_not_come(page: Page) -> None:
    await page.route(script("AskingPanel"), lambda route: route.abort())
    await page.goto("/")
    async with page.expect_event("requestfailed"):
        await page.get_by_test_id("composer").press("/")
    await page.keyboard.type("etc")
    await expect(page.get_by_test_id("composer")).to_have_value("/etc")


@both_readers
async def test_a_panel_whose_texts_did_not_come_opens_when_they_have(page: Page, reader: Reader) -> None:
    await page.route(script("asking"), lambda route: route.abort())
    await page.goto("/")
    tools = page.get_by_test_id("asking-tools")
    async with page.expect_event("requestfailed"):
        await tools.focus()
    async with page.expect_event("requestfailed"):
        await page.keyboard.press("Enter")
    await page.unroute(script("asking"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("tab-form")).to_have_text(reader.says("asking:form"))


@pytest.mark.parametrize("reader", [CHINESE_PHONE], indirect=True)
async def test_the_drawer_of_a_phone_opens_once_it_can_be_fetched(page: Page) -> None:
    async with page.expect_event("requestfailed"):
        await page.route(script("Drawer"), lambda route: route.abort())
        await page.goto("/")
    opener = page.get_by_test_id("open-rail")
    async with page.expect_event("requestfailed"):
        await opener.tap()
    await page.unroute(script("Drawer"))
    await opener.tap()
    await expect(page.get_by_test_id("new-chat")).to_be_visible()
    await looks_well(page)
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()


@pytest.mark.parametrize("reader", [CHINESE_PHONE], indirect=True)
async def test_the_drawer_does_not_open_over_somebody_who_writes(page: Page) -> None:
    composer = page.get_by_test_id("composer")
    async with on_its_way(page, "Drawer"):
        await page.goto("/", wait_until="commit")
        await page.get_by_test_id("open-rail").tap()
        await expect(page.get_by_test_id("open-rail")).to_have_attribute("aria-busy", "true")
        await composer.tap()
        await page.keyboard.type("Why?")
    await page.keyboard.type(" And how?")
    await expect(composer).to_have_value("Why? And how?")
    await expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize(
    ("step", "name", "dialog"),
    [
        ("delete", "DeleteChat", "deletion"),
        ("release", "ReleaseDialog", "release-dialog"),
        ("share", "ShareDialog", "share-dialog"),
    ],
)
@both_readers
async def test_a_dialog_opens_once_it_can_be_fetched(
    page: Page, asked: dict[str, str], step: str, name: str, dialog: str
) -> None:
    await page.route(script(name), lambda route: route.abort())
    await page.goto("/history")
    more = page.locator("main").get_by_test_id("history-actions").first
    await more.click()
    async with page.expect_event("requestfailed"):
        await page.get_by_test_id(step).click()
    await expect(more).to_be_focused()
    await page.unroute(script(name))
    await more.click()
    await page.get_by_test_id(step).click()
    await expect(page.get_by_test_id(dialog)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id(dialog)).to_have_count(0)
    await expect(more).to_be_focused()


@both_readers
async def test_escape_puts_away_a_dialog_over_the_rail_and_leaves_the_rail(
    page: Page, asked: dict[str, str]
) -> None:
    await page.goto("/")
    await open_rail(page)
    more = page.locator("#rail-history").get_by_test_id("history-actions").first
    await more.click()
    await page.get_by_test_id("delete").click()
    await expect(page.get_by_test_id("deletion")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("deletion")).to_have_count(0)
    await expect(page.get_by_test_id("new-chat")).to_be_visible()
    await expect(more).to_be_focused()


@both_readers
async def test_texts_that_come_a_moment_later_are_shown_as_if_at_once(page: Page, reader: Reader) -> None:
    asked: list[float] = []

    async def away_for_a_moment(route: Route) -> None:
        asked.append(asyncio.get_running_loop().time())
        await (route.abort() if asked[-1] - asked[0] < 0.3 else route.continue_())

    await page.route(script("account"), away_for_a_moment)
    await page.goto("/sign-in")
    await expect(page.get_by_role("main")).to_contain_text(reader.says("account:signIn.title"))
    assert len(asked) > 1


@both_readers
async def test_a_page_whose_texts_do_not_come_says_that_it_could_not_be_fetched(
    page: Page, reader: Reader
) -> None:
    await page.route(script("account"), lambda route: route.abort())
    await page.goto("/sign-in")
    await expect(page.get_by_test_id("failed-page")).to_contain_text(reader.says("failed.text"))
    await page.unroute(script("account"))
    await page.get_by_role("button", name=reader.says("failed.reload")).click()
    await expect(page.get_by_role("main")).to_contain_text(reader.says("account:signIn.title"))


@both_readers
async def test_the_first_page_comes_once_its_texts_do(page: Page, reader: Reader) -> None:
    await page.route(script("page"), lambda route: route.abort())
    tries = count(1)
    async with page.expect_event("requestfailed", lambda _: next(tries) == 4):
        await page.goto("/", wait_until="commit")
    await page.unroute(script("page"))
    await expect(page.get_by_test_id("composer")).to_have_attribute(
        "placeholder", reader.says("composer.first")
    )


@both_readers
async def test_a_language_that_cannot_be_fetched_is_not_taken(page: Page, reader: Reader) -> None:
    await page.goto("/")
    await open_rail(page)
    await page.route(script("page"), lambda route: route.abort())
    switch, shown = page.get_by_test_id("language-switch"), page.locator("html")
    before = await shown.get_attribute("lang")
    assert before is not None
    async with page.expect_event("requestfailed"):
        await switch.click()
    await expect(switch).to_contain_text(reader.says("shell.otherLanguage"))
    await expect(shown).to_have_attribute("lang", before)
    await page.unroute(script("page"))
    await switch.click()
    await expect(switch).not_to_contain_text(reader.says("shell.otherLanguage"))
    await expect(shown).not_to_have_attribute("lang", before)
