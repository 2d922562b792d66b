"""Counting what the rows of a table say: how many say the same, and the sums of their weights."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.cells import Cells
from evenhand.ranking.codes import UNKNOWN, Codes, code, names_in
from evenhand.ranking.readings import Progress, Reading, fetch, good_weight

DENSE = 1000
"""Among so many contestants there is a place for everything that a row can say; among more, the database
groups the rows: of a million votes about as fast here, and faster the more contestants there are."""


@dataclass(frozen=True)
class Tally:
    """What K kinds of rows say.

    names: (M); a, b: (K) indices into them, M for none; outcome: (K) indices into `OUTCOMES`, or `UNKNOWN`;
    sums: (3, K) n, Σw, Σw² of the rows with a good weight; bad: (K) how many others there are.
    """

    names: tuple[str, ...]
    a: Codes
    b: Codes
    outcome: Codes
    sums: NDArray[np.float64]
    bad: Codes

    def where(self, chosen: NDArray[np.bool_]) -> "Tally":
        """Return some of the kinds, and the names that they are of."""
        used, sides = np.unique(np.stack([self.a[chosen], self.b[chosen]]), return_inverse=True)
        a, b = sides.reshape(2, -1)
        names = tuple(self.names[number] for number in used)
        return Tally(names, a, b, self.outcome[chosen], self.sums[:, chosen], self.bad[chosen])


def together(tallies: Sequence[Tally]) -> Cells:
    """Return the cells of the rows with a good weight; all kinds name contestants and an outcome."""
    shifts = np.cumsum([0, *(len(one.names) for one in tallies)])
    a, b, outcome = (
        np.concatenate([np.empty(0, dtype=np.int64), *columns])
        for columns in (
            [one.a + shift for one, shift in zip(tallies, shifts, strict=False)],
            [one.b + shift for one, shift in zip(tallies, shifts, strict=False)],
            [one.outcome for one in tallies],
        )
    )
    sums = np.concatenate([np.empty((3, 0)), *(one.sums for one in tallies)], axis=1)
    return Cells.from_lines([name for one in tallies for name in one.names], a, b, outcome, sums)


def tally(reading: Reading, progress: Progress) -> Tally:
    """Count the rows that count."""
    if not reading.table.numbered:
        return _of_text(reading)
    names = names_in(reading.table, reading.ballot, reading.counts)
    return _placed(reading, names, progress) if len(names) <= DENSE else _grouped(reading, names)


def _placed(reading: Reading, names: tuple[str, ...], progress: Progress) -> Tally:
    """Count rows into a table of everything that they can say, some rows at a time."""
    coding = code(reading.table, reading.ballot, reading.counts, names)
    sides, outcomes = len(names) + 1, UNKNOWN + 1
    size = sides * sides * outcomes
    votes, bad = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    weights, squares = (votes, votes) if reading.weight is None else np.zeros((2, size))
    selected = coding.columns + ("" if reading.weight is None else f", {reading.weight} AS weight")
    [(total,)] = reading.table.database.execute(f"SELECT count(*) FROM {reading.table.view}").fetchall()
    done = 0
    for part in fetch(reading.table, selected, reading.counts):
        a, b, outcome = coding.read(part)
        done += len(a)
        progress(done, total)
        said = (a * sides + b) * outcomes + outcome
        if reading.weight is None:
            np.add.at(votes, said, 1)
            continue
        weight = np.ma.filled(part["weight"].astype(np.float64), np.nan)
        good = np.isfinite(weight) & (weight >= 0)
        np.add.at(bad, said[~good], 1)
        said, weight = said[good], weight[good]
        np.add.at(votes, said, 1)
        np.add.at(weights, said, weight)
        np.add.at(squares, said, weight * weight)
    progress(total, total)
    (there,) = np.nonzero(votes + bad)
    sums = np.stack([votes[there], weights[there], squares[there]]).astype(np.float64)
    pair, outcome = np.divmod(there, outcomes)
    return Tally(names, pair // sides, pair % sides, outcome, sums, bad[there])


def _grouped(reading: Reading, names: tuple[str, ...]) -> Tally:
    """Let the database group rows by numbers."""
    coding = code(reading.table, reading.ballot, reading.counts, names)
    with _in_order(reading):
        found = reading.table.database.execute(_grouping(reading, coding.columns)).fetchnumpy()
    sums = [np.ma.filled(found[name].astype(np.float64), 0.0) for name in ("votes", "weight", "square")]
    return Tally(names, *coding.read(found), np.stack(sums), found["bad"].astype(np.int64))


def _of_text(reading: Reading) -> Tally:
    """Let the database group rows by text, in a single look at what may be slow to read."""
    ballot = reading.ballot
    selected = f"{ballot.a} AS a, {ballot.b} AS b, ({ballot.outcome})::UTINYINT AS outcome"
    with _in_order(reading):
        lines = reading.table.database.execute(_grouping(reading, selected)).fetchall()
    names = tuple(sorted({name for line in lines for name in line[:2] if name}))
    place = {name: number for number, name in enumerate(names)}
    columns: Iterable[tuple[Any, ...]] = zip(*lines, strict=True) if lines else [()] * 7
    a, b, outcome, votes, bad, weight, square = columns
    nobody = len(names)
    return Tally(
        names,
        np.array([place.get(name, nobody) for name in a], dtype=np.int64),
        np.array([place.get(name, nobody) for name in b], dtype=np.int64),
        np.array([UNKNOWN if one is None else one for one in outcome], dtype=np.int64),
        np.array([[one or 0.0 for one in sums] for sums in (votes, weight, square)], dtype=np.float64),
        np.array(bad, dtype=np.int64),
    )


@contextmanager
def _in_order(reading: Reading) -> Iterator[None]:
    """Let one thread alone sum weights: of several each sums some of them, and rounds in its own way."""
    if reading.weight is not None:
        reading.table.database.execute("SET threads = 1")
    try:
        yield
    finally:
        reading.table.database.execute("RESET threads")


def _grouping(reading: Reading, said: str) -> str:
    """Return the SQL for the sums of rows that say the same, in three columns."""
    sums = "count(*) AS votes, 0 AS bad, count(*) AS weight, count(*) AS square"
    if (weight := reading.weight) is not None:
        good = f"FILTER ({good_weight(weight)})"
        sums = (
            f"count(*) {good} AS votes, count(*) FILTER (NOT {good_weight(weight)}) AS bad, "
            f"sum({weight}) {good} AS weight, sum({weight} * {weight}) {good} AS square"
        )
    view = reading.table.view
    return f"SELECT {said}, {sums} FROM {view} WHERE {reading.counts} GROUP BY 1, 2, 3"
