"""What is kept of somebody's links, and how it is taken along, or goes."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.belongings import File, Form, json_file
from evenhand.sharing.shares import own_shares
from evenhand.sharing.tables import ShareRow
from evenhand.storage.engine import Database


async def export_shares(database: Database, account_id: UUID, _: Form) -> AsyncIterator[File]:
    """An account's links, newest first, by their paths: the archive is read elsewhere, the arena may move."""
    async with database.unit_of_work() as work:
        kept = await own_shares(work.session, account_id, address="")
    yield json_file("links", kept)


async def erase_shares(session: AsyncSession, conversation_ids: Sequence[UUID]) -> None:
    """Revoke all links to conversations, those to their battles too; their pictures go with them.

    Whoever makes one at this moment holds the conversation, and was waited for.
    """
    await session.execute(delete(ShareRow).where(ShareRow.conversation_id.in_(conversation_ids)))
