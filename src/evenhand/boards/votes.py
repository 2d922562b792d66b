"""The votes of an arena, counted in the database: sums per pair of contestants and outcome."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from evenhand.battles.tables import BattleRow, VoteExclusionRow, VoteRow
from evenhand.contestants.tables import ConfigurationRow, ContestantRow
from evenhand.ranking.cells import Cells

_excluded = select(VoteExclusionRow.vote_id).where(VoteExclusionRow.vote_id == VoteRow.id).exists()


async def counted_cells(session: AsyncSession, arena_id: UUID, contestants: list[str]) -> Cells:
    """The cells of all votes that count in an arena; `contestants` are there even without votes."""
    configuration_a, configuration_b = aliased(ConfigurationRow), aliased(ConfigurationRow)
    contestant_a, contestant_b = aliased(ContestantRow), aliased(ContestantRow)
    number = func.count()
    rows = await session.execute(
        select(contestant_a.slug, contestant_b.slug, VoteRow.choice, number)
        .select_from(VoteRow)
        .join(BattleRow, BattleRow.id == VoteRow.battle_id)
        .join(configuration_a, configuration_a.id == BattleRow.configuration_a)
        .join(configuration_b, configuration_b.id == BattleRow.configuration_b)
        .join(contestant_a, contestant_a.id == configuration_a.contestant_id)
        .join(contestant_b, contestant_b.id == configuration_b.contestant_id)
        .where(BattleRow.arena_id == arena_id, ~_excluded)
        .group_by(contestant_a.slug, contestant_b.slug, VoteRow.choice)
    )
    return Cells.from_sums(((a, b, choice, n, n, n) for a, b, choice, n in rows), contestants)


async def excluded_count(session: AsyncSession, arena_id: UUID) -> int:
    """How many votes of an arena do not count."""
    count = await session.scalar(
        select(func.count())
        .select_from(VoteRow)
        .join(BattleRow, BattleRow.id == VoteRow.battle_id)
        .where(BattleRow.arena_id == arena_id, _excluded)
    )
    return count or 0
