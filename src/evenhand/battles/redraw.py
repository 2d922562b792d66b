"""A redraw: a side of a first turn failed, its opponent is drawn anew and the healthy answer kept."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.arenas.tables import ArenaRow
from evenhand.battles.calling import HasRoom, with_room
from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.limits import Budget, characters_so_far, check_pause
from evenhand.battles.pairs import Place, redrawn_battle
from evenhand.battles.presets import instructions
from evenhand.battles.responses import battle_event, response_event
from evenhand.battles.shared_limits import can_read
from evenhand.battles.tables import BattleRow, DrawRow, ResponseRow, TurnPartRow, TurnRow
from evenhand.contestants.service import Competitor, Identity, competitors, identities
from evenhand.core.errors import Problem
from evenhand.core.ids import new_id
from evenhand.core.settings import Settings
from evenhand.storage.writing import write_together


async def redraw(
    session: AsyncSession,
    failed: ResponseRow,
    battle: BattleRow,
    has_room: HasRoom,
    settings: Settings,
    now: datetime,
) -> tuple[BattleRow, list[BattleStreamEvent]] | None:
    """Give a failed response's opponent a new partner; the new battle, and what readers are told.

    The new response is queued. None where there is nothing to redraw: not a blind battle's first turn, the
    other side failed or was stopped too, nobody is left, or the arena may not spend more.
    """
    turn = (await session.scalars(select(TurnRow).where(TurnRow.id == failed.turn_id))).one()
    if battle.mode != "battle" or not await _is_first(session, battle):
        return None
    healthy = await session.scalar(
        select(ResponseRow).where(
            ResponseRow.turn_id == turn.id,
            ResponseRow.battle_id == battle.id,
            ResponseRow.side != failed.side,
            ResponseRow.status.in_(["queued", "streaming", "done"]),
        )
    )
    if healthy is None:
        return None
    lineup, kept = await _who_is_left(session, battle, healthy)
    if not lineup:
        return None
    wanted = instructions(turn.preset)
    characters = await characters_so_far(session, battle.conversation_id) + len(wanted)
    budget = Budget(characters, settings, now)
    question = await session.scalars(select(TurnPartRow.text).where(TurnPartRow.turn_id == turn.id))
    try:
        lineup = with_room(can_read(lineup, [*question, wanted], 1), has_room, 1)
        await check_pause(session)
        await budget.check(session, lineup, 1)
    except Problem:
        return None
    arena = (await session.scalars(select(ArenaRow).where(ArenaRow.id == battle.arena_id))).one()
    nonce = await session.scalar(select(DrawRow.client_nonce).where(DrawRow.id == battle.draw_id))
    pair = await redrawn_battle(
        session,
        Place(battle.conversation_id, battle.arena_id, arena.slug, now),
        lineup,
        nonce or "",
        kept=kept,
        kept_side=healthy.side,
    )
    new, sides = pair.battle, pair.sides
    new.instead_because = battle.instead_because
    side = failed.side
    response = ResponseRow(
        id=new_id(),
        turn_id=turn.id,
        battle_id=new.id,
        side=side,
        configuration_id=sides[side].configuration_id,
        status="queued",
        # Numbers go on, so that attempt n of a turn's side is one and the same for every reader.
        attempts=failed.attempts,
        reserved_usd=budget.most(sides[side]),
        queued_at=now,
    )
    await write_together(session, [*pair.new, response])
    healthy.battle_id = new.id
    turn.battle_id = new.id
    battle.redrawn_to = new.id
    battle.status = "redrawn"
    battle.ended_at = now
    await session.flush()
    return new, [
        battle_event(battle, turn.id),
        battle_event(new, turn.id),
        response_event(battle.conversation_id, healthy),
    ]


async def _who_is_left(
    session: AsyncSession, battle: BattleRow, healthy: ResponseRow
) -> tuple[list[Competitor], Identity]:
    """Who can still be drawn against the healthy side, and who that is. Nobody is drawn twice for a turn."""
    failed = await session.scalars(
        select(ResponseRow.configuration_id).where(
            ResponseRow.turn_id == healthy.turn_id, ResponseRow.status == "failed"
        )
    )
    known = await identities(session, [healthy.configuration_id, *failed])
    out = {one.contestant.id for one in known.values()}
    everyone = await competitors(session, battle.arena_id, drawable=True)
    lineup = [one for one in everyone if one.contestant.id not in out]
    return lineup, known[healthy.configuration_id]


async def _is_first(session: AsyncSession, battle: BattleRow) -> bool:
    turns = await session.scalar(select(func.count()).where(TurnRow.battle_id == battle.id))
    return turns == 1
