"""A page whose chat went on without it, in another tab or by a question whose answer was lost, catches up."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.acts import ask, looks_well, wait_until_votable
from tests.browser.readers import Reader, both_readers
from tests.support.arena import Arena
from tests.support.fake_provider import Scenario

pytestmark = [pytest.mark.browser, both_readers]

FIRST, SECOND, THIRD = "About lighthouses", "And their keepers?", "And the ships?"

GoOn = Callable[[Page], Awaitable[Scenario]]


async def expect_questions(page: Page, *questions: str) -> None:
    await expect(page.locator("[data-turn]")).to_contain_text(list(questions))


async def expect_written(page: Page, text: str) -> None:
    await expect(page.get_by_test_id("composer")).to_have_value(text)


async def ask_first(page: Page) -> None:
    await page.goto("/")
    await ask(page, FIRST)
    await wait_until_votable(page)


@pytest.fixture
def go_on_elsewhere(arena: Arena) -> GoOn:
    """Opens the chat in another tab and asks on there; the answers go on until they are released."""

    async def asks(page: Page) -> Scenario:
        stuck = Scenario(text="Going on and on. " * 5, stall_after=4)
        arena.provider.usual = stuck
        another = await page.context.new_page()
        await another.goto(page.url)
        await wait_until_votable(another)
        await ask(another, SECOND)
        await expect_questions(another, FIRST, SECOND)
        return stuck

    return asks


async def test_a_chat_that_went_on_in_another_tab_is_as_it_is_when_it_comes_back_into_sight(
    page: Page, go_on_elsewhere: GoOn
) -> None:
    await ask_first(page)
    stuck = await go_on_elsewhere(page)
    # What a browser does that shows a tab again; one without windows never hides any.
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    await expect_questions(page, FIRST, SECOND)
    await expect(page.get_by_test_id("stop")).to_be_visible()
    stuck.released.set()
    await wait_until_votable(page)


async def test_asking_while_another_tabs_question_is_answered_shows_that_and_how_to_stop_it(
    page: Page, reader: Reader, go_on_elsewhere: GoOn
) -> None:
    await ask_first(page)
    await go_on_elsewhere(page)
    await ask(page, THIRD)
    await expect(page.get_by_test_id("problem")).to_contain_text(reader.says("problem.already_running"))
    await expect_questions(page, FIRST, SECOND)
    await expect_written(page, THIRD)
    await looks_well(page)
    await page.get_by_test_id("stop").click()
    await expect(page.get_by_test_id("problem")).to_have_count(0)
    await page.get_by_test_id("send").click()
    await expect_questions(page, FIRST, SECOND, THIRD)
    await expect_written(page, "")


async def test_voting_on_a_battle_that_was_left_in_another_tab_shows_where_the_chat_is(
    page: Page, go_on_elsewhere: GoOn
) -> None:
    await ask_first(page)
    stuck = await go_on_elsewhere(page)
    await page.get_by_test_id("vote-a").click()
    await expect_questions(page, FIRST, SECOND)
    await expect(page.get_by_test_id("stop")).to_be_visible()
    stuck.released.set()
    await wait_until_votable(page)


async def lose_the_answer(route: Route) -> None:
    await route.fetch()
    await route.abort()


async def lose(route: Route) -> None:
    await route.abort()


async def test_a_question_that_got_through_while_its_answer_was_lost_is_not_offered_for_sending_again(
    page: Page, arena: Arena
) -> None:
    await ask_first(page)
    await page.route("**/turns", lose_the_answer)
    await ask(page, SECOND)
    await expect_questions(page, FIRST, SECOND)
    await expect_written(page, "")
    await expect(page.get_by_test_id("problem")).to_have_count(0)
    await wait_until_votable(page)
    assert len(arena.provider.calls) == 4


async def test_a_question_that_is_sent_again_after_its_answer_was_lost_is_asked_once(
    page: Page, arena: Arena, reader: Reader
) -> None:
    await ask_first(page)
    await page.route("**/turns", lose_the_answer)
    await page.route("**/conversations/*", lose)
    await ask(page, SECOND)
    await expect(page.get_by_test_id("problem")).to_contain_text(reader.says("problem.unreachable"))
    await expect_questions(page, FIRST)
    await expect_written(page, SECOND)
    await page.unroute_all()
    await page.get_by_test_id("send").click()
    await expect_questions(page, FIRST, SECOND)
    await expect_written(page, "")
    await wait_until_votable(page)
    await page.reload()
    await expect_questions(page, FIRST, SECOND)
    await expect(page.get_by_test_id("version")).to_have_count(0)
    assert len(arena.provider.calls) == 4


async def test_a_first_question_whose_answer_was_lost_leads_to_its_chat(
    page: Page, arena: Arena, reader: Reader
) -> None:
    await page.route("**/turns", lose_the_answer)
    await page.route("**/conversations/*", lose)
    await page.goto("/")
    await ask(page, FIRST)
    await expect(page.get_by_test_id("problem")).to_contain_text(reader.says("problem.unreachable"))
    await page.get_by_test_id("composer").fill(SECOND)
    await page.unroute_all()
    await page.get_by_test_id("send").click()
    await expect_questions(page, FIRST)
    await expect_written(page, SECOND)
    await wait_until_votable(page)
    await page.get_by_test_id("send").click()
    await expect_questions(page, FIRST, SECOND)
    await expect_written(page, "")
    await wait_until_votable(page)
    assert len(arena.provider.calls) == 4
