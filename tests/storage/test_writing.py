"""Rows of several tables in one statement: all of them, or none, in whatever order they are named."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from evenhand.accounts.tables import AccountRow, SessionRow
from evenhand.arenas.service import register_arenas
from evenhand.battles.tables import DrawRow, DrawSeedRow
from evenhand.contestants.tables import ConfigurationRow, ContestantRow
from evenhand.core.ids import new_id
from evenhand.storage.engine import Database, Row
from evenhand.storage.writing import Change, write_together

A, B = b"a" * 32, b"b" * 32
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


def account() -> AccountRow:
    return AccountRow(id=new_id(), kind="guest", created_at=NOW)


def browser(of: UUID, token: bytes) -> SessionRow:
    return SessionRow(token_hash=token, account_id=of, created_at=NOW, expires_at=NOW + timedelta(days=1))


async def test_rows_that_refer_to_each_other_are_written_in_any_order(database: Database) -> None:
    ann, bob = account(), account()
    async with database.unit_of_work() as work:
        await write_together(work.session, [browser(ann.id, A), browser(bob.id, B), ann, bob])
    async with database.unit_of_work() as work:
        stored = (await work.session.execute(select(SessionRow.token_hash, SessionRow.account_id))).all()
    assert {tuple(row) for row in stored} == {(A, ann.id), (B, bob.id)}


async def test_rows_are_changed_in_the_same_statement(database: Database) -> None:
    ann, bob = account(), account()
    async with database.unit_of_work() as work:
        await write_together(work.session, [ann, bob])
        changes = [Change(AccountRow, ann.id, {"created_at": LATER})]
        await write_together(work.session, [browser(bob.id, A)], changes)
    async with database.unit_of_work() as work:
        rows = await work.session.execute(select(AccountRow.id, AccountRow.created_at))
        assert {row.id: row.created_at for row in rows} == {ann.id: LATER, bob.id: NOW}
        assert await work.session.scalar(select(func.count()).select_from(SessionRow)) == 1


ODD = "\"twice\" and 'once', \\ \\x00 {1,2} %s :a null 天 \U0001f300 \n\t"


def everything(arena: UUID) -> list[Row]:
    """A draw and what it refers to: between them they have columns of every type."""
    day, contestant = NOW.date(), new_id()
    first, second = new_id(), new_id()
    return [
        DrawRow(
            id=new_id(),
            arena_id=arena,
            day=day,
            counter=1,
            drawn_at=NOW + timedelta(microseconds=1),
            algorithm=ODD,
            eligible=[first, second],
            weights=[1, 5],
            weights_digest="",
            kept=None,
            first=first,
            second=second,
            probability=0.1 + 0.2,
            swapped=True,
            tie_side="b",
            client_nonce="null",
        ),
        DrawSeedRow(day=day, seed=bytes(range(32)), commitment="c" * 64, created_at=NOW),
        ContestantRow(
            id=contestant, slug="one", name=ODD, organization=None, demo=False, per_minute=7, created_at=NOW
        ),
        *(
            ConfigurationRow(
                id=one,
                contestant_id=contestant,
                digest=one.hex * 2,
                document={"a": [1.5, None, {"b": ODD}]},
                created_at=NOW,
            )
            for one in (first, second)
        ),
    ]


async def test_every_value_comes_back_as_it_was_written(database: Database) -> None:
    async with database.unit_of_work() as work:
        written = everything((await register_arenas(work.session, ["text"], NOW))["text"])
        await write_together(work.session, written)
    async with database.unit_of_work() as work:
        for row in written:
            key = [getattr(row, column.key) for column in type(row).__table__.primary_key]
            stored = await work.session.get_one(type(row), key)
            for column in type(row).__table__.columns:
                assert getattr(stored, column.key) == getattr(row, column.key)


async def test_a_row_that_refers_to_nothing_takes_all_others_back(database: Database) -> None:
    with pytest.raises(IntegrityError, match="session_account_id_fkey"):
        async with database.unit_of_work() as work:
            await write_together(work.session, [account(), browser(new_id(), A)])
    async with database.unit_of_work() as work:
        assert await work.session.scalar(select(func.count()).select_from(AccountRow)) == 0
