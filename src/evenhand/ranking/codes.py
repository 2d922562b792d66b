"""Names and words as numbers, so that text is looked at once for each that there is, and not in every row.

A Parquet file keeps columns of text with a dictionary. DuckDB finds distinct values by it, and casts its few
entries alone; but it compares and groups text in every row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.ballots import Ballot, outcome_of
from evenhand.ranking.cells import OUTCOMES
from evenhand.ranking.tables import Table, literal

Codes = NDArray[np.int64]

UNKNOWN = len(OUTCOMES)
"""Stands for the outcome of a vote that says none."""


@dataclass(frozen=True)
class Coding:
    """The rows of a table in numbers: SQL for those, and what they stand for.

    names: (M); a, b: SQL for indices into them, null for what is none of them; outcome: SQL for indices into
    `words`, (W) outcomes, or for the outcome itself where there are no words; null for what is none.
    """

    names: tuple[str, ...]
    a: str
    b: str
    outcome: str
    words: Codes | None

    @property
    def columns(self) -> str:
        """The SQL for the columns that `read` takes."""
        return f"{self.a} AS a, {self.b} AS b, {self.outcome} AS outcome"

    def read(self, part: Mapping[str, NDArray[Any]]) -> tuple[Codes, Codes, Codes]:
        """Return a, b and the outcome of some rows, (N) each; M and `UNKNOWN` for what is none."""
        a, b = (_whole(part[side], len(self.names)) for side in ("a", "b"))
        if self.words is None:
            return a, b, _whole(part["outcome"], UNKNOWN)
        return a, b, np.append(self.words, UNKNOWN).take(_whole(part["outcome"], len(self.words)))


def names_in(table: Table, ballot: Ballot, counts: str) -> tuple[str, ...]:
    """Return the names of all contestants in the rows that count, sorted."""
    found = table.database.execute(
        f"SELECT {ballot.a} FROM {table.view} WHERE {counts} "
        f"UNION SELECT {ballot.b} FROM {table.view} WHERE {counts}"
    ).fetchall()
    return tuple(sorted(name for (name,) in found if name))


def code(table: Table, ballot: Ballot, counts: str, names: Iterable[str]) -> Coding:
    """Number the names, and the words in the rows that count; text without a dictionary keeps its words."""
    known = tuple(names)
    a, b = _coded(table, "name", known, (ballot.a, ballot.b))
    if not (ballot.by_word and table.numbered):
        return Coding(known, a, b, f"({ballot.outcome})::UTINYINT", None)
    said = f"SELECT DISTINCT {ballot.said} AS word FROM {table.view} WHERE {counts}"
    words = table.database.execute(
        f"SELECT word, {outcome_of('word')} AS outcome FROM ({said}) WHERE outcome IS NOT NULL"
    ).fetchall()
    (outcome,) = _coded(table, "word", [word for word, _ in words], (ballot.said,))
    return Coding(known, a, b, outcome, np.array([one for _, one in words], dtype=np.int64))


def _coded(table: Table, kind: str, known: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Return the SQL for where each text stands among those that are known."""
    entries = ", ".join(literal(one) for one in known)
    if not entries:  # of nothing the database makes no type
        return ["NULL::UTINYINT" for _ in texts]
    enum = f"{kind}_in_{table.view}"
    table.database.execute(f"DROP TYPE IF EXISTS {enum}")
    table.database.execute(f"CREATE TYPE {enum} AS ENUM ({entries})")
    # A plain cast would not be made of the dictionary, but of every row: that takes five times as long.
    return [f"enum_code(try_cast({text} AS {enum}))" for text in texts]


def _whole(values: NDArray[Any], missing: int) -> Codes:
    whole = values.astype(np.int64)
    return whole.filled(missing) if isinstance(whole, np.ma.MaskedArray) else whole
