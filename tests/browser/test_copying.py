"""Copying: what the page says was copied is in the clipboard, and where it could not be, the page says so."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.browser.acts import ask, vote, wait_until_votable
from tests.browser.readers import Reader, both_readers
from tests.support.arena import Arena
from tests.support.fake_provider import Scenario

pytestmark = [pytest.mark.browser, both_readers]

QUESTION = "How is a number halved?"
CODE = "def halve(x):\n    return x / 2"
ANSWER = f"By **two**:\n\n```python\n{CODE}\n```"

ON_PLAIN_HTTP = "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })"
"""A browser in a network at home: it keeps the clipboard for secure pages."""
DENIES = """
    for (const name of ["write", "writeText"]) {
        Clipboard.prototype[name] = () => Promise.reject(new DOMException("", "NotAllowedError"));
    }
    document.execCommand = () => false;"""
TWO_SECONDS_LAST = """
    const later = window.setTimeout;
    const held = [];
    window.setTimeout = (work, ms, ...more) => ms === 2000 ? held.push(work) : later(work, ms, ...more);
    window.endThem = () => held.splice(0).forEach((work) => work());"""
"""What is said for two seconds is said until the test ends them: a busy machine may look too late."""

Clipboard = Callable[[str], Awaitable[object]]


@pytest.fixture
def clipboard(context: BrowserContext) -> Clipboard:
    """What is in the clipboard, by what is asked of it, as another page of the browser finds it."""

    async def found(script: str = "navigator.clipboard.readText()") -> object:
        await context.grant_permissions(["clipboard-read", "clipboard-write"])
        other = await context.new_page()
        await other.goto("/favicon.svg")
        await other.bring_to_front()
        inside: object = await other.evaluate(script)
        await other.close()
        return inside

    return found


async def answered(page: Page, arena: Arena) -> None:
    said = Scenario(text=ANSWER, tokens_per_second=500)
    await arena.enter(arena.entry("swift", said), arena.entry("calm", said))
    await page.add_init_script(TWO_SECONDS_LAST)
    await page.goto("/")
    await ask(page, QUESTION)
    await wait_until_votable(page)


def of_answer(page: Page) -> Locator:
    return page.get_by_test_id("answer-a").get_by_test_id("copy-answer")


def of_code(page: Page) -> Locator:
    return page.get_by_test_id("answer-a").locator("figure").get_by_role("button")


async def shared(page: Page) -> None:
    """The result's dialog is open, with a link."""
    await vote(page, "a")
    await page.get_by_test_id("share-battle").click()
    await page.get_by_test_id("make-link").click()
    await expect(page.get_by_test_id("share-url")).to_be_visible()


async def copied(page: Page, button: Locator, reader: Reader, said: str = "copied") -> None:
    """A click on the button, and what it says and has read out then."""
    await button.click()
    says = re.compile(f"^{reader.says(f'answer.{said}').pattern}$")
    await expect(button).to_have_text(says)
    await expect(page.locator("#announced")).to_have_text(says)


async def test_an_answer_its_code_and_the_question_are_copied(
    page: Page, arena: Arena, reader: Reader, clipboard: Clipboard
) -> None:
    await answered(page, arena)
    await copied(page, of_answer(page), reader)
    assert await clipboard() == ANSWER
    await copied(page, of_code(page), reader)
    assert await clipboard() == CODE
    await page.get_by_test_id("question-menu").click()
    await page.get_by_test_id("copy-question").click()
    await expect(page.get_by_test_id("copy-question")).to_have_count(0)
    assert await clipboard() == QUESTION


async def test_a_link_a_result_in_words_and_its_picture_are_copied(
    page: Page, arena: Arena, reader: Reader, clipboard: Clipboard
) -> None:
    await answered(page, arena)
    await shared(page)
    await copied(page, page.get_by_test_id("copy-link"), reader)
    assert await clipboard() == await page.get_by_test_id("share-url").get_attribute("href")
    await copied(page, page.get_by_test_id("copy-text"), reader)
    assert QUESTION in str(await clipboard())
    await copied(page, page.get_by_test_id("copy-card"), reader)
    types = "navigator.clipboard.read().then(items => items.flatMap(one => one.types))"
    assert await clipboard(types) == ["image/png"]


async def test_on_plain_http_the_same_is_copied_and_the_focus_stays(
    page: Page, arena: Arena, reader: Reader, clipboard: Clipboard
) -> None:
    await page.add_init_script(ON_PLAIN_HTTP)
    await answered(page, arena)
    await copied(page, of_answer(page), reader)
    await expect(of_answer(page)).to_be_focused()
    assert await clipboard() == ANSWER
    await page.get_by_test_id("question-menu").click()
    await page.get_by_test_id("copy-question").click()
    await expect(page.get_by_test_id("question-menu")).to_be_focused()
    assert await clipboard() == QUESTION
    await shared(page)
    await copied(page, page.get_by_test_id("copy-link"), reader)
    await expect(page.get_by_test_id("copy-link")).to_be_focused()
    assert await clipboard() == await page.get_by_test_id("share-url").get_attribute("href")
    await expect(page.get_by_test_id("copy-card")).to_have_count(0)


async def test_where_nothing_can_be_copied_the_page_says_so(page: Page, arena: Arena, reader: Reader) -> None:
    await page.add_init_script(DENIES)
    await answered(page, arena)
    for button in (of_answer(page), of_code(page)):
        await copied(page, button, reader, "notCopied")
    await page.get_by_test_id("question-menu").click()
    await copied(page, page.get_by_test_id("copy-question"), reader, "notCopied")
    await page.keyboard.press("Escape")
    await shared(page)
    for name in ("copy-link", "copy-text", "copy-card"):
        await copied(page, page.get_by_test_id(name), reader, "notCopied")
    await page.evaluate("endThem()")
    await expect(page.get_by_test_id("copy-card")).to_have_text(reader.says("sharing:card.copy"))
    await expect(page.locator("#announced")).to_be_empty()
