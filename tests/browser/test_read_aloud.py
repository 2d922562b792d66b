"""An answer is read aloud by the browser's own voice: here one that only notes what it was told to say."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.acts import ask, open_rail, show_side, wait_until_votable
from tests.browser.readers import CHINESE_PHONE, Reader, both_readers
from tests.support.arena import Arena
from tests.support.fake_provider import Scenario

pytestmark = pytest.mark.browser

TEXT = "## Blue\n\nThe *sky* is blue. $x^2$\n\n```python\nx = 1\n```"
OWN = {"name": "Own", "lang": "en-GB", "localService": True, "default": True}
OWN_CHINESE = {"name": "Own Chinese", "lang": "zh-CN", "localService": True, "default": False}
ONLINE = {"name": "Online", "lang": "en-GB", "localService": False, "default": True}

PLANT = """voices => {
    const synthesis = {
        said: [], waiting: null, speaking: false, pending: false,
        getVoices: () => voices,
        speak(utterance) {
            this.said.push([utterance.text, utterance.voice.name, utterance.lang]);
            this.waiting = utterance;
            this.speaking = true;
        },
        cancel() {
            const utterance = this.waiting;
            this.waiting = null;
            this.speaking = false;
            utterance?.onerror({error: "canceled"});
        },
        finish() { this.speaking = false; this.waiting.onend(); },
        break() { this.speaking = false; this.waiting.onerror({error: "synthesis-failed"}); },
    };
    Object.defineProperty(window, "speechSynthesis", {value: synthesis});
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };
}"""


async def plant(page: Page, *voices: dict[str, Any]) -> None:
    """The browser has these voices."""
    await page.add_init_script(f"({PLANT})({json.dumps(voices)})")


async def said(page: Page) -> list[list[str]]:
    """What was to be said, each with the voice and its language."""
    words: list[list[str]] = await page.evaluate("speechSynthesis.said")
    return words


async def answered(page: Page, arena: Arena, a: str, b: str = "Short.") -> None:
    """Both have answered; the page does not say who is A, so both say the same unless it does not matter."""
    await arena.enter(arena.entry("one", Scenario(text=a)), arena.entry("two", Scenario(text=b)))
    await page.goto("/")
    await ask(page, "Read to me")
    await wait_until_votable(page)


def all_of(reader: Reader, key: str) -> re.Pattern[str]:
    """All that a button says: what one says is part of what another does."""
    return re.compile(f"^{reader.says(f'aloud:{key}').pattern}$")


@both_readers
async def test_it_reads_what_is_shown_piece_by_piece_and_stops_at_a_second_press(
    page: Page, arena: Arena, reader: Reader
) -> None:
    await plant(page, ONLINE, OWN_CHINESE, OWN)
    await answered(page, arena, TEXT, TEXT)
    await expect(page.get_by_test_id("answer-a").locator(".katex")).to_be_visible()
    button = page.get_by_test_id("answer-a").get_by_test_id("read-aloud")
    begin, stop = all_of(reader, "read"), all_of(reader, "stop")
    await expect(button).to_have_text(begin)
    await button.click()
    await expect(button).to_have_text(stop)
    assert await said(page) == [["Blue", "Own", "en-GB"]]
    await page.evaluate("speechSynthesis.finish()")
    await page.evaluate("speechSynthesis.finish()")
    assert [words for words, *_ in await said(page)] == [
        "Blue",
        "The sky is blue. formula",
        "Code in python.",
    ]
    await button.click()
    await expect(button).to_have_text(begin)
    assert not await page.evaluate("speechSynthesis.speaking")
    await button.click()
    for _ in range(3):
        await page.evaluate("speechSynthesis.finish()")
    await expect(button).to_have_text(begin)


@both_readers
async def test_one_answer_at_a_time_and_both_by_the_same_voice(
    page: Page, arena: Arena, reader: Reader
) -> None:
    await plant(page, ONLINE, OWN)
    await answered(page, arena, "The first is this.", "The second is that.")
    buttons = [page.get_by_test_id(f"answer-{side}").get_by_test_id("read-aloud") for side in "ab"]
    await buttons[0].click()
    await show_side(page, "b")
    begin, stop = all_of(reader, "read"), all_of(reader, "stop")
    await buttons[1].click()
    await expect(buttons[0]).to_have_text(begin)
    await expect(buttons[1]).to_have_text(stop)
    words = await said(page)
    assert sorted(text for text, *_ in words) == ["The first is this.", "The second is that."]
    assert {voice for _, voice, _ in words} == {"Own"}
    await page.keyboard.press("Escape")
    await expect(buttons[1]).to_have_text(begin)


@both_readers
async def test_it_stops_with_the_page(page: Page, arena: Arena) -> None:
    await plant(page, OWN)
    await answered(page, arena, "This is long.")
    await page.get_by_test_id("read-aloud").first.click()
    assert await page.evaluate("speechSynthesis.speaking")
    await open_rail(page)
    await page.get_by_test_id("new-chat").click()
    await expect(page.get_by_test_id("read-aloud")).to_have_count(0)
    assert not await page.evaluate("speechSynthesis.speaking")


@both_readers
async def test_an_answer_is_read_once_it_has_ended(page: Page, arena: Arena) -> None:
    await plant(page, OWN, OWN_CHINESE)
    slow = Scenario(text="One two three four five. " * 3, stall_after=5)
    await arena.enter(arena.entry("slow", slow), arena.entry("other", slow))
    await page.goto("/")
    await ask(page, "Count")
    await expect(page.get_by_text("One two").first).to_be_visible()
    await expect(page.get_by_test_id("read-aloud")).to_have_count(2)
    await expect(page.get_by_test_id("read-aloud").first).to_be_disabled()
    slow.released.set()
    await wait_until_votable(page)
    await expect(page.get_by_test_id("read-aloud").first).to_be_enabled()


@both_readers
async def test_what_could_not_be_read_is_said(page: Page, arena: Arena, reader: Reader) -> None:
    await plant(page, OWN)
    await answered(page, arena, "The end of it.")
    button = page.get_by_test_id("read-aloud").first
    await button.click()
    await page.evaluate("speechSynthesis.break()")
    await expect(button).to_have_text(all_of(reader, "failed"))
    await button.click()
    await expect(button).to_have_text(all_of(reader, "stop"))


@both_readers
async def test_a_voice_that_sends_the_text_away_says_so(page: Page, arena: Arena, reader: Reader) -> None:
    await plant(page, ONLINE)
    await answered(page, arena, "The end of it.")
    button = page.get_by_test_id("read-aloud").first
    await expect(button).to_have_text(all_of(reader, "readOnline"))
    await expect(button).to_have_attribute("title", reader.says("aloud:online"))


@both_readers
@pytest.mark.parametrize("voices", [[], [OWN]], ids=["none at all", "none for it"])
async def test_there_is_no_button_without_a_voice(
    page: Page, arena: Arena, reader: Reader, voices: list[Any]
) -> None:
    await plant(page, *voices)
    await answered(page, arena, "天空是蓝色的。", "天空是蓝色的。")
    copies = page.get_by_role("button", name=reader.says("answer.copy"))
    await expect(copies).to_have_count(1 if reader.on_phone else 2)
    await expect(page.get_by_test_id("read-aloud")).to_have_count(0)


@pytest.mark.parametrize("reader", [CHINESE_PHONE], ids=["zh phone"], indirect=True)
async def test_chinese_is_read_by_a_chinese_voice_on_a_chinese_telephone(page: Page, arena: Arena) -> None:
    await plant(page, OWN, OWN_CHINESE)
    text = "天空是蓝色的。\n\n```python\nx = 1\n```"
    await answered(page, arena, text, text)
    button = page.get_by_test_id("answer-a").get_by_test_id("read-aloud")
    await expect(button).to_have_text("朗读")
    await expect(page.get_by_test_id("answer-a").locator("figure")).to_be_visible()
    await button.click()
    await page.evaluate("speechSynthesis.finish()")
    assert await said(page) == [
        ["天空是蓝色的。", "Own Chinese", "zh-CN"],
        ["python 代码。", "Own Chinese", "zh-CN"],
    ]
