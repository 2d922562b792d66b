"""Why a vote on a battle does not count, as far as it is known at the vote."""

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.tables import AttemptRow, BattleRow, ResponseRow

# An attempt that was stopped and tried again is a second roll of the dice.
was_stopped = (
    select(ResponseRow.id)
    .outerjoin(AttemptRow, AttemptRow.response_id == ResponseRow.id)
    .where(
        ResponseRow.battle_id == BattleRow.id,
        or_(ResponseRow.status == "stopped", AttemptRow.status == "stopped"),
    )
    .correlate(BattleRow)
    .exists()
)
"""Whether an answer of a battle, in a query of that, was ever stopped."""

_was_stopped = select(was_stopped).where(BattleRow.id == bindparam("battle"))


async def exclusions(session: AsyncSession, battle: BattleRow) -> list[str]:
    """The reasons, the most telling first; none for a vote that counts."""
    return reasons(battle, stopped=bool(await session.scalar(_was_stopped, {"battle": battle.id})))


def reasons(battle: BattleRow, *, stopped: bool) -> list[str]:
    """The same for a battle of which it is known already whether an answer was stopped."""
    return ["not_blind"] * (battle.mode != "battle") + ["stopped"] * stopped
