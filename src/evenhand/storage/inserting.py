"""Inserting rows of several tables in one statement: one round trip, whatever the number of tables."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import CTE, Executable, Table, bindparam, insert, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.storage.engine import Row


async def insert_together(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Insert rows, which may refer to each other in any order. They do not become part of the session.

    Columns with a default of the database's get that.
    PostgreSQL checks foreign keys at the end of a statement, so all of these see each other.
    """
    values: dict[str, object] = {}
    numbers: Counter[type[Row]] = Counter()
    for row in rows:
        kind = type(row)
        for column in _columns(kind):
            values[_name(kind, numbers[kind], column)] = getattr(row, column)
        numbers[kind] += 1
    await session.execute(_statement(tuple(numbers.items())), values)


@lru_cache
def _columns(kind: type[Row]) -> list[str]:
    return [column.key for column in kind.__table__.columns if column.server_default is None]


def _name(kind: type[Row], number: int, column: str) -> str:
    return f"{kind.__tablename__}_{number}_{column}"


@lru_cache
def _statement(shape: tuple[tuple[type[Row], int], ...]) -> Executable:
    """The statement for so many rows of each table; its parameters are named by `_name`."""
    inserts = [_insert(kind, number) for kind, count in shape for number in range(count)]
    return select(literal_column("1")).add_cte(*inserts)


def _insert(kind: type[Row], number: int) -> CTE:
    # One for each row: SQLAlchemy compiles an INSERT of several rows anew each time.
    table = kind.__table__
    assert isinstance(table, Table)
    row = {one: bindparam(_name(kind, number, one), type_=table.columns[one].type) for one in _columns(kind)}
    return insert(table).values(row).cte(f"new_{kind.__tablename__}_{number}")
