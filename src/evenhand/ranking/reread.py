"""Votes that were counted, read once more, one by one: for what sums do not tell."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.cells import OUTCOMES, Cells, in_one_order
from evenhand.ranking.codes import UNKNOWN, code
from evenhand.ranking.errors import RankingError
from evenhand.ranking.readings import Progress, Reading, fetch
from evenhand.ranking.rows import CHUNK
from evenhand.ranking.tables import in_short

CHANGED = "The votes have changed since they were counted: read them again."

DENSE = 3000
"""Among so many contestants there is a place for every pair that there could be."""


class OrderedPairs(NamedTuple):
    """The pairs of some votes as they were shown: (P) indices of A and of B, each pair in both orders.

    place: finds a·M + b among them, for indices of M contestants.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    place: Callable[[NDArray[np.int64]], NDArray[np.int32]]

    @classmethod
    def of(cls, cells: Cells) -> "OrderedPairs":
        """Take the pairs of cells, in both orders."""
        size = len(cells.contestants)
        low, high = cells.pairs.T
        first, second = np.concatenate([low, high]), np.concatenate([high, low])
        keys = first * size + second
        order = np.argsort(keys)
        first, second, keys = first[order], second[order], keys[order]
        if size > DENSE:
            return cls(
                first,
                second,
                lambda met: np.minimum(np.searchsorted(keys, met), len(keys) - 1).astype(np.int32),
            )
        table = np.zeros(size * size, dtype=np.int32)
        table[keys] = np.arange(len(keys), dtype=np.int32)
        return cls(first, second, table.take)


def reread(
    readings: Sequence[Reading],
    cells: Cells,
    pairs: OrderedPairs,
    columns: Mapping[str, Sequence[str]],
    *,
    skipping: bool,
    progress: Progress,
    at_once: int = CHUNK,
) -> Iterator[dict[str, NDArray[Any]]]:
    """Give the votes behind cells, some at a time: pair, outcome, the weight if they have one, and columns.

    columns: SQL for every table; skipping: whether rows that cannot be understood are left out; progress: is
    told how many votes are done, of how many.

    Raises:
        RankingError: they cannot be read any more, or are no longer those that were counted.
    """
    size, number, kinds = len(cells.contestants), int(cells.votes.sum()), len(OUTCOMES)
    weighted = any(one.weight is not None for one in readings)
    counted = np.zeros(len(pairs.first) * kinds, dtype=np.int64)
    done = 0
    with _as_they_were_read():
        for table, reading in enumerate(readings):
            coding = code(reading.table, reading.ballot, reading.counts, cells.contestants)
            selected = [coding.columns, *(f'{sql[table]} AS "{name}"' for name, sql in columns.items())]
            if weighted:
                selected.append(f"({reading.weight or '1'})::DOUBLE AS weight")
            kept = f"{reading.counts} AND {reading.faultless}" if skipping else reading.counts
            for part in fetch(reading.table, ", ".join(selected), kept, at_once=at_once):
                a, b, outcome = coding.read(part)
                done += len(a)
                if done > number or ((a == size) | (b == size) | (outcome == UNKNOWN)).any():
                    raise RankingError(CHANGED)
                pair = pairs.place(a * size + b)
                counted += np.bincount(pair * np.int32(kinds) + outcome, minlength=len(counted))
                told = {name: part[name] for name in (*columns, *(["weight"] if weighted else []))}
                yield told | {"pair": pair, "outcome": outcome.astype(np.uint8)}
                progress(done, number)
    _, column = in_one_order(pairs.first, pairs.second, max(size, 1))
    together = np.bincount(column.ravel(), counted, cells.votes.size)
    if not np.array_equal(together.reshape(-1, kinds), cells.votes):
        raise RankingError(CHANGED)


@contextmanager
def _as_they_were_read() -> Iterator[None]:
    """Say of votes that can no longer be read as they were that this is so: raise `RankingError`."""
    import duckdb

    try:
        yield
    except (OSError, duckdb.Error) as error:
        raise RankingError(f"The votes cannot be read a second time: {in_short(error)}") from error
