"""Outages: a configuration whose calls keep failing is not drawn until a probe of it is answered.

What happens is recorded, and not shown while it lasts: it would name a side.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.calling import Caller
from evenhand.battles.tables import AttemptRow, ResponseRow
from evenhand.contestants.service import Identity, identities
from evenhand.contestants.tables import ConfigurationRow, ContestantRow, OutageRow
from evenhand.core.clock import Clock
from evenhand.core.ids import new_id
from evenhand.gateway import Delta, GatewayError, Message, StreamEvent
from evenhand.storage.engine import Database

FAILURES, WITHIN = 5, timedelta(seconds=30)
"""So many failures within so long take a configuration out of the draw."""
COUNTED = ("timeout", "overloaded", "failed")
"""What counts as a failure of the contestant: not a refusal, a question too long for it, or a restart."""
FIRST_PROBE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)
"""When a probe is made; each that fails doubles the pause."""
PAUSE = 5.0
"""Seconds between two looks for outages whose probe is due."""

_ASKER = "probes"

_log = structlog.get_logger()


async def note_failure(session: AsyncSession, configuration_id: UUID, error: str, now: datetime) -> None:
    """Begin an outage if this was one failure too many."""
    if error not in COUNTED:
        return
    failures = await session.scalar(
        select(func.count(AttemptRow.id))
        .join(ResponseRow, ResponseRow.id == AttemptRow.response_id)
        .where(
            ResponseRow.configuration_id == configuration_id,
            AttemptRow.error.in_(COUNTED),
            AttemptRow.ended_at > now - WITHIN,
        )
    )
    if failures is None or failures < FAILURES:
        return
    begun = await session.execute(
        insert(OutageRow)
        .values(
            id=new_id(),
            configuration_id=configuration_id,
            error=error,
            began_at=now,
            probe_at=now + FIRST_PROBE,
            probes=0,
        )
        .on_conflict_do_nothing()
        .returning(OutageRow.id)
    )
    if begun.first() is not None:
        _log.warning("outage_began", configuration=str(configuration_id), error=error)


class Outage(NamedTuple):
    """Whose calls failed and how, from when until when (None: it lasts), and how many probes were made."""

    contestant: str
    error: str
    began_at: datetime
    ended_at: datetime | None
    probes: int


async def outages_since(session: AsyncSession, since: datetime) -> list[Outage]:
    """The outages of which something lies after a moment, the newest first."""
    found = await session.execute(
        select(ContestantRow.slug, OutageRow.error, OutageRow.began_at, OutageRow.ended_at, OutageRow.probes)
        .join(ConfigurationRow, ConfigurationRow.id == OutageRow.configuration_id)
        .join(ContestantRow, ContestantRow.id == ConfigurationRow.contestant_id)
        .where(OutageRow.ended_at.is_(None) | (OutageRow.ended_at > since))
        .order_by(OutageRow.began_at.desc(), OutageRow.id)
    )
    return [Outage(*row) for row in found]


class Probes:
    """Ends outages: asks a configuration a short question, and takes its first word for an answer."""

    def __init__(self, database: Database, caller: Caller, clock: Clock) -> None:
        self._database = database
        self._caller = caller
        self._clock = clock

    async def probe(self) -> None:
        """Probe what is due; each is claimed by one process."""
        while (due := await self._claim()) is not None:
            outage_id, identity = due
            if await self._answers(identity):
                async with self._database.unit_of_work() as work:
                    outage = await work.session.get_one(OutageRow, outage_id)
                    outage.ended_at = self._clock()
                _log.warning("outage_ended", configuration=str(outage.configuration_id))

    async def _claim(self) -> tuple[UUID, Identity] | None:
        now = self._clock()
        async with self._database.unit_of_work() as work:
            outage = await work.session.scalar(
                select(OutageRow)
                .where(OutageRow.ended_at.is_(None), OutageRow.probe_at <= now)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if outage is None:
                return None
            outage.probes += 1
            outage.probe_at = now + min(FIRST_PROBE * 2**outage.probes, LONGEST_PAUSE)
            known = await identities(work.session, [outage.configuration_id])
            return outage.id, known[outage.configuration_id]

    async def _answers(self, identity: Identity) -> bool:
        question = [Message("user", "Say hello.")]
        try:
            await self._caller.call(
                identity.configuration, question, _first_word, asker=_ASKER, limits=identity.limits
            )
        except _AnswersError:
            return True
        except GatewayError:
            pass
        return False


class _AnswersError(Exception):
    """A word has come; the rest of the answer would cost and say no more."""


def _first_word(event: StreamEvent) -> None:
    if isinstance(event, Delta):
        raise _AnswersError
