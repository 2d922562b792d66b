"""Reading votes: the first look at every row, which counts it or says what is wrong with it."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from evenhand.ranking.ballots import SPELLINGS, ballot_of
from evenhand.ranking.cells import OUTCOMES
from evenhand.ranking.codes import UNKNOWN
from evenhand.ranking.errors import RankingError
from evenhand.ranking.pair_counts import holds_pair_counts, read_pair_counts
from evenhand.ranking.readings import Progress, Reading, silent
from evenhand.ranking.tables import KINDS, Table, in_short, open_table
from evenhand.ranking.tallies import Tally, tally, together
from evenhand.ranking.votes import Votes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_EMPTY, _SAME, _OUTCOME, _WEIGHT = "no contestant", "against itself", "unknown outcome", "bad weight"


def read_votes(*sources: str | Path | Any, skip_bad_rows: bool = False, progress: Progress = silent) -> Votes:
    """Read votes from files, or from tables of pandas, Polars or Arrow.

    One row a vote, in CSV, TSV, JSON, JSON Lines or Parquet, its columns and outcomes under any of the
    names that the public sets use (`ballots`); or counts per pair in JSON (`pair_counts`), one file alone.
    `weight`, a number ≥ 0, is used where present. Votes that were not blind (`anony` false) and those
    beyond the cap of a frequent prompt (`dedup_tag.sampled` false) do not count. `progress` is told how many
    bytes of the files are done, of how many: in the middle of Parquet files, after others.

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
    return _Counting(skip_bad_rows).count(database, files, progress)


def _within(progress: Progress, before: int, size: int, total: int) -> Progress:
    """Return what tells the rows of a file as its bytes, of all."""
    return lambda done, of: progress(before + size * done // of, total)


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
        self._found: list[Tally] = []

    def count(self, database: "DuckDBPyConnection", sources: Sequence[Any], progress: Progress) -> Votes:
        import duckdb

        readings = []
        sizes = [source.stat().st_size if isinstance(source, Path) else 0 for source in sources]
        for number, source in enumerate(sources):
            before, size, total = sum(sizes[:number]), sizes[number], sum(sizes)
            try:
                table = open_table(database, source, number)
                reading = self._count_table(table, _within(progress, before, size, total))
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
            progress(before + size, total)
        return Votes(together(self._found), readings, self._excluded, +self._skipped)

    def _count_table(self, table: Table, progress: Progress) -> Reading | None:
        if "json" in table.columns and not table.database.table(table.view).limit(1).fetchall():
            return None  # the columns of JSON are those of its rows
        ballot = ballot_of(table)
        weight, given = None, "NULL"
        if "weight" in table.columns:
            given = table.text("weight") or "NULL"
            # The trim keeps DuckDB from moving the cast into its reader of CSV, where text stops the reading.
            weight = f"try_cast(trim({given}) AS DOUBLE)"
        reading = Reading(table, ballot, weight, given, self._counted(table))
        self._take(tally(reading, progress), reading)
        return reading

    def _take(self, found: Tally, reading: Reading) -> None:
        """Keep what was found; what is wrong with it is an error, or left out and counted."""
        nobody = len(found.names)
        faults = {
            _EMPTY: (found.a == nobody) | (found.b == nobody),
            _SAME: found.a == found.b,
            _OUTCOME: found.outcome == UNKNOWN,
        }
        good = ~np.logical_or.reduce([*faults.values()])
        if not self._skip and (not good.all() or found.bad.any()):
            raise _first_fault(reading)
        left = ~good
        for fault, here in faults.items():
            self._skipped[fault] += int((found.sums[0] + found.bad)[left & here].sum())
            left &= ~here
        self._skipped[_WEIGHT] += int(found.bad[good].sum())
        self._found.append(found.where(good & (found.sums[0] > 0)))

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


def _first_fault(reading: Reading) -> RankingError:
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
