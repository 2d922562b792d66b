"""The battle that a new turn belongs to: the newest one going on, or a new pair."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.calling import HasRoom, with_room
from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.limits import Budget
from evenhand.battles.pairs import (
    Candidates,
    Pair,
    Place,
    drawn_battle,
    lineup_for_a_draw,
    named_battle,
    sides_of,
)
from evenhand.battles.responses import battle_event, lock_battle
from evenhand.battles.schemas import TurnRequest
from evenhand.battles.shared_limits import can_read
from evenhand.battles.tables import BattleRow, ConversationRow, DrawRow, ResponseRow, TurnRow
from evenhand.battles.votes import finalise, held_vote
from evenhand.contestants.service import Identity, competitors
from evenhand.core.errors import Unavailable
from evenhand.core.ids import overtake

_Someone = TypeVar("_Someone", bound=Identity)


async def next_battle(
    session: AsyncSession,
    conversation: ConversationRow,
    place: Place,
    candidates: Candidates,
    turns: Sequence[TurnRow],
    parent: TurnRow | None,
    request: TurnRequest,
    question: Sequence[str],
    has_room: HasRoom,
    budget: Budget,
) -> tuple[Pair, list[BattleStreamEvent]]:
    """The battle that a new turn belongs to, and who is in it: the newest if it can go on, else a new one.

    Also gives what readers are told of the newest, where that is over now.
    """

    async def able(candidates: Iterable[_Someone], needed: int) -> list[_Someone]:
        """Those who can answer now, if they are enough and may be paid for."""
        found = with_room(can_read(candidates, question, needed), has_room, needed)
        await budget.check(session, found, needed)
        return found

    events: list[BattleStreamEvent] = []
    newest = await lock_battle(session, turns[-1].battle_id) if turns else None
    if newest is not None:
        overtake(max(newest.id, turns[-1].id))
        held = await held_vote(session, newest) if newest.status == "ready" else None
        if held is not None:  # who goes on asking does not take the vote back any more
            events += await finalise(session, newest, held, place.now)
        goes_on = parent is turns[-1] and not request.new_pair
        named = conversation.mode != "battle"
        if goes_on and (newest.status == "ready" or (named and newest.status == "failed")):
            newest.status = "running"
            going = await sides_of(session, newest)
            await able(going.values(), len(going))
            return Pair(newest, going), events
        if newest.status == "ready":
            newest.status = "skipped"
            newest.ended_at = place.now
            events.append(battle_event(newest, turns[-1].id))
        if newest.status == "failed" and newest.carried_side is None:
            await _carry_after_failure(session, newest, turns[-1])
        await session.flush()
    if conversation.mode == "battle":
        lineup = await able(await lineup_for_a_draw(session, place.arena_id, candidates), 2)
        pair = await drawn_battle(session, place, lineup, request.client_nonce)
    else:
        chosen = await _chosen(session, conversation)
        await able(chosen, len(chosen))
        pair = named_battle(place, conversation.mode, chosen)
    return pair, events


async def _chosen(session: AsyncSession, conversation: ConversationRow) -> list[Identity]:
    """Who was chosen by name. Raises `Unavailable` when one of them has left."""
    lineup = {one.contestant.id: one for one in await competitors(session, conversation.arena_id)}
    if not all(contestant in lineup for contestant in conversation.contestants):
        raise Unavailable(
            "unknown_contestant", "A contestant of this conversation has left the arena; begin a new one."
        )
    return [lineup[one] for one in conversation.contestants]


async def _carry_after_failure(session: AsyncSession, battle: BattleRow, turn: TurnRow) -> None:
    """After a failure the one healthy answer goes on; with two or none of them, the draw says which side."""
    sides = (
        await session.scalars(
            select(ResponseRow.side).where(
                ResponseRow.turn_id == turn.id,
                ResponseRow.battle_id == battle.id,
                ResponseRow.status == "done",
            )
        )
    ).all()
    if len(sides) == 1:
        battle.carried_side, battle.carried_by = sides[0], "only_answer"
    elif battle.draw_id is not None:
        battle.carried_side = (await session.get_one(DrawRow, battle.draw_id)).tie_side
        battle.carried_by = "draw"
