"""A conversation is a tree: a question in other words begins a branch, and none is lost."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.acts import ask, looks_well, vote, wait_until_votable
from tests.browser.readers import Reader, both_readers

pytestmark = [pytest.mark.browser, both_readers]


async def ask_in_other_words(page: Page, question: str, number: int = 0) -> None:
    """Puts the shown question with this number into other words."""
    await page.get_by_test_id("edit").nth(number).click()
    await expect(page.get_by_test_id("edit-note")).to_be_visible()
    await ask(page, question)
    await expect(page.get_by_test_id("edit-note")).to_have_count(0)


async def test_a_question_in_other_words_is_a_version_and_the_keyboard_walks_them(
    page: Page, reader: Reader
) -> None:
    first, second = (reader.says("question.version", number=number, count=2) for number in (1, 2))
    await page.goto("/")
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    await page.get_by_test_id("composer").fill("A draft that stays")
    await page.get_by_test_id("edit").click()
    await expect(page.get_by_test_id("composer")).to_have_value("About lighthouses")
    await expect(page.get_by_test_id("composer")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("composer")).to_have_value("A draft that stays")
    await ask_in_other_words(page, "About bridges")
    await wait_until_votable(page)
    question = page.locator("[data-turn]")
    await expect(question).to_have_count(1)
    await expect(question).to_contain_text("About bridges")
    await expect(page.get_by_test_id("version")).to_have_text(second)
    await looks_well(page)

    earlier = page.get_by_test_id("version-earlier")
    await earlier.focus()
    async with page.expect_response(lambda response: response.request.method == "PATCH") as kept:
        await page.keyboard.press("Enter")
    await expect(question).to_contain_text("About lighthouses")
    await expect(earlier).to_be_focused()
    await expect(page.get_by_test_id("vote-left")).to_be_visible()
    await kept.value
    await page.reload()
    await expect(page.get_by_test_id("version")).to_have_text(first)
    another_tab = await page.context.new_page()
    await another_tab.goto(page.url)
    await expect(another_tab.get_by_test_id("version")).to_have_text(first)
    await looks_well(another_tab)


async def test_going_on_after_a_vote_asks_a_new_pair_in_the_branch_that_is_shown(
    page: Page, reader: Reader
) -> None:
    await page.goto("/")
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    await vote(page, "a")
    await ask_in_other_words(page, "About bridges")
    await wait_until_votable(page)
    await page.get_by_test_id("version-earlier").click()
    await expect(page.get_by_test_id("vote-outcome")).to_contain_text(reader.says("vote.choice.a"))
    await ask(page, "And their keepers?")
    await wait_until_votable(page)
    questions = page.locator("[data-turn]")
    await expect(questions).to_have_count(2)
    await expect(questions.first).to_contain_text("About lighthouses")
    await expect(questions.last).to_contain_text("And their keepers?")
