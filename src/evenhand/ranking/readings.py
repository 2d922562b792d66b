"""What the rows of a table say, in SQL, and fetching them some at a time."""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from evenhand.ranking.ballots import Ballot
from evenhand.ranking.rows import CHUNK
from evenhand.ranking.tables import Table, literal

AT_ONCE = 1_000_000
"""Rows that are read together."""

Progress = Callable[[int, int], None]
"""Told how much is done, of how much."""


def silent(done: int, of: int) -> None:
    """Whoever does not want to be told."""


@dataclass(frozen=True)
class Reading:
    """A table, and what its rows say in SQL. `counts`: whether a row is a vote that counts."""

    table: Table
    ballot: Ballot
    weight: str | None
    given: str
    counts: str

    @property
    def faultless(self) -> str:
        """The SQL for whether a row can be understood."""
        a, b, outcome = self.ballot.a, self.ballot.b, self.ballot.outcome
        weight = "" if self.weight is None else f" AND {good_weight(self.weight)}"
        return f"coalesce({a} <> '' AND {b} <> '' AND {a} <> {b} AND ({outcome}) IS NOT NULL, false){weight}"


def good_weight(weight: str) -> str:
    """Return the SQL for whether a weight is a number, 0 or more."""
    return f"coalesce(isfinite({weight}) AND {weight} >= 0, false)"


def fetch(
    table: Table, selected: str, kept: str, progress: Progress = silent, at_once: int = CHUNK
) -> Iterator[dict[str, NDArray[Any]]]:
    """Give rows, so many at a time; where they cannot be numbered, from a file that is written first.

    While some are looked at, the next are read.
    """
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
        last = table.database.execute(count).fetchone()
        total = last[0] or 0 if last else 0

        def read(start: int) -> dict[str, NDArray[Any]]:
            within = f"file_row_number >= {start} AND file_row_number < {start + AT_ONCE}"
            return table.database.execute(
                f"SELECT {columns} FROM {source} {f'{where} AND' if where else 'WHERE'} {within}"
            ).fetchnumpy()

        with ThreadPoolExecutor(1) as reader:
            following = reader.submit(read, 0)
            for start in range(0, total, AT_ONCE):
                found = following.result()
                if start + AT_ONCE < total:
                    following = reader.submit(read, start + AT_ONCE)
                length = len(next(iter(found.values())))
                for begin in range(0, length, at_once):
                    yield {name: values[begin : begin + at_once] for name, values in found.items()}
                progress(min(start + AT_ONCE, total), total)
