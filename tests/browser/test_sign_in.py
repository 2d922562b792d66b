"""Signing in on the page: ask, look into the mail, press the button, find everything, sign out."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.acts import Visit, ask, close_rail, looks_well, open_rail, vote, wait_until_votable
from tests.browser.conftest import brief_arena, of_a_reader, shared_loop
from tests.browser.readers import CHINESE_PHONE, ENGLISH_DESK, Reader, both_readers, every_reader
from tests.support.arena import Arena, running_arena
from tests.support.fake_mail import FakeMail, mail_server
from tests.support.signing_in import ANN, link_in

pytestmark = pytest.mark.browser

SUBJECTS = {"en-GB": "Sign in to Evenhand", "zh-CN": "登录举手"}


@shared_loop
async def mail() -> AsyncIterator[FakeMail]:
    async with mail_server() as server:
        yield server


@shared_loop
async def arena(database_url: str, mail: FakeMail) -> AsyncIterator[Arena]:
    """An arena that sends mail, with two contestants."""
    async with brief_arena(database_url, **mail.settings) as running:
        await running.enter(
            running.entry("swift", name="Swift 1"), running.entry("calm", name="Calm 2", organization="Stoa")
        )
        yield running


async def beside(page: Page, address: str = "/") -> Page:
    """Another tab of the same browser."""
    tab = await page.context.new_page()
    await tab.goto(address)
    return tab


async def asked_for_a_link(page: Page, email: str = ANN) -> None:
    await page.get_by_test_id("sign-in-link").click()
    await page.get_by_test_id("sign-in-email").fill(email)
    await page.get_by_test_id("send-link").click()
    await expect(page.get_by_test_id("link-sent")).to_contain_text(email)


async def sign_in(page: Page, mail: FakeMail, number: int) -> None:
    await asked_for_a_link(page)
    await page.goto(link_in(await mail.letter_to(ANN, number)))
    await page.get_by_test_id("confirm-sign-in").click()
    await expect(page.get_by_test_id("account-link")).to_be_visible()


async def has_chats(page: Page, number: int) -> None:
    """Has so many in the rail."""
    await expect(page.get_by_test_id("account-link")).to_be_visible()
    await open_rail(page)
    await expect(page.get_by_test_id("history-item")).to_have_count(number)
    await close_rail(page)


async def has_no_chats(page: Page, reader: Reader) -> None:
    """Is told so in the rail."""
    await expect(page.get_by_test_id("account-link")).to_be_visible()
    await open_rail(page)
    await expect(page.get_by_text(reader.says("history.empty"))).to_be_visible()
    await close_rail(page)


@every_reader
async def test_a_guest_votes_signs_in_finds_the_chat_and_signs_out(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    page = await visit()
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    await vote(page, "a")
    chat = page.url

    await page.get_by_test_id("sign-in-link").click()
    await expect(page.get_by_role("heading", name=reader.says("account:signIn.title"))).to_be_focused()
    await looks_well(page)
    await page.get_by_test_id("sign-in-email").fill("ann")
    await page.get_by_test_id("sign-in-email").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text(reader.says("problem.not_an_email"))
    await looks_well(page)
    await page.get_by_test_id("sign-in-email").fill(ANN)
    await page.get_by_test_id("sign-in-email").press("Enter")
    await expect(page.get_by_role("heading", name=reader.says("account:sent.title.mail"))).to_be_focused()
    await looks_well(page)
    letter = await mail.letter_to(ANN)
    assert letter["Subject"] == SUBJECTS[reader.locale]

    await page.goto(link_in(letter))
    await expect(page.get_by_test_id("confirm-sign-in")).to_contain_text(ANN)
    await expect(page.get_by_test_id("asked-elsewhere")).to_have_count(0)
    await looks_well(page)
    await page.get_by_test_id("confirm-sign-in").press("Enter")
    await expect(page.get_by_test_id("vote-outcome")).to_be_visible()
    assert page.url == chat

    await page.get_by_test_id("account-link").click()
    await expect(page.get_by_role("heading", name=reader.says("account:account.title"))).to_be_focused()
    await expect(page.get_by_test_id("signed-in-as")).to_contain_text(ANN)
    await expect(page.get_by_test_id("session")).to_have_count(1)
    await expect(page.get_by_test_id("session")).to_contain_text(reader.says("account:account.sinceNow"))
    await looks_well(page)

    await page.get_by_test_id("sign-out").click()
    await expect(page.get_by_test_id("sign-in-link")).to_be_visible()
    await expect(page.get_by_test_id("composer")).to_be_visible()
    await page.goto(chat)
    await expect(page.get_by_test_id("vote-outcome")).to_have_count(0)
    await expect(page.get_by_text("About lighthouses")).to_have_count(0)


@both_readers
async def test_a_second_device_brings_its_chats_and_is_signed_out_from_the_first(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    first, second = await visit(), await visit(reader.elsewhere)
    for page, question in ((first, "About lighthouses"), (second, "About bridges")):
        await ask(page, question)
        await wait_until_votable(page)
    await sign_in(first, mail, 1)
    await has_chats(first, 1)
    await sign_in(second, mail, 2)
    await first.reload()
    await has_chats(first, 2)

    await first.get_by_test_id("account-link").click()
    await expect(first.get_by_test_id("session")).to_have_count(2)
    await looks_well(first)
    await second.get_by_test_id("composer").fill("Half a thought")
    await second.get_by_test_id("account-link").click()
    await expect(second.get_by_test_id("session")).to_have_count(2)
    await first.get_by_test_id("end-session").press("Enter")
    await expect(first.get_by_test_id("session")).to_have_count(1)
    title = reader.says("account:account.sessions")
    await expect(first.get_by_role("heading", name=title)).to_be_focused()
    await expect(first.get_by_test_id("session-ended")).to_contain_text(reader.says("account:account.ended"))
    await looks_well(first)
    # It hears that it was signed out already, and starts over.
    async with second.expect_event("load"):
        await second.get_by_test_id("sign-out").click()
    await expect(second.get_by_test_id("not-signed-in")).to_contain_text(
        reader.says("account:account.notSignedIn")
    )
    await looks_well(second)
    await second.goto("/")
    await expect(second.get_by_test_id("sign-in-link")).to_be_visible()
    await expect(second.get_by_test_id("composer")).to_have_value("")


@both_readers
async def test_a_link_of_another_browser_says_so_and_takes_chats_along_only_when_asked_to(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    stranger, victim = await visit(), await visit()
    await asked_for_a_link(stranger)
    await ask(victim, "My secret plan")
    await wait_until_votable(victim)
    await victim.goto(link_in(await mail.letter_to(ANN)))
    await expect(victim.get_by_test_id("asked-elsewhere")).to_contain_text(
        reader.says("account:link.elsewhere.title")
    )
    await expect(victim.get_by_text(reader.says("account:link.chats_one", count=1))).to_be_visible()
    await looks_well(victim)
    await victim.get_by_test_id("sign-in-without").click()
    await expect(victim.get_by_test_id("account-link")).to_be_visible()
    await stranger.goto("/")
    await sign_in(stranger, mail, 2)
    await has_no_chats(stranger, reader)


@both_readers
async def test_chats_begun_after_a_link_of_another_browser_was_looked_at_stay_behind(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    stranger, victim = await visit(), await visit()
    await asked_for_a_link(stranger)
    await victim.goto(link_in(await mail.letter_to(ANN)))
    await expect(victim.get_by_test_id("confirm-sign-in")).to_be_visible()
    other = await beside(victim)
    await ask(other, "My secret plan")
    await wait_until_votable(other)
    await victim.get_by_test_id("confirm-sign-in").click()
    await has_no_chats(victim, reader)
    await expect(other.get_by_text("My secret plan")).to_have_count(0)


@both_readers
async def test_all_tabs_of_a_browser_follow_when_one_signs_in_or_out(visit: Visit, mail: FakeMail) -> None:
    page = await visit()
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    chat = page.url
    await asked_for_a_link(page)
    other = await beside(page, link_in(await mail.letter_to(ANN)))
    await other.get_by_test_id("confirm-sign-in").click()
    for tab in (other, page):
        await expect(tab.get_by_test_id("account-link")).to_be_visible()
        await expect(tab).to_have_url(chat)
        await expect(tab.get_by_role("heading", name="About lighthouses")).to_be_attached()

    await page.get_by_test_id("composer").fill("Half a thought")
    await other.get_by_test_id("account-link").click()
    await other.get_by_test_id("sign-out").click()
    await expect(page.get_by_test_id("sign-in-link")).to_be_visible()
    await expect(page.get_by_text("About lighthouses")).to_have_count(0)
    kept = await page.evaluate("Object.values(localStorage)")
    assert "Half a thought" not in kept


@both_readers
async def test_an_account_that_cannot_be_read_says_why_and_is_tried_again(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    page = await visit()
    await sign_in(page, mail, 1)
    await page.route("**/api/v1/me", lambda route: route.fulfill(status=400, json={"code": "failed"}))
    await page.goto("/boards")
    await page.get_by_test_id("account-link").click()
    await expect(page.get_by_role("alert")).to_contain_text(reader.says("problem.failed"))
    await looks_well(page)
    await page.unroute("**/api/v1/me")
    await page.get_by_test_id("try-again").click()
    await expect(page.get_by_test_id("signed-in-as")).to_contain_text(ANN)


@both_readers
async def test_another_language_leaves_the_focus_where_it_is(visit: Visit, reader: Reader) -> None:
    other = CHINESE_PHONE if reader is ENGLISH_DESK else ENGLISH_DESK
    page = await visit()
    await page.get_by_test_id("sign-in-link").click()
    await expect(page.get_by_role("heading", name=reader.says("account:signIn.title"))).to_be_focused()
    await open_rail(page)
    await page.get_by_test_id("language-switch").press("Enter")
    # On a phone the page lies behind the menu.
    title = page.get_by_role("heading", name=other.says("account:signIn.title"), include_hidden=True)
    await expect(title).to_be_visible()
    await expect(page.get_by_test_id("language-switch")).to_be_focused()
    await looks_well(page)


@both_readers
async def test_a_link_that_works_no_more_says_why_and_offers_another(
    visit: Visit, mail: FakeMail, reader: Reader
) -> None:
    page = await visit()
    await sign_in(page, mail, 1)
    for address, words in (
        (link_in(await mail.letter_to(ANN)), "page:problem.link_used"),
        ("/sign-in/link#nonsense", "page:problem.unknown_link"),
        ("/sign-in/link#nonsense。", "account:link.incomplete"),
        ("/sign-in/link", "account:link.incomplete"),
    ):
        await page.goto("/")
        await page.goto(address)
        await expect(page.get_by_role("alert")).to_contain_text(reader.says(words))
        await looks_well(page)
    await page.get_by_test_id("another-link").click()
    await expect(page.get_by_test_id("already-signed-in")).to_contain_text(ANN)


@both_readers
async def test_signing_out_removes_what_was_being_written(visit: Visit, mail: FakeMail) -> None:
    page = await visit()
    await sign_in(page, mail, 1)
    await page.get_by_test_id("composer").fill("Half a thought")
    await page.get_by_test_id("account-link").click()
    await page.get_by_test_id("sign-out-everywhere").click()
    await expect(page.get_by_test_id("sign-in-link")).to_be_visible()
    await expect(page.get_by_test_id("composer")).to_have_value("")


@both_readers
async def test_where_nobody_can_sign_in_the_page_says_why(
    browser: Browser, database_url: str, reader: Reader
) -> None:
    async with running_arena(database_url, host="0.0.0.0") as arena:
        page = await browser.new_page(**of_a_reader(reader, arena))
        await page.goto("/sign-in")
        await expect(page.get_by_test_id("sign-in-off")).to_have_text(reader.says("account:signIn.off.text"))
        await expect(page.get_by_text("EVENHAND_SMTP_HOST")).to_be_visible()
        await looks_well(page)
        await page.close()
