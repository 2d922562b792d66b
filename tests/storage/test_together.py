"""Statements that go past SQLAlchemy: sent at once, and with the rows that it would have given."""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Integer, Text, Uuid, any_, bindparam, delete, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError, OperationalError
from tests.support.arena import Arena
from tests.support.fault_proxy import line_to
from tests.support.statements import (
    LATER,
    NOW,
    PATIENCE,
    A,
    B,
    Elsewhere,
    account,
    counted,
    guest,
    locked,
    new_account,
    new_session,
    said,
    sessions,
)

from evenhand.accounts.tables import AccountRow, SessionRow
from evenhand.core.ids import new_id
from evenhand.storage.engine import Database, Row
from evenhand.storage.together import Prepared, at_commit, together

# How they are sent ---------------------------------------------------------------------------------


async def test_all_queries_are_sent_before_the_first_is_answered(
    database_url: str, elsewhere: Elsewhere
) -> None:
    await elsewhere.begin_to_count()
    async with line_to(database_url) as (line, url):
        database = Database(url)

        async def count_unheard() -> None:
            async with database.unit_of_work() as work:
                await together(work.session, said(text="the transaction has begun"))
                line.fault.stall_after = line.passed + 1
                await together(work.session, *(counted() for _ in range(5)))

        counting = asyncio.create_task(count_unheard())
        async with asyncio.timeout(PATIENCE):
            while await elsewhere.counted() < 5:
                pass
        line.break_all()
        with pytest.raises(OperationalError):
            await counting
        await database.close()


async def test_more_can_be_under_way_than_there_is_room_for_on_the_line(database: Database) -> None:
    texts = [str(number) * 2**20 for number in range(10)] * 3
    queries = [said(text=text) for text in texts]
    async with database.unit_of_work() as work, asyncio.timeout(PATIENCE):
        await together(work.session, *queries)
    assert [query.one()[0] for query in queries] == texts


async def test_more_statements_can_be_run_than_a_connection_remembers(database: Database) -> None:
    statements = [Prepared(select(literal_column(f"{number}", Integer))) for number in range(250)]
    for _ in range(2):
        queries = [statement() for statement in (*statements, statements[0])]
        async with database.unit_of_work() as work:
            await together(work.session, *queries)
        assert [query.one()[0] for query in queries] == [*range(250), 0]


# What queries see ----------------------------------------------------------------------------------


async def test_a_query_sees_what_those_before_it_wrote(database: Database) -> None:
    ann = new_id()
    before, after = account(id=ann), account(id=ann)
    async with database.unit_of_work() as work:
        await together(
            work.session, before, new_account(id=ann, kind="guest"), after, new_session(of=ann, token=A)
        )
        assert before.first() is None
        [seen] = after.one()
        assert (seen.id, seen.kind, seen.created_at) == (ann, "guest", NOW)
        browser = sessions(id=ann)
        await together(work.session, browser)
    assert [row.token_hash for [row] in browser.rows] == [A]


@pytest.mark.parametrize(("one_moment", "seen"), [(False, [A]), (True, [])], ids=["as-it-is", "one-moment"])
async def test_a_query_sees_what_was_committed_while_the_one_before_it_waited(
    database: Database, elsewhere: Elsewhere, one_moment: bool, seen: list[bytes]
) -> None:
    ann = await guest(database)
    browser = sessions(id=ann)

    async def wait_and_look() -> None:
        async with database.unit_of_work(one_moment=one_moment) as work:
            await together(work.session, locked(id=ann), browser)

    async with elsewhere.transaction():
        await elsewhere.lock(ann)
        waiting = asyncio.create_task(wait_and_look())
        await elsewhere.until(waiting=1)
        await elsewhere.run("INSERT INTO session VALUES (%s, %s, %s, %s)", A, ann, NOW, LATER)
    await waiting
    assert [row.token_hash for [row] in browser.rows] == seen


@pytest.mark.parametrize("one_moment", [False, True], ids=["as-it-is", "one-moment"])
async def test_sqlalchemy_s_statements_and_these_see_each_other_s_rows(
    database: Database, one_moment: bool
) -> None:
    ann, bob = new_id(), new_id()
    everybody = select(AccountRow.id).order_by(AccountRow.id)
    async with database.unit_of_work(one_moment=one_moment) as work:
        work.session.add(AccountRow(id=ann, kind="guest", created_at=NOW))
        await work.session.flush()
        found = account(id=ann)
        await together(work.session, found, new_account(id=bob, kind="guest"))
        assert [row.id for [row] in found.rows] == [ann]
        assert list(await work.session.scalars(everybody)) == [ann, bob]
        await work.session.execute(delete(AccountRow).where(AccountRow.id == ann))
        gone = account(id=ann)
        await together(work.session, gone)
        assert gone.first() is None
    async with database.unit_of_work() as work:
        assert list(await work.session.scalars(everybody)) == [bob]


async def test_a_session_whose_transaction_is_over_runs_nothing_on_what_was_its_connection(
    database: Database,
) -> None:
    ann, bob = new_id(), new_id()
    async with database.unit_of_work() as work:
        await together(work.session, new_account(id=ann, kind="guest"))
        await work.session.rollback()
        async with database.unit_of_work() as other:  # it gets the connection that was given back
            await together(other.session, new_account(id=bob, kind="guest"))
            found = account(id=bob)
            await together(work.session, found)
            assert found.first() is None, "it reads what another unit of work has not committed"
    async with database.unit_of_work() as work:
        assert list(await work.session.scalars(select(AccountRow.id))) == [bob]


# What is left to the commit ------------------------------------------------------------------------


async def test_what_is_left_to_the_commit_is_written_with_it_in_order(database: Database) -> None:
    ann, told = new_id(), list[str]()
    async with database.unit_of_work() as work:
        at_commit(work.session, new_account(id=ann, kind="guest"))
        at_commit(work.session, new_session(token=A, of=ann))
        found = account(id=ann)
        await together(work.session, found)
        assert found.first() is None
        work.after_commit(lambda: told.append("committed"))
    assert told == ["committed"]
    async with database.unit_of_work() as work:
        assert await work.session.scalar(select(SessionRow.account_id)) == ann


async def test_what_the_session_holds_is_written_before_it_in_one_transaction(database: Database) -> None:
    ann = new_id()

    async def begin(one: UUID, other: UUID, token: bytes) -> None:
        async with database.unit_of_work() as work:
            work.session.add(AccountRow(id=one, kind="guest", created_at=NOW))
            at_commit(work.session, new_session(token=token, of=other))

    await begin(ann, ann, A)
    with pytest.raises(IntegrityError, match="session_account_id_fkey"):
        await begin(new_id(), new_id(), B)
    async with database.unit_of_work() as work:
        assert list(await work.session.scalars(select(AccountRow.id))) == [ann]


async def test_what_fails_at_the_commit_takes_everything_back_and_nobody_is_told(database: Database) -> None:
    ann, told = new_id(), list[str]()

    async def begin() -> None:
        async with database.unit_of_work() as work:
            await together(work.session, new_account(id=ann, kind="guest"))
            work.after_commit(lambda: told.append("committed"))
            at_commit(work.session, new_session(token=A, of=new_id()), new_session(token=B, of=ann))

    with pytest.raises(IntegrityError, match="session_account_id_fkey"):
        await begin()
    assert told == []
    async with database.unit_of_work() as work:
        assert list(await work.session.scalars(select(AccountRow.id))) == []


async def test_what_is_left_to_the_commit_is_not_written_when_there_is_none(database: Database) -> None:
    async def think_better_of_it() -> None:
        async with database.unit_of_work() as work:
            at_commit(work.session, new_account(id=new_id(), kind="guest"))
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await think_better_of_it()
    async with database.unit_of_work() as work:
        assert list(await work.session.scalars(select(AccountRow.id))) == []


# What rows are -------------------------------------------------------------------------------------


async def test_objects_have_what_sqlalchemy_reads(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    _, asked = await voter.battle()
    await voter.vote(asked["battle_id"])
    types = set()
    async with arena.database.unit_of_work(one_moment=True) as work:
        for mapper in Row.registry.mappers:
            statement = select(mapper.class_).order_by(*mapper.primary_key)
            query = Prepared(statement)()
            await together(work.session, query)
            stored = await work.session.scalars(statement)
            for [ours], theirs in zip(query.rows, stored, strict=True):
                for column in mapper.columns:
                    value, expected = getattr(ours, column.key), getattr(theirs, column.key)
                    assert (type(value), value) == (type(expected), expected)
                    assert not isinstance(value, datetime) or value.tzinfo == UTC
                    types.add(type(value))
    assert types == {NoneType, UUID, bool, bytes, date, datetime, Decimal, dict, float, int, list, str}


async def test_an_object_that_an_outer_join_did_not_find_is_none(database: Database) -> None:
    ann, bob = await guest(database), await guest(database)
    query = Prepared(
        select(SessionRow, literal(7), AccountRow)
        .select_from(AccountRow)
        .outerjoin(SessionRow, SessionRow.account_id == AccountRow.id)
        .order_by(AccountRow.id)
    )()
    async with database.unit_of_work() as work:
        await together(work.session, new_session(of=bob, token=A), query)
    (nothing, seven, first), (browser, _, second) = query.rows
    assert nothing is None
    assert (seven, first.id) == (7, ann)
    assert (browser.token_hash, browser.expires_at, second.id) == (A, LATER, bob)


@pytest.mark.parametrize(
    "statement",
    [
        select(AccountRow.id, AccountRow.kind, AccountRow.created_at, AccountRow),
        delete(AccountRow).returning(AccountRow.id),
    ],
    ids=["a column that is in the object too", "what is written"],
)
async def test_rows_with_other_columns_than_were_selected_are_refused(
    database: Database, statement: Any
) -> None:
    await guest(database)
    async with database.unit_of_work() as work:
        with pytest.raises(AssertionError, match="other columns came"):
            await together(work.session, Prepared(statement)())


async def test_what_is_changed_in_an_object_is_not_written(database: Database) -> None:
    query = account(id=await guest(database))
    async with database.unit_of_work() as work:
        await together(work.session, query)
        [copy] = query.one()
        copy.created_at = LATER
    async with database.unit_of_work() as work:
        assert (await work.session.get_one(AccountRow, copy.id)).created_at == NOW


async def test_a_list_is_one_parameter_and_may_be_empty(database: Database) -> None:
    ann, bob = await guest(database), await guest(database)
    ids = bindparam("ids", type_=ARRAY(Uuid))
    among = Prepared(select(AccountRow.id).where(AccountRow.id == any_(ids)).order_by(AccountRow.id))
    queries = [among(ids=wanted) for wanted in ([], [bob], [bob, new_id(), ann])]
    async with database.unit_of_work() as work:
        await together(work.session, *queries)
    assert [query.rows for query in queries] == [[], [(bob,)], [(ann,), (bob,)]]


@pytest.mark.parametrize("many", [["a", "b"], [], bindparam("many", expanding=True)])
def test_a_list_that_would_be_many_parameters_is_refused(many: Any) -> None:
    with pytest.raises(AssertionError, match="a list is no parameter"):
        Prepared(select(AccountRow).where(AccountRow.kind.in_(many)))


async def test_what_a_statement_says_itself_reaches_the_database_as_it_is(database: Database) -> None:
    constants: list[Any] = [literal("100%s"), literal(None, Text), literal(7) % 4]
    query = Prepared(select(*constants, literal_column("7 % 4", Integer)))()
    async with database.unit_of_work() as work:
        await together(work.session, query)
    assert list(query.one()) == ["100%s", None, 3, 3]
