"""The story of one question: asked, voted on, found again, shared, read by a stranger, saved and deleted."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.acts import Visit, ask, looks_well, open_rail, vote, wait_until_votable
from tests.browser.conftest import shared_loop
from tests.browser.readers import Reader, both_readers
from tests.browser.test_sign_in import SUBJECTS, mail
from tests.support.arena import Arena, running_arena
from tests.support.fake_mail import FakeMail
from tests.support.fake_scenarios import Scenario
from tests.support.signing_in import ANN, link_in

__all__ = ["mail"]

pytestmark = pytest.mark.browser

ANSWERS = ("The lens of a lighthouse bundles its light.", "它转动，是为了让水手认出它。")


class Told(NamedTuple):
    """The story in a language: what is asked and looked for, and what the file calls the vote."""

    question: str
    looked_for: str
    vote: str


STORIES = {
    "en-GB": Told("Why does a lighthouse turn?", "lens", "Vote: A is better"),
    "zh-CN": Told("灯塔为什么会转？", "水手", "投票：A 更好"),
}


@shared_loop
async def arena(database_url: str, mail: FakeMail) -> AsyncIterator[Arena]:
    """An arena that sends mail, with two contestants whose answers are known."""
    async with running_arena(database_url, **mail.settings) as running:
        await running.enter(
            running.entry("swift", Scenario(text=ANSWERS[0], tokens_per_second=50), name="Swift 1"),
            running.entry("calm", Scenario(text=ANSWERS[1], tokens_per_second=50), name="Calm 2"),
        )
        yield running


class Teller:
    """Looks at the pages that the story passes, and knows how long it took without that."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._looking = 0.0

    async def looks_well(self, *pages: Page) -> None:
        began = time.monotonic()
        for page in pages:
            await looks_well(page)
        self._looking += time.monotonic() - began

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began - self._looking


async def found_again(page: Page, words: str) -> Locator:
    """The only chat that has these words, in the rail."""
    await page.get_by_test_id("history-search").fill(words)
    await expect(page.get_by_test_id("snippet").locator("mark").first).to_have_text(words)
    items = page.get_by_test_id("history-item")
    await expect(items).to_have_count(1)
    return items


async def saved(page: Page, form: str) -> Path:
    """The file that the menu of the only chat in the list saves."""
    await page.locator("main").get_by_test_id("history-actions").click()
    async with page.expect_download() as download:
        await page.get_by_test_id(f"save-{form}").click()
    return Path(await (await download.value).path())


@both_readers
async def test_a_question_from_its_asking_to_its_end(visit: Visit, mail: FakeMail, reader: Reader) -> None:
    told, teller = STORIES[reader.locale], Teller()
    owner = await visit()
    await teller.looks_well(owner)

    # A guest asks, and votes.
    await ask(owner, told.question)
    await wait_until_votable(owner)
    await teller.looks_well(owner)
    await vote(owner, "a")
    await teller.looks_well(owner)
    chat = owner.url

    # Signs in with a link.
    await owner.get_by_test_id("sign-in-link").click()
    await owner.get_by_test_id("sign-in-email").fill(ANN)
    await teller.looks_well(owner)
    await owner.get_by_test_id("sign-in-email").press("Enter")
    await expect(owner.get_by_test_id("link-sent")).to_contain_text(ANN)
    await teller.looks_well(owner)
    letter = await mail.letter_to(ANN)
    assert letter["Subject"] == SUBJECTS[reader.locale]
    await owner.goto(link_in(letter))
    await expect(owner.get_by_test_id("confirm-sign-in")).to_contain_text(ANN)
    await teller.looks_well(owner)
    await owner.get_by_test_id("confirm-sign-in").click()
    await expect(owner.get_by_test_id("account-link")).to_be_visible()

    # Finds the conversation, by a word of an answer.
    await open_rail(owner)
    await owner.get_by_test_id("new-chat").click()
    await expect(owner).not_to_have_url(chat)
    await open_rail(owner)
    found = await found_again(owner, told.looked_for)
    await teller.looks_well(owner)
    await found.click()
    await expect(owner.locator("[data-turn]")).to_contain_text(told.question)
    await expect(owner.get_by_test_id("vote-outcome")).to_be_visible()

    # Shares it.
    await owner.get_by_test_id("share-chat").click()
    await owner.get_by_test_id("with-names").check()
    await owner.get_by_test_id("make-link").click()
    link = await owner.get_by_test_id("share-url").get_attribute("href")
    assert link is not None
    await teller.looks_well(owner)
    await owner.keyboard.press("Escape")
    await expect(owner.get_by_test_id("share-dialog")).to_have_count(0)

    # A stranger opens it.
    stranger = await visit()
    await stranger.goto(link)
    shown = stranger.get_by_test_id("shared")
    for words in (told.question, *ANSWERS, "Swift 1", "Calm 2"):
        await expect(shown).to_contain_text(words)
    await expect(stranger.get_by_test_id("shared-outcome")).to_contain_text(reader.says("sharing:outcome.a"))
    await teller.looks_well(stranger)
    assert await stranger.context.cookies() == []

    # The owner takes it along,
    await open_rail(owner)
    await owner.get_by_test_id("all-history").click()
    await expect(owner.locator("main").get_by_test_id("history-item")).to_have_count(1)
    await teller.looks_well(owner)
    exported = json.loads((await saved(owner, "json")).read_text("utf-8"))
    [turn], [battle] = exported["turns"], exported["battles"]
    assert [part["text"] for part in turn["parts"]] == [told.question]
    assert {part["text"] for one in turn["responses"] for part in one["parts"]} == set(ANSWERS)
    assert battle["vote"]["choice"] == "a"
    assert {side["name"] for side in battle["reveal"].values()} == {"Swift 1", "Calm 2"}
    markdown = (await saved(owner, "markdown")).read_text("utf-8")
    for words in (told.question, *ANSWERS, told.vote, "Swift 1", "Calm 2"):
        assert words in markdown

    # and deletes it.
    await owner.locator("main").get_by_test_id("history-actions").click()
    await owner.get_by_test_id("delete").click()
    await expect(owner.get_by_test_id("deletion")).to_contain_text(told.question)
    await teller.looks_well(owner)
    await owner.get_by_test_id("confirm-deletion").click()
    await expect(owner.get_by_test_id("history-item")).to_have_count(0)
    await teller.looks_well(owner)

    # It is gone, for the stranger and for its owner.
    answered = await stranger.reload()
    assert answered is not None
    assert answered.status == 404
    await expect(stranger.get_by_test_id("share-gone")).to_be_visible()
    await expect(stranger.get_by_text(told.question)).to_have_count(0)
    await teller.looks_well(stranger)
    print(f"told in {teller.seconds:.1f} s, beside looking at the pages")  # noqa: T201
    await owner.goto(chat)
    await expect(owner.get_by_role("heading", name=reader.says("notFound.title"))).to_be_visible()
    await expect(owner.get_by_text(told.question)).to_have_count(0)
    await teller.looks_well(owner)
