"""What one sets on the page: the same in all browsers in which one has signed in, and nobody else's."""

import pytest
from playwright.async_api import Page, Request, expect

from tests.browser.acts import Visit, close_rail, looks_well, open_rail
from tests.browser.readers import CHINESE_PHONE, ENGLISH_DESK, Reader, both_readers
from tests.browser.test_sign_in import arena, mail, sign_in
from tests.support.fake_mail import FakeMail

__all__ = ["arena", "mail"]

pytestmark = pytest.mark.browser

DARK, LIGHT, SYSTEM = "dark", "light", "system"


async def choose_theme(page: Page, theme: str) -> None:
    await open_rail(page)
    switch = page.get_by_test_id("theme-switch")
    for _ in range(3):
        if await switch.get_attribute("data-theme-choice") == theme:
            break
        await switch.click()
    await expect(switch).to_have_attribute("data-theme-choice", theme)
    await close_rail(page)


async def is_shown(page: Page, theme: str) -> None:
    await expect(page.locator("html")).to_have_attribute("data-theme", theme)


async def choose_short_answers(page: Page, reader: Reader) -> None:
    await page.get_by_test_id("asking-tools").click()
    await page.locator("label").filter(has_text=reader.says("asking:length.short")).click()
    await expect(page.get_by_test_id("preset-short")).to_be_checked()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("asking-panel")).to_have_count(0)


async def has_a_form(page: Page, reader: Reader, *, chosen: bool) -> None:
    """Whether something is wanted of every answer."""
    name = reader.says("composer.toolsChosen" if chosen else "composer.tools")
    await expect(page.get_by_test_id("asking-tools")).to_have_accessible_name(name)


def told(page: Page) -> list[Request]:
    """What the page asks or tells the arena of settings from now on."""
    requests: list[Request] = []
    page.on("request", lambda one: one.url.endswith("/api/v1/preferences") and requests.append(one))
    return requests


async def all_told(page: Page) -> None:
    """Until the account has everything that was set here."""
    await page.wait_for_function("() => localStorage.getItem('evenhand.unsent') === null")


@both_readers
async def test_what_a_guest_set_comes_along_and_is_the_same_in_another_browser(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    desk = await visit()
    asked = told(desk)
    await choose_theme(desk, DARK)
    await choose_short_answers(desk, reader)
    assert asked == [], "a guest's choices are the browser's alone"
    async with desk.expect_response(lambda one: one.request.method == "PATCH") as sent:
        await sign_in(desk, mail, 1)
    assert (await sent.value).status == 204

    phone = await visit(reader.elsewhere)
    await is_shown(phone, LIGHT)
    await sign_in(phone, mail, 2)
    await is_shown(phone, DARK)
    await has_a_form(phone, reader, chosen=True)
    await looks_well(phone)

    await choose_theme(phone, SYSTEM)
    await phone.get_by_test_id("asking-tools").click()
    await phone.locator("label").filter(has_text=reader.says("asking:length.usual")).first.click()
    await phone.keyboard.press("Escape")
    await has_a_form(phone, reader, chosen=False)
    await all_told(phone)
    await desk.reload()
    await is_shown(desk, LIGHT)
    await has_a_form(desk, reader, chosen=False)
    await looks_well(desk)


@both_readers
async def test_the_accounts_language_is_spoken_in_every_browser_where_one_signs_in(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    other = CHINESE_PHONE if reader is ENGLISH_DESK else ENGLISH_DESK
    desk = await visit()
    await sign_in(desk, mail, 1)
    await open_rail(desk)
    await desk.get_by_test_id("language-switch").click()
    await all_told(desk)

    phone = await visit(reader.elsewhere)
    await sign_in(phone, mail, 2)
    await expect(phone.get_by_test_id("account-link")).to_contain_text(other.says("shell.account"))
    await has_a_form(phone, other, chosen=False)


@both_readers
async def test_what_could_not_be_sent_is_sent_when_the_page_is_opened_again(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    desk, phone = await visit(), await visit(reader.elsewhere)
    for number, page in enumerate((desk, phone), start=1):
        await sign_in(page, mail, number)
    await choose_theme(phone, LIGHT)
    await all_told(phone)
    await desk.route("**/api/v1/preferences", lambda route: route.abort())
    async with desk.expect_event("requestfailed"):
        await choose_theme(desk, DARK)
    await desk.unroute("**/api/v1/preferences")
    await desk.reload()
    await is_shown(desk, DARK)
    await all_told(desk)
    await phone.reload()
    await is_shown(phone, DARK)


@both_readers
async def test_after_signing_out_the_browser_looks_as_it_did_and_wants_nothing_of_answers(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    page = await visit()
    await sign_in(page, mail, 1)
    await choose_theme(page, DARK)
    await choose_short_answers(page, reader)
    await all_told(page)
    await page.get_by_test_id("account-link").click()
    await page.get_by_test_id("sign-out").click()
    await expect(page.get_by_test_id("sign-in-link")).to_be_visible()
    await is_shown(page, DARK)
    await has_a_form(page, reader, chosen=False)
    await sign_in(page, mail, 2)
    await has_a_form(page, reader, chosen=True)


@both_readers
async def test_another_tab_shows_the_theme_that_was_chosen_in_this_one(page: Page) -> None:
    await page.goto("/")
    other = await page.context.new_page()
    await other.goto("/")
    await choose_theme(page, DARK)
    await is_shown(other, DARK)
