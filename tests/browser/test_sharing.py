"""Sharing: from the chat, from its menu and from a result; a stranger reads it until it is revoked."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.acts import ask, serious_faults, vote, wait_until_votable, wider_than_its_window
from tests.browser.conftest import shared_loop
from tests.browser.readers import DESKTOP, PHONE
from tests.support.arena import Arena

pytestmark = pytest.mark.browser

QUESTION = "Why is the sky blue?"


async def ask_and_vote(page: Page) -> None:
    await page.goto("/")
    await ask(page, QUESTION)
    await wait_until_votable(page)
    await vote(page, "a")


async def make_link(page: Page, *, names: bool = True) -> str:
    """Makes a link in the dialog that is open: where it leads."""
    await page.get_by_test_id("with-names" if names else "without-names").check()
    await page.get_by_test_id("make-link").click()
    link = page.get_by_test_id("share").first.get_by_test_id("share-url")
    return await link.get_attribute("href") or ""


@shared_loop
async def stranger(browser: Browser, arena: Arena) -> AsyncIterator[Page]:
    """Somebody else, in a browser that has never been here."""
    context = await browser.new_context(base_url=arena.base_url, viewport=DESKTOP, locale="en-GB")
    yield await context.new_page()
    await context.close()


async def test_a_stranger_reads_what_was_shared_until_it_is_revoked(page: Page, stranger: Page) -> None:
    await ask_and_vote(page)
    await page.get_by_test_id("share-chat").click()
    url = await make_link(page)

    await stranger.goto(url)
    shown = stranger.get_by_test_id("shared")
    await expect(shown).to_contain_text(QUESTION)
    await expect(shown).to_contain_text("Swift 1")
    await expect(stranger.get_by_test_id("shared-outcome")).to_contain_text("is better")
    await expect(stranger).to_have_title(f"{QUESTION} · Evenhand")
    assert await stranger.context.cookies() == []

    await page.get_by_test_id("revoke-link").click()
    await expect(page.get_by_test_id("share-revoked")).to_contain_text("Nobody can read it any more")
    await expect(page.get_by_test_id("share")).to_have_count(0)
    answered = await stranger.reload()
    assert answered is not None
    assert answered.status == 404
    await expect(stranger.get_by_test_id("share-gone")).to_be_visible()


async def test_a_result_is_shared_without_names_and_has_a_card(page: Page, stranger: Page) -> None:
    await ask_and_vote(page)
    await page.get_by_test_id("share-battle").click()
    card = page.get_by_test_id("result-card").get_by_role("img")
    await expect(card).to_have_js_property("naturalWidth", 1200)
    await page.get_by_test_id("shape-square").click()
    await expect(card).to_have_js_property("naturalHeight", 1080)
    async with page.expect_download() as download:
        await page.get_by_test_id("download-card").click()
    assert (await download.value).suggested_filename == "evenhand.png"
    await stranger.goto(await make_link(page, names=False))
    await expect(stranger.get_by_test_id("shared-outcome")).to_have_text("The vote: A is better")
    content = await stranger.content()
    assert not re.search("Swift 1|Calm 2|Acme|Stoa", content)


async def test_a_reader_asks_the_question_themselves(page: Page, stranger: Page) -> None:
    await ask_and_vote(page)
    await page.get_by_test_id("share-chat").click()
    await stranger.goto(await make_link(page))
    await stranger.get_by_test_id("ask-yourself").click()
    await expect(stranger.get_by_test_id("composer")).to_have_value(QUESTION)


async def test_before_the_vote_there_is_nothing_to_share_and_the_dialog_says_so(page: Page) -> None:
    await page.goto("/")
    await ask(page, QUESTION)
    await wait_until_votable(page)
    await page.get_by_test_id("share-chat").click()
    await page.get_by_test_id("make-link").click()
    await expect(page.get_by_test_id("problem")).to_contain_text("Vote first")
    await expect(page.get_by_test_id("share-veil")).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("share-dialog")).to_have_count(0)
    await expect(page.get_by_test_id("share-chat")).to_be_focused()


async def test_a_chat_is_shared_from_its_menu_and_all_links_are_listed(page: Page) -> None:
    await ask_and_vote(page)
    menu = page.get_by_test_id("history-actions").first
    await menu.click()
    await page.get_by_test_id("share").click()
    await make_link(page)
    await page.keyboard.press("Escape")
    await expect(menu).to_be_focused()
    await menu.click()
    await page.get_by_test_id("share").click()
    await page.get_by_text("All your links").click()
    await expect(page).to_have_url(re.compile("/links$"))
    await expect(page.get_by_test_id("share")).to_have_count(1)
    await expect(page.get_by_test_id("share")).to_contain_text(QUESTION)
    await page.get_by_test_id("revoke-link").click()
    await expect(page.get_by_test_id("share")).to_have_count(0)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(("locale", "words"), [("en-GB", "The vote"), ("zh-CN", "投票结果")])
async def test_sharing_and_reading_work_in_both_languages_on_desk_and_phone(
    browser: Browser, context: BrowserContext, arena: Arena, viewport: Any, locale: str, words: str
) -> None:
    own = await browser.new_context(base_url=arena.base_url, viewport=viewport, locale=locale)
    page = await own.new_page()
    await ask_and_vote(page)
    await page.get_by_test_id("share-battle").click()
    url = await make_link(page)
    await expect(page.get_by_role("img").last).to_be_visible()
    assert await serious_faults(page) == []
    assert not await wider_than_its_window(page)
    await page.goto(url)
    await expect(page.get_by_test_id("shared-outcome")).to_contain_text(words)
    assert await serious_faults(page) == []
    assert not await wider_than_its_window(page)
    await page.goto("/links")
    await expect(page.get_by_test_id("share")).to_have_count(1)
    assert await serious_faults(page) == []
    assert not await wider_than_its_window(page)
    await own.close()
