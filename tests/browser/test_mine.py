"""For the voter: one's own board, what happened since one left, guessing before the names."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import text

from tests.browser.acts import ask, looks_well, open_rail, wait_until_votable
from tests.browser.readers import Reader, both_readers
from tests.mine.acts import at_odds, enter, my_board, vote_for
from tests.support.arena import Arena, Voter

pytestmark = [pytest.mark.browser, both_readers]


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
    await be(page, voter)


async def be(page: Page, voter: Voter) -> None:
    await page.context.add_cookies([{"name": "evenhand", "value": voter.cookie, "url": voter.base_url}])


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


async def knows_the_reader(page: Page) -> None:
    """Whose page it is has come, with what they asked."""
    await open_rail(page)
    await expect(page.get_by_test_id("history-item")).to_have_count(1)


async def test_the_rail_leads_to_ones_own_board_which_says_what_it_rests_on(
    page: Page, arena: Arena, reader: Reader
) -> None:
    await enter(arena, "swift", "calm")
    await of_somebody(page, arena, "calm", "calm", "swift", "calm")
    await page.goto("/")
    await open_rail(page)
    link = page.get_by_role("link", name=reader.says("shell.myBoard"))
    await link.click()
    rests = page.get_by_test_id("my-board-rests")
    await expect(rests).to_contain_text(reader.says("mine:board.rests_other", count=4))
    rows = page.get_by_test_id("my-row")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("Calm")
    await expect(rows.first).to_contain_text("1–2")
    await expect(rests).to_contain_text(reader.says("mine:board.few"))
    await expect(page.get_by_test_id("disagreements")).to_contain_text(reader.says("mine:disagree.none"))
    await open_rail(page)
    await link.click()  # where one is already: a phone shows the page again
    await expect(page.get_by_role("heading", name=reader.says("mine:board.title"), level=1)).to_be_visible()


async def test_who_has_not_voted_is_told_so(page: Page, reader: Reader) -> None:
    await page.goto("/my-board")
    await expect(page.get_by_test_id("my-board-empty")).to_contain_text(reader.says("mine:board.empty"))
    await looks_well(page)
    await page.get_by_role("link", name=reader.says("mine:board.vote")).click()
    await expect(page.get_by_test_id("composer")).to_be_visible()


async def test_since_you_left_is_told_once_a_visit_and_opens_to_sentences(
    page: Page, arena: Arena, reader: Reader
) -> None:
    await enter(arena, "swift", "calm")
    await of_somebody(page, arena, "calm")
    line = page.get_by_test_id("since-you-left")
    await page.goto("/")
    await knows_the_reader(page)
    await expect(line).to_have_count(0)  # a first visit
    await left(arena, 3)
    await enter(arena, "swift", "calm", "grave")
    await page.reload()
    await expect(line).to_contain_text(reader.says("mine:since.line"))
    await expect(line).to_contain_text(reader.says("mine:since.new_one", count=1))
    await line.locator("summary").click()
    await expect(line).to_contain_text(reader.says("mine:since.newModels", names="Grave"))
    await expect(line).to_contain_text(reader.says("mine:since.part", name="Calm", all=1, mine=1))
    await looks_well(page)
    await page.get_by_test_id("since-close").click()
    await expect(line).to_have_count(0)
    await page.reload()
    await knows_the_reader(page)
    await expect(line).to_have_count(0)


def points(value: float) -> str:
    return f"{value:+.0f}".replace("-", "−")


async def test_ones_own_board_says_where_one_disagrees_with_the_arenas_and_by_how_much(
    page: Page, arena: Arena, reader: Reader, database_url: str
) -> None:
    voter, _ = await at_odds(arena, database_url)
    await be(page, voter)
    apart = {one["name"]: one for one in (await my_board(voter))["disagreements"]}
    assert set(apart) == {"Grave", "Swift"}
    await page.goto("/my-board")
    said = page.get_by_test_id("disagreements")
    await expect(said.get_by_role("listitem")).to_have_count(2)
    for name, direction in (("Grave", "higher"), ("Swift", "lower")):
        values = {"mine": points(apart[name]["mine"]), "board": points(apart[name]["board"])}
        sentence = reader.says(f"mine:disagree.{direction}", name=name, **values)
        await expect(said.get_by_role("listitem").filter(has_text=name)).to_have_text(sentence)
    await expect(said).not_to_contain_text(reader.says("mine:disagree.none"))
    await said.locator("summary").click()
    await expect(said).to_contain_text(reader.says("mine:disagree.howText", count=3))
    await looks_well(page)


async def test_since_you_left_says_who_has_moved_and_whom_one_places_elsewhere(
    page: Page, arena: Arena, reader: Reader, database_url: str
) -> None:
    voter, _ = await at_odds(arena, database_url)
    await be(page, voter)
    await left(arena, 3)
    async with arena.database.unit_of_work() as work:
        # As they stood when yesterday began: nobody knew yet.
        places = """INSERT INTO board_place (arena_id, day, contestant_id, rank_best, rank_worst, votes)
            SELECT arena_id, (now() AT TIME ZONE 'UTC')::date - 1, contestant_id, 1, 3, 0 FROM lineup"""
        await work.session.execute(text(places))
    await page.goto("/")
    line = page.get_by_test_id("since-you-left")
    await expect(line).to_contain_text(reader.says("mine:since.moved", count=3))
    await line.locator("summary").click()
    for place, name in enumerate(("Swift", "Calm", "Grave"), 1):
        moved = reader.says("mine:since.place", name=name, before="1–3", now=place)
        await expect(line.get_by_role("listitem").filter(has_text=moved)).to_have_count(1)
    await expect(line).to_contain_text(reader.says("mine:since.boardVotes", count=3 * 840))
    await expect(line).to_contain_text(reader.says("mine:since.higher", name="Grave"))
    await expect(line).to_contain_text(reader.says("mine:since.lower", name="Swift"))
    await looks_well(page)


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
    await knows_the_reader(page)
    await expect(page.get_by_test_id("since-you-left")).to_have_count(0)
    assert asked == []


async def test_guessing_is_offered_to_nobody_who_did_not_ask_for_it(page: Page) -> None:
    await held(page)
    await expect(page.get_by_test_id("take-back")).to_be_visible()
    await expect(page.get_by_test_id("guessing")).to_have_count(0)
    await page.get_by_test_id("reveal-now").click()
    await expect(page.get_by_test_id("reveal-a")).to_be_visible()


async def test_a_guess_comes_after_the_vote_and_the_reveal_says_whether_it_was_right(
    page: Page, reader: Reader
) -> None:
    await allow_guessing(page)
    await page.goto("/")
    await ask(page, "Who are you?")
    await wait_until_votable(page)
    await expect(page.get_by_test_id("guessing")).to_have_count(0)
    await page.get_by_test_id("vote-tie").click()
    await page.get_by_test_id("guess-first").click()
    await expect(page.get_by_role("heading", name=reader.says("mine:guess.title"))).to_be_focused()
    await expect(page.get_by_test_id("take-back")).to_have_count(0)
    names = page.get_by_test_id("guess-a").locator("option")
    await expect(names).to_have_text([reader.says("mine:guess.open"), "Calm 2", "Swift 1"])
    await looks_well(page)
    await page.get_by_test_id("guess-a").select_option("swift")
    await page.get_by_test_id("guess-b").select_option("calm")
    await page.get_by_test_id("send-guess").click()
    named = await page.get_by_test_id("reveal-a").get_by_role("heading").inner_text()
    said = "right" if named == "Swift 1" else "wrong"
    a, b = (
        reader.says(f"mine:guess.{said}", side=side, name=name).pattern
        for side, name in (("A", "Swift 1"), ("B", "Calm 2"))
    )
    result = page.get_by_test_id("guess-result")
    await expect(result).to_have_text(re.compile(f"^{a}{reader.pause}{b}$"))
    await looks_well(page)
    await page.reload()
    await expect(result).to_have_text(re.compile(f"^{a}{reader.pause}{b}$"))
    await page.goto("/my-board")
    record = reader.says("mine:guesses.record_other", count=2, right=2 if said == "right" else 0, chance=1)
    await expect(page.get_by_test_id("guesses")).to_contain_text(record)


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


async def test_all_of_it_looks_well_in_the_dark(page: Page, arena: Arena) -> None:
    await page.emulate_media(color_scheme="dark")
    await enter(arena, "swift", "calm")
    await of_somebody(page, arena, "calm", "swift", "calm")
    await left(arena, 2)
    await enter(arena, "swift", "calm", "grave")
    await page.goto("/")
    line = page.get_by_test_id("since-you-left")
    await line.locator("summary").click()
    await expect(line).to_contain_text("Grave")
    await looks_well(page)
    await allow_guessing(page)
    await expect(page.get_by_test_id("my-row")).to_have_count(2)
    await looks_well(page)
    await held(page)
    await page.get_by_test_id("guess-first").click()
    await expect(page.get_by_test_id("guess-b")).to_be_visible()
    await looks_well(page)
    await page.get_by_test_id("guess-a").select_option("swift")
    await page.get_by_test_id("send-guess").click()
    await expect(page.get_by_test_id("guess-result")).to_contain_text("Swift")
