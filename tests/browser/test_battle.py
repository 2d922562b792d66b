"""A voter's way through the page: ask, watch, vote, see who it was, find it on the board."""

import json
import re

import pytest
from playwright.async_api import Browser, Page, Route, expect

from evenhand.contestants.call_limits import CallLimits
from tests.browser.acts import ask, serious_faults, vote, wait_until_votable, wider_than_its_window
from tests.browser.readers import DESKTOP, PHONE
from tests.support.arena import Arena
from tests.support.fake_provider import Scenario

pytestmark = pytest.mark.browser


async def test_ask_watch_vote_reveal_and_find_it_on_the_board(page: Page) -> None:
    await page.goto("/")
    await expect(page.get_by_test_id("terms")).to_be_visible()
    await ask(page, "How does a sum grow?")
    await expect(page.get_by_test_id("answer-a")).to_contain_text(re.compile(r"\w{3}"))
    await expect(page).to_have_title("How does a sum grow? · Evenhand")
    await wait_until_votable(page)
    assert "Swift" not in await page.content()
    assert "Stoa" not in await page.content()
    await vote(page, "a")
    names = [await page.get_by_test_id(f"reveal-{side}").inner_text() for side in "ab"]
    assert sorted(name for text in names for name in ("Swift 1", "Calm 2") if name in text) == [
        "Calm 2",
        "Swift 1",
    ]
    for side in "ab":
        await expect(page.get_by_test_id(f"commitment-{side}")).to_have_attribute("data-kept", "true")
    await page.goto("/boards/text")
    await expect(page.get_by_test_id("board-row")).to_have_count(2)
    await expect(page).to_have_title("Text board · Evenhand")
    await expect(page.get_by_test_id("board-status")).to_contain_text("1 vote")
    assert await serious_faults(page) == []


async def test_markdown_code_tables_and_formulas_are_set(page: Page) -> None:
    await page.goto("/")
    await ask(page, "Show me everything")
    await wait_until_votable(page)
    answer = page.get_by_test_id("answer-a")
    await expect(answer.locator("h2, h3").first).to_be_visible()
    await expect(answer.locator("pre").first).to_contain_text("def halve")
    await expect(answer.locator("table").first).to_be_visible()
    await expect(answer.locator(".katex").first).to_be_visible()
    assert await serious_faults(page) == []


async def test_a_reload_in_the_middle_of_a_stream_goes_on_where_it_was(page: Page, arena: Arena) -> None:
    slow = Scenario(text="One two three four five. " * 12, stall_after=30)
    await arena.enter(arena.entry("slow", slow), arena.entry("quick", Scenario(text="Short.")))
    await page.goto("/")
    await ask(page, "Count")
    await expect(page.get_by_text("One two three").first).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("One two three").first).to_be_visible()
    await expect(page.get_by_test_id("vote-a")).to_be_disabled()
    slow.released.set()
    await wait_until_votable(page)
    assert len(arena.provider.calls) == 2
    texts = [await page.get_by_test_id(f"answer-{side}").inner_text() for side in "ab"]
    assert max(text.count("One two three four five.") for text in texts) == 12


async def test_stop_keeps_the_text_and_retry_finishes_it(page: Page, arena: Arena) -> None:
    stuck = Scenario(text="Going on and on. " * 5, stall_after=4)
    await arena.enter(arena.entry("stuck", stuck), arena.entry("quick", Scenario(text="Short.")))
    await page.goto("/")
    await ask(page, "Go")
    await expect(page.get_by_text("Going on").first).to_be_visible()
    await page.get_by_test_id("stop").click()
    await expect(page.get_by_test_id("retry").first).to_be_visible()
    await expect(page.get_by_text("Going on").first).to_be_visible()
    stuck.stall_after = None
    await page.get_by_test_id("retry").first.click()
    await wait_until_votable(page)


async def test_keys_vote_only_while_no_field_has_the_focus(page: Page) -> None:
    await page.goto("/")
    await ask(page, "Keys?")
    await wait_until_votable(page)
    await page.get_by_test_id("composer").press("1")
    await expect(page.get_by_test_id("reveal-now")).to_have_count(0)
    await page.locator("body").click(position={"x": 640, "y": 5})
    await page.evaluate("document.activeElement?.blur()")
    await page.keyboard.press("2")
    await page.get_by_test_id("reveal-now").click()
    await expect(page.get_by_test_id("vote-outcome")).to_contain_text("Tie")


async def test_a_vote_can_be_taken_back_before_the_names_appear(page: Page) -> None:
    await page.goto("/")
    await ask(page, "Sure?")
    await wait_until_votable(page)
    await page.get_by_test_id("vote-a").click()
    await page.get_by_test_id("take-back").click()
    await wait_until_votable(page)
    assert "Swift" not in await page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_battle_in_chinese_in_both_themes_and_sizes(
    browser: Browser, arena: Arena, scheme: str, size: dict[str, int]
) -> None:
    await arena.enter(arena.entry("swift", name="Swift 1"), arena.entry("calm", name="Calm 2"))
    context = await browser.new_context(
        base_url=arena.base_url, viewport=size, locale="zh-CN", color_scheme=scheme, has_touch=size is PHONE
    )
    page = await context.new_page()
    await page.goto("/")
    await expect(page.locator("html")).to_have_attribute("lang", re.compile("^zh"))
    assert await serious_faults(page) == []
    await ask(page, "月亮为什么会发光？")
    await wait_until_votable(page)
    if size is PHONE:
        await page.get_by_test_id("side-switch-b").click()
        await expect(page.get_by_test_id("answer-b")).to_be_visible()
    assert await serious_faults(page) == []
    assert not await wider_than_its_window(page)
    await page.get_by_test_id("vote-both-bad").click()
    await page.get_by_test_id("reveal-now").click()
    await expect(page.get_by_test_id("vote-outcome")).to_contain_text("都不好")
    await expect(page.get_by_test_id(f"reveal-{'b' if size is PHONE else 'a'}")).to_be_visible()
    assert await serious_faults(page) == []
    await page.goto("/boards/text")
    await expect(page.get_by_test_id("board-row").first).to_be_visible()
    assert await serious_faults(page) == []
    assert not await wider_than_its_window(page)
    await context.close()


async def test_side_by_side_names_both_from_the_start_and_takes_a_vote_that_does_not_count(
    page: Page,
) -> None:
    await page.goto("/?mode=side_by_side")
    await ask(page, "Both of you")
    await expect(page.get_by_text("Swift 1").first).to_be_visible()
    await expect(page.get_by_text("Calm 2").first).to_be_visible()
    await wait_until_votable(page)
    await expect(page.get_by_test_id("vote-note")).to_contain_text("does not count")
    await page.get_by_test_id("vote-b").click()
    await page.get_by_test_id("reveal-now").click()
    await expect(page.get_by_test_id("vote-outcome")).to_contain_text("B is better")
    await expect(page.get_by_test_id("vote-not-counted")).to_be_visible()
    await expect(page.get_by_test_id("new-pair")).to_have_count(0)
    await expect(page.get_by_test_id("answer-b")).to_contain_text("Your choice")


async def test_an_arena_without_contestants_says_how_to_add_one(page: Page, arena: Arena) -> None:
    await arena.enter()
    await page.goto("/")
    await expect(page.get_by_test_id("notice").first).to_be_visible()


async def test_what_is_refused_is_said_and_the_typed_text_stays(page: Page) -> None:
    async def refuse(route: Route) -> None:
        problem = {"code": "budget_reached", "detail": "Spent.", "retry_at": "2026-11-26T00:00:00+00:00"}
        await route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))

    await page.route("**/turns", refuse)
    await page.goto("/")
    await ask(page, "Will this be lost?")
    await expect(page.get_by_role("alert").first).to_contain_text("budget")
    await expect(page.get_by_test_id("composer")).to_have_value("Will this be lost?")


async def test_both_answers_say_alike_that_the_question_stands_in_line(page: Page, arena: Arena) -> None:
    stalls = Scenario(text="One two three four five.", stall_after=1)
    await arena.enter(
        arena.entry("slow", stalls, limits=CallLimits(at_once=1)),
        arena.entry("quick", Scenario(text="Short.")),
    )
    other = arena.voter()
    await other.ask(await other.begin("direct", "slow"))
    await arena.provider.called()
    await page.goto("/")
    await ask(page, "May I?")
    await expect(page.locator("[data-state=inLine]:visible")).to_have_count(2)
    await expect(page.get_by_test_id("announcement")).to_contain_text("in line")
    bodies = [await page.get_by_test_id(f"answer-{side}").inner_text() for side in "ab"]
    assert bodies[0].removeprefix("A") == bodies[1].removeprefix("B")
    assert "in line: there is much to do" in bodies[0]
    assert await serious_faults(page) == []
    await page.set_viewport_size(PHONE)
    await expect(page.locator("[data-state=inLine]:visible")).to_have_count(3)
    assert not await wider_than_its_window(page)
    stalls.released.set()
    await wait_until_votable(page)
    await expect(page.get_by_text("in line")).to_have_count(0)
