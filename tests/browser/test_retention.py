"""Who comes back, as those who look after an arena see it; and not being counted, as everybody can choose."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.acts import ask, looks_well, open_rail, wait_until_votable
from tests.browser.conftest import of_a_reader, shared_loop
from tests.browser.readers import Reader, both_readers
from tests.operations.histories import History, ago, at
from tests.support.arena import Voter, running_arena
from tests.support.fake_mail import mail_server
from tests.support.signing_in import ANN, BOB, Town
from tests.support.watch import Watch

pytestmark = [pytest.mark.browser, both_readers]

PAGE = "/operations/retention"
AS_A_TABLE = {"en-GB": "table", "zh-CN": "表格"}


@shared_loop
async def town(database_url: str) -> AsyncIterator[Town]:
    """An arena in November, of which Ann is a moderator."""
    async with (
        mail_server() as mail,
        running_arena(database_url, clock=Watch(), moderators=ANN, **mail.settings) as arena,
    ):
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        yield Town(arena, mail)


async def opened(
    browser: Browser, town: Town, reader: Reader, voter: Voter | None = None, **more: Any
) -> Page:
    """A page of somebody's."""
    context = await browser.new_context(**of_a_reader(reader, town.arena), **more)
    context.set_default_timeout(20_000)
    if voter is not None:
        cookie: Any = {"name": "evenhand", "value": voter.cookie, "url": town.arena.base_url}
        await context.add_cookies([cookie])
    return await context.new_page()


def some_weeks(url: str) -> None:
    """Eight newcomers a week for ten weeks; half of them return the next day, one in four after a week."""
    with History(url) as past:
        monday = date(2026, 9, 14)
        for week in range(10):
            first = monday + timedelta(weeks=week)
            people = past.people(8, first)
            past.vote(people[:4], first + timedelta(days=1))
            past.vote(people[:2], first + timedelta(days=7), times=3)
        for _ in range(5):
            past.ask(past.person(), at(ago(3)))


async def test_a_moderator_finds_the_figures_reads_them_and_has_them_as_tables(
    browser: Browser, town: Town, reader: Reader
) -> None:
    some_weeks(town.arena.database.url)
    moderator = await town.sign_in(town.voter(), ANN)
    scheme = "dark" if reader.on_phone else "light"
    page = await opened(browser, town, reader, moderator, color_scheme=scheme)
    await page.goto("/")
    await expect(page.get_by_test_id("account-link")).to_be_visible()
    await open_rail(page)
    await page.get_by_role("link", name=reader.says("shell.retention")).click()
    back = page.get_by_test_id("came-back")
    await expect(back.get_by_role("img")).to_be_visible()
    # Ten weeks of eight; Monday's next day is over for all.
    await expect(back.get_by_role("heading")).to_contain_text("80")
    await expect(back.get_by_role("heading")).to_contain_text("50%")
    await page.get_by_test_id("came-back-after-7").click()
    await expect(back.get_by_role("heading")).to_contain_text("25%")
    for name in ("voters", "came-back", "funnel", "votes-per-voter"):
        await expect(page.get_by_test_id(name).get_by_role("img")).to_be_visible()
    await looks_well(page)
    for name in ("voters", "came-back", "funnel", "votes-per-voter"):
        figure = page.get_by_test_id(name)
        await figure.get_by_role("button", pressed=False).filter(has_text=AS_A_TABLE[reader.locale]).click()
        await expect(figure.get_by_role("table")).to_be_visible()
    rows = back.get_by_role("row")
    await expect(rows).to_have_count(12)  # head, ten weeks, all of them
    await expect(rows.nth(10)).to_contain_text(reader.says("operations:notYet"))
    await expect(rows.nth(11)).to_contain_text("80")
    await looks_well(page)
    await page.get_by_test_id("retention-days").click()
    await page.get_by_test_id("retention-days-30").click()
    await expect(page.get_by_test_id("came-back").get_by_role("heading")).not_to_contain_text("80")


async def test_others_do_not_see_it_and_are_told_what_it_takes(
    browser: Browser, town: Town, reader: Reader
) -> None:
    page = await opened(browser, town, reader)
    await page.goto(PAGE)
    problem = page.get_by_test_id("problem")
    await expect(problem).to_contain_text(reader.says("operations:signInFirst"))
    await looks_well(page)
    await problem.get_by_role("link", name=reader.says("operations:signIn")).click()
    await expect(page).to_have_url(f"{town.arena.base_url}/sign-in?next=%2Foperations%2Fretention")
    page = await opened(browser, town, reader, await town.sign_in(town.voter(), BOB))
    await page.goto(PAGE)
    await expect(page.get_by_test_id("problem")).to_contain_text(reader.says("problem.role_needed"))
    await looks_well(page)
    await open_rail(page)
    await expect(page.get_by_role("link", name=reader.says("shell.myBoard"))).to_be_visible()
    await expect(page.get_by_role("link", name=reader.says("shell.retention"))).to_have_count(0)


async def test_an_arena_of_today_says_that_there_is_too_little_to_tell(
    browser: Browser, town: Town, reader: Reader
) -> None:
    page = await opened(browser, town, reader, await town.sign_in(town.voter(), ANN))
    await page.goto(PAGE)
    await expect(page.get_by_test_id("votes-per-voter")).to_contain_text(
        reader.says("operations:votes.few_other", count=0)
    )
    await expect(page.get_by_test_id("came-back")).to_contain_text(reader.says("operations:cameBack.few"))
    await looks_well(page)


async def test_everybody_can_ask_not_to_be_counted(browser: Browser, town: Town, reader: Reader) -> None:
    page = await opened(browser, town, reader)
    await page.goto("/privacy")
    said = page.get_by_test_id("own-statistics")
    await expect(said).to_have_text(reader.says("consent:privacy.isCounted"))
    # The tick is there before the arena has said that it is kept.
    async with page.expect_response(lambda one: one.request.method == "PATCH"):
        await page.get_by_test_id("opt-out-of-statistics").check()
    await expect(said).to_have_text(reader.says("consent:privacy.isUncounted"))
    await expect(page.get_by_test_id("leave-all-out")).not_to_be_checked()
    await page.reload()
    await expect(page.get_by_test_id("opt-out-of-statistics")).to_be_checked()
    await looks_well(page)
    await page.get_by_test_id("opt-out-of-statistics").uncheck()
    await expect(said).to_have_text(reader.says("consent:privacy.isCounted"))


async def test_for_a_browser_that_asks_it_of_every_site_it_is_so(
    browser: Browser, town: Town, reader: Reader
) -> None:
    page = await opened(browser, town, reader, extra_http_headers={"Sec-GPC": "1"})
    await page.goto("/")
    await ask(page, "Why is the sky blue?")
    await wait_until_votable(page)
    await page.goto("/privacy")
    await expect(page.get_by_test_id("own-statistics")).to_have_text(
        reader.says("consent:privacy.browserOptsOut")
    )
    await expect(page.get_by_test_id("opt-out-of-statistics")).to_be_checked()
    await expect(page.get_by_test_id("opt-out-of-statistics")).to_be_disabled()
    await looks_well(page)
