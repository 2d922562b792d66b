"""Writing rows of several tables in one statement: one round trip, whatever the number of tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import (
    CTE,
    BindParameter,
    Executable,
    Table,
    bindparam,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.storage.engine import Row


@dataclass(frozen=True)
class Change:
    """New values of some columns for the row of this id, which must be there."""

    kind: type[Row]
    id: UUID
    values: Mapping[str, object]


_New = tuple[type[Row], int]
_Changed = tuple[type[Row], tuple[str, ...]]


async def write_together(session: AsyncSession, new: Sequence[Row], changes: Sequence[Change] = ()) -> None:
    """Insert rows, which may refer to each other in any order, and change others.

    PostgreSQL checks foreign keys at the end of a statement, so all of these see each other. What is inserted
    does not become part of the session, and what is part of it does not learn of a change. Columns with a
    default of the database's get that. A row may be changed once.
    """
    values: dict[str, object] = {}
    numbers: Counter[type[Row]] = Counter()
    for row in new:
        kind = type(row)
        for column in _columns(kind):
            values[_name(kind, numbers[kind], column)] = getattr(row, column)
        numbers[kind] += 1
    for number, change in enumerate(changes):
        values[_name("changed", number, "id")] = change.id
        for column, value in change.values.items():
            values[_name("changed", number, column)] = value
    changed = tuple((change.kind, tuple(change.values)) for change in changes)
    await session.execute(_statement(tuple(numbers.items()), changed), values)


@lru_cache
def _columns(kind: type[Row]) -> list[str]:
    return [column.key for column in kind.__table__.columns if column.server_default is None]


def _name(of: type[Row] | str, number: int, column: str) -> str:
    return f"{of if isinstance(of, str) else of.__tablename__}_{number}_{column}"


@lru_cache
def _statement(new: tuple[_New, ...], changed: tuple[_Changed, ...]) -> Executable:
    """The statement for so many new rows of each table and these changes; `_name` names its parameters."""
    inserts = [_insert(kind, number) for kind, count in new for number in range(count)]
    updates = [_update(kind, number, columns) for number, (kind, columns) in enumerate(changed)]
    return select(literal_column("1")).add_cte(*inserts, *updates)


def _insert(kind: type[Row], number: int) -> CTE:
    # One for each row: SQLAlchemy compiles an INSERT of several rows anew each time.
    row = {column: _parameter(kind, kind, number, column) for column in _columns(kind)}
    return insert(_table(kind)).values(row).cte(_name(kind, number, "new"))


def _update(kind: type[Row], number: int, columns: Sequence[str]) -> CTE:
    values = {column: _parameter(kind, "changed", number, column) for column in columns}
    this = _table(kind).columns["id"] == _parameter(kind, "changed", number, "id")
    return update(_table(kind)).where(this).values(values).cte(_name(kind, number, "changed"))


def _parameter(kind: type[Row], of: type[Row] | str, number: int, column: str) -> BindParameter[object]:
    return bindparam(_name(of, number, column), type_=_table(kind).columns[column].type)


def _table(kind: type[Row]) -> Table:
    assert isinstance(kind.__table__, Table)
    return kind.__table__
