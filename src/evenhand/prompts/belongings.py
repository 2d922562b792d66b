"""What is kept of somebody's prompts, and how it moves, is taken along, or goes."""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.belongings import File, Form, json_file
from evenhand.prompts.service import prompts
from evenhand.prompts.tables import SavedPromptRow
from evenhand.storage.engine import Database


async def move_prompts(session: AsyncSession, guest: UUID, voter: UUID) -> None:
    """Give a guest's prompts to a voter, who may then have more than one may save."""
    await session.execute(
        update(SavedPromptRow)
        .where(SavedPromptRow.account_id == guest)
        .values(account_id=voter)
        .execution_options(synchronize_session=False)
    )


async def export_prompts(database: Database, account_id: UUID, _: Form) -> AsyncIterator[File]:
    """An account's prompts, the one used last first."""
    async with database.unit_of_work() as work:
        kept = await prompts(work.session, account_id)
    yield json_file("prompts", kept)


async def erase_prompts(session: AsyncSession, account_id: UUID) -> None:
    """Delete an account's prompts; a guest's are its own since they went into it."""
    await session.execute(delete(SavedPromptRow).where(SavedPromptRow.account_id == account_id))
