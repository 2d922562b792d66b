"""Statements that are compiled once and go to the driver as they are, several in one round trip.

For what is done at every question and every vote: there SQLAlchemy's way to the driver takes longer than
PostgreSQL does. It still writes the statements; running them is left to psycopg and its pipeline mode.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any, Generic, TypeVar, TypeVarTuple, cast
from weakref import WeakKeyDictionary

import psycopg
from psycopg.sql import Literal
from sqlalchemy import Select, UpdateBase
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg_dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper, SessionTransaction

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_dialect = psycopg_dialect()  # type: ignore[no-untyped-call]
_LAST = "evenhand.last"
_Driver = psycopg.AsyncConnection[tuple[Any, ...]]
# By transaction, not by session: after it, its connection is somebody else's.
_drivers: WeakKeyDictionary[SessionTransaction, _Driver] = WeakKeyDictionary()


class Query(Generic[*Ts]):
    """A statement with its parameters and, once it has run, its rows.

    Objects in them are copies: what is changed in one is not written.
    """

    def __init__(self, statement: "Prepared[*Ts]", parameters: dict[str, object]) -> None:
        self.statement = statement
        self.parameters = parameters
        self.rows: Sequence[tuple[*Ts]] = ()

    def first(self) -> tuple[*Ts] | None:
        """The first row, if there is one."""
        return self.rows[0] if self.rows else None

    def one(self) -> tuple[*Ts]:
        """The row, of which there must be one."""
        [row] = self.rows
        return row

    def values(self: "Query[T]") -> list[T]:
        """What stands in the rows of a query for one thing alone."""
        return [value for (value,) in self.rows]

    def value(self: "Query[T]") -> T | None:
        """The same of the first row, if there is one."""
        return self.rows[0][0] if self.rows else None


AnyQuery = Query[*tuple[Any, ...]]
"""A query whose rows may be anything."""


class Prepared(Generic[*Ts]):
    """A compiled statement; called with its parameters it gives a query.

    A list is a parameter of its own (`any_`): with `in_` each length would be another statement.
    """

    def __init__(self, statement: Select[*Ts] | UpdateBase) -> None:
        compiled = statement.compile(dialect=_dialect)
        assert not compiled.post_compile_params, "a list is no parameter"
        # What is fixed stands in the text, or PostgreSQL could not see that an index over some rows serves.
        fixed = {
            f"%({name})s": Literal(one.value).as_string().replace("%", "%%")
            for one, name in compiled.bind_names.items()
            if not one.required
        }
        self.text = re.sub(r"%\(\w+\)s", lambda found: fixed.get(found[0], found[0]), str(compiled))
        selected = statement.column_descriptions if isinstance(statement, Select) else []
        self._readers = [_reader(one["expr"]) for one in selected]
        self._width = sum(width for width, _ in self._readers)

    def __call__(self, **parameters: object) -> Query[*Ts]:
        """The statement with its parameters, to be run by `together`."""
        return Query(self, parameters)

    def read(self, row: Sequence[object]) -> tuple[*Ts]:
        """A row as the driver gives it, with the objects that were selected."""
        # What is selected twice, SQLAlchemy asks for once.
        assert len(row) == self._width, "other columns came than were selected"
        begin = 0
        values: list[object] = []
        for width, build in self._readers:
            values.append(build(row[begin : begin + width]))
            begin += width
        return cast("tuple[*Ts]", tuple(values))


def _reader(selected: object) -> tuple[int, Callable[[Sequence[object]], object]]:
    """How many columns something that is selected has, and what makes it of their values."""
    mapper: Mapper[Any] | None = getattr(selected, "__mapper__", None)
    if mapper is None:
        return 1, lambda values: values[0]
    new, names = mapper.class_manager.new_instance, [column.key for column in mapper.columns]

    def build(values: Sequence[object]) -> object:
        if all(value is None for value in values):  # an outer join found nothing
            return None
        one = new()
        one.__dict__.update(zip(names, values, strict=True))
        return one

    return len(names), build


async def together(session: AsyncSession, *queries: AnyQuery) -> None:
    """Run queries one after the other in the session's transaction, in one round trip.

    Each sees what those before it wrote, and what others have committed until then. What comes after one that
    fails is not run; the errors are SQLAlchemy's.
    """
    # A pipeline is not worth its making for one statement.
    async with _driver(session, pipelined=len(queries) > 1) as driver:
        cursors = [await driver.execute(one.statement.text, one.parameters, prepare=True) for one in queries]
    for query, cursor in zip(queries, cursors, strict=True):
        if cursor.description is not None:
            query.rows = [query.statement.read(row) for row in await cursor.fetchall()]


def at_commit(session: AsyncSession, *queries: AnyQuery) -> None:
    """Run queries when the unit of work ends, in one round trip with the commit.

    For what is written and not read again before.
    """
    session.info.setdefault(_LAST, []).extend(queries)


async def commit(session: AsyncSession) -> None:
    """Commit a session's transaction, with what was left for that by `at_commit`."""
    last: list[AnyQuery] = session.info.pop(_LAST, [])
    if not last:
        await session.commit()
        return
    if session.new or session.dirty or session.deleted:
        await session.flush()
    async with _driver(session, pipelined=True) as driver:
        for one in last:
            await driver.execute(one.statement.text, one.parameters, prepare=True)
        await driver.commit()


@asynccontextmanager
async def _driver(session: AsyncSession, *, pipelined: bool) -> AsyncIterator[_Driver]:
    """The driver's connection under a session's transaction; what it raises becomes SQLAlchemy's."""
    driver = await _connection(session)
    try:
        async with driver.pipeline() if pipelined else nullcontext():
            try:
                yield driver
            except asyncio.CancelledError:
                await driver.close()  # leaving the pipeline would wait for what was sent, however long
                raise
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True) from error
    except asyncio.CancelledError as error:
        # As SQLAlchemy does: where the driver had to close it, a rollback's error would be raised instead.
        await (await session.connection()).invalidate(error)
        raise


async def _connection(session: AsyncSession) -> _Driver:
    transaction = session.sync_session.get_transaction()
    if transaction is None or transaction not in _drivers:
        raw = await (await session.connection()).get_raw_connection()
        transaction = session.sync_session.get_transaction()
        assert transaction is not None
        _drivers[transaction] = cast("_Driver", raw.driver_connection)
    return _drivers[transaction]
