"""The day's seeds of the draw: made a day ahead, so that the commitment is known before any draw uses it."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.tables import DrawSeedRow
from evenhand.core.clock import Clock, day_of
from evenhand.storage.engine import Database

PAUSE = 600.0
"""Seconds between two looks for a seed that is missing."""


async def prepare_seeds(session: AsyncSession, now: datetime) -> None:
    """Make today's and tomorrow's seed where they are missing."""
    for day in (day_of(now), day_of(now) + timedelta(days=1)):
        seed = secrets.token_bytes(32)
        await session.execute(
            insert(DrawSeedRow)
            .values(day=day, seed=seed, commitment=hashlib.sha256(seed).hexdigest(), created_at=now)
            .on_conflict_do_nothing()
        )


class Seeds:
    """Makes each day's seed a day ahead, for as long as the arena runs."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def prepare(self) -> None:
        """Make what is missing of today's and tomorrow's."""
        async with self._database.unit_of_work() as work:
            await prepare_seeds(work.session, self._clock())
