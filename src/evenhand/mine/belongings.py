"""How guesses are taken along, and go; votes stay, and tell nothing of them."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.belongings import File, Form, json_file
from evenhand.accounts.voters import accounts_of
from evenhand.battles.tables import BattleRow, VoteRow
from evenhand.mine.guesses import all_guesses
from evenhand.mine.schemas import KeptGuess
from evenhand.mine.tables import GuessRow
from evenhand.storage.engine import Database


class ExportedGuesses(BaseModel):
    """All that somebody guessed, the oldest first."""

    items: list[KeptGuess]


async def export_guesses(database: Database, account_id: UUID, _: Form) -> AsyncIterator[File]:
    """What an account guessed, and whether it was right."""
    async with database.unit_of_work() as work:
        exported = ExportedGuesses(items=await all_guesses(work.session, account_id))
    yield json_file("guesses", exported)


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
