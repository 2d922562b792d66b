"""Why a vote on a battle does not count, as far as it is known at the vote."""

from sqlalchemy import or_, select

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


def reasons(battle: BattleRow, *, stopped: bool) -> list[str]:
    """The reasons, the most telling first; none for a vote that counts. `stopped`: see `was_stopped`."""
    return ["not_blind"] * (battle.mode != "battle") + ["stopped"] * stopped
