"""Consent and quotas as people meet them: before the first question, when the terms change, at the limit."""

import asyncio
import re
from contextlib import suppress

import pytest
from playwright.async_api import Browser, Error, Page, Route, expect

from evenhand.consent.agreements import register_terms
from evenhand.consent.terms import load_terms
from evenhand.core.clock import next_day, now
from tests.browser.acts import ask, looks_well, wait_until_votable
from tests.browser.conftest import of_a_reader
from tests.browser.readers import Reader, both_readers, every_reader
from tests.support.arena import Arena, running_arena
from tests.support.billing import HIGH, billing

pytestmark = pytest.mark.browser

OURS = load_terms()


@every_reader
async def test_a_newcomer_reads_what_asking_agrees_to_and_can_opt_out(page: Page, reader: Reader) -> None:
    await page.goto("/")
    await expect(page.get_by_test_id("terms")).to_contain_text(getattr(OURS, reader.locale[:2]).short)
    await looks_well(page)
    await ask(page, "Does this headache need a doctor?")
    await wait_until_votable(page)
    await expect(page.get_by_test_id("terms")).to_have_count(0)
    await page.goto("/")
    await page.get_by_test_id("reminder").get_by_role("link").click()
    await page.get_by_test_id("leave-all-out").check()
    await expect(page.get_by_test_id("own-consent")).to_contain_text(reader.says("consent:privacy.isOut"))
    await looks_well(page)
    await page.reload()
    await expect(page.get_by_test_id("leave-all-out")).to_be_checked()
    await page.goto("/history")
    line = page.locator("main li").first
    await line.get_by_test_id("history-actions").click()
    await page.get_by_test_id("release").click()
    await expect(page.get_by_test_id("about-health")).to_be_checked()
    await expect(page.get_by_test_id("about-law")).not_to_be_checked()
    await expect(page.get_by_test_id("release-state")).to_have_text(reader.says("consent:release.out"))
    await looks_well(page)
    await page.get_by_test_id("leave-out").check()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("release-dialog")).to_have_count(0)
    await expect(line.get_by_test_id("history-actions")).to_be_focused()
    await page.reload()
    await line.get_by_test_id("history-actions").click()
    await page.get_by_test_id("release").click()
    await expect(page.get_by_test_id("leave-out")).to_be_checked()


@both_readers
async def test_an_older_answer_takes_no_tick_back(page: Page) -> None:
    await page.goto("/")
    await ask(page, "One?")
    await wait_until_votable(page)
    await page.goto("/history")
    await page.locator("main li").first.get_by_test_id("history-actions").click()
    await page.get_by_test_id("release").click()
    box = page.get_by_test_id("leave-out")
    read, pressed, told = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def keep_the_list_back(route: Route) -> None:
        answer = await route.fetch()
        read.set()
        await pressed.wait()
        # The page may have given up on it.
        with suppress(Error):
            await route.fulfill(response=answer)
        told.set()

    async def keep_the_change_back(route: Route) -> None:
        if not read.is_set():
            await route.continue_()

    await page.route("**/api/v1/conversations/*", keep_the_change_back)
    await page.route(re.compile(r"/api/v1/conversations(\?|$)"), keep_the_list_back)
    await box.check()
    await read.wait()
    await box.uncheck()
    pressed.set()
    await told.wait()
    await page.evaluate("new Promise(done => setTimeout(done, 100))")
    await expect(box).not_to_be_checked(timeout=1)


@both_readers
async def test_terms_that_change_while_one_writes_lose_nothing(
    page: Page, arena: Arena, reader: Reader
) -> None:
    await page.goto("/")
    await ask(page, "One?")
    await wait_until_votable(page)
    otherwise = {"en": "Now it is otherwise.", "zh": "现在不同了。"}
    changed = {
        language: getattr(OURS, language).model_copy(update={"short": short})
        for language, short in otherwise.items()
    }
    arena.app.state.terms = OURS.model_copy(update={"version": "next", **changed})
    async with arena.database.unit_of_work() as work:
        await register_terms(work.session, arena.app.state.terms, now())
    await ask(page, "Two?")
    await expect(page.get_by_test_id("problem")).to_contain_text(reader.says("problem.terms_not_accepted"))
    await expect(page.get_by_test_id("terms")).to_contain_text(otherwise[reader.locale[:2]])
    await expect(page.get_by_test_id("composer")).to_have_value("Two?")
    await looks_well(page)
    await page.get_by_test_id("send").click()
    await expect(page.locator("[data-turn]")).to_have_count(2)
    await expect(page.get_by_test_id("terms")).to_have_count(0)


@both_readers
async def test_a_quota_is_shown_before_it_is_used_up_and_says_what_can_be_done(
    browser: Browser, database_url: str, reader: Reader
) -> None:
    async with running_arena(database_url, guest_high_tokens_per_day=1_000) as arena:
        await arena.enter(billing(arena, "dear", HIGH, 900), billing(arena, "other", HIGH, 900))
        # Where a UTC day begins in the morning, at half past five.
        context = await browser.new_context(**of_a_reader(reader, arena), timezone_id="Asia/Kolkata")
        page = await context.new_page()
        left = page.get_by_test_id("quota-left")
        await page.goto("/?mode=direct")
        await expect(left).to_have_count(0)
        await ask(page, "One?")
        await expect(left).to_contain_text(reader.says("consent:quota.left", time="05:30"))
        await expect(left).to_contain_text(reader.says("consent:quota.models.high"))
        await looks_well(page)
        await ask(page, "Two?")
        await expect(left).to_contain_text(reader.says("consent:quota.none", time="05:30"))
        await expect(left.get_by_role("link")).to_have_count(2)
        await ask(page, "Three?")
        tomorrow = next_day(now())
        english, chinese = f"{tomorrow:%d/%m/%Y},", f"{tomorrow.year}/{tomorrow.month}/{tomorrow.day}"
        day = english if reader.locale == "en-GB" else chinese
        await expect(page.get_by_test_id("problem")).to_contain_text(
            reader.says("problem.quota_reached", time=f"{day} 05:30")
        )
        await expect(page.get_by_test_id("composer")).to_have_value("Three?")
        await looks_well(page)
