"""Sharing: from the chat, from its menu and from a result; a stranger reads it until it is revoked."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.acts import ask, looks_well, open_rail, vote, wait_until_votable
from tests.browser.conftest import of_a_reader, shared_loop
from tests.browser.readers import Reader, both_readers, every_reader
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
async def stranger(browser: Browser, arena: Arena, reader: Reader) -> AsyncIterator[Page]:
    """Somebody else like the reader, in a browser that has never been here."""
    context = await browser.new_context(**of_a_reader(reader, arena))
    yield await context.new_page()
    await context.close()


@both_readers
async def test_a_stranger_reads_what_was_shared_until_it_is_revoked(
    page: Page, stranger: Page, reader: Reader
) -> None:
    await ask_and_vote(page)
    await page.get_by_test_id("share-chat").click()
    url = await make_link(page)
    await looks_well(page)

    await stranger.goto(url)
    shown = stranger.get_by_test_id("shared")
    await expect(shown).to_contain_text(QUESTION)
    await expect(shown).to_contain_text("Swift 1")
    await expect(stranger.get_by_test_id("shared-outcome")).to_contain_text(reader.says("sharing:outcome.a"))
    await expect(stranger).to_have_title(
        re.compile(f"^{re.escape(QUESTION)} · {reader.says('name').pattern}$")
    )
    await looks_well(stranger)
    assert await stranger.context.cookies() == []

    await page.get_by_test_id("revoke-link").click()
    await expect(page.get_by_test_id("share-revoked")).to_contain_text(reader.says("sharing:revoked"))
    await expect(page.get_by_test_id("share")).to_have_count(0)
    answered = await stranger.reload()
    assert answered is not None
    assert answered.status == 404
    await expect(stranger.get_by_test_id("share-gone")).to_have_text(reader.says("sharing:page.gone"))
    await looks_well(stranger)


@both_readers
async def test_a_result_is_shared_without_names_and_has_a_card(
    page: Page, stranger: Page, reader: Reader
) -> None:
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
    outcome = stranger.get_by_test_id("shared-outcome")
    await expect(outcome).to_have_text(re.compile(f"^{reader.says('sharing:page.voted').pattern}$"))
    await expect(outcome).to_contain_text(reader.says("sharing:outcome.a", a="A"))
    await expect(stranger.get_by_test_id("shared-notes")).to_contain_text(reader.says("sharing:page.noNames"))
    content = await stranger.content()
    assert not re.search("Swift 1|Calm 2|Acme|Stoa", content)
    await looks_well(stranger)


@both_readers
async def test_a_reader_asks_the_question_themselves(page: Page, stranger: Page, reader: Reader) -> None:
    await ask_and_vote(page)
    await page.get_by_test_id("share-chat").click()
    await stranger.goto(await make_link(page))
    await stranger.get_by_role("button", name=reader.says("sharing:page.askYourself")).click()
    await expect(stranger.get_by_test_id("composer")).to_have_value(QUESTION)
    await looks_well(stranger)


@both_readers
async def test_before_the_vote_there_is_nothing_to_share_and_the_dialog_says_so(
    page: Page, reader: Reader
) -> None:
    await page.goto("/")
    await ask(page, QUESTION)
    await wait_until_votable(page)
    await page.get_by_test_id("share-chat").click()
    await page.get_by_test_id("make-link").click()
    await expect(page.get_by_test_id("problem")).to_contain_text(
        reader.says("sharing:problem.nothing_to_share")
    )
    await expect(page.get_by_test_id("share-veil")).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    await looks_well(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("share-dialog")).to_have_count(0)
    await expect(page.get_by_test_id("share-chat")).to_be_focused()


@both_readers
async def test_a_chat_is_shared_from_its_menu_and_all_links_are_listed(page: Page, reader: Reader) -> None:
    await ask_and_vote(page)
    await open_rail(page)
    menu = page.get_by_test_id("history-actions").first
    await menu.click()
    await page.get_by_test_id("share").click()
    await make_link(page)
    await page.keyboard.press("Escape")
    await expect(menu).to_be_focused()
    await menu.click()
    await page.get_by_test_id("share").click()
    await page.get_by_role("link", name=reader.says("sharing:all")).click()
    await expect(page).to_have_url(re.compile("/links$"))
    await expect(page.get_by_test_id("share")).to_have_count(1)
    await expect(page.get_by_test_id("share")).to_contain_text(QUESTION)
    await page.get_by_test_id("revoke-link").click()
    await expect(page.get_by_test_id("share")).to_have_count(0)


@every_reader
async def test_sharing_and_reading_work_in_both_languages_on_desk_and_phone(
    page: Page, reader: Reader
) -> None:
    await ask_and_vote(page)
    await page.get_by_test_id("share-battle").click()
    url = await make_link(page)
    await expect(page.get_by_role("img").last).to_be_visible()
    await looks_well(page)
    await page.goto(url)
    await expect(page.get_by_test_id("shared-outcome")).to_contain_text(reader.says("sharing:page.voted"))
    await looks_well(page)
    await page.goto("/links")
    await expect(page.get_by_role("heading", level=1)).to_have_text(reader.says("sharing:links"))
    await expect(page.get_by_test_id("share")).to_have_count(1)
