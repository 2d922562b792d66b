"""What a browser is told to install the page as an app, and what it keeps of that."""

import io
import json
from pathlib import Path

import aiohttp
import pytest
from PIL import Image, ImageChops
from tools.icons import ICONS, PUBLIC, icon

from evenhand.app.manifest import GROUND
from tests.support.arena import Arena, running_arena

ROOT = Path(__file__).parents[2]


async def get(arena: Arena, path: str) -> tuple[aiohttp.ClientResponse, bytes]:
    async with aiohttp.ClientSession() as http, http.get(arena.base_url + path) as response:
        return response, await response.read()


async def test_an_app_has_the_name_of_its_arena(database_url: str) -> None:
    async with running_arena(database_url, name="Agora") as arena:
        response, body = await get(arena, "/manifest.webmanifest")
    assert (response.status, response.content_type) == (200, "application/manifest+json")
    manifest = json.loads(body)
    assert (manifest["name"], manifest["short_name"]) == ("Agora", "Agora")
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")


async def test_its_icons_are_there_in_the_sizes_that_it_says(arena: Arena) -> None:
    _, body = await get(arena, "/manifest.webmanifest")
    for one in json.loads(body)["icons"]:
        response, content = await get(arena, one["src"])
        assert (response.status, response.content_type) == (200, one["type"])
        side = Image.open(io.BytesIO(content)).width
        assert one["sizes"] == f"{side}x{side}"
    _, page = await get(arena, "/")
    assert b'rel="apple-touch-icon" href="/apple-touch-icon.png"' in page


@pytest.mark.parametrize("name", sorted(ICONS))
def test_icons_are_drawn_from_the_pages_own(name: str) -> None:
    kept, drawn = Image.open(PUBLIC / name).convert("RGBA"), icon(**ICONS[name])
    assert kept.size == drawn.size
    furthest = max(high for _, high in ImageChops.difference(kept, drawn).getextrema())
    assert furthest < 48, "run tools/icons.py"


@pytest.mark.parametrize("path", ["/service-worker.js", "/manifest.webmanifest", "/"])
async def test_what_a_new_version_changes_is_asked_for_each_time(arena: Arena, path: str) -> None:
    response, _ = await get(arena, path)
    assert response.status == 200
    assert response.headers["cache-control"] == "no-cache"
    policy = response.headers["content-security-policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


def test_the_colour_is_the_light_themes_ground() -> None:
    tokens = (ROOT / "web" / "src" / "styles" / "tokens.css").read_text("utf-8")
    light, dark = (part.split("--ground: ")[1][:7] for part in tokens.split('data-theme="dark"'))
    assert light == GROUND
    script = (ROOT / "web" / "public" / "theme.js").read_text("utf-8")
    assert f'theme === "dark" ? "{dark}" : "{light}"' in script
