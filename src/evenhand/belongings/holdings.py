"""What somebody has here, in numbers."""

from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.tables import AccountRow
from evenhand.battles.belongings import count_chats
from evenhand.battles.tables import VoteRow
from evenhand.belongings.schemas import Holdings
from evenhand.history.tables import FolderRow

ERASED_WITHIN_MINUTES = 60
"""How soon after a deletion its words are erased, at the latest; mostly it takes seconds."""


async def holdings(session: AsyncSession, account_id: UUID | None, backup_days: int) -> Holdings:
    """What somebody has; a stranger has nothing."""
    chats = folders = votes = 0
    if account_id is not None:
        chats = await count_chats(session, account_id)
        folders = await session.scalar(select(func.count()).where(FolderRow.account_id == account_id)) or 0
        accounts = select(AccountRow.id).where(
            or_(AccountRow.id == account_id, AccountRow.merged_into == account_id)
        )
        votes = await session.scalar(select(func.count()).where(VoteRow.account_id.in_(accounts))) or 0
    return Holdings(
        chats=chats,
        folders=folders,
        votes=votes,
        erased_within_minutes=ERASED_WITHIN_MINUTES,
        backup_days=backup_days,
    )
