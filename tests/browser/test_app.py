"""Installed as an app: what the browser needs for it, and what it shows where the arena cannot be reached."""

import dataclasses
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.acts import Visit, ask, looks_well, open_rail, wait_until_votable
from tests.browser.conftest import shared_loop
from tests.browser.readers import Reader, both_readers
from tests.support.arena import Arena
from tests.support.fault_proxy import FaultProxy

pytestmark = [pytest.mark.browser, both_readers]

# The page that stands in for the arena does not know who reads it, and says it in both.
OFFLINE = {"en-GB": ("You are offline", "Try again"), "zh-CN": ("当前离线", "重试")}


@shared_loop
async def line(arena: Arena) -> AsyncIterator[FaultProxy]:
    """What connects browsers with the arena."""
    async with FaultProxy(int(arena.base_url.rsplit(":", 1)[1])) as proxy:
        arena.base_url = f"http://127.0.0.1:{proxy.port}"
        yield proxy


async def worked_on(page: Page) -> None:
    """The worker has the page."""
    await page.goto("/")
    await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    # A page that was being fetched while the worker began may be without it.
    await page.reload()
    assert await page.evaluate("navigator.serviceWorker.controller !== null")


async def kept(page: Page) -> list[str]:
    """The addresses of all that any cache of ours has."""
    urls: list[str] = await page.evaluate("""async () => {
        const caches_ = await Promise.all((await caches.keys()).map(name => caches.open(name)));
        return (await Promise.all(caches_.map(one => one.keys()))).flat().map(({url}) => url);
    }""")
    return urls


def files_of(arena: Arena) -> dict[str, Any]:
    """The page's files, as the arena has them in memory."""
    routes = {getattr(route, "path", ""): route for route in arena.app.routes}
    files: dict[str, Any] = routes["/{path:path}"].endpoint.__self__._files
    return files


def renew(arena: Arena, path: str, change: Any) -> None:
    """A file of the page is another one from now on."""
    files = files_of(arena)
    text = change(files[path].content.decode())
    files[path] = dataclasses.replace(files[path], content=text.encode(), _compressing=None)


async def test_a_browser_would_install_it(page: Page) -> None:
    await worked_on(page)
    devtools = await page.context.new_cdp_session(page)
    manifest = await devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")
    found = await devtools.send("Page.getInstallabilityErrors")
    # Every context of a test is a private window.
    errors = {one["errorId"] for one in found["installabilityErrors"]} - {"in-incognito"}
    assert errors == set()


async def test_the_window_of_an_app_has_the_colour_of_the_theme_that_is_shown(page: Page) -> None:
    colour = page.locator("meta[name=theme-color]")
    await page.emulate_media(color_scheme="dark")
    await page.goto("/")
    await expect(colour).to_have_attribute("content", "#15120f")
    await expect(page.get_by_test_id("composer")).to_be_visible()
    await open_rail(page)
    await page.get_by_test_id("theme-switch").click()
    await expect(colour).to_have_attribute("content", "#faf7f2")
    await page.reload()
    await expect(colour).to_have_attribute("content", "#faf7f2")


async def test_without_the_arena_a_page_says_so_and_what_was_typed_is_there_again_with_it(
    arena: Arena, line: FaultProxy, visit: Visit, reader: Reader
) -> None:
    page = await visit()
    await worked_on(page)
    await page.get_by_test_id("composer").fill("Half a question")
    line.away = True
    line.break_all()
    await page.reload()
    for words, _ in OFFLINE.values():
        await expect(page.get_by_role("heading", name=words)).to_be_visible()
    await looks_well(page)
    line.away = False
    await page.get_by_role("link", name=OFFLINE[reader.locale][1]).click()
    await expect(page.get_by_test_id("composer")).to_have_value("Half a question")


async def test_nothing_of_anybody_is_kept(page: Page, arena: Arena, reader: Reader) -> None:
    await worked_on(page)
    await ask(page, "A secret of mine")
    await wait_until_votable(page)
    await page.reload()
    await expect(page.get_by_text("A secret of mine").first).to_be_visible()
    await page.goto("/history")
    await page.go_back()
    assert await kept(page) == []
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.get_by_role("heading", name=OFFLINE[reader.locale][0])).to_be_visible()
    assert "secret" not in await page.content()


async def test_an_answer_streams_while_the_worker_has_the_page(page: Page) -> None:
    await worked_on(page)
    workers = page.context.service_workers
    assert len(workers) == 1
    asked: list[str] = []
    page.context.on("request", lambda one: one.service_worker and asked.append(one.url))
    await ask(page, "How does a sum grow?")
    await wait_until_votable(page)
    assert [url for url in asked if "/api/" in url] == []


async def test_a_new_version_is_there_at_once_and_whole(page: Page, arena: Arena) -> None:
    await worked_on(page)
    files = files_of(arena)
    [old] = re.findall(r'"(/assets/[^"]+\.css)"', files["/index.html"].content.decode())
    files["/assets/renewed.css"] = files.pop(old)
    renew(arena, "/index.html", lambda text: text.replace(old, "/assets/renewed.css"))
    renew(arena, "/service-worker.js", lambda text: text.replace("You are offline", "You are off the line"))
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    await page.reload()
    await expect(page.get_by_test_id("composer")).to_be_visible()
    assert f"{arena.base_url}/assets/renewed.css" in fetched
    assert arena.base_url + old not in fetched
    await page.evaluate("""async () => {
        const registration = await navigator.serviceWorker.ready;
        const changed = new Promise(done => {
            navigator.serviceWorker.addEventListener("controllerchange", done);
        });
        await registration.update();
        if (registration.installing ?? registration.waiting) await changed;
    }""")
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.get_by_role("heading", name="You are off the line")).to_be_visible()


async def test_where_there_can_be_no_worker_the_page_simply_works(page: Page) -> None:
    # As on plain http in a home network.
    await page.add_init_script("delete Navigator.prototype.serviceWorker")
    await page.goto("/")
    assert not await page.evaluate("'serviceWorker' in navigator")
    await ask(page, "Works?")
    await wait_until_votable(page)


OFFER = """() => window.dispatchEvent(Object.assign(
    new Event("beforeinstallprompt", {cancelable: true}),
    {prompt: async () => { window.wasAsked = true; }},
))"""


async def test_installing_is_offered_where_the_browser_offers_it_and_once(
    visit: Visit, reader: Reader
) -> None:
    page = await visit()
    await expect(page.get_by_test_id("composer")).to_be_visible()
    await open_rail(page)
    entry = page.get_by_test_id("install")
    await expect(entry).to_have_count(0)
    assert not await page.evaluate(OFFER), "the browser's own offer was not held back"
    await expect(entry).to_have_text(reader.says("install:install"))
    await looks_well(page)
    await entry.click()
    assert await page.evaluate("window.wasAsked")
    await expect(entry).to_have_count(0)
