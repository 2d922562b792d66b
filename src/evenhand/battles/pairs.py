"""Pairs: making a battle from a draw, from a redraw, or from contestants chosen by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.arenas import Mode
from evenhand.battles.commitments import commitment, new_salt
from evenhand.battles.draw import ALGORITHM, Ticket, draw, weights_digest
from evenhand.battles.seeds import prepare_seeds
from evenhand.battles.states import SIDES, Side
from evenhand.battles.tables import BattleRow, ConversationRow, DrawCounterRow, DrawRow, DrawSeedRow
from evenhand.contestants.service import (
    Competitor,
    Identity,
    as_competitors,
    competitors,
    drawable_now,
    identities,
)
from evenhand.contestants.tables import ContestantRow, LineupRow
from evenhand.core.clock import day_of
from evenhand.core.errors import Unavailable
from evenhand.core.ids import new_id
from evenhand.storage.engine import Row
from evenhand.storage.together import Prepared, Query, together

_day = bindparam("day", type_=Date)
_seed = select(DrawSeedRow.seed).where(DrawSeedRow.day == _day)
# Nothing is counted on a day that has no seed yet.
_first = select(bindparam("arena", type_=Uuid), DrawSeedRow.day, literal(1)).where(DrawSeedRow.day == _day)
_counted = (
    insert(DrawCounterRow)
    .from_select(["arena_id", "day", "value"], _first)
    .on_conflict_do_update(index_elements=["arena_id", "day"], set_={"value": DrawCounterRow.value + 1})
    .returning(DrawCounterRow.value, _seed.scalar_subquery().label("seed"))
    .cte("counted")
)
_next_number = Prepared(select(_counted.c.value, _counted.c.seed))
_its_arena = select(ConversationRow.arena_id).where(ConversationRow.id == bindparam("conversation"))
_candidates = Prepared(drawable_now.where(LineupRow.arena_id == _its_arena.scalar_subquery()))

Candidates = Query[ContestantRow, UUID, str, int]
"""Who can be drawn."""


@dataclass(frozen=True)
class Place:
    """Where and when a battle is made."""

    conversation_id: UUID
    arena_id: UUID
    arena: str
    now: datetime


@dataclass(frozen=True)
class Pair:
    """A battle and who is in it; `new` are the rows of it that are not written yet."""

    battle: BattleRow
    sides: Mapping[Side, Identity]
    new: Sequence[Row] = ()


def candidates(conversation_id: UUID) -> Candidates:
    """What reads who can be drawn in a conversation's arena, for `lineup_for_a_draw`."""
    return _candidates(conversation=conversation_id)


async def lineup_for_a_draw(session: AsyncSession, arena_id: UUID, read: Candidates) -> list[Competitor]:
    """Who can be drawn in an arena. Raises `Unavailable` when they are fewer than two."""
    lineup = await as_competitors(session, read.rows)
    if len(lineup) >= 2:
        return lineup
    everyone = await competitors(session, arena_id)
    if not everyone:
        raise Unavailable("no_contestants", "This arena has no contestants yet; its operator must add some.")
    if len(everyone) == 1:
        raise Unavailable(
            "too_few_contestants", "A battle needs two contestants, and this arena has only one."
        )
    raise too_few_answer()


def too_few_answer() -> Unavailable:
    """What is said where there are enough contestants, and too few of them without an outage."""
    return Unavailable(
        "contestants_unavailable",
        "Too few contestants answer at the moment; try again in half a minute.",
        retry_after=30,
    )


async def drawn_battle(
    session: AsyncSession, place: Place, lineup: Sequence[Competitor], client_nonce: str
) -> Pair:
    """A battle of two contestants drawn from a lineup, on sides drawn too."""
    row = await _draw(session, place, lineup, client_nonce, kept=None)
    sides = (row.second, row.first) if row.swapped else (row.first, row.second)
    known = {one.configuration_id: one for one in lineup}
    return _pair(place, "battle", [known[side] for side in sides], row)


async def redrawn_battle(
    session: AsyncSession,
    place: Place,
    lineup: Sequence[Competitor],
    client_nonce: str,
    *,
    kept: Identity,
    kept_side: Side,
) -> Pair:
    """A battle in which one configuration keeps its side and meets an opponent drawn from a lineup."""
    row = await _draw(session, place, lineup, client_nonce, kept=kept.configuration_id)
    new = next(one for one in lineup if one.configuration_id == row.second)
    sides = [kept, new] if kept_side == "a" else [new, kept]
    return _pair(place, "battle", sides, row)


def named_battle(place: Place, mode: Mode, sides: Sequence[Identity]) -> Pair:
    """A pair (or one alone, in direct mode) that the user has chosen by name."""
    return _pair(place, mode, sides, None)


async def sides_of(session: AsyncSession, battle: BattleRow) -> Mapping[Side, Identity]:
    """Who is in a battle."""
    ids = [one for one in (battle.configuration_a, battle.configuration_b) if one is not None]
    known = await identities(session, ids)
    return dict(zip(SIDES, [known[one] for one in ids], strict=False))


async def _draw(
    session: AsyncSession,
    place: Place,
    lineup: Sequence[Competitor],
    client_nonce: str,
    *,
    kept: UUID | None,
) -> DrawRow:
    day = day_of(place.now)
    counter, seed = await _count(session, place.arena_id, day, place.now)
    eligible = [one.configuration_id for one in lineup]
    weights = [one.weight for one in lineup]
    digest = weights_digest(eligible, weights)
    outcome = draw(
        seed, Ticket(place.arena, day, counter, client_nonce, digest), eligible, weights, kept=kept
    )
    return DrawRow(
        id=new_id(),
        arena_id=place.arena_id,
        day=day,
        counter=counter,
        drawn_at=place.now,
        algorithm=ALGORITHM,
        eligible=eligible,
        weights=weights,
        weights_digest=digest,
        kept=kept,
        first=outcome.first,
        second=outcome.second,
        probability=outcome.probability,
        swapped=outcome.swapped,
        tie_side=outcome.tie_side,
        client_nonce=client_nonce,
    )


async def _count(session: AsyncSession, arena_id: UUID, day: date, now: datetime) -> tuple[int, bytes]:
    """The next number of an arena's day, and the day's seed."""
    counted = _next_number(arena=arena_id, day=day)
    await together(session, counted)
    if not counted.rows:
        await prepare_seeds(session, now)
        await together(session, counted)
    return counted.one()


def _pair(place: Place, mode: Mode, sides: Sequence[Identity], drawn: DrawRow | None) -> Pair:
    battle_id = new_id()

    def bound(side: Side, identity: Identity) -> dict[str, object]:
        salt = new_salt()
        return {
            f"configuration_{side}": identity.configuration_id,
            f"salt_{side}": salt,
            f"commitment_{side}": commitment(
                battle_id, side, identity.contestant.slug, identity.digest, salt
            ),
        }

    row = BattleRow(
        id=battle_id,
        conversation_id=place.conversation_id,
        arena_id=place.arena_id,
        mode=mode,
        draw_id=drawn.id if drawn else None,
        status="drawn",
        created_at=place.now,
        **bound("a", sides[0]),
        **(bound("b", sides[1]) if len(sides) > 1 else {}),
    )
    return Pair(row, dict(zip(SIDES, sides, strict=False)), [drawn, row] if drawn else [row])
