"""Statements that go past SQLAlchemy: errors, cancels and migrations end as they would with it."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from tests.support.statements import (
    ACCOUNT,
    CONNECTIONS,
    NEW_SESSION,
    NOW,
    PATIENCE,
    A,
    Elsewhere,
    account,
    as_many_as_there_can_be,
    backend,
    counted,
    guest,
    locked,
    new_account,
    new_session,
    said,
    sessions,
)

from evenhand.accounts.tables import AccountRow
from evenhand.core.ids import new_id
from evenhand.storage.engine import Database
from evenhand.storage.together import together

# What fails ----------------------------------------------------------------------------------------


async def error_of(database: Database, way: Callable[[AsyncSession], Awaitable[object]]) -> DBAPIError:
    with pytest.raises(DBAPIError) as caught:
        async with database.unit_of_work() as work:
            await way(work.session)
    return caught.value


async def test_after_a_query_that_fails_none_is_run_and_nothing_stays(
    database: Database, elsewhere: Elsewhere
) -> None:
    await elsewhere.begin_to_count()
    ann, bob = new_id(), new_id()
    pid, same = backend(), backend()

    async def write_and_fail(session: AsyncSession) -> None:
        await together(session, pid)
        session.add(AccountRow(id=ann, kind="guest", created_at=NOW))
        await session.flush()
        await together(
            session,
            counted(),
            new_account(id=bob, kind="guest"),
            new_session(of=new_id(), token=A),
            counted(),
            sessions(id=ann),
        )

    error = await error_of(database, write_and_fail)
    assert isinstance(error, IntegrityError)
    assert isinstance(error.orig, psycopg.errors.ForeignKeyViolation)
    assert error.orig.diag.constraint_name == "session_account_id_fkey"
    assert await elsewhere.counted() == 1
    assert await elsewhere.number("SELECT count(*) FROM account") == 0
    browser = sessions(id=ann)
    async with database.unit_of_work() as work:  # on the same connection, with what it prepared or not
        await together(
            work.session,
            same,
            new_account(id=ann, kind="guest"),
            new_session(of=ann, token=A),
            counted(),
            browser,
        )
    assert same.rows == pid.rows
    assert [row.token_hash for [row] in browser.rows] == [A]


@pytest.mark.parametrize(
    ("known", "token"),
    [(True, A), (True, b"short"), (False, A * 2)],
    ids=["there already", "too short", "of nobody"],
)
async def test_an_error_says_no_more_than_sqlalchemy_s_own(
    database: Database, known: bool, token: bytes
) -> None:
    ann = await guest(database)
    async with database.unit_of_work() as work:
        await together(work.session, new_session(of=ann, token=A))
    values = {"of": ann if known else new_id(), "token": token}
    around, failing = said(text="canary"), new_session(**values)
    ours = await error_of(database, lambda session: together(session, around, failing, around))
    theirs = await error_of(database, lambda session: session.execute(NEW_SESSION, values))
    assert type(ours) is type(theirs) is IntegrityError
    assert set(str(ours).splitlines()) <= set(str(theirs).splitlines())
    assert "canary" not in repr((ours.orig, ours.statement, ours.params))


async def test_a_value_that_cannot_be_sent_takes_back_what_was(database: Database) -> None:
    ann, bob = new_id(), new_id()
    error = await error_of(
        database,
        lambda session: together(
            session, new_account(id=ann, kind="guest"), new_account(id=bob, kind="canary\0"), account(id=ann)
        ),
    )
    assert isinstance(error, DataError)
    assert "canary" not in str(error)
    async with database.unit_of_work() as work:
        assert await work.session.scalar(select(func.count()).select_from(AccountRow)) == 0


async def test_a_backend_that_ends_is_an_operational_error_and_the_pool_gets_others(
    database: Database, elsewhere: Elsewhere
) -> None:
    ann, bob = await guest(database), await guest(database)
    browser = sessions(id=bob)

    async def write_and_wait() -> None:
        async with database.unit_of_work() as work:
            await together(work.session, new_session(of=bob, token=A), locked(id=ann), locked(id=bob))

    await as_many_as_there_can_be(database)
    async with elsewhere.transaction():
        await elsewhere.lock(ann)
        waiting = asyncio.create_task(write_and_wait())
        await elsewhere.until(waiting=1)
        await elsewhere.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
        with pytest.raises(OperationalError):
            await waiting
        await as_many_as_there_can_be(database)
    async with database.unit_of_work() as work:
        await together(work.session, browser)
    assert browser.rows == []


# What is cancelled ---------------------------------------------------------------------------------


async def ends_as_cancelled(task: asyncio.Task[None]) -> bool:
    """Whether it does so soon, and not by an error instead."""
    await asyncio.wait([task], timeout=PATIENCE)
    return task.cancelled()


async def test_what_is_cancelled_leaves_neither_rows_nor_locks_nor_a_broken_connection(
    database: Database, elsewhere: Elsewhere
) -> None:
    ann, bob = await guest(database), await guest(database)
    browser = sessions(id=bob)

    async def write_and_wait() -> None:
        async with database.unit_of_work() as work:
            await together(work.session, locked(id=bob), new_session(of=bob, token=A), locked(id=ann))

    async with elsewhere.transaction():
        await elsewhere.lock(ann)
        for _ in range(2 * CONNECTIONS):
            task = asyncio.create_task(write_and_wait())
            await elsewhere.until(waiting=1)
            task.cancel()
            assert await ends_as_cancelled(task)
            await elsewhere.until(waiting=0)
        async with asyncio.timeout(PATIENCE), database.unit_of_work() as work:
            await together(work.session, locked(id=bob), browser)
        await as_many_as_there_can_be(database)
    assert browser.rows == []


@pytest.mark.parametrize("queries", [1, 2])
async def test_a_cancel_that_the_database_is_not_told_of_is_still_one(
    database: Database, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, queries: int
) -> None:
    ann = await guest(database)
    asked = asyncio.Event()

    async def never(*_: object, **__: object) -> None:
        asked.set()
        await asyncio.Future()

    async def wait() -> None:
        async with database.unit_of_work() as work:
            await together(work.session, *[locked(id=ann)] * queries)

    monkeypatch.setattr(psycopg.AsyncConnection, "cancel_safe", never)
    async with elsewhere.transaction():
        await elsewhere.lock(ann)
        task = asyncio.create_task(wait())
        await elsewhere.until(waiting=1)
        task.cancel()
        await asked.wait()
        task.cancel()  # the driver gives the connection up
        assert await ends_as_cancelled(task)
        await as_many_as_there_can_be(database)


class Moments:
    """When the driver lets others run while it sends: a task can be cancelled at one of these moments."""

    def __init__(self, cancel_at: int | None = None) -> None:
        self.task: asyncio.Task[None] | None = None
        self.passed = 0
        self.cancel_at = cancel_at

    async def let_others_run(self, seconds: float) -> None:
        task = asyncio.current_task()
        if task is not None and task is self.task:
            if self.passed == self.cancel_at:
                task.cancel()
            self.passed += 1
        await asyncio.sleep(seconds)

    @property
    def cancelled(self) -> bool:
        return self.cancel_at is not None and self.passed > self.cancel_at


async def test_a_cancel_ends_what_waits_at_whatever_moment_it_comes(
    database: Database, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await guest(database)
    monkeypatch.setattr("psycopg.waiting.MAX_BUSY_TIME", 0.0)

    async def lock(moments: Moments) -> None:
        moments.task = asyncio.current_task()
        monkeypatch.setattr("psycopg.waiting.sleep", moments.let_others_run)
        async with database.unit_of_work() as work:
            await together(work.session, locked(id=ann), locked(id=ann))

    await asyncio.create_task(lock(undisturbed := Moments()))
    assert undisturbed.passed > 10
    for number in range(undisturbed.passed):
        async with elsewhere.transaction():
            await elsewhere.lock(ann)
            task = asyncio.create_task(lock(moments := Moments(number)))
            while not moments.cancelled and not await elsewhere.waiting():
                pass
            if not moments.cancelled:
                task.cancel()
            assert await ends_as_cancelled(task)
        await elsewhere.until(waiting=0)
    await as_many_as_there_can_be(database)


# What migrates meanwhile ---------------------------------------------------------------------------


async def by_sqlalchemy(session: AsyncSession, one: UUID) -> AccountRow:
    return (await session.scalars(ACCOUNT, {"id": one})).one()


async def by_together(session: AsyncSession, one: UUID) -> AccountRow:
    query = account(id=one)
    await together(session, query, locked(id=one))
    return query.one()[0]


Way = Callable[[AsyncSession, UUID], Awaitable[AccountRow]]
WAYS = pytest.mark.parametrize("way", [by_sqlalchemy, by_together])
OFTEN = 10
"""Times after which the driver has prepared whatever it prepares."""


async def read(database: Database, way: Way, one: UUID) -> str:
    async with database.unit_of_work() as work:
        return (await way(work.session, one)).kind


@WAYS
async def test_a_column_can_be_added_while_statements_are_prepared(
    database: Database, elsewhere: Elsewhere, way: Way
) -> None:
    ann = await guest(database)
    for _ in range(OFTEN):
        await read(database, way, ann)
    await elsewhere.run("ALTER TABLE account ADD COLUMN name text NOT NULL DEFAULT 'Ann'")
    assert await read(database, way, ann) == "guest"


@WAYS
async def test_a_column_s_new_type_fails_once_on_a_connection(
    database: Database, elsewhere: Elsewhere, way: Way
) -> None:
    ann = await guest(database)
    for _ in range(OFTEN):
        await read(database, way, ann)
    await elsewhere.run("ALTER TABLE account ALTER COLUMN kind TYPE varchar")
    with pytest.raises(NotSupportedError, match="cached plan must not change result type"):
        await read(database, way, ann)
    for _ in range(OFTEN):
        assert await read(database, way, ann) == "guest"
