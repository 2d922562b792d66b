"""Consent and quotas as people meet them: before the first question, when the terms change, at the limit."""

import asyncio
import re
from contextlib import suppress
from typing import Any

import pytest
from playwright.async_api import Browser, Error, Page, Route, expect

from evenhand.consent.agreements import register_terms
from evenhand.consent.terms import load_terms
from evenhand.core.clock import now
from tests.browser.acts import Visit, ask, serious_faults, wait_until_votable, wider_than_its_window
from tests.browser.readers import DESKTOP, PHONE
from tests.support.arena import Arena, running_arena
from tests.support.billing import HIGH, billing

pytestmark = pytest.mark.browser

OURS = load_terms()


async def new_page(browser: Browser, arena: Arena, size: Any, locale: str) -> Page:
    context = await browser.new_context(base_url=arena.base_url, viewport=size, locale=locale)
    context.set_default_timeout(30_000)
    return await context.new_page()


async def enter(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(
    ("locale", "short", "out"),
    [("en-GB", OURS.en.short, "Nothing you ask"), ("zh-CN", OURS.zh.short, "不会被公开")],
)
async def test_a_newcomer_reads_what_asking_agrees_to_and_can_opt_out(
    browser: Browser, arena: Arena, size: Any, locale: str, short: str, out: str
) -> None:
    await enter(arena)
    page = await new_page(browser, arena, size, locale)
    await page.goto("/")
    await expect(page.get_by_test_id("terms")).to_contain_text(short)
    assert await serious_faults(page) == []
    assert not await wider_than_its_window(page)
    await ask(page, "Does this headache need a doctor?")
    await wait_until_votable(page)
    await expect(page.get_by_test_id("terms")).to_have_count(0)
    await page.goto("/")
    await page.get_by_test_id("reminder").get_by_role("link").click()
    await page.get_by_test_id("leave-all-out").check()
    await expect(page.get_by_test_id("own-consent")).to_contain_text(out)
    assert await serious_faults(page) == []
    assert not await wider_than_its_window(page)
    await page.reload()
    await expect(page.get_by_test_id("leave-all-out")).to_be_checked()
    await page.goto("/history")
    line = page.locator("main li").first
    await line.get_by_test_id("history-actions").click()
    await page.get_by_test_id("release").click()
    await expect(page.get_by_test_id("about-health")).to_be_checked()
    await expect(page.get_by_test_id("about-law")).not_to_be_checked()
    assert await serious_faults(page) == []
    assert not await wider_than_its_window(page)
    await page.get_by_test_id("leave-out").check()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("release-dialog")).to_have_count(0)
    await expect(line.get_by_test_id("history-actions")).to_be_focused()
    await page.reload()
    await line.get_by_test_id("history-actions").click()
    await page.get_by_test_id("release").click()
    await expect(page.get_by_test_id("leave-out")).to_be_checked()


async def test_an_older_answer_takes_no_tick_back(visit: Visit, arena: Arena) -> None:
    await enter(arena)
    page = await visit()
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


async def test_terms_that_change_while_one_writes_lose_nothing(browser: Browser, arena: Arena) -> None:
    await enter(arena)
    page = await new_page(browser, arena, DESKTOP, "en-GB")
    await page.goto("/")
    await ask(page, "One?")
    await wait_until_votable(page)
    arena.app.state.terms = OURS.model_copy(
        update={"version": "next", "en": OURS.en.model_copy(update={"short": "Now it is otherwise."})}
    )
    async with arena.database.unit_of_work() as work:
        await register_terms(work.session, arena.app.state.terms, now())
    await ask(page, "Two?")
    await expect(page.get_by_test_id("problem")).to_contain_text("The terms have changed")
    await expect(page.get_by_test_id("terms")).to_contain_text("Now it is otherwise.")
    await expect(page.get_by_test_id("composer")).to_have_value("Two?")
    await page.get_by_test_id("send").click()
    await expect(page.locator("[data-turn]")).to_have_count(2)
    await expect(page.get_by_test_id("terms")).to_have_count(0)


@pytest.mark.parametrize(
    ("size", "locale", "scarce", "none"),
    [(PHONE, "zh-CN", "还剩", "已用完"), (DESKTOP, "en-GB", "are left today", "used up for today")],
    ids=["phone, Chinese", "desktop, English"],
)
async def test_a_quota_is_shown_before_it_is_used_up_and_says_what_can_be_done(
    browser: Browser, database_url: str, size: Any, locale: str, scarce: str, none: str
) -> None:
    async with running_arena(database_url, guest_high_tokens_per_day=1_000) as arena:
        await arena.enter(billing(arena, "dear", HIGH, 900), billing(arena, "other", HIGH, 900))
        page = await new_page(browser, arena, size, locale)
        await page.goto("/?mode=direct")
        await expect(page.get_by_test_id("quota-left")).to_have_count(0)
        await ask(page, "One?")
        await expect(page.get_by_test_id("quota-left")).to_contain_text(scarce)
        await ask(page, "Two?")
        await expect(page.get_by_test_id("quota-left")).to_contain_text(none)
        await expect(page.get_by_test_id("quota-left").get_by_role("link")).to_have_count(2)
        await ask(page, "Three?")
        await expect(page.get_by_test_id("problem")).to_contain_text("用完" if "zh" in locale else "used up")
        await expect(page.get_by_test_id("composer")).to_have_value("Three?")
        assert await serious_faults(page) == []
        assert not await wider_than_its_window(page)
