"""The reaper: ends what says that it runs although nobody runs it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from psycopg import Error as DriverError
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.orphans import (
    end_orphaned_attempt,
    end_queued,
    orphaned_attempts,
    orphaned_responses,
)
from evenhand.battles.responses import LEASE
from evenhand.battles.tables import AttemptRow
from evenhand.core.clock import Clock
from evenhand.storage.engine import Database
from evenhand.storage.streams import Streams

_log = structlog.get_logger()

PAUSE = LEASE.total_seconds() / 4
"""Seconds between two rounds."""


class Reach:
    """Whether the database has been there for a whole lease, by the times at which it was.

    Only then does a lease that has run out say that its owner is gone: before, the owner may have been as
    unable to renew it as we were to look. That is so for a process that starts, too: it may start just as the
    database comes back. After a crash nobody waits longer for it than beside a process that lives.

    The times are the database's own, which judge the leases too: if its clock jumps, all run out at once.
    """

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._last: datetime | None = None

    def lasts(self, now: datetime) -> bool:
        """Take note that the database is there; whether it has been for a lease, without a gap."""
        if (
            self._since is None
            or self._last is None
            or not timedelta(0) <= now - self._last <= LEASE / 2  # else no renewal may have been possible
        ):
            self._since = now
        self._last = now
        return now - self._since >= LEASE


class Reaper:
    """Works in every process, on all that any process has left behind."""

    def __init__(self, database: Database, streams: Streams, clock: Clock) -> None:
        self._database = database
        self._streams = streams
        self._clock = clock
        self._reach = Reach()

    async def sweep(self, held: Sequence[UUID] = ()) -> None:
        """Renew the leases of the attempts that run here, then end what nobody runs, each on its own."""
        now = self._clock()
        async with self._database.unit_of_work() as work:
            if held:
                await work.session.execute(
                    update(AttemptRow).where(AttemptRow.id.in_(held)).values(lease_until=text("DEFAULT"))
                )
            there = (await work.session.execute(select(func.now()))).scalar_one()
            attempts, responses = [], []
            if self._reach.lasts(there):
                attempts = await orphaned_attempts(work.session)
                responses = await orphaned_responses(work.session, now)
        for attempt_id in attempts:
            await self._end(partial(end_orphaned_attempt, attempt_id=attempt_id, now=now))
        for response_id in responses:
            await self._end(partial(end_queued, response_id=response_id, status="failed"))

    async def _end(self, ending: Callable[[AsyncSession], Awaitable[list[BattleStreamEvent]]]) -> None:
        try:
            async with self._database.unit_of_work() as work:
                events = await ending(work.session)
        except (SQLAlchemyError, DriverError) as error:
            _log.error("orphan_not_ended", exc_info=error)
        else:
            for event in events:
                self._streams.publish(event)
