"""Files and tables of votes, as DuckDB sees them: opened, never loaded whole."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from evenhand.ranking.errors import RankingError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation
    from duckdb.typing import DuckDBPyType

KINDS = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet")

SIGNED = ("tinyint", "smallint", "integer", "bigint")
"""Types of whole numbers, none of which is infinite or undefined."""


class Column(NamedTuple):
    """A column: how SQL calls it, and its type."""

    sql: str
    type: "DuckDBPyType"


class Table(NamedTuple):
    """A table that `database` knows as `view`; `label` is what messages call it.

    `numbered`: whether it has a column `file_row_number`, and so is a Parquet file.
    """

    label: str
    database: "DuckDBPyConnection"
    view: str
    columns: Mapping[str, Column]
    numbered: bool

    def value(self, *path: str) -> str | None:
        """Return the SQL for a column, or for what stands in it under further names; None if it has none.

        Structures are looked into, and so is text that is JSON; in that, whether the names are there shows
        only in the rows.
        """
        found = self._found(*path)
        return None if found is None else found.sql

    def _found(self, *path: str) -> Column | None:
        column = self.columns.get(path[0])
        if column is None:
            return None
        sql, kind = column
        for depth, name in enumerate(path[1:], start=1):
            if kind.id == "struct":
                fields = dict(kind.children)
                if name not in fields:
                    return None
                sql, kind = f"struct_extract({sql}, {literal(name)})", fields[name]
            elif kind.id == "varchar":
                inner = literal("$" + "".join(f'."{part}"' for part in path[depth:]))
                return Column(
                    f"json_extract_string(CASE WHEN json_valid({sql}) THEN {sql} END, {inner})", kind
                )
            else:
                return None
        return Column(sql, kind)

    def text(self, *path: str) -> str | None:
        """Return the SQL for a value as text."""
        return _cast(self.value(*path), "VARCHAR")

    def number(self, *path: str) -> str | None:
        """Return the SQL for a value as a number; null where it is none."""
        found = self._found(*path)
        if found is not None and found.type.id in SIGNED:  # a cast would be made in every row
            return found.sql
        return _cast(self._trimmed(*path), "DOUBLE")

    def measure(self, *path: str) -> str | None:
        """Return the SQL for a finite number above 0; 0 for every other value, and where there is none."""
        found = self._found(*path)
        if found is not None and found.type.id in SIGNED:  # half of the work
            return f"greatest({found.sql}, 0)::DOUBLE"
        one = self.number(*path)
        return None if one is None else f"CASE WHEN isfinite({one}) AND {one} > 0 THEN {one} ELSE 0 END"

    def truth(self, *path: str) -> str | None:
        """Return the SQL for whether something holds; false where that is not said."""
        cast = _cast(self._trimmed(*path), "BOOLEAN")
        return None if cast is None else f"coalesce({cast}, false)"

    def _trimmed(self, *path: str) -> str | None:
        sql = self.value(*path)
        if sql is None or len(path) > 1 or self.columns[path[0]].type.id != "varchar":
            return sql
        # The trim keeps DuckDB from moving a cast into its reader of CSV, where text stops the reading.
        return f"trim({sql})"


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _cast(sql: str | None, kind: str) -> str | None:
    return None if sql is None else f"try_cast({sql} AS {kind})"


def open_table(database: "DuckDBPyConnection", source: Any, number: int) -> Table:
    """Open a file, or a table in memory (pandas, Polars, Arrow), as the view `votes_{number}`."""
    view = f"votes_{number}"
    if isinstance(source, Path):
        return _open_file(database, source, view)
    if hasattr(source, "read_all"):  # a reader of Arrow can be read but once
        source = source.read_all()
    frame = type(source).__module__.partition(".")[0] == "pandas"
    try:
        relation = database.from_df(source) if frame else database.from_arrow(source)
    except Exception as error:
        kind = type(source).__name__
        raise RankingError(
            f"Votes are a file, or a table of pandas, Polars or Arrow; this is {kind}: {in_short(error)}"
        ) from error
    relation.create_view(view)
    return Table("the table", database, view, _columns(relation), numbered=False)


def _open_file(database: "DuckDBPyConnection", path: Path, view: str) -> Table:
    # In a path, DuckDB reads [ * ? as a pattern for several files.
    name = re.sub(r"([\[*?])", r"[\1]", str(path))
    kind = path.suffix.lower()
    if kind == ".parquet":
        relation = database.read_parquet(name, file_row_number=True)
        relation.create_view(view)
        return Table(str(path), database, view, _columns(relation), numbered=True)
    if kind in (".csv", ".tsv"):
        relation, columns = _open_csv(database, path, name)
    else:
        # All rows are looked at, because a column may begin late; kept at the top level, long conversations
        # need no parsing.
        relation = database.read_json(name, sample_size=-1, maximum_depth=1)
        if relation.columns != ["json"]:  # what rows are read as that are no objects, or that are none at all
            relation = database.read_json(name, columns=dict.fromkeys(relation.columns, "VARCHAR"))
        columns = _columns(relation)
    relation.create_view(view)
    return Table(str(path), database, view, columns, numbered=False)


def _open_csv(
    database: "DuckDBPyConnection", path: Path, name: str
) -> tuple["DuckDBPyRelation", dict[str, Column]]:
    """Say how the file is written: left to guess, DuckDB skips lines that do not fit the others."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        delimiter = max(",;\t", key=file.readline().count)
        file.seek(0)
        header = next(csv.reader(file, delimiter=delimiter, strict=True))
    names = [name.strip() for name in header]
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise RankingError(f"{path}: has two columns {twice!r}.")
    relation = database.read_csv(
        name,
        columns={f"c{number}": "VARCHAR" for number in range(len(header))},
        header=True,
        auto_detect=False,
        delimiter=delimiter,
        quotechar='"',
        escapechar='"',
        strict_mode=True,
    )
    types = relation.types
    return relation, {name: Column(f"c{i}", types[i]) for i, name in enumerate(names)}


def _columns(relation: "DuckDBPyRelation") -> dict[str, Column]:
    return {
        name: Column('"' + name.replace('"', '""') + '"', kind)
        for name, kind in zip(relation.columns, relation.types, strict=True)
    }


def in_short(error: Exception) -> str:
    """DuckDB explains itself over many lines and repeats the data: keep what happened and where."""
    lines = [line.strip() for line in str(error).splitlines() if not line.startswith("Original Line")]
    return " ".join([line for line in lines if line][:2])[:300]
