"""What lives beside the web server in `evenhand up`: lineup, imported board, demo models, PostgreSQL."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import structlog
from fastapi import FastAPI

from evenhand.boards.imported import imported_board
from evenhand.boards.imports import store_import
from evenhand.boards.schemas import Source
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.fetching import Report
from evenhand.contestants.lineup import Lineup, add_demo_models
from evenhand.contestants.local_server import LocalModels
from evenhand.contestants.service import set_lineup
from evenhand.core.errors import StartError
from evenhand.core.settings import Settings
from evenhand.core.tasks import running
from evenhand.storage.embedded import EmbeddedPostgres

_log = structlog.get_logger()

_LOOK_SECONDS = 2.0


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
        await self._import(app)
        async with LocalModels(self._settings.data) as models:
            work = []
            if self._lineup.wants_demo_models:
                app.state.preparing.add("demo_models")
                work.append(self._bring_demo_models(app, models))
            if self._postgres is not None:
                work.append(self._watch_postgres(self._postgres))
            async with running(*work):
                yield

    async def _enter(self, app: FastAPI, entries: Sequence[CatalogueEntry]) -> None:
        async with app.state.database.unit_of_work() as work:
            await set_lineup(work.session, entries, app.state.arenas, app.state.arena_ids, app.state.clock())
        app.state.boards.refresh_soon()

    async def _import(self, app: FastAPI) -> None:
        found = await asyncio.to_thread(imported_board)
        if found is None:
            return
        source = Source(name=found.source.name, url=found.source.url, note=found.source.note)
        async with app.state.database.unit_of_work() as work:
            await store_import(
                work.session,
                found.slug,
                found.name,
                source,
                found.cells,
                app.state.clock(),
                as_of=datetime.fromisoformat(found.source.date).replace(tzinfo=UTC),
            )
        await app.state.boards.refresh()

    async def _bring_demo_models(self, app: FastAPI, models: LocalModels) -> None:
        async def ready(entry: CatalogueEntry) -> None:
            self._entries.append(entry)
            await self._enter(app, self._entries)
            self._report.say(f"{entry.name} is ready.")

        try:
            await add_demo_models(models, self._settings.data, self._report, ready)
        finally:
            app.state.preparing.discard("demo_models")

    async def _watch_postgres(self, postgres: EmbeddedPostgres) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                if await asyncio.to_thread(postgres.ensure_running):
                    _log.warning("postgres_restarted")
            except StartError as error:
                _log.error("postgres_down", reason=str(error))
