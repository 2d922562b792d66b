"""One's own board: the Bradley-Terry ratings by one's own votes alone, beside the arena's."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from evenhand import ranking
from evenhand.boards.keeper import BoardKeeper
from evenhand.boards.view import Known, board_view
from evenhand.contestants.service import known_contestants
from evenhand.mine.disagreement import disagreements
from evenhand.mine.guesses import guesses_of
from evenhand.mine.schemas import Disagreement, Guesses, MyBoard, PublicPlace
from evenhand.mine.votes import Sum, cells_of, own_sums
from evenhand.ranking import Cells, rank

MOST_KEPT = 200
"""Of how many people the newest ranking is kept, so that a second look costs no fit."""


class _Kept(NamedTuple):
    cells: Cells
    board: ranking.Board


class OwnRankings:
    """Ranks somebody's votes, in a thread; what was ranked lately is kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[UUID, UUID], _Kept] = OrderedDict()

    async def rank(self, account_id: UUID, arena_id: UUID, sums: Sequence[Sum]) -> ranking.Board:
        """The ranking by somebody's votes in an arena; the bounds of its ranks hold all at once."""
        key, cells = (account_id, arena_id), cells_of(sums)
        kept = self._kept.pop(key, None)
        if kept is None or kept.cells != cells:
            kept = _Kept(cells, await asyncio.to_thread(rank, cells, ranks="joint"))
        self._kept[key] = kept
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return kept.board


class Own(NamedTuple):
    """Somebody's votes in an arena, and what they say."""

    sums: Sequence[Sum]
    ranked: ranking.Board
    disagreements: list[Disagreement]


async def own_ranking(
    session: AsyncSession, account_id: UUID, arena_id: UUID, slug: str, keeper: BoardKeeper, own: OwnRankings
) -> Own:
    """What somebody's votes in an arena say, also beside its board."""
    sums = await own_sums(session, account_id, arena_id)
    ranked = await own.rank(account_id, arena_id, sums)
    apart = await asyncio.to_thread(disagreements, ranked, await keeper.ranking(slug))
    names = await known_contestants(session, (one.contestant for one in apart))
    return Own(
        sums,
        ranked,
        [
            Disagreement(
                contestant=one.contestant,
                name=names[one.contestant].name,
                mine=one.mine,
                board=one.board,
                lower=one.lower,
                upper=one.upper,
            )
            for one in apart
        ],
    )


async def my_board(
    session: AsyncSession,
    account_id: UUID | None,
    arena_id: UUID,
    slug: str,
    keeper: BoardKeeper,
    own: OwnRankings,
    now: datetime,
) -> MyBoard:
    """Somebody's own board of an arena; without rows for who has not voted there."""
    public = await keeper.get(slug)
    mine = Own((), rank(Cells.from_sums(())), [])
    guesses = Guesses(sides=0, right=0, by_chance=0.0)
    if account_id is not None:
        mine = await own_ranking(session, account_id, arena_id, slug, keeper, own)
        guesses = await guesses_of(session, account_id, arena_id)
    rated = {row.contestant for row in mine.ranked.rows}
    contestants = await known_contestants(session, rated)
    return MyBoard(
        board=board_view(
            mine.ranked,
            {name: Known(row.name, row.organization, row.license, None) for name, row in contestants.items()},
            slug=slug,
            name=public.name,
            arena=slug,
            excluded=0,
            updated_at=now,
            source=None,
        ),
        counted=sum(one.counted for one in mine.sums),
        places=[
            PublicPlace(
                contestant=row.contestant,
                rating=row.rating,
                rank_best=row.rank_best,
                rank_worst=row.rank_worst,
            )
            for row in public.rows
            if row.contestant in rated
        ],
        disagreements=mine.disagreements,
        guesses=guesses,
    )
