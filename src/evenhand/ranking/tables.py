"""Counting the votes of a table, one row a vote, with DuckDB: out of core, in one pass."""

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.ranking.cells import OUTCOMES, Cells
from evenhand.ranking.errors import RankingError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

KINDS = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet")

SIDES = (("model_a", "model_b"), ("left", "right"))
"""The names under which the sets carry the two contestants, in order of preference."""

SPELLINGS = {
    "a": ("model_a", "a", "left", "a_win"),
    "b": ("model_b", "b", "right", "b_win"),
    "tie": ("tie",),
    "both_bad": ("both_bad", "tie (bothbad)"),
}
"""How the sets spell each outcome, in lower case."""

_OUTCOMES = {spelling: outcome for outcome in OUTCOMES for spelling in SPELLINGS[outcome]}

# The trim also keeps DuckDB from moving the cast into its reader of CSV, where text stops the reading.
_COUNT = """
    SELECT a, b, winner, count(*), sum(weight), sum(weight * weight),
        bool_or(coalesce(NOT isfinite(weight) OR weight < 0, true))
    FROM (SELECT *, try_cast(trim(given) AS DOUBLE) AS weight FROM votes)
    GROUP BY a, b, winner"""

_FIRST_FAULT = """
    SELECT row, a, b, winner, given
    FROM (SELECT row_number() OVER () AS row, *, try_cast(trim(given) AS DOUBLE) AS weight FROM votes)
    WHERE coalesce(a, '') = '' OR coalesce(b, '') = '' OR a = b
        OR NOT list_contains($known, coalesce(lower(trim(winner)), ''))
        OR coalesce(NOT isfinite(weight) OR weight < 0, true)
    ORDER BY row LIMIT 1"""


def read_table(path: Path) -> Cells:
    """Count the votes of a table; see `votes.read_votes`."""
    # Not at the top: most who import the package read no file, and DuckDB takes long to load.
    import duckdb

    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as database:
        try:
            return _count(database, path)
        except duckdb.Error as error:
            raise RankingError(f"{path}: cannot be read: {_in_short(error)}") from error
        except csv.Error as error:
            raise RankingError(f"{path}: the line that names the columns cannot be read: {error}.") from error


def _count(database: "DuckDBPyConnection", path: Path) -> Cells:
    import duckdb

    table, columns = _open(database, path)
    if path.suffix.lower() in (".json", ".jsonl", ".ndjson") and not table.limit(1).fetchall():
        return Cells.from_sums([])  # the columns of JSON are those of its rows
    a, b = next((sides for sides in SIDES if set(sides) <= columns.keys()), SIDES[0])
    for name in (a, b, "winner"):
        if name not in columns:
            has = ", ".join(list(columns)[:20])
            raise RankingError(f"{path}: has no column {name!r}; its columns are: {has}.")
    weight = (
        duckdb.ColumnExpression(columns["weight"]) if "weight" in columns else duckdb.ConstantExpression(1)
    )
    text = {name: duckdb.ColumnExpression(columns[name]).cast("VARCHAR") for name in (a, b, "winner")}
    table.select(
        text[a].alias("a"),
        text[b].alias("b"),
        text["winner"].alias("winner"),
        weight.cast("VARCHAR").alias("given"),
    ).create_view("votes")
    groups = database.execute(_COUNT).fetchall()
    if any(
        not first or not second or first == second or _outcome(winner) is None or bad_weight
        for first, second, winner, _, _, _, bad_weight in groups
    ):
        raise _first_fault(database, path, a, b)
    return Cells.from_sums(
        (first, second, _outcome(winner), votes, sum_, squares)
        for first, second, winner, votes, sum_, squares, _ in groups
    )


def _first_fault(database: "DuckDBPyConnection", path: Path, a: str, b: str) -> RankingError:
    row, first, second, winner, given = database.execute(_FIRST_FAULT, {"known": list(_OUTCOMES)}).fetchall()[
        0
    ]
    where = f"{path}: row {row}, column"
    for column, name in ((a, first), (b, second)):
        if not name:
            return RankingError(f"{where} {column!r}: is empty; every vote names two contestants.")
    if first == second:
        return RankingError(f"{where} {b!r}: {second!r} is compared with itself.")
    known = ", ".join(_OUTCOMES)
    if not winner:
        return RankingError(f"{where} 'winner': is empty; known outcomes are {known}.")
    if _outcome(winner) is None:
        return RankingError(f"{where} 'winner': {winner!r} is no known outcome; known are {known}.")
    return RankingError(f"{where} 'weight': {given!r} is no weight; it must be a number, 0 or more.")


def _open(database: "DuckDBPyConnection", path: Path) -> tuple["DuckDBPyRelation", dict[str, str]]:
    """Return the table, and its columns: name in the file → name in the table."""
    # In a path, DuckDB reads [ * ? as a pattern for several files.
    name = re.sub(r"([\[*?])", r"[\1]", str(path))
    kind = path.suffix.lower()
    if kind in (".csv", ".tsv"):
        return _open_csv(database, path, name)
    if kind == ".parquet":
        table = database.read_parquet(name)
        return table, {column: column for column in table.columns}
    # All rows are looked at, because a column may begin late; kept at the top level, long conversations
    # need no parsing.
    table = database.read_json(name, sample_size=-1, maximum_depth=1)
    known = {*SIDES[0], *SIDES[1], "winner", "weight"}.intersection(table.columns)
    if known:
        table = database.read_json(name, columns=dict.fromkeys(sorted(known), "VARCHAR"))
    return table, {column: column for column in table.columns}


def _open_csv(
    database: "DuckDBPyConnection", path: Path, name: str
) -> tuple["DuckDBPyRelation", dict[str, str]]:
    """Say how the file is written: left to guess, DuckDB skips lines that do not fit the others."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        delimiter = max(",;\t", key=file.readline().count)
        file.seek(0)
        header = next(csv.reader(file, delimiter=delimiter, strict=True))
    columns = {column.strip(): f"c{number}" for number, column in enumerate(header)}
    table = database.read_csv(
        name,
        columns={f"c{number}": "VARCHAR" for number in range(len(header))},
        header=True,
        auto_detect=False,
        delimiter=delimiter,
        quotechar='"',
        escapechar='"',
        strict_mode=True,
    )
    return table, columns


def _outcome(winner: str | None) -> str | None:
    return _OUTCOMES.get((winner or "").strip(" ").lower())


def _in_short(error: Exception) -> str:
    """DuckDB explains itself over many lines and repeats the data: keep what happened and where."""
    lines = [line.strip() for line in str(error).splitlines() if not line.startswith("Original Line")]
    return " ".join([line for line in lines if line][:2])[:300]
