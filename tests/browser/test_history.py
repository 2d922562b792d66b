"""The history: finding a chat again, keeping chats in order, going on where one was."""

import re
from typing import Literal

import pytest
from playwright.async_api import BrowserContext, Locator, Page, Request, Route, expect

from tests.browser.acts import ask, close_rail, looks_well, open_rail, vote, wait_until_votable
from tests.browser.conftest import shared_loop
from tests.browser.readers import Reader, both_readers, every_reader
from tests.history.acts import written
from tests.support.arena import Arena, settled
from tests.support.fake_provider import Scenario

pytestmark = pytest.mark.browser

LIGHTHOUSES = "The lens of a lighthouse bundles its light. " * 40
MOON = "月亮本身不发光，它反射太阳的光。" * 60


@shared_loop
async def asked(arena: Arena, context: BrowserContext) -> dict[str, str]:
    """Chats of somebody who is the visitor: their ids, by what was asked."""
    await arena.enter(
        arena.entry("swift", Scenario(text=LIGHTHOUSES), name="Swift 1"),
        arena.entry("calm", Scenario(text=MOON), name="Calm 2"),
    )
    voter = arena.voter()
    found = {question: (await voter.battle(question))[0] for question in ("One", "Two", "三", "四")}
    await written(arena)
    await context.add_cookies([{"name": "evenhand", "value": voter.cookie, "url": arena.base_url}])
    return found


def items(page: Page) -> Locator:
    """The lines of the history page."""
    return page.locator("main").get_by_test_id("history-item")


def line(page: Page, title: str) -> Locator:
    """The one of a chat."""
    return page.locator("main li", has=page.get_by_text(title, exact=True))


def search(page: Page) -> Locator:
    return page.locator("main").get_by_test_id("history-search")


def place(page: Page, reader: Reader, name: str) -> Locator:
    """One of the two that are there without any folder: `everything` and `archived`."""
    folders = page.get_by_role("navigation", name=reader.says("history.folders"))
    return folders.get_by_role("button", name=reader.says(f"history.{name}"))


async def go_to_all_chats(page: Page) -> None:
    await open_rail(page)
    await page.get_by_test_id("all-history").click()


async def act(page: Page, title: str, *steps: str) -> None:
    """Chooses in the menu of a line."""
    await line(page, title).get_by_test_id("history-actions").click()
    for step in steps:
        await page.get_by_test_id(step).click()


@both_readers
async def test_the_rail_finds_what_was_asked_and_answered_and_opens_it_there(
    page: Page, arena: Arena, reader: Reader
) -> None:
    for question in ("About lighthouses", "About bridges"):
        await page.goto("/")
        await ask(page, question)
        await wait_until_votable(page)
    await written(arena)
    await page.goto("/")
    await open_rail(page)
    await expect(page.get_by_test_id("history-item")).to_have_count(2)
    await page.get_by_test_id("history-search").fill("Nowhere")
    await expect(page.get_by_text(reader.says("history.nothingFound"))).to_be_visible()
    await page.get_by_test_id("history-search").press("Escape")
    await expect(page.get_by_test_id("history-search")).to_have_value("")
    await expect(page.get_by_test_id("history-item")).to_have_count(2)
    await page.get_by_test_id("history-search").fill("lighth")
    await expect(page.get_by_test_id("history-item")).to_have_count(1)
    await expect(page.get_by_test_id("snippet").locator("mark")).to_have_text("lighth")
    await page.get_by_test_id("history-search").press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-turn]")).to_contain_text("About lighthouses")
    await wait_until_votable(page)


@both_readers
async def test_a_chat_that_was_opened_at_what_was_found_opens_at_its_end_after_asking_on(
    page: Page, asked: dict[str, str]
) -> None:
    turns = page.locator("[data-turn]")
    await page.goto("/history?q=One")
    await items(page).first.click()
    await expect(turns).to_have_count(1)
    await expect(page).to_have_url(re.compile(rf"/c/{asked['One']}$"))
    await turns.evaluate("turn => { turn.dataset.kept = '' }")
    for number, question in enumerate(("And then?", "And at last?"), start=2):
        await ask(page, question)
        await expect(turns).to_have_count(number)
        await wait_until_votable(page)
    await expect(turns.first).to_have_attribute("data-kept", "")
    await page.reload()
    await expect(turns).to_have_count(3)
    await expect(turns.last).to_be_in_viewport()
    await go_to_all_chats(page)
    await search(page).fill("One")
    await expect(items(page)).to_have_count(1)
    await items(page).first.click()
    await expect(turns.first).to_be_in_viewport()


@both_readers
async def test_a_search_that_is_left_is_no_longer_in_the_field(page: Page, asked: dict[str, str]) -> None:
    await page.goto("/history")
    await search(page).fill("月")
    await expect(page).to_have_url(re.compile("q="))
    await go_to_all_chats(page)
    await expect(page).to_have_url(re.compile("/history$"))
    await expect(search(page)).to_have_value("")
    await expect(page.locator("main mark")).to_have_count(0)
    await search(page).fill("月")
    await expect(page.locator("main mark").first).to_be_visible()
    await page.get_by_test_id("clear-filters").click()
    await expect(search(page)).to_have_value("")


@both_readers
async def test_one_and_two_signs_find_an_answer_and_no_name_is_shown_before_the_vote(
    page: Page, reader: Reader, asked: dict[str, str]
) -> None:
    await page.goto("/history")
    await expect(items(page)).to_have_count(4)
    for typed in ("月", "太阳"):
        await search(page).fill(typed)
        await expect(page.locator("main mark").first).to_have_text(typed)
        await expect(items(page)).to_have_count(4)
    assert "Swift" not in await page.content()
    await search(page).fill("不存在的")
    await expect(page.get_by_text(reader.says("history.nothingFound"))).to_be_visible()
    await search(page).press("Escape")
    await expect(items(page)).to_have_count(4)


@both_readers
async def test_nothing_is_looked_for_while_an_input_method_puts_a_word_together(
    page: Page, asked: dict[str, str]
) -> None:
    searched: list[str] = []
    page.on("request", lambda request: "query=" in request.url and searched.append(request.url))
    await page.goto("/history")
    await search(page).focus()
    session = await page.context.new_cdp_session(page)
    for letters in ("y", "yu", "yue"):
        await session.send(
            "Input.imeSetComposition",
            {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)},
        )
        await expect(search(page)).to_have_value(letters)
    # Letters that are being put together are no reason to search, however long one thinks.
    await page.clock.install()
    await page.clock.run_for(5_000)
    assert searched == []
    await session.send("Input.insertText", {"text": "月"})
    await page.clock.run_for(5_000)
    await expect(page.locator("main mark").first).to_have_text("月")
    assert len(searched) == 1


@both_readers
async def test_a_chat_is_renamed_in_its_place_pinned_archived_and_put_into_a_folder(
    page: Page, reader: Reader, asked: dict[str, str]
) -> None:
    await page.goto("/history")
    await act(page, "One", "rename")
    field = page.get_by_test_id("name-field")
    await expect(field).to_be_focused()
    await field.fill("The first of all")
    await field.press("Enter")
    await expect(items(page).last).to_contain_text("The first of all")
    await act(page, "The first of all", "rename")
    await field.fill("Not this")
    await field.press("Escape")
    await expect(items(page).last).to_contain_text("The first of all")

    await page.get_by_test_id("new-folder").click()
    await field.fill("Work")
    await field.press("Enter")
    await expect(page.get_by_test_id("folder-Work")).to_be_visible()
    await act(page, "Two", "move-Work")
    await expect(page.get_by_test_id("folder-Work")).to_contain_text("1")
    await act(page, "三", "pin")
    await open_rail(page)
    await expect(page.locator("#rail-pinned")).to_contain_text("三")
    await close_rail(page)
    await act(page, "四", "archive")
    await expect(items(page)).to_have_count(3)

    await page.get_by_test_id("folder-Work").click()
    await expect(items(page)).to_have_count(1)
    await expect(items(page)).to_contain_text("Two")
    await page.get_by_test_id("rename-folder").click()
    await field.fill("办公")
    await field.press("Enter")
    await expect(page.get_by_test_id("folder-办公")).to_be_visible()
    await page.get_by_test_id("delete-folder").click()
    await expect(page.locator("main").get_by_role("alert")).to_contain_text(
        reader.says("history.deleteFolderNote", name="办公")
    )
    await looks_well(page)
    await page.get_by_test_id("confirm-delete-folder").click()
    await expect(items(page)).to_have_count(3)
    await place(page, reader, "archived").click()
    await expect(items(page)).to_have_count(1)
    await act(page, "四", "archive")
    await expect(page.get_by_text(reader.says("history.nothingHere"))).to_be_visible()
    await page.reload()
    await place(page, reader, "everything").click()
    await expect(items(page)).to_have_count(4)


@both_readers
async def test_the_focus_stays_where_something_was_changed(
    page: Page, reader: Reader, asked: dict[str, str]
) -> None:
    def menu(title: str) -> Locator:
        return line(page, title).get_by_test_id("history-actions")

    async def choose(title: str, step: str) -> None:
        await menu(title).focus()
        await page.keyboard.press("Enter")
        await page.get_by_test_id(step).focus()
        await page.keyboard.press("Enter")

    await page.goto("/history")
    field = page.get_by_test_id("name-field")
    await choose("Two", "rename")
    await expect(field).to_be_focused()
    await field.fill("The second")
    await field.press("Enter")
    await expect(menu("The second")).to_be_focused()
    await choose("The second", "rename")
    await field.press("Escape")
    await expect(menu("The second")).to_be_focused()
    await choose("The second", "pin")
    await expect(line(page, "The second")).to_contain_text(reader.says("history.pinned"))
    await expect(menu("The second")).to_be_focused()
    await choose("The second", "archive")
    await expect(items(page)).to_have_count(3)
    await expect(menu("One")).to_be_focused()
    await choose("One", "archive")
    await expect(items(page)).to_have_count(2)
    await expect(menu("三")).to_be_focused()

    await open_rail(page)
    rail = page.locator("#rail-history")
    await rail.get_by_test_id("history-actions").first.focus()
    await page.keyboard.press("Enter")
    await page.get_by_test_id("pin").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#rail-pinned")).to_contain_text("四")
    await expect(rail.get_by_test_id("history-actions").first).to_be_focused()
    await close_rail(page)
    if reader.on_phone:
        await expect(page.get_by_test_id("open-rail")).to_be_focused()

    new = page.get_by_test_id("new-folder")
    await new.focus()
    await page.keyboard.press("Enter")
    await field.press("Escape")
    await expect(new).to_be_focused()
    await page.keyboard.press("Enter")
    await field.fill("Work")
    await field.press("Enter")
    await expect(new).to_be_focused()
    await page.get_by_test_id("folder-Work").focus()
    await page.keyboard.press("Enter")
    await page.get_by_test_id("rename-folder").focus()
    await page.keyboard.press("Enter")
    await field.fill("Home")
    await field.press("Enter")
    await expect(page.get_by_test_id("folder-Home")).to_be_visible()
    await expect(page.get_by_test_id("rename-folder")).to_be_focused()
    await page.get_by_test_id("delete-folder").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("confirm-delete-folder")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(place(page, reader, "everything")).to_be_focused()


@both_readers
async def test_a_folder_name_that_is_taken_stays_in_its_field_until_it_is_another(
    page: Page, reader: Reader, asked: dict[str, str]
) -> None:
    await page.goto("/history")
    field = page.get_by_test_id("name-field")
    trouble = page.locator("main").get_by_role("alert")
    for name in ("Work", "Work"):
        await page.get_by_test_id("new-folder").click()
        await field.fill(name)
        await field.press("Enter")
        await expect(page.get_by_test_id("folder-Work")).to_be_visible()
    await expect(trouble).to_contain_text(reader.says("problem.folder_exists"))
    await expect(field).to_have_value("Work")
    await field.fill("Home")
    await field.press("Enter")
    await expect(page.get_by_test_id("folder-Home")).to_be_visible()
    await expect(field).to_have_count(0)
    await expect(trouble).to_have_count(0)


@both_readers
async def test_enter_that_picks_an_input_methods_word_does_not_end_a_renaming(
    page: Page, asked: dict[str, str]
) -> None:
    await page.goto("/history")
    await act(page, "One", "rename")
    field = page.get_by_test_id("name-field")
    # Safari's order: the composition has ended when it tells of the key, which it gives the number 229.
    await field.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "bubbles": True})
    await field.fill("月亮")
    await field.press("Enter")
    await expect(items(page).last).to_contain_text("月亮")


@both_readers
async def test_filters_stand_in_the_address(page: Page, reader: Reader, asked: dict[str, str]) -> None:
    await page.goto(f"/c/{asked['Two']}")
    await wait_until_votable(page)
    await vote(page, "a")
    await go_to_all_chats(page)
    filtered = page.get_by_test_id("filter-voted")
    await expect(filtered).to_have_text(reader.says("history.filter.anyVote"))
    await filtered.click()
    await page.get_by_test_id("filter-voted-yes").click()
    await expect(items(page)).to_have_count(1)
    await expect(page).to_have_url(re.compile(r"voted=true"))
    await page.reload()
    await expect(items(page)).to_have_text([re.compile("Two")])
    await expect(filtered).to_have_text(reader.says("history.voted"))
    await expect(filtered).not_to_have_text(reader.says("history.filter.anyVote"))
    await page.get_by_role("button", name=reader.says("history.filter.clear")).click()
    await expect(items(page)).to_have_count(4)


@both_readers
async def test_what_cannot_be_read_or_changed_is_said_and_can_be_tried_again(
    page: Page, reader: Reader, asked: dict[str, str]
) -> None:
    async def refuse(route: Route) -> None:
        if route.request.method in ("GET", "PATCH"):
            await route.fulfill(
                status=500, content_type="application/problem+json", body='{"code": "failed"}'
            )
        else:
            await route.continue_()

    await page.route("**/api/v1/conversations?*", refuse)
    await page.goto("/history")
    await expect(page.locator("main").get_by_role("alert")).to_contain_text(reader.says("problem.failed"))
    await looks_well(page)
    await page.unroute("**/api/v1/conversations?*")
    await page.locator("main").get_by_role("button", name=reader.says("chat.tryAgain")).click()
    await expect(items(page)).to_have_count(4)
    await page.route("**/api/v1/conversations/*", refuse)
    await act(page, "One", "pin")
    await expect(page.locator("main").get_by_role("alert")).to_contain_text(reader.says("problem.failed"))


@both_readers
async def test_a_long_list_is_read_on_as_one_scrolls_or_says_why_not(
    page: Page, arena: Arena, context: BrowserContext, reader: Reader
) -> None:
    await arena.enter(arena.entry("swift", Scenario(text="Yes.")), arena.entry("calm"))
    voter = arena.voter()
    for number in range(60):
        conversation = await voter.begin("direct", "swift")
        await voter.ask(conversation, f"Number {number}")
        await voter.hear(conversation, settled)
    await context.add_cookies([{"name": "evenhand", "value": voter.cookie, "url": arena.base_url}])

    async def refuse(route: Route) -> None:
        await route.fulfill(status=500, content_type="application/problem+json", body='{"code": "failed"}')

    await page.route("**/api/v1/conversations?*cursor=*", refuse)
    await page.goto("/history")
    await expect(items(page)).to_have_count(50)
    await items(page).last.scroll_into_view_if_needed()
    trouble = page.locator("main").get_by_role("alert")
    await expect(trouble).to_contain_text(reader.says("problem.failed"))
    await looks_well(page)
    await page.unroute("**/api/v1/conversations?*cursor=*")
    await page.locator("main").get_by_role("button", name=reader.says("chat.tryAgain")).click()
    await expect(items(page)).to_have_count(60)
    await expect(items(page).last).to_contain_text("Number 0")
    await expect(trouble).to_have_count(0)


def keeps_a_place(asked: Request) -> bool:
    """Another than the end, where a chat opens by itself."""
    return asked.method == "PATCH" and bool((asked.post_data_json or {}).get("place"))


@both_readers
async def test_a_chat_opens_where_it_was_left(
    page: Page, arena: Arena, context: BrowserContext, asked: dict[str, str]
) -> None:
    await page.goto(f"/c/{asked['One']}")
    turns = page.locator("[data-turn]")
    for number, question in enumerate(("And then?", "And after that?"), start=2):
        await ask(page, question)
        await expect(turns).to_have_count(number)
        await wait_until_votable(page)
    middle = turns.nth(1)
    async with page.expect_response(lambda answered: keeps_a_place(answered.request)):
        await page.mouse.move(200, 30)
        await page.locator("main").evaluate("(main) => main.scrollTo({top: main.scrollHeight / 3})")
    shown = await middle.bounding_box()
    another_tab = await context.new_page()
    await another_tab.goto(page.url)
    await expect(another_tab.locator("[data-turn]")).to_have_count(3)
    assert shown is not None
    await another_tab.wait_for_function(
        "top => Math.abs(document.querySelectorAll('[data-turn]')[1].getBoundingClientRect().top - top) < 20",
        arg=shown["y"],
    )
    kept: list[Request] = []
    context.on("request", lambda asked: keeps_a_place(asked) and kept.append(asked))
    await ask(another_tab, "And at last?")
    await expect(another_tab.locator("[data-turn]")).to_have_count(4)
    await wait_until_votable(another_tab)
    assert kept == []
    await page.goto("/")
    await open_rail(page)
    await page.get_by_test_id("history-item").filter(has_text="One").click()
    await expect(turns.last).to_be_in_viewport()


@both_readers
async def test_a_chat_whose_model_has_left_says_so_and_goes_on_with_another(
    page: Page, arena: Arena, context: BrowserContext, reader: Reader, asked: dict[str, str]
) -> None:
    voter = arena.voter()
    [cookie] = [one for one in await context.cookies() if one["name"] == "evenhand"]
    voter.cookie = cookie["value"]
    named = await voter.begin("side_by_side", "swift", "calm")
    await voter.ask(named, "Both of you")
    await voter.hear(named, settled)
    await arena.enter(arena.entry("calm", name="Calm 2"), arena.entry("third", name="Third 3"))
    await page.goto(f"/c/{named}")
    await expect(page.get_by_test_id("retired")).to_contain_text(
        reader.says("instead.coming_one", names="Swift 1")
    )
    await ask(page, "And then?")
    await expect(page.get_by_test_id("instead")).to_contain_text(reader.says("instead.retiredNamed"))
    await expect(page.get_by_test_id("retired")).to_have_count(0)
    await expect(page.get_by_text("Third 3").first).to_be_visible()

    await page.goto(f"/c/{asked['One']}")
    await ask(page, "And then?")
    drawn = re.compile("|".join(reader.says("vote.carried.draw", side=side).pattern for side in "AB"))
    instead = page.get_by_test_id("instead")
    await expect(instead).to_contain_text(reader.says("instead.retired"))
    await expect(instead).to_contain_text(drawn)
    await wait_until_votable(page)
    await page.reload()
    await expect(instead).to_contain_text(drawn)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@every_reader
async def test_the_history_in_both_languages_themes_and_sizes(
    page: Page, reader: Reader, asked: dict[str, str], scheme: Literal["light", "dark"]
) -> None:
    await page.emulate_media(color_scheme=scheme)
    await page.goto("/history")
    await expect(page.get_by_role("heading", level=1)).to_have_text(reader.says("history.title"))
    await expect(page.get_by_role("navigation", name=reader.says("history.folders"))).to_be_visible()
    await expect(items(page)).to_have_count(4)
    await looks_well(page)
    await search(page).fill("月")
    await expect(page.locator("main mark").first).to_be_visible()
    await looks_well(page)
    await act(page, "四", "pin")
    await page.locator("main").get_by_test_id("history-actions").first.click()
    await expect(page.get_by_test_id("rename")).to_have_text(reader.says("history.rename"))
    await looks_well(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("rename")).to_have_count(0)
    await open_rail(page)
    await expect(page.locator("#rail-history")).to_be_visible()
