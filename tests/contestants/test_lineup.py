import hashlib
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from evenhand.contestants import lineup
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.demo_models import DEMO_MODELS, DemoModel
from evenhand.contestants.discovery import discover
from evenhand.contestants.lineup import add_demo_models, find_lineup
from evenhand.contestants.local_server import LocalModels
from evenhand.core.errors import StartError
from evenhand.core.settings import Settings
from tests.contestants.test_fetching import Heard

ENTRY = '- {slug: %s, name: X, endpoint: {kind: openai, base_url: "%s", model: m}%s}\n'
PAID = {"ANTHROPIC_API_KEY": "k"}


@pytest.fixture(autouse=True)
def _nothing_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever runs here, tests see an empty folder and nobody at the usual ports."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("evenhand.contestants.lineup.discover", partial(discover, local_servers=()))


def catalogue(tmp_path: Path, *entries: str, more: str = "") -> Settings:
    file = tmp_path / "ours.yaml"
    file.write_text("contestants:\n" + "".join(entries) + more if entries else "contestants: []\n" + more)
    return Settings(catalogue=file)


async def test_with_a_catalogue_nobody_else_competes(tmp_path: Path) -> None:
    settings = catalogue(tmp_path, ENTRY % ("one", "http://127.0.0.1:9/v1", ""))
    found = await find_lineup(settings, ["text"], PAID)
    assert [entry.slug for entry in found.entries] == ["one"]
    assert found.wants_demo_models is False


async def test_a_catalogue_can_ask_for_whoever_is_found_besides(tmp_path: Path) -> None:
    settings = catalogue(tmp_path, ENTRY % ("one", "http://127.0.0.1:9/v1", ""), more="discover: true\n")
    slugs = [entry.slug for entry in (await find_lineup(settings, ["text"], PAID)).entries]
    assert "one" in slugs
    assert len(slugs) > 1
    assert (await find_lineup(settings, ["text"], {})).wants_demo_models is True


async def test_the_catalogue_decides_when_discovery_finds_the_same_slug(tmp_path: Path) -> None:
    slug = (await find_lineup(Settings(), ["text"], PAID)).entries[0].slug
    settings = catalogue(tmp_path, ENTRY % (slug, "http://127.0.0.1:9/v1", ""), more="discover: true\n")
    mine = {entry.slug: entry for entry in (await find_lineup(settings, ["text"], PAID)).entries}
    assert mine[slug].endpoint.base_url == "http://127.0.0.1:9/v1"


async def test_what_may_cost_money_is_marked(tmp_path: Path) -> None:
    settings = catalogue(
        tmp_path,
        ENTRY % ("own", "http://127.0.0.1:9/v1", ""),
        ENTRY % ("rented", "https://api.example.com/v1", ""),
        ENTRY % ("charged-back", "http://gpu-box/v1", ", price: {input: 1, output: 1}"),
    )
    lineup = await find_lineup(settings, ["text"], {})
    assert lineup.notes == (
        "rented has no price in the catalogue, so the daily cap cannot count what it costs.",
    )
    assert [(one.entry.slug, one.may_cost) for one in lineup.found] == [
        ("own", False),
        ("rented", True),
        ("charged-back", True),
    ]


async def test_a_catalogue_in_this_folder_is_taken_without_being_named(tmp_path: Path) -> None:
    catalogue(tmp_path, ENTRY % ("one", "http://127.0.0.1:9/v1", "")).catalogue.rename("catalogue.yaml")  # type: ignore[union-attr]
    assert [one.origin for one in (await find_lineup(Settings(), ["text"], {})).found] == ["catalogue.yaml"]


async def test_a_catalogue_that_is_named_but_missing_stops_the_start() -> None:
    with pytest.raises(StartError, match="there is no such file"):
        await find_lineup(Settings(catalogue=Path("none.yaml")), ["text"], {})


async def test_demo_models_are_wanted_when_fewer_than_two_are_found_and_they_are_allowed() -> None:
    assert (await find_lineup(Settings(), ["text"], {})).wants_demo_models is True
    assert (await find_lineup(Settings(local_models=False), ["text"], {})).wants_demo_models is False
    assert (await find_lineup(Settings(), ["text"], PAID)).wants_demo_models is False


class Started(LocalModels):
    """Starts nothing, and remembers what it was asked to start."""

    async def start(self, model: DemoModel, path: Path) -> CatalogueEntry:
        assert path.name == model.file_name
        endpoint = {"kind": "openai", "base_url": "http://127.0.0.1:9/v1", "model": model.slug}
        return CatalogueEntry.model_validate({"slug": model.slug, "name": model.name, "endpoint": endpoint})


@pytest.fixture
def demo_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[DemoModel, ...]:
    """The demo models with tiny files, none of which can be fetched."""
    tiny = tuple(
        replace(model, sha256=hashlib.sha256(model.slug.encode()).hexdigest(), sources=())
        for model in DEMO_MODELS
    )
    monkeypatch.setattr(lineup, "DEMO_MODELS", tiny)
    monkeypatch.setattr(lineup, "can_run", lambda: True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tiny


async def ready(tmp_path: Path, heard: Heard) -> list[str]:
    slugs: list[str] = []

    async def on_ready(entry: CatalogueEntry) -> None:
        slugs.append(entry.slug)

    async with Started(tmp_path) as models:
        await add_demo_models(models, tmp_path, heard, on_ready)
    return slugs


async def test_a_demo_model_that_cannot_be_fetched_does_not_keep_the_others_away(
    tmp_path: Path, demo_models: tuple[DemoModel, ...]
) -> None:
    (tmp_path / "models").mkdir()
    small, middle, _ = demo_models
    (tmp_path / "models" / middle.file_name).write_text(middle.slug)
    heard = Heard()
    assert await ready(tmp_path, heard) == [middle.slug]
    assert [line.split(" could not")[0] for line in heard.lines] == [small.name]


async def test_the_model_on_request_competes_when_its_file_is_there(
    tmp_path: Path, demo_models: tuple[DemoModel, ...]
) -> None:
    (tmp_path / "models").mkdir()
    for model in demo_models:
        (tmp_path / "models" / model.file_name).write_text(model.slug)
    heard = Heard()
    assert await ready(tmp_path, heard) == [model.slug for model in demo_models]
    assert heard.lines == []


async def test_without_the_library_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lineup, "can_run", lambda: False)
    heard = Heard()
    assert await ready(tmp_path, heard) == []
    assert heard.lines == ["Demo models need the extra `local`: pip install 'evenhand[local]'."]
