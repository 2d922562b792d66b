"""Figures of an arena for somebody at its machine."""

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from evenhand.app.located import database_url
from evenhand.core.clock import now
from evenhand.core.errors import StartError
from evenhand.core.settings import load_settings
from evenhand.operations.retention import retention
from evenhand.operations.schemas import Retention
from evenhand.storage.engine import Database


def who_comes_back(days: int) -> Retention:
    """Who came back within the last days. Raises `StartError` where the database cannot be asked."""
    address = database_url(load_settings())
    try:
        return asyncio.run(_ask(address, days))
    except SQLAlchemyError as error:
        raise StartError(
            f"The arena's database could not be asked ({type(error).__name__}): see that an arena of this "
            "version runs on it."
        ) from None


async def _ask(address: str, days: int) -> Retention:
    database = Database(address)
    try:
        async with database.unit_of_work() as work:
            return await retention(work.session, now(), days)
    finally:
        await database.close()
