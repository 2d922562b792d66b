"""Statements for `together`, and somebody else at the same database, who sees and disturbs what they do."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from sqlalchemy import LargeBinary, Sequence, Text, Uuid, bindparam, cast, func, insert, select

from evenhand.accounts.tables import AccountRow, SessionRow
from evenhand.core.ids import new_id
from evenhand.storage.engine import Database
from evenhand.storage.together import Prepared, together

A, B = b"a" * 32, b"b" * 32
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CONNECTIONS = 4
"""How many the pool gives out at once."""
PATIENCE = 20
"""Seconds after which something that was to come to an end hangs."""

ACCOUNT = select(AccountRow).where(AccountRow.id == bindparam("id"))
# The same token gives the same row, so that errors about it can be compared.
NEW_SESSION = insert(SessionRow).values(
    id=cast(func.md5(cast(bindparam("token", type_=LargeBinary), Text)), Uuid),
    token_hash=bindparam("token"),
    account_id=bindparam("of"),
    created_at=NOW,
    expires_at=LATER,
)
account = Prepared(ACCOUNT)
locked = Prepared(ACCOUNT.with_for_update())
new_account = Prepared[()](
    insert(AccountRow).values(id=bindparam("id"), kind=bindparam("kind"), created_at=NOW)
)
sessions = Prepared(select(SessionRow).where(SessionRow.account_id == bindparam("id")))
new_session = Prepared[()](NEW_SESSION)
said = Prepared(select(bindparam("text", type_=Text)))
counted = Prepared(select(Sequence("count").next_value()))
backend = Prepared(select(func.pg_backend_pid()))


class Elsewhere:
    """The owner of the tables, who comes by a connection of their own."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        self.transaction = connection.transaction

    async def run(self, statement: LiteralString, *values: object) -> None:
        await self._connection.execute(statement, values)

    async def number(self, statement: LiteralString, *values: object) -> int:
        [number] = await (await self._connection.execute(statement, values or None)).fetchone() or [0]
        assert isinstance(number, int)
        return number

    async def lock(self, one: UUID) -> None:
        await self.run("SELECT FROM account WHERE id = %s FOR UPDATE", one)

    async def begin_to_count(self) -> None:
        """How often `counted` is run: what it does stays when its transaction is rolled back."""
        await self.run("CREATE SEQUENCE count")
        await self.run("GRANT USAGE ON count TO evenhand_app")

    async def counted(self) -> int:
        return await self.number("SELECT last_value FROM count")

    async def waiting(self) -> int:
        """How many wait for a lock."""
        return await self.number("SELECT count(*) FROM pg_locks WHERE NOT granted")

    async def until(self, waiting: int) -> None:
        """Until as many wait for a lock."""
        async with asyncio.timeout(PATIENCE):
            while await self.waiting() != waiting:
                pass


async def guest(database: Database) -> UUID:
    """The id of a new guest."""
    one = new_id()
    async with database.unit_of_work() as work:
        await together(work.session, new_account(id=one, kind="guest"))
    return one


async def as_many_as_there_can_be(database: Database) -> None:
    """Needs every connection of the pool, with none left that hangs or is broken."""
    met = asyncio.Barrier(CONNECTIONS)

    async def one(text: str) -> None:
        async with database.unit_of_work() as work:
            await met.wait()
            both = said(text=text), said(text=text * 2)
            await together(work.session, *both)
            assert [query.one() for query in both] == [(text,), (text * 2,)]

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(one(str(number)) for number in range(CONNECTIONS)))
