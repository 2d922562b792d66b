"""`evenhand import`: a file of votes becomes a board of a running arena."""

import asyncio
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from evenhand.app.located import database_url
from evenhand.arenas import load_arenas
from evenhand.boards import imported
from evenhand.boards.imports import slug_of, store_import
from evenhand.boards.schemas import Source
from evenhand.boards.tables import ImportedBoardRow
from evenhand.core.clock import now
from evenhand.core.errors import InputError, StartError
from evenhand.core.settings import load_settings
from evenhand.ranking import Cells, RankingError, read_votes
from evenhand.storage.engine import Database


def import_file(file: Path, *, name: str | None, source: str | None, url: str | None) -> str:
    """Import the file; a line that says what came in, what it is called on the page, and what it replaced.

    Raises `InputError` for a file that cannot be read, or a name that another board has by right.
    """
    title = name or file.stem
    slug = slug_of(title)
    if slug in load_arenas():
        raise InputError(f"An arena is called {slug}: give the board another name with --name.")
    if slug == imported.SLUG:  # it would be written anew at the next start
        raise InputError(f"The board {slug} comes with Evenhand: give yours another name with --name.")
    try:
        cells = read_votes(file).cells
    except RankingError as error:
        raise InputError(str(error)) from None
    address = database_url(load_settings())
    try:
        before = asyncio.run(
            _store(address, slug, title, Source(name=source or file.name, url=url, note=None), cells)
        )
    except SQLAlchemyError as error:
        raise StartError(
            f"The board could not be stored ({type(error).__name__}): see that an arena runs on it."
        ) from None
    votes = int(cells.votes.sum())
    replaced = "It is new" if before is None else f'It replaced the board "{before}" there'
    return (
        f"Imported {votes:,} votes on {len(cells.contestants):,} contestants. On the page the board is "
        f'called "{title}", at /boards/{slug}. {replaced}.'
    )


async def _store(address: str, slug: str, title: str, source: Source, cells: Cells) -> str | None:
    """Store the board; the name of the one that it replaced."""
    database = Database(address)
    try:
        async with database.unit_of_work() as work:
            before = await work.session.scalar(
                select(ImportedBoardRow.name).where(ImportedBoardRow.slug == slug)
            )
            await store_import(work.session, slug, title, source, cells, now())
    finally:
        await database.close()
    return before
