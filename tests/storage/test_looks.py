"""Looking without a transaction, as jobs do that hardly ever find anything."""

from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Integer, Uuid, bindparam, literal_column, select
from tests.support.statements import Elsewhere

from evenhand.accounts.tables import AccountRow
from evenhand.core.ids import new_id
from evenhand.storage.engine import Database
from evenhand.storage.together import Prepared

_kind = Prepared(select(AccountRow.kind).where(AccountRow.id == bindparam("id", type_=Uuid)))
_server = Prepared(select(literal_column("pg_backend_pid()", Integer)))


async def kind(database: Database, account: UUID) -> list[str]:
    return [kind for (kind,) in await database.look(_kind(id=account))]


async def test_a_look_sees_what_was_committed_and_nothing_else(database: Database) -> None:
    account = new_id()
    async with database.unit_of_work() as work:
        work.session.add(AccountRow(id=account, kind="guest", created_at=datetime.now(UTC)))
        await work.session.flush()
        assert await kind(database, account) == []
    assert await kind(database, account) == ["guest"]


async def test_all_looks_go_over_one_connection_that_leaves_no_transaction_open(
    database: Database, elsewhere: Elsewhere
) -> None:
    [(first,)] = await database.look(_server())
    [(second,)] = await database.look(_server())
    assert first == second
    idle = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND state = 'idle'"
    assert await elsewhere.number(idle, first) == 1


async def test_a_look_after_the_connection_was_lost_makes_a_new_one(
    database: Database, elsewhere: Elsewhere
) -> None:
    [(first,)] = await database.look(_server())
    await elsewhere.run("SELECT pg_terminate_backend(%s, 5000)", first)
    with pytest.raises(psycopg.OperationalError):
        await database.look(_server())
    [(second,)] = await database.look(_server())
    assert second != first
