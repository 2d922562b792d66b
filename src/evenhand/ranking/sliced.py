"""Cells of many slices, and of single days: counted in one pass, added, taken away, kept in a file.

counted = count_slices(votes, days=True)
counted.save("cells.parquet")
later = SlicedCells.load("cells.parquet") + count_slices(read_votes("today.parquet"), days=True)
rank(later["coding"])
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.cells import OUTCOMES, Cells
from evenhand.ranking.errors import RankingError
from evenhand.ranking.given import Given, cells_of
from evenhand.ranking.how import checked_slices
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.slices import NAMES, OVERALL
from evenhand.ranking.votes import Votes

NO_DAY = -1
"""Stands for the day of votes of which it is not known, or where days were not asked for."""

_SLICE, _DAY, _A, _B, _OUTCOME = range(5)


@dataclass(frozen=True)
class Entries:
    """The lines of a table of sums.

    keys: (5, E) index of the slice, day, indices of the two contestants, index of the outcome; sums: (3, E)
    n, Σw, Σw².
    """

    keys: NDArray[np.int64]
    sums: NDArray[np.float64]

    @classmethod
    def of(cls, parts: Sequence["Entries"]) -> "Entries":
        """Put several tables together."""
        keys = [np.empty((5, 0), dtype=np.int64), *(part.keys for part in parts)]
        sums = [np.empty((3, 0)), *(part.sums for part in parts)]
        return cls(np.concatenate(keys, axis=1), np.concatenate(sums, axis=1))

    def where(self, chosen: NDArray[np.bool_]) -> "Entries":
        """Return some of the lines."""
        return Entries(self.keys[:, chosen], self.sums[:, chosen])

    def gathered(self) -> "Entries":
        """Bring all pairs into one order, and sum what is of the same kind.

        Raises:
            RankingError: a sum of votes is negative.
        """
        keys = self.keys.copy()
        turned = keys[_A] > keys[_B]
        keys[_A], keys[_B] = (
            np.minimum(self.keys[_A], self.keys[_B]),
            np.maximum(self.keys[_A], self.keys[_B]),
        )
        keys[_OUTCOME] = np.where(turned & (keys[_OUTCOME] < 2), 1 - keys[_OUTCOME], keys[_OUTCOME])
        order = np.lexsort(keys[::-1])
        keys, sums = keys[:, order], self.sums[:, order]
        if keys.shape[1]:
            starts = np.flatnonzero(np.append(True, (np.diff(keys, axis=1) != 0).any(axis=0)))
            keys, sums = keys[:, starts], np.add.reduceat(sums, starts, axis=1)
        if (sums[0] < 0).any():
            raise RankingError("More votes are taken away from a pair than it has.")
        # What is left of a weight by rounding, after its votes were taken away, is nothing.
        return Entries(keys, np.maximum(sums, 0.0)).where(sums[0] > 0)


class SlicedCells(Mapping[str, Cells]):
    """The cells of slices, by their names; `of` gives those of some days.

    A slice that one of two summands does not tell of is not known of their sum, and is left out of it.
    """

    def __init__(self, slices: Sequence[str], contestants: Sequence[str], entries: Entries) -> None:
        self.contestants = tuple(contestants)
        self.entries = entries
        self._slices = tuple(slices)

    def __getitem__(self, name: str) -> Cells:
        """Return the cells of a slice, of all days. Raises `KeyError`."""
        return self.of(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._slices)

    def __len__(self) -> int:
        return len(self._slices)

    @property
    def days(self) -> NDArray[np.int64]:
        """The days that there are votes of, ascending, since 1970-01-01; `NO_DAY` for those without."""
        return np.unique(self.entries.keys[_DAY])

    def of(self, name: str, first_day: int | None = None, last_day: int | None = None) -> Cells:
        """Return the cells of a slice: all, or those of the days from the first to the last.

        Raises:
            KeyError: there is no such slice.
        """
        if name not in self._slices:
            raise KeyError(name)
        chosen = self.entries.keys[_SLICE] == self._slices.index(name)
        if first_day is not None:
            chosen &= self.entries.keys[_DAY] >= first_day
        if last_day is not None:
            chosen &= self.entries.keys[_DAY] <= last_day
        some = self.entries.where(chosen)
        number = some.keys.shape[1]
        sums = np.zeros((3, number, len(OUTCOMES)))
        sums[:, np.arange(number), some.keys[_OUTCOME]] = some.sums
        return Cells(self.contestants, some.keys[_A], some.keys[_B], sums)

    def __add__(self, other: "SlicedCells") -> "SlicedCells":
        return self._joined(other, 1.0)

    def __sub__(self, other: "SlicedCells") -> "SlicedCells":
        """Take votes away again, day by day.

        Raises:
            RankingError: there are fewer votes of a kind than are taken away.
        """
        return self._joined(other, -1.0)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, SlicedCells)
            and set(self) == set(other)
            and np.array_equal(self.days, other.days)
            and all(self.of(name, day, day) == other.of(name, day, day) for name in self for day in self.days)
        )

    __hash__ = None  # type: ignore[assignment]

    def save(self, path: str | Path) -> None:
        """Write all sums into a Parquet file, a line for each slice, day, pair and outcome.

        Raises:
            RankingError: it cannot be written.
        """
        from evenhand.ranking.sliced_file import save_cells

        save_cells(self, Path(path))

    @staticmethod
    def load(path: str | Path) -> "SlicedCells":
        """Read what `save` wrote.

        Raises:
            RankingError: there is no such file, or it holds something else.
        """
        from evenhand.ranking.sliced_file import load_cells

        return load_cells(Path(path))

    def _joined(self, other: "SlicedCells", sign: float) -> "SlicedCells":
        slices = [name for name in self if name in other]
        contestants = sorted({*self.contestants, *other.contestants})
        own, others = (one._renumbered(slices, contestants) for one in (self, other))
        joined = Entries.of([own, Entries(others.keys, sign * others.sums)])
        return SlicedCells(slices, contestants, joined.gathered())

    def _renumbered(self, slices: Sequence[str], contestants: Sequence[str]) -> Entries:
        keys = self.entries.keys.copy()
        keys[_SLICE] = indices(self._slices, slices)[keys[_SLICE]]
        keys[_A : _B + 1] = indices(self.contestants, contestants)[keys[_A : _B + 1]]
        return Entries(keys, self.entries.sums).where(keys[_SLICE] >= 0)


def count_slices(votes: Given, names: Sequence[str] | None = None, *, days: bool = False) -> SlicedCells:
    """Count votes by slice, and by day where that is asked for, in one pass; None for all that they tell of.

    Raises:
        RankingError: the votes are counts per pair, do not tell of a slice that is named, or have no days.
    """
    contestants = cells_of(votes).contestants
    checked = checked_slices(names)
    wanted = list(NAMES if checked is None else checked)
    parts: Iterable[VoteRows]
    if isinstance(votes, VoteRows):
        if days and votes.day is None:
            raise RankingError("The rows have no days: see Votes.rows(days=True).")
        told = [name for name in wanted if name == OVERALL or name in votes.slices]
        parts = (votes if days else replace(votes, day=None)).chunks()
    else:
        single = votes if isinstance(votes, Votes) else Votes(votes)
        told = single.tells_of(wanted)
        parts = single.parts([name for name in told if name != OVERALL], days=days)
    if names is not None and len(told) < len(wanted):
        missing = next(name for name in wanted if name not in told)
        raise RankingError(f"The votes do not tell which of them belong to the slice {missing!r}.")
    counted = Entries.of([_counted(part, told) for part in parts])
    return SlicedCells(told, contestants, counted.gathered())


def indices(values: Sequence[str] | NDArray[np.object_], names: Sequence[str]) -> NDArray[np.int64]:
    """Return where each value stands among the names; -1 for one that does not."""
    place = {name: number for number, name in enumerate(names)}
    return np.array([place.get(value, -1) for value in values], dtype=np.int64)


def _counted(rows: VoteRows, names: Sequence[str]) -> Entries:
    """Count some votes: what is of one day, pair and outcome is found once, for all slices."""
    kinds = len(OUTCOMES)
    day = np.full(len(rows), NO_DAY, dtype=np.int64) if rows.day is None else rows.day.astype(np.int64)
    days, kinds_of_a_day = day - NO_DAY, len(rows.first) * kinds
    found, place = np.unique(
        days * kinds_of_a_day + rows.pair.astype(np.int64) * kinds + rows.outcome, return_inverse=True
    )
    pair, outcome = np.divmod(found % max(kinds_of_a_day, 1), kinds)
    keys = np.stack(
        [
            np.zeros_like(found),
            found // max(kinds_of_a_day, 1) + NO_DAY,
            rows.first[pair],
            rows.second[pair],
            outcome,
        ]
    )
    weight = np.ones(len(rows)) if rows.weight is None else rows.weight
    parts = []
    for number, name in enumerate(names):
        inside = slice(None) if name == OVERALL else rows.slices[name]
        sums = np.stack(
            [np.bincount(place[inside], weight[inside] ** power, len(found)) for power in range(3)]
        )
        keys[_SLICE] = number
        parts.append(Entries(keys, np.asarray(sums, dtype=np.float64)).where(sums[0] > 0))
    return Entries.of(parts)
