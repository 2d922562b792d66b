"""How one asks: suggestions, one's own prompts, the form of the answers, asking again, drafts that stay."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import BrowserContext, Page, Route, expect

from evenhand.battles.presets import Preset, instructions, used
from tests.browser.acts import ask, looks_well, vote, wait_until_votable
from tests.browser.readers import Reader, both_readers, every_reader
from tests.support.arena import Arena

pytestmark = pytest.mark.browser


async def written(page: Page) -> str:
    return await page.get_by_test_id("composer").input_value()


@asynccontextmanager
async def on_its_way(page: Page, question: str) -> AsyncIterator[None]:
    """Asks, and holds the question back until the block ends."""
    left, may_go = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        left.set()
        await may_go.wait()
        await route.continue_()

    await page.route("**/turns", hold, times=1)
    await page.get_by_test_id("composer").fill(question)
    await page.get_by_test_id("composer").press("Enter")
    await left.wait()
    try:
        yield
    finally:
        may_go.set()


async def open_prompts(page: Page) -> None:
    await page.get_by_test_id("asking-tools").click()
    await page.get_by_test_id("tab-prompts").click()


async def keep_prompt(page: Page, name: str, text: str) -> None:
    """Keeps a prompt by the panel at the input, and closes it."""
    await open_prompts(page)
    await page.get_by_test_id("prompt-new").click()
    await page.get_by_test_id("prompt-name").fill(name)
    await page.get_by_test_id("prompt-text").fill(text)
    await page.get_by_test_id("prompt-save").click()
    await expect(page.get_by_test_id("prompt-item").filter(has_text=name)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("asking-panel")).to_have_count(0)
    await expect(page.get_by_test_id("asking-tools")).to_be_focused()


def system_prompts(arena: Arena) -> list[str]:
    return [
        message["content"]
        for call in arena.provider.calls
        for message in call.body["messages"]
        if message["role"] == "system"
    ]


@both_readers
async def test_six_prompts_of_the_day_are_suggested_and_one_goes_into_the_input(
    page: Page, arena: Arena, reader: Reader
) -> None:
    await page.goto("/")
    prompts = page.get_by_test_id("prompt")
    await expect(prompts).to_have_count(6)
    today = (await arena.voter().call("GET", f"/arenas/text/suggestions?language={reader.locale[:2]}")).body
    assert await prompts.all_inner_texts() == today["prompts"]
    await prompts.nth(2).click()
    await expect(page.get_by_test_id("composer")).to_have_value(today["prompts"][2])
    await expect(page.get_by_test_id("composer")).to_be_focused()


@every_reader  # what can be chosen is longer in English, and a phone narrower
async def test_what_is_wanted_of_the_answers_is_told_to_both_and_stays_chosen(
    page: Page, arena: Arena, reader: Reader
) -> None:
    await page.goto("/")
    tools = page.get_by_test_id("asking-tools")
    await expect(tools).to_have_accessible_name(reader.says("composer.tools"))
    await tools.click()
    panel = page.get_by_test_id("asking-panel")
    await expect(panel.get_by_role("radio", checked=True)).to_have_count(2)
    choices = panel.locator("label")
    await choices.filter(has_text=reader.says("asking:length.short")).click()
    await choices.filter(has_text=reader.says("asking:tone.formal")).click()
    await expect(panel.get_by_role("radio", name=reader.says("asking:tone.formal"))).to_be_checked()
    await page.get_by_test_id("preset-language").select_option("ja")
    told = instructions(used(Preset(length="short", tone="formal", language="ja")))
    await panel.locator("summary").click()
    await expect(page.get_by_test_id("preset-wording")).to_have_text(told)
    await looks_well(page)
    await page.keyboard.press("Escape")
    await expect(tools).to_be_focused()
    await expect(tools).to_have_accessible_name(reader.says("composer.toolsChosen"))
    await ask(page, "Why is the sky blue?")
    await expect(page.locator("[data-turn]")).to_be_visible()
    await page.reload()
    await tools.click()
    await expect(page.get_by_test_id("preset-short")).to_be_checked()
    await expect(page.get_by_test_id("preset-language")).to_have_value("ja")
    assert system_prompts(arena) == [told] * 2


@both_readers
async def test_a_prompt_is_kept_found_by_a_slash_and_filled_in(page: Page, reader: Reader) -> None:
    await page.goto("/")
    await keep_prompt(page, "Letter", "Write to {{whom}} about {{主题}}, {{whom}} being far away.")
    await keep_prompt(page, "Plain", "Say it plainly.")
    await page.get_by_test_id("composer").press("/")
    search = page.get_by_test_id("prompt-search")
    await expect(search).to_be_focused()
    await expect(page.get_by_test_id("prompt-item")).to_have_count(2)
    await looks_well(page)
    await search.fill("lett")
    await expect(page.get_by_test_id("prompt-item")).to_have_count(1)
    await search.press("Enter")
    fields = page.get_by_test_id("placeholder")
    await expect(fields).to_have_count(2)
    await expect(fields.first).to_be_focused()
    await fields.first.fill("Ann")
    await fields.last.fill("$& {{whom}}")
    await looks_well(page)
    await fields.last.press("Enter")
    composer = page.get_by_test_id("composer")
    await expect(composer).to_have_value("Write to Ann about $& {{whom}}, Ann being far away.")
    await expect(composer).to_be_focused()
    await composer.fill("")
    await composer.press("/")
    await expect(page.get_by_test_id("prompt-item").first).to_contain_text("Letter")
    await search.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(composer).to_have_value("Say it plainly.")


@both_readers
async def test_a_slash_that_is_meant_as_itself_can_be_written(page: Page, reader: Reader) -> None:
    await page.goto("/")
    composer = page.get_by_test_id("composer")
    await composer.press("/")
    await expect(page.get_by_test_id("no-prompts")).to_have_text(reader.says("asking:none"))
    await page.keyboard.type("etc/hosts")
    await page.keyboard.press("Enter")
    await expect(composer).to_have_value("/etc/hosts")
    await expect(composer).to_be_focused()
    await page.keyboard.type(" and / is the root")
    await expect(composer).to_have_value("/etc/hosts and / is the root")
    await composer.fill("")
    await composer.press("/")
    await page.keyboard.press("Escape")
    await expect(composer).to_be_focused()
    assert await written(page) == ""


@both_readers
async def test_a_prompt_is_put_where_one_writes(page: Page) -> None:
    await page.goto("/")
    await keep_prompt(page, "Plain", "plainly ")
    composer = page.get_by_test_id("composer")
    await composer.fill("Say it again.")
    await composer.evaluate("field => field.setSelectionRange(7, 7)")
    await open_prompts(page)
    await page.get_by_test_id("prompt-item").get_by_role("button").first.click()
    await expect(composer).to_have_value("Say it plainlyagain.")


@both_readers
async def test_prompts_are_changed_and_deleted_in_their_place(page: Page, reader: Reader) -> None:
    await page.goto("/")
    await keep_prompt(page, "Plain", "Say it plainly.")
    await open_prompts(page)
    await page.get_by_test_id("prompt-edit").click()
    await expect(page.get_by_test_id("prompt-name")).to_have_value("Plain")
    await page.get_by_test_id("prompt-name").fill("Plainer")
    await page.keyboard.press("Enter")
    item = page.get_by_test_id("prompt-item")
    await expect(item).to_contain_text("Plainer")
    await page.get_by_test_id("prompt-edit").click()
    await page.get_by_test_id("prompt-name").fill("Nothing of it")
    await page.keyboard.press("Escape")
    await expect(item).to_contain_text("Plainer")
    await expect(page.get_by_test_id("tab-prompts")).to_be_focused()
    await page.get_by_test_id("prompt-delete").click()
    await expect(page.get_by_test_id("prompt-confirm-delete")).to_be_focused()
    await expect(item).to_contain_text(reader.says("asking:deleteNote", name="Plainer"))
    await looks_well(page)
    await page.keyboard.press("Enter")
    await expect(item).to_have_count(0)
    await expect(page.get_by_test_id("tab-prompts")).to_be_focused()
    await page.reload()
    await open_prompts(page)
    await expect(page.get_by_test_id("no-prompts")).to_be_visible()


@both_readers
async def test_a_question_is_kept_as_a_prompt(page: Page, reader: Reader) -> None:
    await page.goto("/")
    await ask(page, "About lighthouses\nand their keepers")
    await wait_until_votable(page)
    await page.get_by_test_id("question-menu").click()
    await page.get_by_test_id("save-question").click()
    await expect(page.get_by_test_id("prompt-name")).to_have_value("About lighthouses")
    await expect(page.get_by_test_id("prompt-text")).to_have_value("About lighthouses\nand their keepers")
    await looks_well(page)
    await page.get_by_test_id("prompt-save").click()
    await expect(page.get_by_test_id("prompt-form")).to_have_count(0)
    await page.get_by_test_id("composer").press("/")
    await expect(page.get_by_test_id("prompt-item")).to_contain_text("About lighthouses")


@both_readers
async def test_asking_again_before_the_vote_says_so_and_gives_new_answers_by_keys_alone(
    page: Page, reader: Reader
) -> None:
    await page.goto("/")
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    await page.get_by_test_id("question-menu").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("ask-again")).to_be_focused()
    await page.keyboard.press("Enter")
    composer = page.get_by_test_id("composer")
    await expect(composer).to_be_focused()
    await expect(composer).to_have_value("About lighthouses")
    said = [reader.says(f"question.{key}").pattern for key in ("again", "leavesOpen")]
    note = page.get_by_test_id("edit-note").get_by_role("status")
    await expect(note).to_have_text(re.compile(f"^{reader.pause.join(said)}$"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("version")).to_contain_text("2")
    await wait_until_votable(page)
    await page.get_by_test_id("version-earlier").click()
    await expect(page.get_by_test_id("vote-left")).to_be_visible()
    await looks_well(page)


async def kept_back(page: Page, address: str) -> asyncio.Event:
    """Opens the first page, which knows nothing of this address until the event is set."""
    come = asyncio.Event()

    async def wait(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await page.route(address, wait)
    await page.goto("/")
    return come


@both_readers
async def test_enter_before_the_page_is_ready_sends_as_soon_as_it_is(
    page: Page, arena: Arena, context: BrowserContext
) -> None:
    voter = arena.voter()
    await voter.battle("Asked before, with all that goes with it")
    await context.add_cookies([{"name": "evenhand", "value": voter.cookie, "url": arena.base_url}])
    come = await kept_back(page, "**/api/v1/instance")
    composer = page.get_by_test_id("composer")
    await composer.fill("Why is the sky")
    await composer.press("Enter")
    # Writing on takes it back.
    await composer.fill("Why is the sky blue")
    await composer.press("?")
    come.set()
    await expect(page.get_by_test_id("send")).to_be_enabled()
    await expect(composer).to_have_value("Why is the sky blue?")
    come = await kept_back(page, "**/api/v1/instance")
    await composer.press("Enter")
    await expect(page.get_by_test_id("send")).to_be_disabled()
    come.set()
    await expect(page.locator("[data-turn]")).to_contain_text("Why is the sky blue?")


@both_readers
async def test_enter_agrees_to_no_terms_that_were_not_there_yet(page: Page, reader: Reader) -> None:
    come = await kept_back(page, "**/api/v1/me")
    composer = page.get_by_test_id("composer")
    await composer.fill("Why is the sky blue?")
    await composer.press("Enter")
    come.set()
    await expect(page.get_by_test_id("terms")).to_contain_text(reader.says("terms.agree"))
    await expect(page.get_by_test_id("send")).to_be_enabled()
    await expect(composer).to_have_value("Why is the sky blue?")
    await composer.press("Enter")
    await expect(page.locator("[data-turn]")).to_contain_text("Why is the sky blue?")


@both_readers
async def test_asking_again_after_the_vote_leaves_the_vote_as_it_is(page: Page, reader: Reader) -> None:
    await page.goto("/")
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    await vote(page, "a")
    await page.get_by_test_id("question-menu").click()
    await page.get_by_test_id("ask-again").click()
    await expect(page.get_by_test_id("edit-note")).to_contain_text(reader.says("question.again"))
    await expect(page.get_by_test_id("edit-note")).not_to_contain_text(reader.says("question.leavesOpen"))
    await page.get_by_test_id("send").click()
    await wait_until_votable(page)
    await page.get_by_test_id("version-earlier").click()
    await expect(page.get_by_test_id("vote-outcome")).to_be_visible()


@both_readers
async def test_what_one_writes_survives_reloads_and_a_crash_and_is_the_same_in_every_tab(
    page: Page, context: BrowserContext
) -> None:
    await page.goto("/")
    await page.get_by_test_id("composer").fill("A new chat, half written")
    await page.reload()
    assert await written(page) == "A new chat, half written"
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    another = await context.new_page()
    await another.goto(page.url)
    await page.get_by_test_id("composer").fill("And their keepers")
    await expect(another.get_by_test_id("composer")).to_have_value("And their keepers")
    await another.get_by_test_id("composer").fill("And their keepers?")
    await expect(page.get_by_test_id("composer")).to_have_value("And their keepers?")
    await another.goto("/")
    assert await written(another) == ""
    crashed = page.url
    await page.close(run_before_unload=False)
    await another.goto(crashed)
    assert await written(another) == "And their keepers?"
    await looks_well(another)


@both_readers
async def test_a_question_that_is_being_changed_survives_a_reload_beside_the_draft(
    page: Page, reader: Reader
) -> None:
    await page.goto("/")
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    composer = page.get_by_test_id("composer")
    await composer.fill("A draft that stays")
    await page.get_by_test_id("edit").click()
    await composer.fill("About lighthouses in storms")
    await page.reload()
    await expect(page.get_by_test_id("edit-note")).to_contain_text(reader.says("question.editing"))
    await expect(composer).to_have_value("About lighthouses in storms")
    await page.get_by_test_id("edit-cancel").click()
    await expect(composer).to_have_value("A draft that stays")
    await page.reload()
    await expect(composer).to_have_value("A draft that stays")
    await expect(page.get_by_test_id("edit-note")).to_have_count(0)


@both_readers
async def test_what_one_writes_on_while_a_question_is_on_its_way_is_the_draft_of_its_chat(page: Page) -> None:
    composer, questions = page.get_by_test_id("composer"), page.locator("[data-turn]")
    await page.goto("/")
    async with on_its_way(page, "About lighthouses"):
        await composer.press_sequentially(" And their keep")
    await expect(questions).to_contain_text(["About lighthouses"])
    await expect(composer).to_be_focused()
    await page.keyboard.type("ers?")
    await expect(composer).to_have_value("And their keepers?")
    await wait_until_votable(page)
    async with on_its_way(page, "And their keepers?"):
        await composer.press_sequentially("\nNow the ships.")
    await expect(questions).to_contain_text(["About lighthouses", "And their keepers?"])
    await expect(composer).to_have_value("Now the ships.")
    await expect(composer).to_be_focused()
    await page.reload()
    await expect(composer).to_have_value("Now the ships.")
    await wait_until_votable(page)
    await page.get_by_test_id("send").click()
    await expect(questions).to_contain_text(["About lighthouses", "And their keepers?", "Now the ships."])
    await expect(composer).to_have_value("")
    await expect(composer).not_to_be_focused()
    await page.goto("/")
    assert await written(page) == ""


@both_readers
async def test_a_question_that_was_left_while_it_was_on_its_way_is_no_draft_any_more(page: Page) -> None:
    await page.goto("/")
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    chat = page.url
    async with on_its_way(page, "And their keepers?"):
        await page.evaluate("document.activeElement.blur()")
        await page.keyboard.press("n")
        await expect(page).not_to_have_url(chat)
    await page.go_back()
    await expect(page.locator("[data-turn]")).to_contain_text(["About lighthouses", "And their keepers?"])
    assert await written(page) == ""


@both_readers
async def test_other_words_that_change_while_they_are_on_their_way_can_be_asked_too(page: Page) -> None:
    await page.goto("/")
    await ask(page, "About lighthouses")
    await wait_until_votable(page)
    await page.get_by_test_id("edit").click()
    async with on_its_way(page, "About bridges"):
        await page.get_by_test_id("composer").fill("About bridges in storms")
    await expect(page.locator("[data-turn]")).to_contain_text(["About bridges"])
    await expect(page.get_by_test_id("edit-note")).to_be_visible()
    await page.get_by_test_id("send").click()
    await expect(page.locator("[data-turn]")).to_contain_text(["About bridges in storms"])
    await expect(page.get_by_test_id("edit-note")).to_have_count(0)
    assert await written(page) == ""


async def test_keys_that_come_while_the_panel_closes_are_not_taken_from_where_they_go(page: Page) -> None:
    await page.goto("/")
    await page.get_by_test_id("asking-tools").click()
    await expect(page.get_by_test_id("asking-panel")).to_be_visible()
    await page.evaluate("setTimeout(() => { const end = Date.now() + 1000; while (Date.now() < end); })")
    await asyncio.gather(*(page.keyboard.press(key) for key in ("Escape", "/", "a")))
    await expect(page.get_by_test_id("asking-panel")).to_have_count(0)
    await expect(page.get_by_test_id("composer")).to_be_focused()
    assert await written(page) == "a"


@both_readers
async def test_the_panel_stays_where_it_is_when_its_tab_changes(page: Page) -> None:
    await page.goto("/")
    await page.get_by_test_id("asking-tools").click()
    panel = page.get_by_test_id("asking-panel")
    places = []
    for tab in ("form", "prompts", "form"):
        await page.get_by_test_id(f"tab-{tab}").click()
        await expect(page.get_by_test_id(f"tab-{tab}")).to_have_attribute("aria-selected", "true")
        await expect(panel.get_by_test_id("prompt-new")).to_be_visible(visible=tab == "prompts")
        places.append(await panel.bounding_box())
    assert places[0] is not None
    assert places == [places[0]] * 3
