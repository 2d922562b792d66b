"""What goes wrong is said as it is, with what can be done."""

import asyncio
import re
from datetime import timedelta

import pytest
from playwright.async_api import Page, Route, expect

from evenhand.core.clock import now
from tests.browser.acts import ask, looks_well, open_rail, vote, wait_until_votable
from tests.browser.readers import Reader, both_readers
from tests.support.arena import Arena
from tests.support.fake_provider import Scenario

pytestmark = [pytest.mark.browser, both_readers]


async def test_when_both_sides_fail_it_says_so_and_trying_again_asks_both(
    page: Page, arena: Arena, reader: Reader
) -> None:
    broken = [Scenario(fail_times=1 << 30) for _ in range(2)]
    await arena.enter(*(arena.entry(f"broken-{one}", broken[one]) for one in range(2)))
    await page.goto("/")
    await ask(page, "Is anybody there?")
    bar = page.get_by_test_id("failed-sides")
    await expect(bar).to_contain_text(reader.says("vote.failed.both"))
    await looks_well(page)
    await page.get_by_test_id("rephrase").click()
    await expect(page.get_by_test_id("composer")).to_have_value("Is anybody there?")
    await page.get_by_test_id("edit-cancel").click()
    for scenario in broken:
        scenario.fail_times = 0
    await page.get_by_test_id("retry").click()
    await wait_until_votable(page)


async def test_when_one_side_fails_it_says_which_and_a_new_pair_can_be_asked(
    page: Page, arena: Arena, reader: Reader
) -> None:
    await arena.enter(arena.entry("well"), arena.entry("broken", Scenario(fail_times=1 << 30)))
    await page.goto("/")
    await ask(page, "Who is it?")
    label = await page.locator("[data-status=failed]").get_attribute("aria-label")
    await expect(page.get_by_test_id("failed-sides")).to_contain_text(
        reader.says("vote.failed.one", side=(label or "")[-1])
    )
    await arena.enter(arena.entry("well"), arena.entry("calm"))
    await page.get_by_test_id("new-pair").click()
    await wait_until_votable(page)
    await expect(page.get_by_test_id("version")).to_have_text(
        reader.says("question.version", number=2, count=2)
    )


async def test_a_broken_connection_is_said_at_once_and_the_truth_when_it_is_back(
    page: Page, arena: Arena, reader: Reader
) -> None:
    slow = Scenario(text="One two three four five. " * 12, stall_after=30)
    await arena.enter(arena.entry("slow", slow), arena.entry("quick", Scenario(text="Short.")))
    await page.goto("/")
    await ask(page, "Count")
    await expect(page.get_by_text("One two three")).not_to_have_count(0)
    writes = page.locator("[data-state=writing]:visible")
    await expect(writes).not_to_have_count(0)
    written = await writes.count()
    await page.context.set_offline(True)
    await expect(page.locator("[data-state=reconnecting]:visible")).to_have_count(written)
    await expect(page.locator("[data-state=writing]")).to_have_count(0)
    await expect(page.get_by_test_id("reconnecting")).to_be_visible()
    slow.released.set()
    await page.context.set_offline(False)
    await wait_until_votable(page)
    await expect(page.get_by_test_id("reconnecting")).to_have_count(0)
    texts = [await page.get_by_test_id(f"answer-{side}").text_content() or "" for side in "ab"]
    assert max(text.count("One two three four five.") for text in texts) == 12


async def out_of_order(route: Route) -> None:
    await route.fulfill(status=503, body="Bad gateway")


async def test_a_vote_that_does_not_get_through_is_sent_again(page: Page) -> None:
    await page.goto("/")
    await ask(page, "Who is better?")
    await wait_until_votable(page)
    await page.route("**/vote", lambda route: route.abort(), times=1)
    await vote(page, "a")
    await expect(page.get_by_test_id("problem")).to_have_count(0)


@pytest.mark.parametrize("press", ["take-back", "reveal-now"])
async def test_while_a_vote_is_held_a_press_that_fails_says_so_and_is_done_when_it_can_be(
    page: Page, arena: Arena, reader: Reader, press: str
) -> None:
    await page.goto("/")
    await ask(page, "Who is better?")
    await wait_until_votable(page)
    # So that the hold does not end meanwhile; much later would be taken for a clock that was set back.
    later = now() + timedelta(seconds=100)
    arena.app.state.clock = lambda: later
    await page.get_by_test_id("vote-a").click()
    await expect(page.get_by_test_id(press)).to_be_visible()
    await page.route("**/vote", out_of_order)
    await page.get_by_test_id(press).click()
    await expect(page.get_by_test_id("problem")).to_contain_text(reader.says("problem.unavailable"))
    await looks_well(page)
    await page.unroute("**/vote", out_of_order)
    done = {"take-back": "vote-a", "reveal-now": "reveal-a"}
    await expect(page.get_by_test_id(done[press])).to_be_visible()
    await expect(page.get_by_test_id("problem")).to_have_count(0)


async def test_names_that_cannot_be_asked_for_when_the_hold_is_over_appear_when_they_can_be(
    page: Page, arena: Arena, reader: Reader
) -> None:
    tries: asyncio.Queue[None] = asyncio.Queue()

    async def away(route: Route) -> None:
        await route.abort()
        tries.put_nowait(None)

    await page.clock.install()
    await page.goto("/")
    await ask(page, "Who is better?")
    await wait_until_votable(page)
    await page.route("**/reveal", away)
    await page.get_by_test_id("vote-a").click()
    await expect(page.get_by_test_id("take-back")).to_be_visible()
    await page.clock.fast_forward(5_000)
    for _ in range(8):
        await tries.get()
        await expect(page.get_by_test_id("held-vote")).to_contain_text(reader.says("vote.late.blind"))
        await page.clock.fast_forward(10_000)
    await expect(page.get_by_test_id("take-back")).to_have_count(0)
    await looks_well(page)
    await page.unroute("**/reveal", away)
    # The hold is over for the arena, too.
    arena.app.state.clock = lambda: now() + timedelta(hours=1)
    await page.clock.fast_forward(10_000)
    await expect(page.get_by_test_id("reveal-a")).to_be_visible()


async def test_the_last_questions_of_the_hour_are_counted_and_then_the_time_is_said(
    page: Page, arena: Arena, reader: Reader
) -> None:
    arena.app.state.settings = arena.settings.model_copy(update={"guest_turns_per_hour": 2})
    await page.goto("/")
    left = page.get_by_test_id("turns-left")
    await expect(left).to_have_text(reader.says("composer.turnsLeft", count=2))
    for said in (reader.says("composer.turnsLeft", count=1), reader.says("composer.noTurnsLeft", limit=2)):
        await ask(page, "One more?")
        await expect(left).to_have_text(said)
        await wait_until_votable(page)


async def test_a_part_of_the_page_that_cannot_be_fetched_leaves_the_rest_as_it_is(
    page: Page, arena: Arena, reader: Reader
) -> None:
    parts_away = re.compile(r"/assets/(CommitmentTick|AccountPage|SignInPage|BoardPage)-")
    await page.route(parts_away, lambda route: route.abort())
    await page.goto("/")
    await ask(page, "Is it whole?")
    await wait_until_votable(page)
    await vote(page, "a")
    await expect(page.get_by_test_id("reveal-b")).to_be_attached()
    await expect(page.get_by_test_id("commitment-a")).to_have_count(0)
    await open_rail(page)
    await page.get_by_role("link", name=reader.says("shell.boards")).click()
    await expect(page.get_by_test_id("failed-page")).to_contain_text(reader.says("failed.text"))
    await looks_well(page)
    await page.unroute(parts_away)
    await page.get_by_role("button", name=reader.says("failed.reload")).click()
    await expect(page.get_by_test_id("failed-page")).to_have_count(0)
    await expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()


async def test_an_arena_that_has_too_much_to_do_or_ends_says_so_and_the_text_stays(
    page: Page, arena: Arena, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    composer, problem = page.get_by_test_id("composer"), page.get_by_test_id("problem")
    await page.goto("/")
    with monkeypatch.context() as full:
        full.setattr(arena.app.state.caller, "has_room", lambda endpoint: False)
        await ask(page, "Is there room?")
        await expect(problem).to_have_text(reader.says("problem.busy"))
    await expect(composer).to_have_value("Is there room?")
    await looks_well(page)
    await arena.app.state.runner.drain(0)
    await page.get_by_test_id("send").click()
    await expect(problem).to_have_text(reader.says("problem.restarting"))
    await expect(composer).to_have_value("Is there room?")
