"""Everything by the keyboard alone: the list of keys, what each does, and where the focus is."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.acts import ask, looks_well, wait_until_votable
from tests.browser.readers import Reader, both_readers
from tests.support.arena import Arena
from tests.support.fake_provider import Scenario

pytestmark = [pytest.mark.browser, both_readers]


# What a stop of the keyboard is shown by: an outline, or the border of the box around a field.
UNSEEN = """() => {
    const on = document.activeElement;
    if (on === document.body || on.matches("input, textarea")) return null;
    const {outlineStyle, opacity} = getComputedStyle(on);
    return outlineStyle === "none" || opacity === "0" ? on.outerHTML.slice(0, 200) : null;
}"""


async def stops(page: Page) -> list[str]:
    """Every stop of the Tab key, from the first one of the page; each must be seen."""
    await page.locator("a[href='#main']").focus()
    found: list[str] = []
    while len(found) < 200:
        await page.keyboard.press("Tab")
        assert await page.evaluate(UNSEEN) is None
        here = await page.evaluate(
            "document.activeElement === document.body ? '' : document.activeElement.dataset.testid ?? 'other'"
        )
        if not here:
            return found
        found.append(here)
    raise AssertionError("the keyboard does not come to an end")


async def test_a_chat_from_the_first_word_to_the_next_question_by_keys_alone(
    page: Page, reader: Reader
) -> None:
    await page.goto("/")
    await expect(page.get_by_test_id("composer")).to_be_visible()
    await page.keyboard.press("/")
    await expect(page.get_by_test_id("composer")).to_be_focused()
    await expect(page.get_by_test_id("composer")).to_have_value("")
    await page.keyboard.type("n? 1 s u")
    await expect(page.get_by_test_id("terms")).to_be_visible()
    await page.keyboard.press("Enter")
    await wait_until_votable(page)
    await page.keyboard.press("2")
    await expect(page.get_by_test_id("take-back")).to_be_visible()
    await page.keyboard.press("u")
    await wait_until_votable(page)
    await page.keyboard.press("4")
    await expect(page.get_by_test_id("take-back")).to_be_visible()
    await page.keyboard.press("v")
    await expect(page.get_by_test_id("vote-outcome")).to_contain_text(reader.says("vote.choice.b"))
    await page.keyboard.press("/")
    await expect(page.get_by_test_id("composer")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("n")
    await expect(page).to_have_url("/")
    await expect(page.get_by_test_id("composer")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("s")
    search = page.get_by_test_id("history-search")
    await expect(search).to_be_focused()
    await expect(page.get_by_test_id("history-item")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_test_id("history-item")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("vote-outcome")).to_be_visible()


async def test_no_key_votes_before_both_answers_may_be_voted_on(page: Page, arena: Arena) -> None:
    slow = Scenario(text="One two three four five. " * 3, stall_after=5)
    await arena.enter(arena.entry("slow", slow), arena.entry("quick", Scenario(text="Short.")))
    await page.goto("/")
    await ask(page, "Count")
    await expect(page.get_by_text("One two")).not_to_have_count(0)
    votes: list[str] = []
    page.on("request", lambda request: request.url.endswith("/vote") and votes.append(request.url))
    for key in "1234":
        await page.keyboard.press(key)
    slow.released.set()
    await wait_until_votable(page)
    assert votes == []
    await page.keyboard.press("1")
    await expect(page.get_by_test_id("take-back")).to_be_visible()


@pytest.mark.parametrize("in_input", [False, True], ids=["on the page", "in the input"])
async def test_escape_stops_the_answers(page: Page, arena: Arena, in_input: bool) -> None:
    slow = Scenario(text="One two three four five. " * 3, stall_after=5)
    await arena.enter(arena.entry("slow", slow), arena.entry("quick", Scenario(text="Short.")))
    await page.goto("/")
    await ask(page, "Count")
    await expect(page.get_by_test_id("stop")).to_be_visible()
    if in_input:
        await page.get_by_test_id("composer").focus()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("retry")).not_to_have_count(0)


async def test_the_focus_stays_in_the_bar_where_one_votes_by_its_buttons(page: Page) -> None:
    await page.goto("/")
    await ask(page, "Buttons?")
    await wait_until_votable(page)
    await page.get_by_test_id("vote-a").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("take-back")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_test_id("take-back")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("share-battle")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_test_id("share-battle")).to_be_focused()


async def test_whoever_switches_single_keys_off_writes_and_hits_what_they_like(
    page: Page, reader: Reader
) -> None:
    await page.goto("/")
    if reader.on_phone:
        await expect(page.get_by_test_id("composer")).to_be_visible()
        await page.keyboard.press("?")
    else:
        await page.get_by_test_id("keys").focus()
        await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("shortcuts").get_by_role("heading", level=2)).to_be_focused()
    await page.get_by_test_id("switch-keys").press(" ")
    await expect(page.get_by_test_id("switch-keys")).not_to_be_checked()
    await expect(page.get_by_test_id("shortcuts")).not_to_contain_text(reader.says("shortcuts:does.newChat"))
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("shortcuts")).to_have_count(0)
    if not reader.on_phone:
        await expect(page.get_by_test_id("keys")).to_be_focused()
    await page.reload()
    await ask(page, "Keys?")
    await wait_until_votable(page)
    for key in "1?/s":
        await page.keyboard.press(key)
    await expect(page.get_by_test_id("vote-note")).not_to_contain_text(reader.says("vote.keys"))
    await expect(page.locator("[aria-keyshortcuts]")).to_have_count(0)
    await expect(page.get_by_test_id("take-back")).to_have_count(0)
    await expect(page.get_by_test_id("shortcuts")).to_have_count(0)


async def test_the_list_shows_the_keys_that_do_something_where_one_is(page: Page, reader: Reader) -> None:
    everywhere, voting = reader.says("shortcuts:does.search"), reader.says("shortcuts:does.takeBack")
    await page.goto("/")
    await expect(page.get_by_test_id("composer")).to_be_visible()
    await page.keyboard.press("?")
    dialog = page.get_by_test_id("shortcuts")
    await expect(dialog).to_contain_text(everywhere)
    await expect(dialog).not_to_contain_text(voting)
    await looks_well(page)
    await page.get_by_test_id("shortcuts-close").click()
    await ask(page, "Which keys?")
    await wait_until_votable(page)
    await page.keyboard.press("?")
    await expect(dialog).to_contain_text(voting)
    await looks_well(page)
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


RAIL = {
    *("new-chat", "all-history", "history-search", "history-item", "history-actions"),
    *("language-switch", "keys", "theme-switch"),
}


async def test_the_tab_key_comes_by_everything_in_a_chat_and_is_seen(page: Page, reader: Reader) -> None:
    await page.goto("/")
    await ask(page, "Show me everything")
    await wait_until_votable(page)
    beside = {"open-rail"} if reader.on_phone else {*RAIL, "linked-scroll"}
    for late in ("share-chat", "question-menu", "asking-tools", "sign-in-link", *beside):
        await expect(page.get_by_test_id(late)).to_have_count(1)
    found = await stops(page)
    assert {
        *("sign-in-link", "arena-menu", "mode-menu", "share-chat", "question-menu", "edit"),
        *("vote-a", "vote-b", "vote-tie", "vote-both-bad", "composer", "asking-tools", "send", *beside),
    } <= set(found)


PAGES = ("/", "/history", "/boards/text", "/my-board", "/privacy", "/links", "/your-data", "/sign-in")


@pytest.mark.parametrize("address", PAGES)
async def test_each_stop_of_the_tab_key_is_seen_on_every_page(
    page: Page, reader: Reader, address: str
) -> None:
    await page.goto("/")
    await ask(page, "Show me everything")
    await wait_until_votable(page)
    await page.goto(address)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    beside = {"open-rail"} if reader.on_phone else RAIL
    for late in beside:
        await expect(page.get_by_test_id(late).first).to_be_visible()
    await page.wait_for_load_state("networkidle")
    assert {*beside, "sign-in-link"} <= set(await stops(page))


async def test_a_question_is_changed_and_its_versions_are_gone_through_by_keys_alone(
    page: Page, reader: Reader
) -> None:
    await page.goto("/")
    await ask(page, "First words")
    await wait_until_votable(page)
    composer, version = page.get_by_test_id("composer"), page.get_by_test_id("version")
    await page.get_by_test_id("edit").focus()
    await page.keyboard.press("Enter")
    await expect(composer).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("edit-note")).to_have_count(0)
    await expect(composer).to_be_focused()
    await page.get_by_test_id("edit").focus()
    await page.keyboard.press("Enter")
    await expect(composer).to_be_focused()
    await page.keyboard.type(", changed")
    await page.keyboard.press("Enter")
    await expect(version).to_have_text(reader.says("question.version", number=2, count=2))
    await wait_until_votable(page)
    earlier = page.get_by_test_id("version-earlier")
    await earlier.focus()
    await page.keyboard.press("Enter")
    await expect(version).to_have_text(reader.says("question.version", number=1, count=2))
    await expect(earlier).to_be_focused()


async def test_a_dialog_gives_the_focus_back_to_the_button_that_opened_it(page: Page) -> None:
    await page.goto("/")
    await ask(page, "Share this")
    await wait_until_votable(page)
    share = page.get_by_test_id("share-chat")
    await share.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    for key in "1n?s":
        await page.keyboard.press(key)
    await expect(page.get_by_role("dialog")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(share).to_be_focused()
    await expect(page.get_by_test_id("vote-a")).to_be_enabled()


async def test_the_search_is_a_key_away_where_the_menu_is_closed(page: Page, reader: Reader) -> None:
    await page.goto("/boards/text")
    if not reader.on_phone:
        await page.get_by_role("button", name=reader.says("shell.closeRail")).click()
    await expect(page.get_by_test_id("open-rail")).to_be_visible()
    await expect(page.get_by_test_id("history-search")).to_have_count(0)
    await page.keyboard.press("s")
    await expect(page).to_have_url(re.compile("/history$"))
    await expect(page.get_by_test_id("history-search")).to_be_focused()


async def test_a_menu_shows_where_one_is_in_it(page: Page) -> None:
    await page.goto("/")
    await page.get_by_test_id("mode-menu").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("mode-menu-battle")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    item = page.get_by_test_id("mode-menu-side_by_side")
    await expect(item).to_be_focused()
    assert await item.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
