"""What is kept of somebody's consent, and how it moves, leaves with them, or goes."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.belongings import File, Form, json_file
from evenhand.accounts.voters import accounts_of
from evenhand.consent.agreements import agreements
from evenhand.consent.releases import is_left_out
from evenhand.consent.statistics import opted_out
from evenhand.consent.tables import AgreementRow, ReleaseChoiceRow, StatisticsOptOutRow
from evenhand.storage.engine import Database

_MOVE_AGREEMENTS = text("""
INSERT INTO agreement (account_id, version, agreed_at)
SELECT :voter, version, agreed_at FROM agreement WHERE account_id = :guest
ON CONFLICT (account_id, version) DO UPDATE SET agreed_at = least(agreement.agreed_at, excluded.agreed_at)""")
# Whoever was left out as one of the two is, as both: nothing is published that one of them did not want.
_MOVE_CHOICE = text("""
INSERT INTO release_choice (account_id, left_out, chosen_at)
SELECT :voter, true, chosen_at FROM release_choice WHERE account_id = :guest AND left_out
ON CONFLICT (account_id) DO UPDATE SET left_out = true, chosen_at = excluded.chosen_at""")
_MOVE_OPT_OUT = text("""
INSERT INTO statistics_opt_out (account_id, since)
SELECT :voter, since FROM statistics_opt_out WHERE account_id = :guest
ON CONFLICT DO NOTHING""")


async def move_consent(session: AsyncSession, guest: UUID, voter: UUID) -> None:
    """Make a guest's agreements, and their wishes to be left out, a voter's."""
    for statement in (_MOVE_AGREEMENTS, _MOVE_CHOICE, _MOVE_OPT_OUT):
        await session.execute(statement, {"guest": guest, "voter": voter})
    await erase_consent(session, guest)


class ExportedAgreement(BaseModel):
    """That somebody agreed to a version of the terms."""

    version: str
    agreed_at: datetime


class ExportedConsent(BaseModel):
    """Everything that is kept of an account's consent; what is said of single chats is in these."""

    agreements: list[ExportedAgreement]
    left_out_of_releases: bool
    opted_out_of_statistics: bool


async def export_consent(database: Database, account_id: UUID, _: Form) -> AsyncIterator[File]:
    """What an account has agreed to, and whether it is left out of releases and of statistics."""
    async with database.unit_of_work() as work:
        exported = ExportedConsent(
            agreements=[
                ExportedAgreement(version=one.version, agreed_at=one.agreed_at)
                for one in await agreements(work.session, account_id)
            ],
            left_out_of_releases=await is_left_out(work.session, account_id),
            opted_out_of_statistics=await opted_out(work.session, account_id),
        )
    yield json_file("consent", exported)


async def erase_consent(session: AsyncSession, account_id: UUID) -> None:
    """Forget what an account agreed to and chose."""
    for table in (AgreementRow, ReleaseChoiceRow, StatisticsOptOutRow):
        await session.execute(delete(table).where(table.account_id.in_(accounts_of(account_id))))
