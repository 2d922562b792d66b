"""The votes of an arena as cells that are kept in step: only what changed is counted, and read."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from evenhand.boards.tables import CellRow
from evenhand.contestants.tables import ConfigurationRow, ContestantRow
from evenhand.ranking import Cells
from evenhand.ranking.cells import CellSum
from evenhand.storage.engine import Database

_a, _b = aliased(ConfigurationRow), aliased(ConfigurationRow)
_contestant_a, _contestant_b = aliased(ContestantRow), aliased(ContestantRow)
_changed = (
    select(
        CellRow.configuration_a,
        CellRow.configuration_b,
        _contestant_a.slug.label("a"),
        _contestant_b.slug.label("b"),
        CellRow.choice,
        CellRow.votes,
        CellRow.excluded,
        CellRow.revision,
    )
    .join(_a, _a.id == CellRow.configuration_a)
    .join(_b, _b.id == CellRow.configuration_b)
    .join(_contestant_a, _contestant_a.id == _a.contestant_id)
    .join(_contestant_b, _contestant_b.id == _b.contestant_id)
    # As a number in the text, so that the database knows how few are newer.
    .where(
        CellRow.arena_id == bindparam("arena"),
        CellRow.revision > bindparam("revision", type_=BigInteger, literal_execute=True),
    )
)


async def count_votes(database: Database) -> None:
    """Add the votes of all arenas that were cast, excluded or admitted again since the last count.

    Whichever process does it, each is added once; one that counts meanwhile is waited for.
    """
    await database.execute_alone(select(func.count_votes()))


class LiveCells:
    """What was counted of an arena's votes, as far as it was read.

    Attributes:
        arena_id: which arena
        cells: the votes that count
        excluded: how many do not
    """

    def __init__(self, arena_id: UUID) -> None:
        self.arena_id = arena_id
        self.cells = Cells.from_sums(())
        self.excluded = 0
        self._revision = 0
        self._read: dict[tuple[UUID, UUID, str], tuple[int, int]] = {}

    async def catch_up(self, session: AsyncSession) -> None:
        """Read the sums that a count has changed since the last time."""
        changed = await session.execute(_changed, {"arena": self.arena_id, "revision": self._revision})
        if rows := changed.all():
            # At the first time that may be all pairs of hundreds of contestants.
            await asyncio.to_thread(self._take, rows)

    def _take(self, changed: Sequence[Any]) -> None:
        before: list[CellSum] = []
        now: list[CellSum] = []
        for row in changed:
            votes, _ = self._read.get(_key(row), (0, 0))
            if votes:
                before.append(CellSum(row.a, row.b, row.choice, votes, votes, votes))
            if row.votes:
                now.append(CellSum(row.a, row.b, row.choice, row.votes, row.votes, row.votes))
        cells = self.cells + Cells.from_sums(now) - Cells.from_sums(before)
        # Whoever has no votes left is as unknown here as to a process that starts now.
        self.cells = cells.among(np.unique(cells.pairs).tolist())
        for row in changed:
            _, excluded = self._read.get(_key(row), (0, 0))
            self.excluded += row.excluded - excluded
            self._read[_key(row)] = row.votes, row.excluded
            self._revision = max(self._revision, row.revision)


def _key(row: Any) -> tuple[UUID, UUID, str]:
    return row.configuration_a, row.configuration_b, row.choice
