"""What happened since somebody was last here: facts from the tables, and nothing where there is none."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts import sessions
from evenhand.accounts.sessions import Present
from evenhand.battles.schemas import NamedContestant
from evenhand.boards.keeper import BoardKeeper
from evenhand.boards.places import Places, places_after
from evenhand.boards.schemas import Board
from evenhand.contestants.tables import ContestantRow, LineupRow
from evenhand.mine.board import Own, OwnRankings, own_ranking
from evenhand.mine.schemas import BoardNews, Moved, Part, RankInterval, SinceYouLeft
from evenhand.mine.votes import newest_choice, wins_of

MOST = 5
"""How many contestants are named at most, of each kind."""


async def since_left(
    session: AsyncSession,
    present: Present | None,
    arena_ids: Mapping[str, UUID],
    keeper: BoardKeeper,
    own: OwnRankings,
    now: datetime,
) -> SinceYouLeft:
    """What happened on the boards that somebody has voted on, and who is new in the draw."""
    left_at = None if present is None else await sessions.last_left(session, present, now)
    if present is None or left_at is None:
        return SinceYouLeft(left_at=None, boards=[], new=[])
    boards = []
    for slug, arena_id in arena_ids.items():
        mine = await own_ranking(session, present.account_id, arena_id, slug, keeper, own)
        if not any(one.counted for one in mine.sums):
            continue
        board = await keeper.get(slug)
        newest = await newest_choice(session, present.account_id, arena_id)
        places = await places_after(session, arena_id, left_at)
        boards.append(_news(board, mine, places, newest))
    return SinceYouLeft(left_at=left_at, boards=boards, new=await _new(session, left_at))


def _news(board: Board, mine: Own, places: Places | None, newest: str | None) -> BoardNews:
    rows = {row.contestant: row for row in board.rows}
    part = None
    if newest is not None and (row := rows.get(newest)) is not None:
        part = Part(contestant=newest, name=row.name, mine=wins_of(mine.sums, newest), all=row.wins)
    moved: list[Moved] = []
    for one in mine.ranked.rows:
        now, before = rows.get(one.contestant), places and places.ranks.get(one.contestant)
        if now is None or before is None or now.rank_best is None or now.rank_worst is None:
            continue
        if before != (now.rank_best, now.rank_worst):
            moved.append(
                Moved(
                    contestant=one.contestant,
                    name=now.name,
                    before=RankInterval(best=before[0], worst=before[1]),
                    now=RankInterval(best=now.rank_best, worst=now.rank_worst),
                )
            )
    moved.sort(key=_distance, reverse=True)
    return BoardNews(
        slug=board.slug,
        since=places and places.day,
        # A vote that was excluded meanwhile is no news of this kind.
        votes=0 if places is None else max(0, board.votes - places.votes),
        moved=moved[:MOST],
        # The board tells of a vote a moment after it.
        part=part if part is not None and 0 < part.mine <= part.all else None,
        disagreements=mine.disagreements[:MOST],
    )


def _distance(moved: Moved) -> int:
    return abs(moved.now.best - moved.before.best) + abs(moved.now.worst - moved.before.worst)


async def _new(session: AsyncSession, left_at: datetime) -> list[NamedContestant]:
    """Who has come into the draw since, the newest first."""
    rows = await session.scalars(
        select(ContestantRow)
        .where(ContestantRow.created_at > left_at, ContestantRow.id.in_(select(LineupRow.contestant_id)))
        .order_by(ContestantRow.created_at.desc(), ContestantRow.slug)
        .limit(MOST)
    )
    return [NamedContestant(slug=row.slug, name=row.name, organization=row.organization) for row in rows]
