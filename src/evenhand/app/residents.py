"""What lives beside the web server in `evenhand up`: lineup, demo models, PostgreSQL."""

import contextlib
from collections.abc import AsyncIterator, Sequence

from fastapi import FastAPI

from evenhand.app.entering import enter_lineup
from evenhand.app.starting import watch_database
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.fetching import Report
from evenhand.contestants.lineup import Lineup, add_demo_models
from evenhand.contestants.local_server import LocalModels
from evenhand.core.settings import Settings
from evenhand.core.tasks import running
from evenhand.storage.embedded import EmbeddedPostgres


class Residents:
    """An async context manager around a running application."""

    def __init__(
        self, settings: Settings, lineup: Lineup, postgres: EmbeddedPostgres | None, report: Report
    ) -> None:
        self._settings = settings
        self._lineup = lineup
        self._postgres = postgres
        self._report = report
        self._entries: list[CatalogueEntry] = list(lineup.entries)

    @contextlib.asynccontextmanager
    async def beside(self, app: FastAPI) -> AsyncIterator[None]:
        """Let the lineup in, then keep everything alive until the application ends."""
        await self._enter(app, self._entries)
        async with LocalModels(self._settings.data) as models:
            work = []
            if self._lineup.wants_demo_models:
                app.state.preparing.add("demo_models")
                work.append(self._bring_demo_models(app, models))
            if self._postgres is not None:
                work.append(watch_database(self._postgres))
            async with running(*work):
                yield

    async def _enter(self, app: FastAPI, entries: Sequence[CatalogueEntry]) -> None:
        state = app.state
        await enter_lineup(state.database, entries, state.arenas, state.arena_ids, state.clock())
        app.state.boards.refresh_soon()

    async def _bring_demo_models(self, app: FastAPI, models: LocalModels) -> None:
        async def ready(entry: CatalogueEntry) -> None:
            self._entries.append(entry)
            await self._enter(app, self._entries)
            self._report.say(f"{entry.name} is ready.")

        try:
            await add_demo_models(models, self._settings.data, self._report, ready)
        finally:
            app.state.preparing.discard("demo_models")
