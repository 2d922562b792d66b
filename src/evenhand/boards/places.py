"""Where contestants stood when a day began: what a board's past is known by."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.sessions import LIFETIME
from evenhand.boards.tables import PlaceRow
from evenhand.contestants.tables import ContestantRow
from evenhand.core.clock import day_of
from evenhand.ranking import Board

KEPT = LIFETIME
"""For as long as somebody can come back whom the arena knows."""


class Places(NamedTuple):
    """A board as it stood when a day began: its votes, and the bounds of each rank by contestant."""

    day: date
    votes: int
    ranks: dict[str, tuple[int, int]]


async def keep_places(session: AsyncSession, arena_id: UUID, board: Board, now: datetime) -> None:
    """Keep a board's places as those of today; whoever looks first on a day writes them."""
    placed = {row.contestant: row for row in board.rows if row.rank_best is not None}
    ids = await session.execute(
        select(ContestantRow.slug, ContestantRow.id).where(ContestantRow.slug.in_(placed))
    )
    rows = [
        {
            "arena_id": arena_id,
            "day": day_of(now),
            "contestant_id": identity,
            "rank_best": placed[slug].rank_best,
            "rank_worst": placed[slug].rank_worst,
            "votes": placed[slug].votes,
        }
        for slug, identity in ids
    ]
    if rows:
        await session.execute(insert(PlaceRow).values(rows).on_conflict_do_nothing())


async def places_after(session: AsyncSession, arena_id: UUID, moment: datetime) -> Places | None:
    """The places at the beginning of the first day after a moment; None where none were kept since."""
    of_arena = PlaceRow.arena_id == arena_id
    first = select(func.min(PlaceRow.day)).where(of_arena, PlaceRow.day > day_of(moment)).scalar_subquery()
    found = await session.execute(
        select(PlaceRow, ContestantRow.slug)
        .join(ContestantRow, ContestantRow.id == PlaceRow.contestant_id)
        .where(of_arena, PlaceRow.day == first)
    )
    rows = found.all()
    if not rows:
        return None
    # Each vote is on two.
    votes = sum(place.votes for place, _ in rows) // 2
    ranks = {slug: (place.rank_best, place.rank_worst) for place, slug in rows}
    return Places(rows[0][0].day, votes, ranks)


async def forget_old_places(session: AsyncSession, now: datetime) -> None:
    """Remove the places that nobody can have left before."""
    await session.execute(delete(PlaceRow).where(PlaceRow.day < day_of(now - KEPT - timedelta(days=1))))
