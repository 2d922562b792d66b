"""For the voter: one's own board, what happened since one left, guessing before the names."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import text

from tests.browser.acts import ask, serious_faults, wait_until_votable, wider_than_its_window
from tests.browser.readers import DESKTOP, PHONE
from tests.mine.acts import enter, vote_for
from tests.support.arena import Arena

pytestmark = pytest.mark.browser

READERS = [("en-GB", DESKTOP, "light"), ("zh-CN", PHONE, "dark")]


async def left(arena: Arena, days: int) -> None:
    """Everybody here was last here so many days ago, and what was kept of the board since is as it is now."""
    await arena.app.state.boards.refresh()
    ago = timedelta(days=days)
    async with arena.database.unit_of_work() as work:
        await work.session.execute(
            text("UPDATE session SET created_at = created_at - :ago, seen_at = seen_at - :ago"), {"ago": ago}
        )
        await work.session.execute(
            text("UPDATE contestant SET created_at = created_at - :ago"), {"ago": 2 * ago}
        )


async def of_somebody(page: Page, arena: Arena, *won: str) -> None:
    """The page is somebody's who has voted for these."""
    voter = arena.voter()
    for slug in won:
        await vote_for(voter, slug)
    await page.context.add_cookies([{"name": "evenhand", "value": voter.cookie, "url": arena.base_url}])


async def allow_guessing(page: Page) -> None:
    await page.goto("/my-board")
    await page.get_by_test_id("switch-guess").click()
    await expect(page.get_by_test_id("switch-guess")).to_be_checked()


async def held(page: Page) -> None:
    """A vote that is held."""
    await page.goto("/")
    await ask(page, "Who are you?")
    await wait_until_votable(page)
    await page.get_by_test_id("vote-tie").click()


async def test_the_rail_leads_to_ones_own_board_which_says_what_it_rests_on(page: Page, arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    await of_somebody(page, arena, "calm", "calm", "swift", "calm")
    await page.goto("/")
    await page.get_by_role("link", name="My board").click()
    await expect(page.get_by_test_id("my-board-rests")).to_contain_text("By your 4 votes")
    rows = page.get_by_test_id("my-row")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("Calm")
    await expect(rows.first).to_contain_text("1–2")
    await expect(page.get_by_test_id("my-board-rests")).to_contain_text("too few votes")
    await expect(page.get_by_test_id("disagreements")).to_contain_text("Nowhere that your votes could tell")


async def test_who_has_not_voted_is_told_so(page: Page) -> None:
    await page.goto("/my-board")
    await expect(page.get_by_test_id("my-board-empty")).to_be_visible()
    await page.get_by_role("link", name="Cast a vote").click()
    await expect(page.get_by_test_id("composer")).to_be_visible()


async def test_since_you_left_is_told_once_a_visit_and_opens_to_sentences(page: Page, arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    await of_somebody(page, arena, "calm")
    line = page.get_by_test_id("since-you-left")
    await page.goto("/")
    await expect(page.get_by_test_id("history-item")).to_have_count(1)
    await expect(line).to_have_count(0)  # a first visit
    await left(arena, 3)
    await enter(arena, "swift", "calm", "grave")
    await page.reload()
    await expect(line).to_contain_text(re.compile(r"Since you left .*1 new model"))
    await line.locator("summary").click()
    await expect(line).to_contain_text("New in the draw: Grave.")
    await expect(line).to_contain_text("Votes that Calm has won so far: 1; yours among them: 1.")
    await page.get_by_test_id("since-close").click()
    await expect(line).to_have_count(0)
    await page.reload()
    await expect(page.get_by_test_id("history-item")).to_have_count(1)
    await expect(line).to_have_count(0)


async def test_who_does_not_want_to_know_what_happened_is_not_told(page: Page, arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    await of_somebody(page, arena, "calm")
    await page.goto("/my-board")
    await page.get_by_test_id("switch-since").click()
    await left(arena, 3)
    await enter(arena, "swift", "calm", "grave")
    asked: list[str] = []
    page.on("request", lambda request: "since-you-left" in request.url and asked.append(request.url))
    await page.goto("/")
    await expect(page.get_by_test_id("history-item")).to_have_count(1)
    await expect(page.get_by_test_id("since-you-left")).to_have_count(0)
    assert asked == []


async def test_guessing_is_offered_to_nobody_who_did_not_ask_for_it(page: Page) -> None:
    await held(page)
    await expect(page.get_by_test_id("take-back")).to_be_visible()
    await expect(page.get_by_test_id("guessing")).to_have_count(0)
    await page.get_by_test_id("reveal-now").click()
    await expect(page.get_by_test_id("reveal-a")).to_be_visible()


async def test_a_guess_comes_after_the_vote_and_the_reveal_says_whether_it_was_right(page: Page) -> None:
    await allow_guessing(page)
    await page.goto("/")
    await ask(page, "Who are you?")
    await wait_until_votable(page)
    await expect(page.get_by_test_id("guessing")).to_have_count(0)
    await page.get_by_test_id("vote-tie").click()
    await page.get_by_test_id("guess-first").click()
    await expect(page.get_by_role("heading", name="Who were they?")).to_be_focused()
    await expect(page.get_by_test_id("take-back")).to_have_count(0)
    names = page.get_by_test_id("guess-a").locator("option")
    await expect(names).to_have_text(["I do not know", "Calm 2", "Swift 1"])
    await page.get_by_test_id("guess-a").select_option("swift")
    await page.get_by_test_id("guess-b").select_option("calm")
    await page.get_by_test_id("send-guess").click()
    named = await page.get_by_test_id("reveal-a").get_by_role("heading").inner_text()
    said = "right" if named == "Swift 1" else "wrong"
    result = page.get_by_test_id("guess-result")
    await expect(result).to_have_text(f"You took A for Swift 1: {said}. You took B for Calm 2: {said}.")
    await page.reload()
    await expect(result).to_contain_text(f"You took A for Swift 1: {said}.")
    await page.goto("/my-board")
    right = 2 if said == "right" else 0
    await expect(page.get_by_test_id("guesses")).to_contain_text(
        f"You have named 2 sides, {right} of them rightly. Blind chance would have named about 1 rightly."
    )


async def test_time_to_guess_survives_a_reload_and_the_names_may_be_shown_without_a_guess(page: Page) -> None:
    await allow_guessing(page)
    await held(page)
    await page.get_by_test_id("guess-first").click()
    await expect(page.get_by_test_id("guess-a")).to_be_visible()
    await page.reload()
    await expect(page.get_by_test_id("guess-a")).to_be_visible()
    await page.get_by_test_id("reveal-now").click()
    await expect(page.get_by_test_id("reveal-a")).to_be_visible()
    await expect(page.get_by_test_id("guess-result")).to_have_count(0)


@pytest.mark.parametrize(("locale", "size", "scheme"), READERS, ids=[one[0] for one in READERS])
async def test_it_is_there_in_both_languages_for_everybody(
    browser: Browser, arena: Arena, locale: str, size: dict[str, int], scheme: str
) -> None:
    await enter(arena, "swift", "calm")
    context = await browser.new_context(
        base_url=arena.base_url, viewport=size, locale=locale, color_scheme=scheme
    )
    context.set_default_timeout(15_000)
    page = await context.new_page()
    await of_somebody(page, arena, "calm", "swift", "calm")
    await left(arena, 2)
    await enter(arena, "swift", "calm", "grave")
    await page.goto("/")
    line = page.get_by_test_id("since-you-left")
    await line.locator("summary").click()
    await expect(line).to_contain_text("Grave")
    assert await serious_faults(page) == []
    assert not await wider_than_its_window(page)
    await allow_guessing(page)
    await expect(page.get_by_test_id("my-row")).to_have_count(2)
    assert await serious_faults(page) == []
    assert not await wider_than_its_window(page)
    await held(page)
    await page.get_by_test_id("guess-first").click()
    await expect(page.get_by_test_id("guess-b")).to_be_visible()
    assert await serious_faults(page) == []
    assert not await wider_than_its_window(page)
    await page.get_by_test_id("guess-a").select_option("swift")
    await page.get_by_test_id("send-guess").click()
    await expect(page.get_by_test_id("guess-result")).to_contain_text("Swift")
    assert await serious_faults(page) == []
    await context.close()
