"""One whole battle of the real demo models, in the browser; its picture is the one in the README."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.demo_models import DEMO_MODELS, model_folders
from evenhand.contestants.fetching import find
from evenhand.contestants.local_server import LocalModels
from tests.browser.acts import ask, vote, wait_until_votable
from tests.browser.conftest import USUAL_PATIENCE, shared_loop
from tests.browser.readers import DESKTOP, ROOT
from tests.support.arena import Arena

pytestmark = [pytest.mark.browser, pytest.mark.models]

PATIENCE = 300.0
"""Seconds: on a busy machine the two are slow."""
QUESTION = "Explain in three short points why the sky is blue, and give the formula of Rayleigh scattering."


@shared_loop
async def contestants(tmp_path: Path) -> AsyncIterator[list[CatalogueEntry]]:
    """The two default demo models, from the cache or from where they are published."""
    folders = model_folders(tmp_path)
    # A process of its own: this one may speak to loopback alone.
    fetching = await asyncio.create_subprocess_exec(
        *(Path(sys.executable).with_name("evenhand"), "contestants", "fetch"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await fetching.communicate())[0].decode()
    entries = []
    async with LocalModels(tmp_path) as models:
        for model in (one for one in DEMO_MODELS if not one.on_request):
            path = await find(model, folders)
            if path is None:
                pytest.skip(f"the file of {model.name} is not here and could not be fetched: {said.strip()}")
            entries.append(await models.start(model, path))
        yield entries


async def test_two_real_models_answer_and_are_revealed(
    browser: Browser, arena: Arena, contestants: list[CatalogueEntry]
) -> None:
    await arena.enter(*contestants)
    context = await browser.new_context(
        base_url=arena.base_url, viewport=DESKTOP, locale="en-GB", device_scale_factor=2
    )
    context.set_default_timeout(1000 * PATIENCE)
    expect.set_options(timeout=1000 * PATIENCE)
    page = await context.new_page()
    await page.goto("/")
    await ask(page, QUESTION)
    await wait_until_votable(page, PATIENCE)
    for side in "ab":
        assert len(await page.get_by_test_id(f"answer-{side}").inner_text()) > 40
    await vote(page, "a")
    revealed = " ".join([await page.get_by_test_id(f"reveal-{side}").inner_text() for side in "ab"])
    assert all(one.name in revealed for one in contestants)
    await _keep_picture(page)
    expect.set_options(timeout=USUAL_PATIENCE)
    await context.close()


async def _keep_picture(page: Page) -> None:
    """Leaves the picture in test-results/; `make picture` takes it into the documentation."""
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    await page.screenshot(path=folder / "battle.png")
    if os.environ.get("EVENHAND_PICTURE"):
        shutil.copy(folder / "battle.png", ROOT / "docs" / "images" / "battle.png")
