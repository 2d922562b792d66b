"""A voter's way through the page: ask, watch, vote, see who it was, find it on the board."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from evenhand.contestants.call_limits import CallLimits
from tests.browser.acts import ask, looks_well, show_side, vote, wait_until_votable
from tests.browser.readers import Reader, both_readers, every_reader
from tests.support.arena import Arena
from tests.support.fake_provider import Scenario

pytestmark = pytest.mark.browser


@both_readers
async def test_ask_watch_vote_reveal_and_find_it_on_the_board(page: Page, reader: Reader) -> None:
    await page.goto("/")
    await expect(page.get_by_test_id("terms")).to_be_visible()
    await ask(page, "How does a sum grow?")
    await expect(page.get_by_test_id("answer-a")).to_contain_text(re.compile(r"\w{3}"))
    await expect(page).to_have_title(re.compile(rf"^How does a sum grow\? · {reader.says('name').pattern}$"))
    await wait_until_votable(page)
    assert "Swift" not in await page.content()
    assert "Stoa" not in await page.content()
    await vote(page, "a")
    names = [await page.get_by_test_id(f"reveal-{side}").text_content() or "" for side in "ab"]
    assert sorted(name for text in names for name in ("Swift 1", "Calm 2") if name in text) == [
        "Calm 2",
        "Swift 1",
    ]
    for side in "ab":
        await expect(page.get_by_test_id(f"commitment-{side}")).to_have_attribute("data-kept", "true")
    await page.goto("/boards/text")
    await expect(page.get_by_test_id("board-row")).to_have_count(2)
    await expect(page.get_by_test_id("board-status")).to_contain_text(
        reader.says("boards:status.votes", count=1, number=1)
    )


async def answer_at_length(arena: Arena) -> None:
    """With headings, lists, code, tables and formulas."""
    await arena.enter(
        arena.entry("swift", Scenario(tokens_per_second=500)),
        arena.entry("calm", Scenario(tokens_per_second=400)),
    )


@both_readers
async def test_markdown_code_tables_and_formulas_are_set(page: Page, arena: Arena) -> None:
    await answer_at_length(arena)
    await page.goto("/")
    await ask(page, "Show me everything")
    await wait_until_votable(page)
    answer = page.get_by_test_id("answer-a")
    await expect(answer.locator("h2, h3").first).to_be_visible()
    await expect(answer.locator("pre").first).to_contain_text("def halve")
    await expect(answer.locator("table").first).to_be_visible()
    await expect(answer.locator(".katex").first).to_be_visible()


@both_readers
async def test_a_reload_in_the_middle_of_a_stream_goes_on_where_it_was(page: Page, arena: Arena) -> None:
    slow = Scenario(text="One two three four five. " * 12, stall_after=30)
    await arena.enter(arena.entry("slow", slow), arena.entry("quick", Scenario(text="Short.")))
    await page.goto("/")
    await ask(page, "Count")
    await expect(page.get_by_text("One two three")).not_to_have_count(0)
    await page.reload()
    await expect(page.get_by_text("One two three")).not_to_have_count(0)
    await expect(page.get_by_test_id("vote-a")).to_be_disabled()
    slow.released.set()
    await wait_until_votable(page)
    assert len(arena.provider.calls) == 2
    texts = [await page.get_by_test_id(f"answer-{side}").text_content() or "" for side in "ab"]
    assert max(text.count("One two three four five.") for text in texts) == 12


@both_readers
async def test_stop_keeps_the_text_and_retry_finishes_it(page: Page, arena: Arena) -> None:
    stuck = Scenario(text="Going on and on. " * 5, stall_after=4)
    await arena.enter(arena.entry("stuck", stuck), arena.entry("quick", Scenario(text="Short.")))
    await page.goto("/")
    await ask(page, "Go")
    await expect(page.get_by_text("Going on")).not_to_have_count(0)
    await page.get_by_test_id("stop").click()
    [cut] = [
        one for one in "ab" if "Going" in (await page.get_by_test_id(f"answer-{one}").text_content() or "")
    ]
    await show_side(page, cut)
    retry = page.get_by_test_id(f"answer-{cut}").get_by_test_id("retry")
    await expect(retry).to_be_visible()
    await expect(page.get_by_test_id(f"answer-{cut}")).to_contain_text("Going on")
    stuck.stall_after = None
    await retry.click()
    await wait_until_votable(page)


@both_readers
async def test_keys_vote_only_while_no_field_has_the_focus(page: Page, reader: Reader) -> None:
    await page.goto("/")
    await ask(page, "Keys?")
    await wait_until_votable(page)
    await page.get_by_test_id("composer").press("1")
    await expect(page.get_by_test_id("reveal-now")).to_have_count(0)
    await page.locator("body").click(position={"x": reader.size["width"] // 2, "y": 5})
    await page.evaluate("document.activeElement?.blur()")
    await page.keyboard.press("2")
    await page.get_by_test_id("reveal-now").click()
    await expect(page.get_by_test_id("vote-outcome")).to_contain_text(reader.says("vote.choice.tie"))


@both_readers
async def test_a_vote_can_be_taken_back_before_the_names_appear(page: Page) -> None:
    await page.goto("/")
    await ask(page, "Sure?")
    await wait_until_votable(page)
    await page.get_by_test_id("vote-a").click()
    await page.get_by_test_id("take-back").click()
    await wait_until_votable(page)
    assert "Swift" not in await page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@every_reader
async def test_a_battle_in_both_languages_themes_and_sizes(
    page: Page, arena: Arena, reader: Reader, scheme: Any
) -> None:
    await answer_at_length(arena)
    await page.emulate_media(color_scheme=scheme)
    await page.goto("/")
    await expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{reader.locale[:2]}"))
    await looks_well(page)
    await ask(page, "月亮为什么会发光？")
    await wait_until_votable(page)
    await show_side(page, "b")
    await looks_well(page)
    await page.get_by_test_id("vote-both-bad").click()
    await page.get_by_test_id("reveal-now").click()
    await expect(page.get_by_test_id("vote-outcome")).to_contain_text(reader.says("vote.choice.both_bad"))
    await expect(page.get_by_test_id("reveal-b")).to_be_visible()
    await looks_well(page)
    await page.goto("/boards/text")
    await expect(page.get_by_test_id("board-row").first).to_be_visible()


@both_readers
async def test_side_by_side_names_both_from_the_start_and_takes_a_vote_that_does_not_count(
    page: Page, reader: Reader
) -> None:
    await page.goto("/?mode=side_by_side")
    await ask(page, "Both of you")
    for side, name in (("a", "Calm 2"), ("b", "Swift 1")):
        await show_side(page, side)
        await expect(page.get_by_test_id(f"answer-{side}").get_by_role("heading")).to_have_text(name)
    await wait_until_votable(page)
    await expect(page.get_by_test_id("vote-note")).to_contain_text(reader.says("vote.openText.side_by_side"))
    await page.get_by_test_id("vote-b").click()
    await page.get_by_test_id("reveal-now").click()
    await expect(page.get_by_test_id("vote-outcome")).to_contain_text(reader.says("vote.choice.b"))
    await expect(page.get_by_test_id("vote-not-counted")).to_be_visible()
    await expect(page.get_by_test_id("new-pair")).to_have_count(0)
    await expect(page.get_by_test_id("answer-b")).to_contain_text(reader.says("reveal.chosen"))


@both_readers
async def test_an_arena_without_contestants_says_how_to_add_one(page: Page, arena: Arena) -> None:
    await arena.enter()
    await page.goto("/")
    await expect(page.get_by_test_id("notice").first).to_be_visible()


@both_readers
async def test_what_is_refused_is_said_and_the_typed_text_stays(page: Page, reader: Reader) -> None:
    async def refuse(route: Route) -> None:
        problem = {"code": "budget_reached", "detail": "Spent.", "retry_at": "2026-11-26T00:00:00+00:00"}
        await route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))

    await page.route("**/turns", refuse)
    await page.goto("/")
    await ask(page, "Will this be lost?")
    await expect(page.get_by_role("alert").first).to_contain_text(reader.says("problem.budget_reached"))
    await expect(page.get_by_test_id("composer")).to_have_value("Will this be lost?")


@both_readers
async def test_both_answers_say_alike_that_the_question_stands_in_line(
    page: Page, arena: Arena, reader: Reader
) -> None:
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
    # Where one answer is shown at a time, the switch between them says it, too.
    await expect(page.locator("[data-state=inLine]:visible")).to_have_count(3 if reader.on_phone else 2)
    await expect(page.get_by_test_id("announcement")).to_contain_text(reader.says("answer.inLine"))
    bodies = [await page.get_by_test_id(f"answer-{side}").text_content() or "" for side in "ab"]
    assert bodies[0].removeprefix("A") == bodies[1].removeprefix("B")
    assert reader.says("answer.inLine").search(bodies[0])
    await looks_well(page)
    stalls.released.set()
    await wait_until_votable(page)
    await expect(page.locator("[data-state=inLine]")).to_have_count(0)
