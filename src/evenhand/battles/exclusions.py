"""Why a vote on a battle does not count, as far as it is known at the vote."""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.tables import AttemptRow, BattleRow, ResponseRow


async def exclusions(session: AsyncSession, battle: BattleRow) -> list[str]:
    """The reasons, the most telling first; none for a vote that counts."""
    reasons = []
    if battle.mode != "battle":
        reasons.append("not_blind")
    # An attempt that was stopped and tried again is a second roll of the dice.
    stopped = await session.scalar(
        select(ResponseRow.id)
        .outerjoin(AttemptRow, AttemptRow.response_id == ResponseRow.id)
        .where(
            ResponseRow.battle_id == battle.id,
            or_(ResponseRow.status == "stopped", AttemptRow.status == "stopped"),
        )
        .limit(1)
    )
    if stopped is not None:
        reasons.append("stopped")
    return reasons
