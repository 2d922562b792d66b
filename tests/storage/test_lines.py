"""A line to the database that goes silent is told from a statement that takes long."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
from psycopg import OperationalError as DriverOperationalError
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from tests.support.fault_proxy import FaultProxy, line_to

from evenhand.storage import lines
from evenhand.storage.engine import Database


class Behind(NamedTuple):
    """A database behind a line that can fall silent."""

    database: Database
    line: FaultProxy


@pytest.fixture
async def behind(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Behind]:
    monkeypatch.setattr(lines, "PATIENCE", 0.2)
    async with line_to(database_url) as (line, url):
        database = Database(f"{url}?connect_timeout=2")
        yield Behind(database, line)
        await database.close()


async def test_a_statement_that_got_lost_on_its_line_is_given_up(behind: Behind) -> None:
    async with asyncio.timeout(20):
        async with await behind.database.connect() as connection:
            behind.line.stall()
            with pytest.raises(DriverOperationalError):
                await connection.execute("SELECT 1")
        async with await behind.database.connect() as connection:  # new lines work
            await connection.execute("SELECT 1")


async def test_a_statement_is_given_up_where_no_new_line_is_answered_either(behind: Behind) -> None:
    async def ask_in_vain() -> None:
        async with behind.database.unit_of_work() as work:
            await work.session.execute(text("SELECT 1"))
            behind.line.silent = True
            behind.line.stall()
            await work.session.execute(text("SELECT 1"))

    async with asyncio.timeout(20):
        with pytest.raises(OperationalError):
            await ask_in_vain()


async def test_a_statement_on_which_the_server_works_may_take_long(behind: Behind) -> None:
    async with asyncio.timeout(20), behind.database.unit_of_work() as work:
        slept = await work.session.scalar(text("SELECT 'slept' FROM pg_sleep(1)"))
        assert slept == "slept"


async def test_a_line_that_only_listens_is_left_alone(behind: Behind) -> None:
    async with asyncio.timeout(20), await behind.database.connect() as connection:
        await connection.execute("LISTEN news")
        assert [signal async for signal in connection.notifies(timeout=1)] == []
        await connection.execute("SELECT 1")


async def test_what_fell_silent_in_the_pool_is_replaced_without_asking_about_it(
    behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenhand.storage.engine.IDLE", 0)
    monkeypatch.setattr(lines.Doubts, "add", lambda *_: None)
    async with asyncio.timeout(20):
        async with behind.database.unit_of_work() as work:
            await work.session.execute(text("SELECT 1"))
        behind.line.stall()
        async with behind.database.unit_of_work() as work:
            await work.session.execute(text("SELECT 1"))


def test_what_an_address_says_itself_of_its_line_holds() -> None:
    usual = lines.limits("postgresql://ann@db.example.org/arena")
    assert usual["connect_timeout"] == 5
    assert lines.limits("postgresql+psycopg://ann@db.example.org/arena?connect_timeout=60") == {
        name: value for name, value in usual.items() if name != "connect_timeout"
    }


async def test_both_ends_of_a_line_look_whether_the_other_is_there(behind: Behind) -> None:
    async with await behind.database.connect() as connection:
        mine = connection.info.get_parameters()
        rows = await connection.execute("SELECT name, reset_val FROM pg_settings WHERE name LIKE 'tcp_%'")
        theirs = dict(await rows.fetchall())
    for name in ("idle", "interval", "count"):
        assert mine[f"keepalives_{name}"] == theirs[f"tcp_keepalives_{name}"]
    assert mine["tcp_user_timeout"] == theirs["tcp_user_timeout"] == "10000"
