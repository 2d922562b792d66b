"""Boards of other people's votes: kept as sums per pair, shown beside the live ones, marked as imported."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.boards.schemas import Source
from evenhand.boards.tables import ImportedBoardRow
from evenhand.ranking import OUTCOMES, Cells


async def store_import(
    session: AsyncSession, slug: str, name: str, source: Source, cells: Cells, now: datetime
) -> None:
    """Keep a board; one of the same slug is replaced where the new one differs."""
    described = {
        "name": name,
        "source_name": source.name,
        "source_url": source.url,
        "source_note": source.note,
        "sums": [list(line) for line in _lines(cells)],
    }
    statement = insert(ImportedBoardRow).values(slug=slug, imported_at=now, **described)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["slug"],
            set_=described | {"imported_at": now},
            where=ImportedBoardRow.sums.is_distinct_from(statement.excluded.sums),
        )
    )


def slug_of(name: str) -> str:
    """What a board is called in an address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "imported"


def _lines(cells: Cells) -> Iterator[tuple[str, str, str, int, float, float]]:
    for pair, (first, second) in enumerate(cells.pairs):
        for column, outcome in enumerate(OUTCOMES):
            if cells.votes[pair, column]:
                yield (
                    cells.contestants[first],
                    cells.contestants[second],
                    outcome,
                    int(cells.votes[pair, column]),
                    float(cells.weights[pair, column]),
                    float(cells.squares[pair, column]),
                )
