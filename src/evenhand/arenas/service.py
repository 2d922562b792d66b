"""Arena rows, kept in step with the arena files."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.arenas.tables import ArenaRow
from evenhand.core.ids import new_id


async def register_arenas(session: AsyncSession, slugs: Iterable[str], now: datetime) -> dict[str, UUID]:
    """Make a row for each arena that has none; the ids of all, by slug."""
    for slug in slugs:
        await session.execute(
            insert(ArenaRow).values(id=new_id(), slug=slug, created_at=now).on_conflict_do_nothing()
        )
    rows = await session.execute(select(ArenaRow.slug, ArenaRow.id))
    return {row.slug: row.id for row in rows}
