"""Orphans: responses that say they run although nobody runs them. They fail; their text is kept."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.pieces import stored_parts
from evenhand.battles.responses import LEASE, Outcome, end, lock_battle, response_event, settle
from evenhand.battles.tables import AttemptRow, ResponseRow

INTERRUPTED = "interrupted"


async def end_orphans(session: AsyncSession, now: datetime) -> list[BattleStreamEvent]:
    """Fail every attempt whose lease has run out, and every response that has waited for one too long."""
    events: list[BattleStreamEvent] = []
    attempts = await session.execute(
        select(AttemptRow, ResponseRow)
        .join(ResponseRow, ResponseRow.id == AttemptRow.response_id)
        .where(AttemptRow.status == "streaming", AttemptRow.lease_until < now)
        .order_by(AttemptRow.id)
    )
    for attempt, response in attempts.all():
        outcome = Outcome(
            "failed",
            error=INTERRUPTED,
            cause="the process that ran it is gone",
            parts=(await stored_parts(session, [response.turn_id])).get(
                (response.turn_id, response.side, attempt.number), []
            ),
            # Nobody can say any more what it cost, so the most that it could have is taken.
            cost_usd=response.reserved_usd,
        )
        _, battle, ended = await end(session, attempt.id, outcome, now)
        events += ended
        events += await settle(session, battle, response.turn_id)
    waiting = await session.scalars(
        select(ResponseRow).where(ResponseRow.status == "queued", ResponseRow.queued_at < now - LEASE)
    )
    for response in waiting.all():
        battle = await lock_battle(session, response.battle_id)
        await session.refresh(response)
        if response.status == "queued":
            response.status, response.error = "failed", INTERRUPTED
            await session.flush()
            events.append(response_event(battle.conversation_id, response))
            events += await settle(session, battle, response.turn_id)
    return events
