"""The battle that a new turn belongs to: the newest one going on, or a new pair."""

import secrets
from collections.abc import Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.blind import carried_view
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
    too_few_answer,
)
from evenhand.battles.responses import battle_event, lock_battle
from evenhand.battles.schemas import Carried, TurnRequest
from evenhand.battles.shared_limits import can_read
from evenhand.battles.states import InsteadBecause
from evenhand.battles.tables import BattleRow, ConversationRow, DrawRow, ResponseRow, TurnRow
from evenhand.battles.votes import finalise, held_vote
from evenhand.contestants.service import Competitor, Identity, competitors
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
    sent: Sequence[str],
    has_room: HasRoom,
    budget: Budget,
) -> tuple[Pair, list[BattleStreamEvent], Carried | None]:
    """The battle that a new turn belongs to, and who is in it: the newest if it can go on, else a new one.

    It cannot where somebody in it has left the arena, or nobody came back to it for too long. The new one
    says so, unless the same go on who were chosen by name; a blind one goes on from the only healthy answer,
    else from that which the draw named. Also gives what readers are told of the newest, where that is over
    now, and whose answer of it goes on, where that was not known before. `sent` is what a side must be able
    to read: the question, and what is wanted of the answer.
    """

    async def able(candidates: Iterable[_Someone], needed: int) -> list[_Someone]:
        """Those who can answer now, if they are enough and may be paid for."""
        found = with_room(can_read(candidates, sent, needed), has_room, needed)
        await budget.check(session, found, needed)
        return found

    events: list[BattleStreamEvent] = []
    instead: InsteadBecause | None = None
    carried: Carried | None = None
    newest = await lock_battle(session, turns[-1].battle_id) if turns else None
    if newest is not None:
        overtake(max(newest.id, turns[-1].id))
        held = await held_vote(session, newest) if newest.status == "ready" else None
        if held is not None:  # who goes on asking does not take the vote back any more
            events += await finalise(session, newest, held, place.now)
        goes_on = parent is turns[-1] and not request.new_pair
        named = conversation.mode != "battle"
        if goes_on and (newest.status == "ready" or (named and newest.status == "failed")):
            going = await sides_of(session, newest)
            if await all_compete(session, place.arena_id, going.values()):
                newest.status = "running"
                await able(going.values(), len(going))
                return Pair(newest, going), events, None
            instead = "retired"
        elif goes_on and not named and newest.status == "abandoned":
            instead = "abandoned"
        if newest.status == "ready":
            newest.status = "skipped"
            newest.ended_at = place.now
            events.append(battle_event(newest, turns[-1].id))
        if newest.carried_side is None and (newest.status == "failed" or instead is not None):
            await _carry_without_vote(session, newest, turns[-1])
            carried = carried_view(newest)
        await session.flush()
    if conversation.mode == "battle":
        lineup = await able(await lineup_for_a_draw(session, place.arena_id, candidates), 2)
        pair = await drawn_battle(session, place, lineup, request.client_nonce)
    else:
        everyone = await competitors(session, place.arena_id)
        chosen: list[Identity] = [one for one in everyone if one.contestant.id in conversation.contestants]
        missing = len(conversation.contestants) - len(chosen)
        if missing:
            instead = "retired"
            chosen += _draw_some(await able(await _others(session, conversation, missing), missing), missing)
        await able(chosen, len(chosen))
        pair = named_battle(place, conversation.mode, _in_place(chosen, conversation.contestants))
    pair.battle.instead_because = instead
    return pair, events, carried


async def all_compete(session: AsyncSession, arena_id: UUID, sides: Iterable[Identity]) -> bool:
    """Whether all of these are in an arena's lineup still."""
    present = {one.contestant.id for one in await competitors(session, arena_id)}
    return all(one.contestant.id in present for one in sides)


async def _others(session: AsyncSession, conversation: ConversationRow, missing: int) -> list[Competitor]:
    """Who can take a place in a conversation. Raises `Unavailable` when they are fewer than are missing."""

    async def others(*, drawable: bool) -> list[Competitor]:
        lineup = await competitors(session, conversation.arena_id, drawable=drawable)
        return [one for one in lineup if one.contestant.id not in conversation.contestants]

    now = await others(drawable=True)
    if len(now) >= missing:
        return now
    if len(await others(drawable=False)) >= missing:
        raise too_few_answer()
    raise Unavailable(
        "no_other_contestant",
        "A contestant of this conversation has left the arena, and there is no other to take its place; "
        "begin a new one.",
    )


def _draw_some(candidates: Sequence[Competitor], number: int) -> list[Competitor]:
    """So many of the candidates by their weights. Names are known and no vote counts: no proof is needed."""
    left, drawn = list(candidates), list[Competitor]()
    for _ in range(number):
        drawn.append(secrets.SystemRandom().choices(left, [one.weight for one in left])[0])
        left.remove(drawn[-1])
    return drawn


def _in_place(chosen: Sequence[Identity], wanted: Sequence[UUID]) -> list[Identity]:
    """Everyone on the side that they were chosen for; who was drawn stands where somebody is missing."""
    known = {one.contestant.id: one for one in chosen}
    drawn = iter([one for one in chosen if one.contestant.id not in wanted])
    return [known.get(one) or next(drawn) for one in wanted]


async def _carry_without_vote(session: AsyncSession, battle: BattleRow, turn: TurnRow) -> None:
    """Without a vote the one healthy answer goes on; with two or none of them, the draw says which side."""
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
