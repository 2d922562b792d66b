"""Nobody else is told who comes here: the page may load nothing from elsewhere, and does not try to."""

import re
from pathlib import Path

import aiohttp
import pytest

from evenhand.app.middleware import SECURITY_HEADERS
from evenhand.app.static import FOLDER
from tests.support.arena import Arena

KEYWORDS = {"'none'", "'self'", "'unsafe-inline'", "data:", "blob:"}
"""What a policy may allow that is on no other host."""

LOADING = re.compile(
    r"""(?:\bsrc|\bsrcset|<link[^>]*\bhref|\burl|\bfetch|\bimport|\bimportScripts|\bsendBeacon|\bWebSocket"""
    r"""|\bEventSource|\bWorker)\s*[=(]\s*[`"']?\s*(?:https?:|wss?:)?//[\w.-]+\.\w""",
    re.IGNORECASE,
)
"""Code that fetches from an address with a host in it; a link that one may follow is none."""

TRACKERS = (
    "google-analytics",
    "googletagmanager",
    "doubleclick.net",
    "plausible.io",
    "matomo",
    "segment.io",
    "sentry.io",
    "hotjar",
    "mixpanel",
    "amplitude.com",
    "posthog",
    "cloudflareinsights",
    "umami",
    "fullstory",
)


def sources(policy: str) -> set[str]:
    return {word for directive in policy.split(";") for word in directive.split()[1:]}


def files() -> list[Path]:
    built = [path for path in FOLDER.rglob("*") if path.suffix in (".html", ".js", ".css", ".webmanifest")]
    assert any(path.name == "index.html" for path in built), "the page is not built"
    return built


@pytest.mark.parametrize("path", ["/", "/privacy", "/operations/retention", "/api/v1/instance", "/nowhere"])
async def test_the_policy_allows_this_host_alone(arena: Arena, path: str) -> None:
    async with aiohttp.ClientSession() as http, http.get(arena.base_url + path) as response:
        policy = response.headers["content-security-policy"]
    assert policy == SECURITY_HEADERS["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert sources(policy) <= KEYWORDS


def test_no_file_of_the_page_loads_anything_from_elsewhere() -> None:
    found = {
        path.name: sorted({match[0] for match in LOADING.finditer(path.read_text("utf-8"))})
        for path in files()
    }
    assert {name: what for name, what in found.items() if what} == {}


def test_no_file_of_the_page_names_a_service_that_counts_visitors() -> None:
    found = {
        (path.name, tracker)
        for path in files()
        for tracker in TRACKERS
        if tracker in path.read_text("utf-8").lower()
    }
    assert found == set()


@pytest.mark.parametrize(
    "code",
    [
        '<script src="https://count.example.org/t.js">',
        "<link rel=preload href=//cdn.example.org/x.css>",
        "@import url(https://fonts.example.org/css)",
        'fetch("https://count.example.org")',
        'navigator.sendBeacon("//count.example.org/x")',
        'import("https://cdn.example.org/x.js")',
    ],
)
def test_what_would_load_something_is_found(code: str) -> None:
    assert LOADING.search(code)


def test_an_address_that_one_may_only_follow_is_no_loading() -> None:
    assert not LOADING.search('{"href":"https://example.org/licence"} xmlns="http://www.w3.org/2000/svg"')
