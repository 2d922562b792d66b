"""Taking along and deleting on the page: one chat from its menu, everything on a page of its own."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.acts import Visit, ask, looks_well, wait_until_votable
from tests.browser.readers import DESKTOP, PHONE, Reader
from tests.browser.test_sign_in import arena, mail, sign_in
from tests.support.fake_mail import FakeMail

__all__ = ["arena", "mail"]

pytestmark = pytest.mark.browser

WORDS = {
    "en-GB": {
        "title": "Your data",
        "delete": "Delete “About lighthouses”?",
        "days": "within 30 days the last back-up",
        "file": "Question 1",
        "again": "Press again to delete everything",
        "nothing": "There is nothing of yours here yet.",
        "done": "All chats were deleted.",
    },
    "zh-CN": {
        "title": "我的数据",
        "delete": "删除“About lighthouses”？",
        "days": "备份会在 30 天内删除",
        "file": "问题 1",
        "again": "再按一次，删除一切",
        "nothing": "这里还没有你的内容。",
        "done": "全部对话已删除。",
    },
}


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


@pytest.mark.parametrize("language", sorted(WORDS))
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_chat_is_saved_and_deleted_from_its_menu(
    visit: Visit, language: str, size: dict[str, int]
) -> None:
    words = WORDS[language]
    page = await visit(Reader(language, size))
    await chats(page, "About bridges", "About lighthouses")
    chat = page.url
    await page.goto("/history")
    menus = page.locator("main").get_by_test_id("history-actions")
    await expect(menus).to_have_count(2)
    await menus.first.click()
    markdown = await saved(page, "save-markdown")
    assert f"## {words['file']}" in markdown.read_text("utf-8")
    await menus.first.click()
    await page.get_by_test_id("delete").click()
    dialog = page.get_by_test_id("deletion")
    await expect(dialog).to_contain_text(words["delete"])
    await expect(dialog).to_contain_text(words["days"])
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


async def test_whoever_looks_at_a_chat_that_is_deleted_goes_to_a_new_one(visit: Visit) -> None:
    page = await visit()
    await chats(page, "About bridges")
    await page.get_by_test_id("history-actions").click()
    await page.get_by_test_id("delete").click()
    await page.get_by_test_id("confirm-deletion").click()
    await expect(page).to_have_url(re.compile(r":\d+/$"))
    await expect(page.get_by_test_id("history-item")).to_have_count(0)


@pytest.mark.parametrize("language", sorted(WORDS))
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_guest_takes_everything_along_and_deletes_it(
    visit: Visit, language: str, size: dict[str, int]
) -> None:
    words = WORDS[language]
    page = await visit(Reader(language, size))
    await page.goto("/your-data")
    await expect(page.get_by_test_id("nothing-here")).to_have_text(words["nothing"])
    await chats(page, "About bridges", "About lighthouses")
    await page.goto("/history")
    await page.get_by_test_id("your-data").click()
    await expect(page.get_by_role("heading", name=words["title"])).to_be_focused()
    await looks_well(page)
    with zipfile.ZipFile(await saved(page, "take-markdown")) as archive:
        assert sum(name.endswith(".md") for name in archive.namelist()) == 2
    await page.get_by_test_id("delete-chats").click()
    await looks_well(page)
    await page.get_by_test_id("confirm-deletion").click()
    await expect(page.get_by_text(words["done"])).to_be_visible()
    await expect(page.get_by_test_id("delete-chats")).to_be_disabled()
    await page.get_by_test_id("delete-account").click()
    confirm = page.get_by_test_id("confirm-deletion")
    await confirm.click()
    await expect(confirm).to_have_text(words["again"])
    await looks_well(page)
    await confirm.click()
    await expect(page).to_have_url(re.compile(r":\d+/$"))
    await page.goto("/your-data")
    await expect(page.get_by_test_id("nothing-here")).to_be_visible()


async def test_a_voter_deletes_the_account_in_one_browser_and_is_a_stranger_in_the_other(
    visit: Visit, mail: FakeMail
) -> None:
    desk, phone = await visit(), await visit(Reader("zh-CN", PHONE))
    await chats(desk, "About bridges")
    await sign_in(desk, mail, 1)
    await sign_in(phone, mail, 2)
    await desk.get_by_test_id("account-link").click()
    await desk.get_by_test_id("your-data").click()
    await desk.get_by_test_id("delete-account").click()
    await expect(desk.get_by_test_id("deletion")).to_contain_text("Your e-mail address")
    await desk.get_by_test_id("confirm-deletion").click()
    await desk.get_by_test_id("confirm-deletion").click()
    await expect(desk.get_by_test_id("sign-in-link")).to_be_visible()
    await phone.reload()
    await expect(phone.get_by_test_id("sign-in-link")).to_be_visible()
