"""Battles that nobody came back to are recorded as abandoned: what is drawn and not voted on tells, too.

Whoever leaves the battles that do not help their favourite would otherwise leave no trace.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.responses import battle_event, lock_battle
from evenhand.battles.tables import BattleRow, TurnRow
from evenhand.battles.votes import held_vote
from evenhand.core.clock import Clock
from evenhand.storage.engine import Database
from evenhand.storage.streams import Streams
from evenhand.storage.together import Prepared, together

AFTER = timedelta(days=7)
"""How long after its newest question a battle still waits for a vote."""
PAUSE = 600.0
"""Seconds between two looks."""
MOST = 500
"""Battles that one look ends at most."""

_since: BindParameter[datetime] = bindparam("since")
_newer = select(TurnRow.id).where(TurnRow.battle_id == BattleRow.id, TurnRow.created_at > _since)
_left = Prepared(
    select(BattleRow.id)
    .where(BattleRow.status == "ready", BattleRow.created_at <= _since, ~_newer.exists())
    .order_by(BattleRow.created_at)
    .limit(MOST)
)


class Abandoned:
    """Looks for battles that nobody came back to; whichever process is first ends one."""

    def __init__(self, database: Database, streams: Streams, clock: Clock) -> None:
        self._database = database
        self._streams = streams
        self._clock = clock

    async def record(self) -> None:
        """End every such battle, each in a transaction of its own."""
        async with self._database.unit_of_work() as work:
            left = await self._left(work.session)
        for battle_id in left:
            async with self._database.unit_of_work() as work:
                events = await self._abandon(work.session, battle_id)
            for event in events:
                self._streams.publish(event)

    async def _left(self, session: AsyncSession) -> list[UUID]:
        left = _left(since=self._clock() - AFTER)
        await together(session, left)
        return left.values()

    async def _abandon(self, session: AsyncSession, battle_id: UUID) -> list[BattleStreamEvent]:
        battle = await lock_battle(session, battle_id)
        newest = (
            await session.execute(
                select(TurnRow.id, TurnRow.created_at)
                .where(TurnRow.battle_id == battle_id)
                .order_by(TurnRow.id.desc())
                .limit(1)
            )
        ).one()
        again = newest.created_at > self._clock() - AFTER
        if battle.status != "ready" or again or await held_vote(session, battle) is not None:
            return []
        battle.status = "abandoned"
        battle.ended_at = self._clock()
        return [battle_event(battle, newest.id)]
