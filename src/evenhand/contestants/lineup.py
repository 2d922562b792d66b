"""Who competes at the start: the catalogue, else what is found; and demo models when that is too few.

Two steps, so that the arena can open at once: `find_lineup` takes at most a few seconds, `add_demo_models`
as long as it takes to fetch and load them.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from evenhand.contestants.catalogue import CatalogueEntry, load_catalogue
from evenhand.contestants.demo_models import DEMO_MODELS, model_folders
from evenhand.contestants.discovery import Discovery, Found, discover
from evenhand.contestants.endpoints import is_private
from evenhand.contestants.fetching import FetchError, Report, fetch, find
from evenhand.contestants.local_server import LocalModels, can_run
from evenhand.core.settings import Settings
from evenhand.core.supervised import ChildError


@dataclass(frozen=True)
class Lineup:
    """Who competes, sentences to show at the start, and whether demo models are called for."""

    found: tuple[Found, ...]
    notes: tuple[str, ...]
    wants_demo_models: bool

    @property
    def entries(self) -> list[CatalogueEntry]:
        """The contestants."""
        return [one.entry for one in self.found]


def catalogue_path(settings: Settings) -> Path | None:
    """The catalogue that holds: the one the settings name, else `catalogue.yaml` here if there is one."""
    here = Path("catalogue.yaml")
    return settings.catalogue or (here if here.exists() else None)


async def find_lineup(settings: Settings, arenas: Collection[str], environ: Mapping[str, str]) -> Lineup:
    """Who competes by the catalogue; without one, or where it says so, by keys and local servers.

    Raises `StartError` for a catalogue with an error. Demo models are wanted when fewer than two were found
    and no catalogue has decided otherwise.
    """
    path = catalogue_path(settings)
    listed: dict[str, Found] = {}
    discovers = path is None
    if path is not None:
        catalogue = load_catalogue(path, arenas)
        discovers = catalogue.discover
        for entry in catalogue.contestants:
            # A private address with a price is what a chargeback inside a company looks like.
            may_cost = entry.price is not None or not is_private(entry.endpoint.base_url)
            listed[entry.slug] = Found(entry, str(path), may_cost)
    discovery = await discover(environ, own_port=settings.port) if discovers else Discovery(())
    found = tuple({one.entry.slug: one for one in (*discovery.found, *listed.values())}.values())
    uncounted = [
        f"{one.entry.slug} has no price in the catalogue, so the daily cap cannot count what it costs."
        for one in found
        if one.may_cost and one.entry.price is None
    ]
    notes = (*discovery.notes, *uncounted)
    return Lineup(found, notes, settings.local_models and discovers and len(found) < 2)


async def add_demo_models(
    models: LocalModels,
    data: Path,
    report: Report,
    on_ready: Callable[[CatalogueEntry], Awaitable[None]],
) -> None:
    """Fetch and start the demo models, the smallest first, and hand over each as soon as it answers.

    Those on request compete when their file is there. What fails is said, and the others go on.
    """
    if not can_run():
        report.say("Demo models need the extra `local`: pip install 'evenhand[local]'.")
        return
    folders = model_folders(data)
    for model in DEMO_MODELS:
        try:
            path = await find(model, folders) if model.on_request else await fetch(model, folders, report)
            if path is not None:
                await on_ready(await models.start(model, path))
        except (FetchError, ChildError) as error:
            report.say(str(error))
