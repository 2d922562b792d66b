"""What somebody voted, final votes alone: also as the guest that became them, also what does not count."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from evenhand.accounts.voters import accounts_of
from evenhand.battles.tables import BattleRow, VoteExclusionRow, VoteRow
from evenhand.contestants.tables import ConfigurationRow, ContestantRow
from evenhand.ranking import Cells

side_a, side_b = aliased(ConfigurationRow), aliased(ConfigurationRow)
_name_a, _name_b = aliased(ContestantRow), aliased(ContestantRow)
_counts = (
    ~select(VoteExclusionRow.vote_id)
    .where(VoteExclusionRow.vote_id == VoteRow.id)
    .correlate(VoteRow)
    .exists()
)


class Sum(NamedTuple):
    """How often somebody made a choice between two, and how many of these votes count on the board."""

    a: str
    b: str
    choice: str
    votes: int
    counted: int


async def own_sums(session: AsyncSession, account_id: UUID, arena_id: UUID) -> Sequence[Sum]:
    """Somebody's votes in an arena, by pair and choice."""
    rows = await session.execute(
        select(
            _name_a.slug,
            _name_b.slug,
            VoteRow.choice,
            func.count(),
            func.count().filter(_counts),
        )
        .join(BattleRow, BattleRow.id == VoteRow.battle_id)
        .join(side_a, side_a.id == BattleRow.configuration_a)
        .join(side_b, side_b.id == BattleRow.configuration_b)
        .join(_name_a, _name_a.id == side_a.contestant_id)
        .join(_name_b, _name_b.id == side_b.contestant_id)
        .where(VoteRow.account_id.in_(accounts_of(account_id)), BattleRow.arena_id == arena_id)
        # In one order, so that the same votes are the same sums.
        .group_by(_name_a.slug, _name_b.slug, VoteRow.choice)
        .order_by(_name_a.slug, _name_b.slug, VoteRow.choice)
    )
    return [Sum(*row) for row in rows]


def cells_of(sums: Sequence[Sum]) -> Cells:
    """Sums of votes as the ranking takes them."""
    return Cells.from_sums((one.a, one.b, one.choice, one.votes, one.votes, one.votes) for one in sums)


async def newest_choice(session: AsyncSession, account_id: UUID, arena_id: UUID) -> str | None:
    """Whom somebody voted for last, ties left out, in a vote that counts."""
    newest = await session.execute(
        select(VoteRow.choice, _name_a.slug, _name_b.slug)
        .join(BattleRow, BattleRow.id == VoteRow.battle_id)
        .join(side_a, side_a.id == BattleRow.configuration_a)
        .join(side_b, side_b.id == BattleRow.configuration_b)
        .join(_name_a, _name_a.id == side_a.contestant_id)
        .join(_name_b, _name_b.id == side_b.contestant_id)
        .where(
            VoteRow.account_id.in_(accounts_of(account_id)),
            BattleRow.arena_id == arena_id,
            VoteRow.choice.in_(("a", "b")),
            _counts,
        )
        .order_by(VoteRow.cast_at.desc(), VoteRow.id.desc())
        .limit(1)
    )
    row = newest.first()
    return None if row is None else str(row[1] if row[0] == "a" else row[2])


def wins_of(sums: Sequence[Sum], contestant: str) -> int:
    """How many of somebody's votes that count a contestant has won."""
    return sum(one.counted for one in sums if contestant == {"a": one.a, "b": one.b}.get(one.choice))
