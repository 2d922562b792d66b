"""Orphans: responses that say they run although nobody runs them. They fail; their text is kept."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.pieces import stored_parts
from evenhand.battles.responses import (
    LEASE,
    Outcome,
    end,
    lock_battle,
    lock_response_of,
    response_event,
    settle,
)
from evenhand.battles.tables import AttemptRow, ResponseRow
from evenhand.storage.together import Prepared, together

INTERRUPTED = "interrupted"

_lapsed = (AttemptRow.status == "streaming", AttemptRow.lease_until < func.now())
_orphaned_attempts = Prepared(select(AttemptRow.id).where(*_lapsed).order_by(AttemptRow.id))
_orphaned_responses = Prepared(
    select(ResponseRow.id).where(ResponseRow.status == "queued", ResponseRow.queued_at < bindparam("since"))
)


async def orphaned_attempts(session: AsyncSession) -> list[UUID]:
    """The attempts whose lease has run out."""
    found = _orphaned_attempts()
    await together(session, found)
    return found.values()


async def orphaned_responses(session: AsyncSession, now: datetime) -> list[UUID]:
    """The responses that have waited too long for an attempt."""
    found = _orphaned_responses(since=now - LEASE)
    await together(session, found)
    return found.values()


async def end_orphaned_attempt(
    session: AsyncSession, attempt_id: UUID, now: datetime
) -> list[BattleStreamEvent]:
    """Fail an attempt that nobody runs, unless it was renewed meanwhile. Its text is what had been stored."""
    response, _, _, _ = await lock_response_of(session, attempt_id)
    # After the battle, as everybody who ends one does; a renewal locks nothing else.
    attempt = await session.scalar(
        select(AttemptRow).where(AttemptRow.id == attempt_id, *_lapsed).with_for_update(key_share=True)
    )
    if attempt is None:
        return []
    stored = await stored_parts(session, [response.turn_id])
    outcome = Outcome(
        "failed",
        error=INTERRUPTED,
        cause="the process that ran it is gone",
        parts=stored.get((response.turn_id, response.side, attempt.number), []),
        # Nobody can say any more what it cost, so the most that it could have is taken.
        cost_usd=response.reserved_usd,
    )
    _, battle, events = await end(session, attempt_id, outcome, now)
    return [*events, *await settle(session, battle, response.turn_id)]


async def end_queued(
    session: AsyncSession, response_id: UUID, status: Literal["failed", "stopped"]
) -> list[BattleStreamEvent]:
    """End a response that is still queued: nobody has begun it, or it was stopped before that."""
    response = await session.get_one(ResponseRow, response_id)
    battle = await lock_battle(session, response.battle_id)
    await session.refresh(response)
    if response.status != "queued":
        return []
    response.status = status
    response.error = INTERRUPTED if status == "failed" else None
    await session.flush()
    return [
        response_event(battle.conversation_id, response),
        *await settle(session, battle, response.turn_id),
    ]
