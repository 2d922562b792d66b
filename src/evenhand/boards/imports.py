"""Boards of other people's votes: kept as sums per pair, shown beside the live ones, marked as imported."""

import re
import unicodedata
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.boards.schemas import Source
from evenhand.boards.tables import ImportedBoardRow
from evenhand.ranking import Cells


async def store_import(
    session: AsyncSession,
    slug: str,
    name: str,
    source: Source,
    cells: Cells,
    now: datetime,
    as_of: datetime | None = None,
) -> None:
    """Keep a board; one of the same slug is replaced where the new one differs.

    `as_of` is the time of the last vote, where it is known.
    """
    described = {
        "name": name,
        "source_name": source.name,
        "source_url": source.url,
        "source_note": source.note,
        "as_of": as_of,
        "sums": [list(line) for line in cells.sums()],
    }
    # Nearly always it is there already, from an earlier start: reading it takes less than writing it again.
    kept = await session.get(ImportedBoardRow, slug)
    if kept is not None and all(getattr(kept, name) == value for name, value in described.items()):
        return
    statement = insert(ImportedBoardRow).values(slug=slug, imported_at=now, **described)
    replaced = {name: statement.excluded[name] for name in (*described, "imported_at")}
    await session.execute(statement.on_conflict_do_update(index_elements=["slug"], set_=replaced))


def slug_of(name: str) -> str:
    """What a board is called in an address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "imported"
