"""How responses end in the database, and what that makes of their battle.

Each function runs inside one transaction and returns the events that its commit makes true. A battle's row is
locked first, so that its two sides end one after the other; whoever locks the conversation too does so
before. The locks are FOR NO KEY UPDATE, which foreign keys of rows that others insert do not wait for.
PostgreSQL locks the tables in the order of `of`, and leaves out what fits the query no more once it has them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value

from evenhand.battles.events import BattleEvent, BattleStreamEvent, PartKind, ResponseEvent
from evenhand.battles.states import BATTLE_TRANSITIONS, BattleStatus, ResponseStatus, battle_after
from evenhand.battles.tables import AttemptRow, BattleRow, PartRow, ResponseRow
from evenhand.gateway import Usage
from evenhand.storage.together import at_commit, together
from evenhand.storage.writing import Change, writing

LEASE = timedelta(seconds=20)
"""How long an attempt is believed to run without a sign of life; its column's default says the same."""

_its = aliased(ResponseRow)
_both_sides = (
    select(ResponseRow, BattleRow, AttemptRow.response_id, AttemptRow.number)
    .select_from(AttemptRow)
    .join(_its, _its.id == AttemptRow.response_id)
    .join(BattleRow, BattleRow.id == _its.battle_id)
    .join(ResponseRow, (ResponseRow.turn_id == _its.turn_id) & (ResponseRow.battle_id == BattleRow.id))
    .where(AttemptRow.id == bindparam("attempt"))
    .with_for_update(key_share=True, of=(BattleRow, ResponseRow))
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended. Times in ms, the wait for the call's turn apart; `style` as gateway.style has it.

    `timeline` says when how many characters had come, in pairs of ms and characters.
    """

    status: ResponseStatus
    finish_reason: str | None = None
    error: str | None = None
    cause: str | None = None
    parts: Sequence[tuple[PartKind, str]] = ()
    usage: Usage = field(default_factory=lambda: Usage(None, None, None))
    tokens_reported: bool = False
    waited_ms: int | None = None
    first_token_ms: int | None = None
    duration_ms: int | None = None
    cost_usd: Decimal = Decimal(0)
    style: dict[str, object] | None = None
    timeline: Sequence[tuple[int, int]] = ()


async def end(
    session: AsyncSession, attempt_id: UUID, outcome: Outcome, now: datetime
) -> tuple[ResponseRow, BattleRow, list[BattleStreamEvent]]:
    """Write how an attempt ended, what its response is now and, unless it failed, its battle.

    A failure may be redrawn, so that its battle is for the caller to `settle`. Returns no events when
    somebody else has ended the attempt before.
    """
    response, others, battle, number = await lock_response_of(session, attempt_id)
    # The response is locked and read anew, the attempt is not: this says whether it still runs.
    if response.status != "streaming" or response.attempts != number:
        return response, battle, []
    parts = [
        PartRow(attempt_id=attempt_id, index=index, kind=kind, text=text)
        for index, (kind, text) in enumerate(outcome.parts)
    ]
    ended = {
        "status": outcome.status,
        "ended_at": now,
        "finish_reason": outcome.finish_reason,
        "error": outcome.error,
        "cause": outcome.cause,
        "waited_ms": outcome.waited_ms,
        "first_token_ms": outcome.first_token_ms,
        "duration_ms": outcome.duration_ms,
        "input_tokens": outcome.usage.input_tokens,
        "output_tokens": outcome.usage.output_tokens,
        "reasoning_tokens": outcome.usage.reasoning_tokens,
        "tokens_reported": outcome.tokens_reported,
        "cost_usd": outcome.cost_usd,
        "style": outcome.style,
        "timeline": [*outcome.timeline] or None,
    }
    now_is = {"status": outcome.status, "error": outcome.error}
    changes = [Change(AttemptRow, attempt_id, ended), Change(ResponseRow, response.id, now_is)]
    settled = None
    if outcome.status != "failed":
        settled = _settled(battle, [outcome.status, *(one.status for one in others)])
    if settled is not None:
        changes.append(Change(BattleRow, battle.id, {"status": settled}))
    written = writing(parts, changes)
    if outcome.status == "failed":  # what is done about it reads these rows
        await together(session, written)
    else:
        at_commit(session, written)
    for column, value in now_is.items():
        set_committed_value(response, column, value)
    events: list[BattleStreamEvent] = [
        response_event(battle.conversation_id, response, finish_reason=outcome.finish_reason)
    ]
    if settled is not None:
        set_committed_value(battle, "status", settled)
        events.append(battle_event(battle, response.turn_id))
    return response, battle, events


async def settle(session: AsyncSession, battle: BattleRow, turn_id: UUID) -> list[BattleStreamEvent]:
    """Make a battle what its newest turn's responses say, where that is a change."""
    statuses = await session.scalars(
        select(ResponseRow.status).where(ResponseRow.turn_id == turn_id, ResponseRow.battle_id == battle.id)
    )
    status = _settled(battle, statuses)
    if status is None:
        return []
    battle.status = status
    await session.flush()
    return [battle_event(battle, turn_id)]


def _settled(battle: BattleRow, statuses: Iterable[ResponseStatus]) -> BattleStatus | None:
    """What a battle becomes once its newest turn's responses are these; None where that is no change."""
    status = battle_after(list(statuses))
    if status == battle.status or status not in BATTLE_TRANSITIONS[battle.status]:
        return None
    return status


async def lock_battle(session: AsyncSession, battle_id: UUID) -> BattleRow:
    """A battle's row, locked and read anew."""
    return (
        await session.scalars(
            select(BattleRow)
            .where(BattleRow.id == battle_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one()


async def lock_response_of(
    session: AsyncSession, attempt_id: UUID
) -> tuple[ResponseRow, list[ResponseRow], BattleRow, int]:
    """The response of an attempt, the others of its turn and battle, the battle, and which attempt it is.

    All but the attempt are locked, the battle first. A redraw may move the response to a new battle while we
    wait for the old one's lock; then it is not among those found.
    """
    while True:
        others = []
        mine = None
        for row in await session.execute(_both_sides, {"attempt": attempt_id}):
            if row.ResponseRow.id == row.response_id:
                mine = row
            else:
                others.append(row.ResponseRow)
        if mine is not None:
            return mine.ResponseRow, others, mine.BattleRow, mine.number
        await session.get_one(AttemptRow, attempt_id)


def response_event(
    conversation_id: UUID, response: ResponseRow, *, finish_reason: str | None = None
) -> ResponseEvent:
    """What readers are told of a response."""
    return ResponseEvent(
        conversation_id,
        response.turn_id,
        response.battle_id,
        response.side,
        response.attempts,
        response.status,
        response.error,
        finish_reason,
    )


def battle_event(battle: BattleRow, turn_id: UUID) -> BattleEvent:
    """What readers are told of a battle."""
    return BattleEvent(
        battle.conversation_id,
        turn_id,
        battle.id,
        battle.status,
        battle.redrawn_to,
        (battle.commitment_a, battle.commitment_b),
    )
