"""Who competes and which board is there from the start, written into the database."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID

from evenhand.arenas import Arena
from evenhand.boards.imported import imported_board
from evenhand.boards.imports import store_import
from evenhand.boards.schemas import Source
from evenhand.consent.agreements import register_terms
from evenhand.consent.terms import Terms
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.service import set_lineup
from evenhand.storage.engine import Database


async def enter_lineup(
    database: Database,
    entries: Iterable[CatalogueEntry],
    arenas: Mapping[str, Arena],
    arena_ids: Mapping[str, UUID],
    now: datetime,
) -> None:
    """Make the lineup of every arena exactly these."""
    async with database.unit_of_work() as work:
        await set_lineup(work.session, entries, arenas, arena_ids, now)


async def enter_terms(database: Database, terms: Terms, now: datetime) -> None:
    """Keep what these terms say. Raises `StartError` where the same version has said something else."""
    async with database.unit_of_work() as work:
        await register_terms(work.session, terms, now)


async def import_known_board(database: Database, now: datetime) -> None:
    """Show the real board that comes with a package, where that is installed."""
    found = await asyncio.to_thread(imported_board)
    if found is None:
        return
    source = Source(name=found.source.name, url=found.source.url, note=found.source.note)
    as_of = datetime.fromisoformat(found.source.date).replace(tzinfo=UTC)
    async with database.unit_of_work() as work:
        await store_import(work.session, found.slug, found.name, source, found.cells, now, as_of=as_of)
