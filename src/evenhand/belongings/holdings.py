"""What somebody has here, in numbers."""

from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.belongings import count_chats
from evenhand.battles.tables import BattleRow, ConversationRow, VoteRow
from evenhand.belongings.schemas import Holdings
from evenhand.history.tables import FolderRow

ERASED_WITHIN_MINUTES = 60
"""How soon after a deletion its words are erased, at the latest; mostly it takes seconds."""

# By way of the conversations: whose votes are, no index says.
_votes = (
    select(func.count(VoteRow.id))
    .join(BattleRow, BattleRow.id == VoteRow.battle_id)
    .join(ConversationRow, ConversationRow.id == BattleRow.conversation_id)
    .where(ConversationRow.account_id == bindparam("account"))
)


async def holdings(session: AsyncSession, account_id: UUID | None, backup_days: int) -> Holdings:
    """What somebody has; a stranger has nothing."""
    chats = folders = votes = 0
    if account_id is not None:
        chats = await count_chats(session, account_id)
        folders = await session.scalar(select(func.count()).where(FolderRow.account_id == account_id)) or 0
        votes = await session.scalar(_votes, {"account": account_id}) or 0
    return Holdings(
        chats=chats,
        folders=folders,
        votes=votes,
        erased_within_minutes=ERASED_WITHIN_MINUTES,
        backup_days=backup_days,
    )
