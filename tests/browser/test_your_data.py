"""Taking along and deleting on the page: one chat from its menu, everything on a page of its own."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.acts import Visit, ask, looks_well, open_rail, wait_until_votable
from tests.browser.readers import Reader, both_readers, every_reader
from tests.browser.test_sign_in import arena, mail, sign_in
from tests.support.fake_mail import FakeMail

__all__ = ["arena", "mail"]

pytestmark = pytest.mark.browser

HEADINGS = {"en-GB": "## Question 1", "zh-CN": "## 问题 1"}


async def saved(page: Page, button: str) -> Path:
    """What a press on a button saves."""
    async with page.expect_download() as download:
        await page.get_by_test_id(button).click()
    return Path(await (await download.value).path())


async def chats(page: Page, *questions: str) -> None:
    for question in questions:
        await page.goto("/")
        await ask(page, question)
        await wait_until_votable(page)


async def delete_everything(page: Page, reader: Reader, who: str) -> None:
    """Reads what that means for somebody who is a guest or has an account, and presses twice."""
    dialog, confirm = page.get_by_test_id("deletion"), page.get_by_test_id("confirm-deletion")
    for key in ("title", "goes", "votes"):
        await expect(dialog).to_contain_text(reader.says(f"data:deleting.{who}.{key}"))
    await expect(dialog).to_contain_text(reader.says("data:deleting.erased_other", count=30))
    await expect(confirm).to_have_text(reader.says(f"data:deleting.{who}.confirm"))
    await looks_well(page)
    await confirm.click()
    await expect(confirm).to_have_text(reader.says(f"data:deleting.{who}.again"))
    await looks_well(page)
    await confirm.click()


@every_reader
async def test_a_chat_is_saved_and_deleted_from_its_menu(visit: Visit, reader: Reader) -> None:
    page = await visit()
    await chats(page, "About bridges", "About lighthouses")
    chat = page.url
    await page.goto("/history")
    menus = page.locator("main").get_by_test_id("history-actions")
    await expect(menus).to_have_count(2)
    await menus.first.click()
    markdown = await saved(page, "save-markdown")
    assert HEADINGS[reader.locale] in markdown.read_text("utf-8")
    await menus.first.click()
    await page.get_by_test_id("delete").click()
    dialog = page.get_by_test_id("deletion")
    await expect(dialog).to_contain_text(reader.says("data:deleting.chat.title", title="About lighthouses"))
    await expect(dialog).to_contain_text(reader.says("data:deleting.erased_other", count=30))
    await looks_well(page)
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(menus.first).to_be_focused()
    await menus.first.click()
    await page.get_by_test_id("delete").click()
    await page.get_by_test_id("confirm-deletion").click()
    await expect(menus).to_have_count(1)
    await expect(menus.first).to_be_focused()
    await expect(page.locator("main").get_by_test_id("history-item")).to_contain_text("About bridges")
    await page.goto(chat)
    await expect(page.get_by_test_id("composer")).to_have_count(0)


@both_readers
async def test_whoever_looks_at_a_chat_that_is_deleted_goes_to_a_new_one(
    visit: Visit, reader: Reader
) -> None:
    page = await visit()
    await chats(page, "About bridges")
    await open_rail(page)
    await page.get_by_test_id("history-actions").click()
    await page.get_by_test_id("delete").click()
    await looks_well(page)
    await page.get_by_test_id("confirm-deletion").click()
    await expect(page).to_have_url(re.compile(r":\d+/$"))
    await expect(page.get_by_test_id("deletion")).to_have_count(0)
    await open_rail(page)
    await expect(page.get_by_text(reader.says("history.empty"))).to_be_visible()
    await expect(page.get_by_test_id("history-item")).to_have_count(0)
    await looks_well(page)


@every_reader
async def test_a_guest_takes_everything_along_and_deletes_it(visit: Visit, reader: Reader) -> None:
    page = await visit()
    await page.goto("/your-data")
    await expect(page.get_by_test_id("nothing-here")).to_have_text(reader.says("data:data.nothing"))
    await chats(page, "About bridges", "About lighthouses")
    await page.goto("/history")
    await page.get_by_test_id("your-data").click()
    await expect(page.get_by_role("heading", name=reader.says("data:data.title"))).to_be_focused()
    await looks_well(page)
    with zipfile.ZipFile(await saved(page, "take-markdown")) as archive:
        assert sum(name.endswith(".md") for name in archive.namelist()) == 2
    await page.get_by_test_id("delete-chats").click()
    await looks_well(page)
    await page.get_by_test_id("confirm-deletion").click()
    await expect(page.get_by_text(reader.says("data:deleting.chats.done"))).to_be_visible()
    await expect(page.get_by_test_id("delete-chats")).to_be_disabled()
    await page.get_by_test_id("delete-account").click()
    await delete_everything(page, reader, "guest")
    await expect(page).to_have_url(re.compile(r":\d+/$"))
    await page.goto("/your-data")
    await expect(page.get_by_test_id("nothing-here")).to_be_visible()


@both_readers
async def test_a_voter_deletes_the_account_in_one_browser_and_is_a_stranger_in_the_other(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    first, second = await visit(), await visit(reader.elsewhere)
    await chats(first, "About bridges")
    await sign_in(first, mail, 1)
    await sign_in(second, mail, 2)
    await first.get_by_test_id("account-link").click()
    await first.get_by_test_id("your-data").click()
    await expect(first.get_by_test_id("holdings")).to_contain_text(
        reader.says("data:data.has.chats_one", count=1)
    )
    await first.get_by_test_id("delete-account").click()
    await delete_everything(first, reader, "account")
    await expect(first.get_by_test_id("sign-in-link")).to_be_visible()
    await second.reload()
    await expect(second.get_by_test_id("sign-in-link")).to_be_visible()
