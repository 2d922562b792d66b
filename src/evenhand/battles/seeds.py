"""The day's seeds of the draw: made a day ahead, so that the commitment is known before any draw uses it."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.tables import DrawSeedRow
from evenhand.core.clock import day_of


async def prepare_seeds(session: AsyncSession, now: datetime) -> None:
    """Make today's and tomorrow's seed where they are missing."""
    for day in (day_of(now), day_of(now) + timedelta(days=1)):
        seed = secrets.token_bytes(32)
        await session.execute(
            insert(DrawSeedRow)
            .values(day=day, seed=seed, commitment=hashlib.sha256(seed).hexdigest(), created_at=now)
            .on_conflict_do_nothing()
        )


async def seed_of(session: AsyncSession, day: date, now: datetime) -> bytes:
    """A day's seed, made now where nobody has made it yet."""
    statement = select(DrawSeedRow.seed).where(DrawSeedRow.day == day)
    seed = await session.scalar(statement)
    if seed is None:
        await prepare_seeds(session, now)
        seed = (await session.scalars(statement)).one()
    return seed
