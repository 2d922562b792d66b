"""The boards of this process, kept fresh: recomputed soon after a vote, read from memory."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, Self
from uuid import UUID

from sqlalchemy import select

from evenhand import ranking
from evenhand.arenas import Arena
from evenhand.boards.live import LiveCells, count_votes
from evenhand.boards.places import keep_places
from evenhand.boards.schemas import Board, Source
from evenhand.boards.tables import ImportedBoardRow
from evenhand.boards.view import Known, board_view
from evenhand.contestants.service import competitors, known_contestants
from evenhand.core.clock import Clock, day_of
from evenhand.core.errors import NotFound
from evenhand.core.tasks import repeat
from evenhand.ranking import Cells, rank
from evenhand.storage.engine import Database
from evenhand.storage.signals import Signals

PAUSE = 0.5
"""Seconds between two refreshes, so that a rush of votes costs one."""
LOOK = 2.0
"""Seconds between two looks for imports that came by another process."""
LONGEST = timedelta(seconds=30)
"""The time after which a board is refreshed although no vote came through this process."""
_END_SECONDS = 5.0
"""Seconds that a refresh under way gets to end."""

VOTED = "evenhand_voted"


class _Ranked(NamedTuple):
    """The newest ranking of an arena, and what of."""

    cells: Cells
    board: ranking.Board


class BoardKeeper:
    """Holds the newest board of every arena and of every import.

    The first take a while, which the page need not wait for; who asks for a board does. Before them `bring`
    writes the imports that come along into the database.
    """

    def __init__(
        self,
        database: Database,
        signals: Signals,
        arena_ids: Mapping[str, UUID],
        arenas: Mapping[str, Arena],
        clock: Clock,
        bring: Callable[[Database, datetime], Awaitable[None]],
    ) -> None:
        self._database = database
        self._arena_ids = arena_ids
        self._names = {slug: arena.name["en"] for slug, arena in arenas.items()}
        self._clock = clock
        self._bring = bring
        self._ranked: dict[str, _Ranked] = {}
        self._live: dict[str, Board] = {}
        self._imported: dict[str, Board] = {}
        self._imported_at: dict[str, datetime] = {}
        self._places_of: date | None = None
        self._refreshing = asyncio.Lock()
        self._dirty = asyncio.Event()
        self._begin_anew()
        self._tried = asyncio.Event()
        self._untold = False
        self._refreshed_at = clock()
        self._task: asyncio.Task[None] | None = None
        self._signals = signals
        signals.on(VOTED, self._voted)
        # It may be another database that goes on from an earlier moment, after a failover.
        signals.after_gap(self._begin_anew)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(repeat(self._refresh_when_due, PAUSE))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            # Cut off while it sends a board, the driver complains, and the next start has to send it again.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_END_SECONDS):
                    await self._refreshing.acquire()
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def _begin_anew(self) -> None:
        self._cells = {slug: LiveCells(arena_id) for slug, arena_id in self._arena_ids.items()}
        self._dirty.set()

    def refresh_soon(self) -> None:
        """Say that something changed: a vote was cast, or the lineup is another."""
        self._untold = True
        self._dirty.set()

    async def _voted(self, process: str) -> None:
        if process != self._signals.process:
            self._dirty.set()

    async def all(self) -> list[Board]:
        """Every board, the live ones first."""
        await self._tried.wait()
        return [*self._live.values(), *self._imported.values()]

    async def get(self, slug: str) -> Board:
        """A board by its slug: an arena's, or an import's. Raises `NotFound`."""
        await self._tried.wait()
        board = self._live.get(slug) or self._imported.get(slug)
        if board is None:
            raise NotFound("not_found", "There is no such board.")
        return board

    async def ranking(self, slug: str) -> ranking.Board:
        """The newest ranking of an arena, as the statistics have it. Raises `NotFound`."""
        await self._tried.wait()
        if slug not in self._ranked:
            raise NotFound("not_found", "There is no such board.")
        return self._ranked[slug].board

    async def refresh(self) -> None:
        """Recompute the live boards, and the imported ones that are new."""
        # One after the other: what began earlier knows less, and must not have the last word.
        async with self._refreshing:
            self._dirty.clear()
            self._refreshed_at = self._clock()
            await count_votes(self._database)
            for slug, cells in self._cells.items():
                self._live[slug] = await self._live_board(slug, cells)
            await self._keep_places()
            await self._refresh_imported()

    async def _keep_places(self) -> None:
        """Keep where everybody stands, at the first look of a day."""
        now = self._clock()
        if self._places_of == day_of(now):
            return
        async with self._database.unit_of_work() as work:
            for slug, arena_id in self._arena_ids.items():
                await keep_places(work.session, arena_id, self._ranked[slug].board, now)
        self._places_of = day_of(now)

    async def _refresh_imported(self) -> None:
        async with self._database.unit_of_work() as work:
            times = await work.session.execute(select(ImportedBoardRow.slug, ImportedBoardRow.imported_at))
            new = [row.slug for row in times if self._imported_at.get(row.slug) != row.imported_at]
            rows: Sequence[ImportedBoardRow] = []
            if new:
                rows = (
                    await work.session.scalars(select(ImportedBoardRow).where(ImportedBoardRow.slug.in_(new)))
                ).all()
        for row in rows:
            self._imported[row.slug] = await self._imported_board(row)
            self._imported_at[row.slug] = row.imported_at

    async def _live_board(self, slug: str, live: LiveCells) -> Board:
        async with self._database.unit_of_work() as work:
            await live.catch_up(work.session)
            lineup = await competitors(work.session, live.arena_id)
            # Who is in the arena is on its board, also without votes.
            cells = live.cells + Cells.from_sums((), [one.contestant.slug for one in lineup])
            contestants = await known_contestants(work.session, cells.contestants)
        configurations = {one.contestant.slug: one.configuration for one in lineup}
        known = {
            name: Known(row.name, row.organization, row.license, configurations.get(name))
            for name, row in contestants.items()
        }
        ranked = self._ranked.get(slug)
        if ranked is None or ranked.cells != cells:
            start = None if ranked is None else ranked.board
            ranked = self._ranked[slug] = _Ranked(cells, await asyncio.to_thread(rank, cells, start=start))
        return board_view(
            ranked.board,
            known,
            slug=slug,
            name=self._names.get(slug, slug),
            arena=slug,
            excluded=live.excluded,
            updated_at=self._clock(),
            source=None,
        )

    async def _imported_board(self, row: ImportedBoardRow) -> Board:
        cells = Cells.from_sums(row.sums)
        ranked = await asyncio.to_thread(rank, cells)
        return board_view(
            ranked,
            {},
            slug=row.slug,
            name=row.name,
            arena=None,
            excluded=0,
            updated_at=row.as_of or row.imported_at,
            source=Source(name=row.source_name, url=row.source_url, note=row.source_note),
        )

    async def _refresh_when_due(self) -> None:
        """Wait for a change, or for the next look; then refresh what may have changed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                await self._dirty.wait()
        if self._untold:
            self._untold = False
            await self._signals.send(VOTED, self._signals.process)
        if self._dirty.is_set() or self._clock() - self._refreshed_at >= LONGEST:
            try:
                if not self._tried.is_set():
                    async with self._refreshing:
                        await self._bring(self._database, self._clock())
                await self.refresh()
            except Exception:
                self._dirty.set()  # so that the next round tries again; `repeat` logs it
                raise
            finally:
                self._tried.set()
        else:
            await self._refresh_imported()
