"""Writing rows of several tables in one statement, whatever the number of tables and rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import msgspec
from sqlalchemy import (
    CTE,
    JSON,
    Integer,
    Table,
    TableValuedAlias,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.storage.engine import Row
from evenhand.storage.together import Prepared, Query, together


@dataclass(frozen=True)
class Change:
    """New values of some columns for the row of this id, which must be there."""

    kind: type[Row]
    id: UUID
    values: Mapping[str, object]


_Changed = tuple[type[Row], tuple[str, ...]]

_encode = msgspec.json.Encoder().encode


async def write_together(session: AsyncSession, new: Sequence[Row], changes: Sequence[Change] = ()) -> None:
    """Insert rows and change others, now; see `writing`."""
    await together(session, writing(new, changes))


def writing(new: Sequence[Row], changes: Sequence[Change] = ()) -> Query[int]:
    """What inserts rows, which may refer to each other in any order, and changes others.

    PostgreSQL checks foreign keys at the end of a statement, so all of these see each other. What is inserted
    does not become part of the session, and what is part of it does not learn of a change. Columns with a
    default of the database's get that. A row may be changed once.
    """
    rows: dict[type[Row], list[dict[str, object]]] = {}
    for row in new:
        kind = type(row)
        rows.setdefault(kind, []).append({name: _plain(getattr(row, name)) for name in _columns(kind)})
    changed: dict[_Changed, list[dict[str, object]]] = {}
    for change in changes:
        values = {name: _plain(value) for name, value in change.values.items()}
        changed.setdefault((change.kind, tuple(values)), []).append({"id": change.id, **values})
    # The rows of a table are one parameter, so that it matters to nobody how many they are: the statement is
    # compiled once, and the driver remembers how to send it, which it does not do for one of many parameters.
    written = [*rows.values(), *changed.values()]
    parameters = {_name(number): _encode(these).decode() for number, these in enumerate(written)}
    return _statement(tuple(rows), tuple(changed))(**parameters)


def _plain(value: object) -> object:
    """A value as PostgreSQL reads it from JSON."""
    return "\\x" + value.hex() if isinstance(value, bytes) else value


@lru_cache
def _columns(kind: type[Row]) -> tuple[str, ...]:
    return tuple(column.key for column in kind.__table__.columns if column.server_default is None)


def _name(number: int) -> str:
    return f"rows_{number}"


@lru_cache
def _statement(new: tuple[type[Row], ...], changed: tuple[_Changed, ...]) -> Prepared[int]:
    """The statement for new rows of these tables and changes of these columns; see `_name`."""
    inserts = [_insert(number, kind) for number, kind in enumerate(new)]
    updates = [
        _update(number, kind, columns) for number, (kind, columns) in enumerate(changed, start=len(new))
    ]
    return Prepared(select(literal_column("1", Integer)).add_cte(*inserts, *updates))


def _insert(number: int, kind: type[Row]) -> CTE:
    rows = _rows(number, kind, _columns(kind))
    return insert(_table(kind)).from_select(_columns(kind), select(rows)).cte(f"written_{number}")


def _update(number: int, kind: type[Row], columns: Sequence[str]) -> CTE:
    table = _table(kind)
    rows = _rows(number, kind, ["id", *columns])
    values = {name: rows.c[name] for name in columns}
    return update(table).where(table.c.id == rows.c.id).values(values).cte(f"written_{number}")


def _rows(number: int, kind: type[Row], columns: Sequence[str]) -> TableValuedAlias:
    """The rows of a parameter, as PostgreSQL reads them from JSON."""
    array = cast(bindparam(_name(number), type_=Text), JSON)
    typed = [column(name, _table(kind).columns[name].type) for name in columns]
    return func.json_to_recordset(array).table_valued(*typed).render_derived(_name(number), with_types=True)


def _table(kind: type[Row]) -> Table:
    assert isinstance(kind.__table__, Table)
    return kind.__table__
