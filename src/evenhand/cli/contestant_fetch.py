"""`evenhand contestants fetch`: demo models onto this machine, before they are needed."""

import asyncio
from collections.abc import Sequence

from rich.console import Console

from evenhand.contestants.console_report import ConsoleReport
from evenhand.contestants.demo_models import DEMO_MODELS, USUAL_MODELS, DemoModel, model_folders
from evenhand.contestants.fetching import fetch
from evenhand.core.errors import InputError
from evenhand.core.settings import load_settings


def fetch_models(slugs: Sequence[str]) -> None:
    """Fetch those demo models, or the usual ones, and print where they are. Raises `FetchError`."""
    known = {model.slug: model for model in DEMO_MODELS}
    for slug in slugs:
        if slug not in known:
            raise InputError(f'there is no demo model "{slug}"; there is {", ".join(known)}.')
    asyncio.run(_fetch([known[slug] for slug in slugs] or USUAL_MODELS))


async def _fetch(models: Sequence[DemoModel]) -> None:
    report = ConsoleReport(Console())
    folders = model_folders(load_settings().data)
    for model in models:
        report.say(f"{model.name}: {await fetch(model, folders, report)}")
