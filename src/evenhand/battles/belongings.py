"""What an account has here, and how it becomes another's: a guest's, when they sign in."""

from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.tables import ConversationRow, TurnRow


async def count_chats(session: AsyncSession, account_id: UUID) -> int:
    """How many conversations an account has begun."""
    begun = (ConversationRow.account_id == account_id, ConversationRow.title != "")
    return await session.scalar(select(func.count()).where(*begun)) or 0


async def move_chats(session: AsyncSession, guest: UUID, voter: UUID) -> None:
    """Give a guest's conversations, with all that is in them, to a voter.

    Questions go along, so that the hour's limit counts them. Votes never change, held ones neither: they stay
    as the guest cast them, and count as they did.
    """
    # Conversations first: a question holds one while it is being written, and is seen after that.
    for table in (ConversationRow, TurnRow):
        await session.execute(
            update(table)
            .where(table.account_id == guest)
            .values(account_id=voter)
            .execution_options(synchronize_session=False)
        )
