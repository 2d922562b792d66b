"""What is kept of somebody's consent, and how it moves, leaves with them, or goes."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.consent.agreements import agreements
from evenhand.consent.releases import is_left_out
from evenhand.consent.tables import AgreementRow, ReleaseChoiceRow

_MOVE_AGREEMENTS = text("""
INSERT INTO agreement (account_id, version, agreed_at)
SELECT :voter, version, agreed_at FROM agreement WHERE account_id = :guest
ON CONFLICT (account_id, version) DO UPDATE SET agreed_at = least(agreement.agreed_at, excluded.agreed_at)""")
# Whoever was left out as one of the two is, as both: nothing is published that one of them did not want.
_MOVE_CHOICE = text("""
INSERT INTO release_choice (account_id, left_out, chosen_at)
SELECT :voter, true, chosen_at FROM release_choice WHERE account_id = :guest AND left_out
ON CONFLICT (account_id) DO UPDATE SET left_out = true, chosen_at = excluded.chosen_at""")


async def move_consent(session: AsyncSession, guest: UUID, voter: UUID) -> None:
    """Make a guest's agreements, and their wish to be left out, a voter's."""
    for statement in (_MOVE_AGREEMENTS, _MOVE_CHOICE):
        await session.execute(statement, {"guest": guest, "voter": voter})
    await erase_consent(session, guest)


async def consent_of(session: AsyncSession, account_id: UUID) -> dict[str, Any]:
    """Everything that is kept of an account's consent, for an export."""
    return {
        "agreements": [
            {"version": one.version, "agreed_at": one.agreed_at.isoformat()}
            for one in await agreements(session, account_id)
        ],
        "left_out_of_releases": await is_left_out(session, account_id),
    }


async def erase_consent(session: AsyncSession, account_id: UUID) -> None:
    """Forget what an account agreed to and chose."""
    for table in (AgreementRow, ReleaseChoiceRow):
        await session.execute(delete(table).where(table.account_id == account_id))
