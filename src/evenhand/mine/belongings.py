"""How guesses go; votes stay, and tell nothing of them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.voters import accounts_of
from evenhand.battles.tables import BattleRow, VoteRow
from evenhand.mine.tables import GuessRow


async def erase_guesses(session: AsyncSession, account_id: UUID) -> None:
    """Delete what an account guessed, also as the guests that went into it."""
    votes = select(VoteRow.id).where(VoteRow.account_id.in_(accounts_of(account_id)))
    await session.execute(delete(GuessRow).where(GuessRow.vote_id.in_(votes)))


async def erase_guesses_in(session: AsyncSession, conversation_ids: Sequence[UUID]) -> None:
    """Delete what was guessed in conversations."""
    votes = (
        select(VoteRow.id)
        .join(BattleRow, BattleRow.id == VoteRow.battle_id)
        .where(BattleRow.conversation_id.in_(conversation_ids))
    )
    await session.execute(delete(GuessRow).where(GuessRow.vote_id.in_(votes)))
