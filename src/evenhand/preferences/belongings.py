"""What is kept of how somebody likes the page, and how it moves, is taken along, or goes."""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.belongings import File, Form, json_file
from evenhand.preferences.service import NAMES, preferences_of
from evenhand.preferences.tables import PreferencesRow
from evenhand.storage.engine import Database

_columns = PreferencesRow.__table__.columns


async def move_preferences(session: AsyncSession, guest: UUID, voter: UUID) -> None:
    """Give a voter what a guest chose and they did not: theirs is older, and what other browsers know."""
    guests = select(literal(voter), *(_columns[name] for name in NAMES)).where(
        PreferencesRow.account_id == guest
    )
    moved = insert(PreferencesRow).from_select(["account_id", *NAMES], guests)
    await session.execute(
        moved.on_conflict_do_update(
            index_elements=["account_id"],
            set_={name: func.coalesce(_columns[name], moved.excluded[name]) for name in NAMES},
        )
    )
    await erase_preferences(session, guest)


async def export_preferences(database: Database, account_id: UUID, _: Form) -> AsyncIterator[File]:
    """What an account chose."""
    async with database.unit_of_work() as work:
        chosen = await preferences_of(work.session, account_id)
    yield json_file("preferences", chosen)


async def erase_preferences(session: AsyncSession, account_id: UUID) -> None:
    """Forget what an account chose; a guest's is its own since they went into it."""
    await session.execute(delete(PreferencesRow).where(PreferencesRow.account_id == account_id))
