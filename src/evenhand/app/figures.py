"""What an arena's database says to somebody at its machine."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.app.located import database_url
from evenhand.battles.outages import Outage, outages_since
from evenhand.core.clock import now
from evenhand.core.errors import StartError
from evenhand.core.settings import load_settings
from evenhand.operations.retention import retention
from evenhand.operations.schemas import Retention
from evenhand.storage.engine import Database

T = TypeVar("T")


def who_comes_back(days: int) -> Retention:
    """Who came back within the last days. Raises `StartError` where the database cannot be asked."""
    return _answer(lambda session: retention(session, now(), days))


def who_was_out(days: int) -> list[Outage]:
    """The outages of the last days. Raises `StartError` where the database cannot be asked."""
    return _answer(lambda session: outages_since(session, now() - timedelta(days=days)))


def _answer(read: Callable[[AsyncSession], Awaitable[T]]) -> T:
    address = database_url(load_settings())
    try:
        return asyncio.run(_ask(address, read))
    except SQLAlchemyError as error:
        raise StartError(
            f"The arena's database could not be asked ({type(error).__name__}): see that an arena of this "
            "version runs on it."
        ) from None


async def _ask(address: str, read: Callable[[AsyncSession], Awaitable[T]]) -> T:
    database = Database(address)
    try:
        async with database.unit_of_work() as work:
            return await read(work.session)
    finally:
        await database.close()
