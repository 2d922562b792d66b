"""Votes, read and checked: counted into cells at once, and looked at one by one where that is needed."""

import csv
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.ballots import SPELLINGS, Ballot, ballot_of
from evenhand.ranking.cells import OUTCOMES, Cells
from evenhand.ranking.errors import RankingError
from evenhand.ranking.pair_counts import holds_pair_counts, read_pair_counts
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.slices import condition
from evenhand.ranking.style import Scaling, contrast, scale
from evenhand.ranking.tables import KINDS, Table, in_short, literal, open_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

VOTERS = ("voter", "judge", "worker", "user_id", "userId", "visitor_id")
"""The columns that say who voted, in order of preference."""
SESSIONS = ("evaluation_session_id", "session_hash", "session")
"""The columns that say in which sitting."""
TIMES = ("timestamp", "tstamp", "day", "date")
"""The columns that say when, in order of preference; a number is seconds in the first two, else days."""
LAST_DAY = 2_932_896
"""9999-12-31 in days since 1970-01-01: a number beyond it is none of a day."""
CHANGED = "The votes have changed since they were counted: read them again."
AT_ONCE = 2_000_000
"""Rows that are fetched together."""

_EMPTY, _SAME, _OUTCOME, _WEIGHT = "no contestant", "against itself", "unknown outcome", "bad weight"

Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


@dataclass(frozen=True)
class _Reading:
    """A table, and what its rows say in SQL. `counts`: whether a row is a vote that counts."""

    table: Table
    ballot: Ballot
    weight: str | None
    given: str
    counts: str

    @property
    def faultless(self) -> str:
        a, b, outcome = self.ballot.a, self.ballot.b, self.ballot.outcome
        weight = "" if self.weight is None else f" AND {_good(self.weight)}"
        return f"coalesce({a} <> '' AND {b} <> '' AND {a} <> {b} AND ({outcome}) IS NOT NULL, false){weight}"


class Votes:
    """Votes that were read.

    Attributes:
        cells: the sums of those that count, for everything that pair sums are enough for
        excluded: how many were left out, by reason: `not_blind`, `duplicate_prompt`
        skipped: how many rows could not be understood and were skipped, by reason; only where that was
        asked for
    """

    def __init__(
        self,
        cells: Cells,
        readings: Sequence[_Reading] = (),
        excluded: Mapping[str, int] | None = None,
        skipped: Mapping[str, int] | None = None,
    ) -> None:
        self.cells = cells
        self.excluded = dict(excluded or {})
        self.skipped = dict(skipped or {})
        self._readings = readings

    def __len__(self) -> int:
        """How many votes count."""
        return int(self.cells.votes.sum())

    def __repr__(self) -> str:
        return f"<{len(self):,} votes on {len(self.contestants):,} contestants>"

    @property
    def contestants(self) -> tuple[str, ...]:
        """The names, sorted."""
        return self.cells.contestants

    @property
    def one_by_one(self) -> bool:
        """Whether they are known one by one, and not only as counts per pair."""
        return bool(self._readings)

    @property
    def voters(self) -> str | None:
        """The column that says who voted, where there is one."""
        return self._first_of(VOTERS)

    @property
    def sessions(self) -> str | None:
        """The column that says in which sitting, where there is one."""
        return self._first_of(SESSIONS)

    @property
    def times(self) -> str | None:
        """The column that says when, where there is one."""
        return self._first_of(TIMES)

    def rows(
        self,
        *,
        style: Sequence[str] = (),
        scaling: Scaling = "rms",
        cluster: str | None = None,
        slices: Sequence[str] = (),
        days: bool = False,
        progress: Progress = lambda done, of: None,
    ) -> VoteRows:
        """Return the votes one by one: with covariates, with the numbers of those in a column, and in slices.

        Slices that the votes do not tell of are left out. With `days` each vote has its day, in UTC, from the
        first of the columns `TIMES` that is there: as ISO text, a date, a time, or a number (seconds since
        1970-01-01 in `timestamp` and `tstamp`, days in `day` and `date`). What is none of these, or before
        1970, is a day that is not known.

        Raises:
            RankingError: the votes are known as counts per pair only, a column is missing, or a slice is
            unknown.
        """
        readings = self._single()
        told = [name for name in slices if self._conditions(name) is not None]
        columns = {f"x{k}": [contrast(one.table, name) for one in readings] for k, name in enumerate(style)}
        columns |= {f"s{k}": self._conditions(name) or [] for k, name in enumerate(told)}
        if cluster is not None:
            columns["cluster"] = [_number(one.table, cluster) for one in readings]
        if days:
            columns["day"] = [_day(one.table, self.times) for one in readings]
        fetched = self._fetched_as_read(columns, progress)
        features = np.empty((len(style), len(fetched["met"])), dtype=np.float32)
        for k in range(len(style)):
            features[k] = fetched.pop(f"x{k}")
        scale(features, scaling)
        first, second, place = self._ordered_pairs()
        rows = VoteRows(
            len(self.contestants),
            first,
            second,
            place(fetched.pop("met")),
            fetched["outcome"],
            features,
            fetched.get("weight"),
            None
            if cluster is None
            else np.unique(fetched.pop("cluster"), return_inverse=True)[1].astype(np.int32),
            {name: fetched[f"s{k}"] for k, name in enumerate(told)},
            fetched.get("day"),
        )
        return self._unchanged(rows)

    def _conditions(self, name: str) -> list[str] | None:
        """Return the SQL for whether a vote belongs to a slice, for every table, if all of them tell."""
        found = [condition(one.table, one.ballot, name) for one in self._single()]
        return None if None in found else [f"({one})::BOOLEAN" for one in found]

    def _single(self) -> Sequence[_Reading]:
        if not self._readings:
            raise RankingError("Counts per pair hold no single votes: style and clusters need those.")
        return self._readings

    def _first_of(self, names: Sequence[str]) -> str | None:
        return next(
            (
                name
                for name in names
                if self._readings and all(name in one.table.columns for one in self._readings)
            ),
            None,
        )

    def _ordered_pairs(
        self,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], Callable[[NDArray[np.uint32]], NDArray[np.int32]]]:
        """Return the pairs in both orders, and what finds a·M + b among them."""
        size = len(self.contestants)
        low, high = self.cells.pairs.T
        first, second = np.concatenate([low, high]), np.concatenate([high, low])
        keys = first * size + second
        order = np.argsort(keys)
        first, second, keys = first[order], second[order], keys[order]
        if size > 3000:
            return (
                first,
                second,
                lambda met: np.minimum(np.searchsorted(keys, met), len(keys) - 1).astype(np.int32),
            )
        table = np.zeros(size * size, dtype=np.int32)
        table[keys] = np.arange(len(keys), dtype=np.int32)
        return first, second, lambda met: table[met]

    def _fetched_as_read(
        self, columns: Mapping[str, Sequence[str]], progress: Progress
    ) -> dict[str, NDArray[Any]]:
        """Fetch columns of all votes; see `_fetched`. Raises `RankingError` where they are others by now."""
        import duckdb

        try:
            fetched = self._fetched(columns, progress)
        except (OSError, duckdb.Error) as error:
            raise RankingError(f"The votes cannot be read a second time: {in_short(error)}") from error
        if len(fetched["met"]) != len(self):
            raise RankingError(CHANGED)
        return fetched

    def _unchanged(self, rows: VoteRows) -> VoteRows:
        """Return the rows. Raises `RankingError` where they are no longer those that were counted."""
        if (rows.outcome >= len(OUTCOMES)).any():
            raise RankingError(CHANGED)
        again = rows.cells(self.contestants)
        if not np.array_equal(again.pairs, self.cells.pairs) or not np.array_equal(
            again.votes, self.cells.votes
        ):
            raise RankingError(CHANGED)
        return rows

    def _fetched(self, columns: Mapping[str, Sequence[str]], progress: Progress) -> dict[str, NDArray[Any]]:
        """Fetch columns of all votes, each given as SQL for every table, beside met, outcome and weight."""
        size = len(self.contestants)
        parts: dict[str, list[NDArray[Any]]] = {}
        weighted = any(one.weight is not None for one in self._readings)
        # Of no contestants there is no type in the database.
        for number, reading in enumerate(self._readings if size else ()):
            ballot = reading.ballot
            # A cast that may fail is not made of the few names of a dictionary, but of every row: that takes
            # five times as long.
            a, b = (f"enum_code(try_cast({one} AS contestant))::UINTEGER" for one in (ballot.a, ballot.b))
            selected = [f"({a} * {size} + {b})::UINTEGER AS met", f"({ballot.outcome})::UTINYINT AS outcome"]
            if weighted:
                selected.append(f"({reading.weight or '1'})::DOUBLE AS weight")
            selected += [f'{sql[number]} AS "{name}"' for name, sql in columns.items()]
            kept = f"{reading.counts} AND {reading.faultless}" if self.skipped else reading.counts
            for part in _fetch(reading.table, ", ".join(selected), kept, progress):
                if np.ma.isMaskedArray(part["met"]) or np.ma.isMaskedArray(part["outcome"]):
                    raise RankingError(CHANGED)
                for name, values in part.items():
                    parts.setdefault(name, []).append(np.asarray(values))
        if not parts:
            kinds = {"met": np.uint32, "outcome": np.uint8, "weight": np.float64, "cluster": np.uint64}
            known = {**kinds, "day": np.int32}
            return {
                name: np.empty(0, dtype=known.get(name, np.bool_ if name.startswith("s") else np.float32))
                for name in [*kinds, *columns]
            }
        return {name: _joined(arrays) for name, arrays in parts.items()}


def _number(table: Table, column: str) -> str:
    text = table.text(column)
    if text is None:
        raise RankingError(f"{table.label}: has no column {column!r} to cluster by.")
    # Whoever is not known is nobody else.
    return f"hash(coalesce({text}, gen_random_uuid()::VARCHAR))"


def _day(table: Table, column: str | None) -> str:
    """Return the SQL for the day of a vote, -1 where it is not known."""
    text = None if column is None else table.text(column)
    if text is None:
        raise RankingError(f"{table.label}: has no column {', '.join(TIMES)} to tell the day of a vote by.")
    # The trim keeps DuckDB from moving the cast into its reader of CSV, where text stops the reading.
    text = f"trim({text})"
    number = f"try_cast({text} AS DOUBLE)"
    if column in ("timestamp", "tstamp"):
        number += " / 86400"
    day = f"floor(coalesce({number}, epoch(try_cast({text} AS TIMESTAMPTZ)) / 86400))"
    return f"(CASE WHEN {day} BETWEEN 0 AND {LAST_DAY} THEN {day} ELSE -1 END)::INTEGER"


def _joined(arrays: list[NDArray[Any]]) -> NDArray[Any]:
    """Concatenate and forget, so that the parts of one column at most are held twice."""
    whole = np.concatenate(arrays)
    arrays.clear()
    return whole


def read_votes(*sources: str | Path | Any, skip_bad_rows: bool = False) -> Votes:
    """Read votes from files, or from tables of pandas, Polars or Arrow.

    One row a vote, in CSV, TSV, JSON, JSON Lines or Parquet, its columns and outcomes under any of the
    names that the public sets use (`ballots`); or counts per pair in JSON (`pair_counts`), one file alone.
    `weight`, a number ≥ 0, is used where present. Votes that were not blind (`anony` false) and those
    beyond the cap of a frequent prompt (`dedup_tag.sampled` false) do not count.

    Raises:
        RankingError: a file cannot be read, lacks a column, or has a row with an unknown outcome, without a
            name, with a contestant against itself or a bad weight: with the file, the row (the first vote is
            row 1), the column and the value. With `skip_bad_rows` such rows are counted instead: a row that
            cannot be understood, skipped or guessed at, would move ratings without anybody knowing.
    """
    files = [Path(one) if isinstance(one, str | Path) else one for one in sources]
    for file in files:
        if isinstance(file, Path):
            _check(file)
    try:
        first = files[0] if files else None
        if isinstance(first, Path) and first.suffix.lower() == ".json" and holds_pair_counts(first):
            if len(files) > 1:
                raise RankingError(f"{first}: holds counts per pair, which are read from one file alone.")
            return Votes(read_pair_counts(first))
    except (OSError, UnicodeDecodeError) as error:
        raise RankingError(f"{first}: cannot be read: {error}.") from error
    # Not at the top: most who import the package read no file, and DuckDB takes long to load.
    import duckdb

    database = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
    database.execute("SET TimeZone = 'UTC'")  # of times that name no zone
    return _Counting(skip_bad_rows).count(database, files)


def _check(path: Path) -> None:
    if path.suffix.lower() not in KINDS:
        raise RankingError(f"{path}: the name of a file of votes ends in {', '.join(KINDS)}.")
    try:
        if not path.is_file():
            raise RankingError(f"{path}: there is no such file.")
        if path.stat().st_size == 0:
            raise RankingError(f"{path}: is empty.")
    except OSError as error:
        raise RankingError(f"{path}: cannot be read: {error.strerror or error}.") from error


class _Counting:
    """The first look at every row: what it says, and whether it says anything."""

    def __init__(self, skip: bool) -> None:
        self._skip = skip
        self._skipped: Counter[str] = Counter()
        self._excluded: Counter[str] = Counter()
        self._sums: list[tuple[object, ...]] = []

    def count(self, database: "DuckDBPyConnection", sources: Sequence[Any]) -> Votes:
        import duckdb

        readings = []
        for number, source in enumerate(sources):
            try:
                table = open_table(database, source, number)
                reading = self._count_table(table)
            except duckdb.Error as error:
                label = source if isinstance(source, Path) else "the table"
                raise RankingError(f"{label}: cannot be read: {in_short(error)}") from error
            except csv.Error as error:
                raise RankingError(
                    f"{source}: the line that names the columns cannot be read: {error}."
                ) from error
            except (OSError, UnicodeDecodeError) as error:
                raise RankingError(f"{source}: cannot be read: {error}.") from error
            if reading is not None:
                readings.append(reading)
        cells = Cells.from_sums(self._sums)
        if cells.contestants:
            names = ", ".join(literal(name) for name in cells.contestants)
            database.execute(f"CREATE TYPE contestant AS ENUM ({names})")
        return Votes(cells, readings, self._excluded, self._skipped)

    def _count_table(self, table: Table) -> _Reading | None:
        if "json" in table.columns and not table.database.table(table.view).limit(1).fetchall():
            return None  # the columns of JSON are those of its rows
        ballot = ballot_of(table)
        weight, given = None, "NULL"
        if "weight" in table.columns:
            given = table.text("weight") or "NULL"
            # The trim keeps DuckDB from moving the cast into its reader of CSV, where text stops the reading.
            weight = f"try_cast(trim({given}) AS DOUBLE)"
        reading = _Reading(table, ballot, weight, given, self._counted(table))
        sums = (
            "count(*), 0"
            if weight is None
            else f"count(*) FILTER ({_good(weight)}), count(*) FILTER (NOT {_good(weight)})"
        )
        weights = (
            "count(*), count(*)"
            if weight is None
            else f"sum({weight}) FILTER ({_good(weight)}), sum({weight} * {weight}) FILTER ({_good(weight)})"
        )
        groups = table.database.execute(
            f"SELECT {ballot.a}, {ballot.b}, ({ballot.outcome})::UTINYINT, {sums}, {weights} "
            f"FROM {table.view} WHERE {reading.counts} GROUP BY 1, 2, 3"
        ).fetchall()
        for a, b, outcome, good, bad, weighed, squares in groups:
            fault = _EMPTY if not a or not b else _SAME if a == b else _OUTCOME if outcome is None else None
            if (fault or bad) and not self._skip:
                raise _first_fault(reading)
            if fault:
                self._skipped[fault] += good + bad
                continue
            if bad:
                self._skipped[_WEIGHT] += bad
            if good:
                self._sums.append((a, b, OUTCOMES[outcome], good, weighed, squares))
        return reading

    def _counted(self, table: Table) -> str:
        """Return the SQL for whether a vote counts, and note how many do not."""
        blind = table.value("anony")
        sampled = table.value("dedup_tag", "sampled")
        kept = "true"
        for reason, value in (("not_blind", blind), ("duplicate_prompt", sampled)):
            if value is None:
                continue
            rule = f"coalesce(try_cast({value} AS BOOLEAN), true)"
            found = table.database.execute(
                f"SELECT count(*) FROM {table.view} WHERE {kept} AND NOT {rule}"
            ).fetchone()
            if found is not None and found[0]:
                self._excluded[reason] += found[0]
                kept += f" AND {rule}"
        return kept


def _good(weight: str) -> str:
    return f"coalesce(isfinite({weight}) AND {weight} >= 0, false)"


def _first_fault(reading: _Reading) -> RankingError:
    table, ballot = reading.table, reading.ballot
    number = "file_row_number + 1" if table.numbered else "row_number() OVER ()"
    found = table.database.execute(
        f"SELECT row, a, b, said, outcome, given FROM (SELECT {number} AS row, "
        f"{ballot.a} AS a, {ballot.b} AS b, {ballot.said} AS said, {ballot.outcome} AS outcome, "
        f"{reading.given} AS given, {reading.faultless} AS faultless, {reading.counts} AS counts "
        f"FROM {table.view}) "
        "WHERE counts AND NOT faultless ORDER BY row LIMIT 1"
    ).fetchone()
    assert found is not None, "a group had a fault"
    row, a, b, said, outcome, given = found
    where = f"{table.label}: row {row}, column"
    for column, name in zip(ballot.names, (a, b), strict=False):
        if not name:
            return RankingError(f"{where} {column!r}: is empty; every vote names two contestants.")
    if a == b:
        return RankingError(f"{where} {ballot.names[1]!r}: {b!r} is compared with itself.")
    if outcome is None:
        known = ", ".join(word for outcome in OUTCOMES for word in SPELLINGS[outcome])
        said = "is empty" if not said else f"{said!r} is no known outcome"
        return RankingError(f"{where} {ballot.names[2]!r}: {said}; known are {known}.")
    return RankingError(f"{where} 'weight': {given!r} is no weight; it must be a number, 0 or more.")


def _fetch(table: Table, selected: str, kept: str, progress: Progress) -> Iterator[dict[str, NDArray[Any]]]:
    """Fetch rows, some at a time; where they cannot be numbered, from a file that is written first."""
    with tempfile.TemporaryDirectory(prefix="evenhand-votes-") as folder:
        source, columns, where = table.view, selected, f"WHERE {kept}"
        if table.numbered:
            count = f"SELECT max(file_row_number) + 1 FROM {table.view}"
        else:
            file = literal(str(Path(folder) / "rows.parquet"))
            table.database.execute(
                f"COPY (SELECT {selected} FROM {table.view} {where}) TO {file} (FORMAT parquet)"
            )
            source, columns, where = (
                f"read_parquet({file}, file_row_number = true)",
                "* EXCLUDE (file_row_number)",
                "",
            )
            count = f"SELECT max(file_row_number) + 1 FROM {source}"
        found = table.database.execute(count).fetchone()
        total = found[0] or 0 if found else 0
        for start in range(0, total, AT_ONCE):
            within = f"file_row_number >= {start} AND file_row_number < {start + AT_ONCE}"
            yield table.database.execute(
                f"SELECT {columns} FROM {source} {f'{where} AND' if where else 'WHERE'} {within}"
            ).fetchnumpy()
            progress(min(start + AT_ONCE, total), total)
