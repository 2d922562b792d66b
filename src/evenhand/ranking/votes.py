"""Votes that were read: their sums, and single votes where sums do not tell."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.cells import Cells
from evenhand.ranking.errors import RankingError
from evenhand.ranking.readings import Progress, Reading, silent
from evenhand.ranking.reread import OrderedPairs, reread
from evenhand.ranking.rows import CHUNK, VoteRows
from evenhand.ranking.slice_columns import SliceColumns
from evenhand.ranking.style import Scaling, contrast, scale
from evenhand.ranking.tables import Table

VOTERS = ("voter", "judge", "worker", "user_id", "userId", "visitor_id")
"""The columns that say who voted, in order of preference."""
SESSIONS = ("evaluation_session_id", "session_hash", "session")
"""The columns that say in which sitting."""
TIMES = ("timestamp", "tstamp", "day", "date")
"""The columns that say when, in order of preference; a number is seconds in the first two, else days."""
LAST_DAY = 2_932_896
"""9999-12-31 in days since 1970-01-01: a number beyond it is none of a day."""


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
        readings: Sequence[Reading] = (),
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

    def __add__(self, other: "Votes") -> "Votes":
        """Return both sets of votes together; votes that are in both count twice.

        Where one of them is known as counts per pair only, so is the sum. What has no votes has no say in
        that.
        """
        if not isinstance(other, Votes):
            return NotImplemented
        telling = [one for one in (self, other) if len(one)] or [self, other]
        single = all(one.one_by_one for one in telling)
        return Votes(
            self.cells + other.cells,
            [reading for one in telling for reading in one._readings] if single else (),
            Counter(self.excluded) + Counter(other.excluded),
            Counter(self.skipped) + Counter(other.skipped),
        )

    def __radd__(self, other: int) -> "Votes":
        """Return the votes themselves for 0, from which `sum` sets out."""
        return self if other == 0 else NotImplemented

    @property
    def contestants(self) -> tuple[str, ...]:
        """The names, sorted."""
        return self.cells.contestants

    @property
    def one_by_one(self) -> bool:
        """Whether they are known one by one, and not only as counts per pair."""
        return bool(self._readings)

    @property
    def weighted(self) -> bool:
        """Whether single votes may weigh something else than 1."""
        return any(one.weight is not None for one in self._readings)

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
        progress: Progress = silent,
    ) -> VoteRows:
        """Return the votes one by one: with covariates, with the numbers of those in a column, and in slices.

        Slices that the votes do not tell of are left out. Clusters are numbered as they first come; who is
        not known is nobody else, with a number of its own after those. With `days` each vote has its day, in
        UTC, from the first of the columns `TIMES` that is there: as ISO text, a date, a time, or a number
        (seconds since 1970-01-01 in `timestamp` and `tstamp`, days in `day` and `date`). What is none of
        these, or before 1970, is a day that is not known. `progress` is told how many votes are done, of how
        many.

        Raises:
            RankingError: the votes are known as counts per pair only, a column is missing, or a slice is
            unknown.
        """
        readings = self._single()
        sliced = self._sliced(slices)
        columns = {f"x{k}": [contrast(one.table, name) for one in readings] for k, name in enumerate(style)}
        columns |= sliced.columns
        if cluster is not None:
            columns["cluster"] = [f"hash({_text(one.table, cluster)})" for one in readings]
            columns["known"] = [f"{_text(one.table, cluster)} IS NOT NULL" for one in readings]
        if days:
            columns["day"] = [_day(one.table, self.times) for one in readings]
        number = len(self)
        features = np.empty((len(style), number), dtype=np.float32)
        empty = {"pair": np.int32, "outcome": np.uint8, "cluster": np.uint64, "day": np.int32}
        fetched: dict[str, NDArray[Any]] = {
            name: np.empty(0, dtype=empty.get(name, np.bool_)) for name in ("pair", "outcome", *columns)
        }
        # What these are read into is not held twice.
        fetched |= {f"x{k}": x for k, x in enumerate(features)}
        pairs, done = OrderedPairs.of(self.cells), 0
        for part in self._reread(pairs, columns, progress):
            end = done + len(part["pair"])
            for name, values in part.items():
                if len(fetched.get(name, ())) < number:
                    fetched[name] = np.empty(number, dtype=values.dtype)
                fetched[name][done:end] = values
            done = end
        scale(features, scaling)
        return VoteRows(
            len(self.contestants),
            pairs.first,
            pairs.second,
            fetched["pair"],
            fetched["outcome"],
            features,
            fetched.get("weight"),
            None if cluster is None else _numbers(fetched["cluster"], fetched["known"]),
            sliced.read(fetched["outcome"], fetched),
            fetched.get("day"),
            self.contestants,
            tuple(style),
            cluster or "cluster",
        )

    def parts(
        self, slices: Sequence[str], *, days: bool = False, at_once: int = CHUNK, progress: Progress = silent
    ) -> Iterator[VoteRows]:
        """Give what `rows` returns, `at_once` votes at a time, without covariates and clusters: never are all
        of them held.

        Raises:
            RankingError: as `rows` does. That they are no longer those that were counted shows after the
            last.
        """
        sliced = self._sliced(slices)
        columns = dict(sliced.columns)
        if days:
            columns["day"] = [_day(one.table, self.times) for one in self._single()]
        pairs = OrderedPairs.of(self.cells)
        for part in self._reread(pairs, columns, progress, at_once):
            outcome = part["outcome"]
            yield VoteRows(
                len(self.contestants),
                pairs.first,
                pairs.second,
                part["pair"],
                outcome,
                np.empty((0, len(outcome)), dtype=np.float32),
                part.get("weight"),
                slices=sliced.read(outcome, part),
                day=part.get("day"),
                contestants=self.contestants,
            )

    def tells_of(self, slices: Sequence[str]) -> list[str]:
        """Return those of the slices that the votes tell of. Raises `RankingError` where one is unknown."""
        return self._sliced(slices).told

    def _sliced(self, slices: Sequence[str]) -> SliceColumns:
        return SliceColumns.of([one.table for one in self._single()], slices)

    def _reread(
        self,
        pairs: OrderedPairs,
        columns: Mapping[str, Sequence[str]],
        progress: Progress,
        at_once: int = CHUNK,
    ) -> Iterator[dict[str, NDArray[Any]]]:
        return reread(
            self._single(),
            self.cells,
            pairs,
            columns,
            skipping=bool(self.skipped),
            progress=progress,
            at_once=at_once,
        )

    def _single(self) -> Sequence[Reading]:
        if not self._readings:
            raise RankingError(
                "Counts per pair hold no single votes: style, clusters, slices and days need those."
            )
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


def _text(table: Table, column: str) -> str:
    text = table.text(column)
    if text is None:
        raise RankingError(f"{table.label}: has no column {column!r} to cluster by.")
    return text


def _numbers(hashes: NDArray[np.uint64], known: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Number those who are known in the order in which they first vote; whoever is not is nobody else."""
    _, first, voter = np.unique(hashes[known], return_index=True, return_inverse=True)
    turn = np.empty(len(first), dtype=np.int32)
    turn[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    numbers = np.empty(len(known), dtype=np.int32)
    numbers[known] = turn[voter]
    numbers[~known] = np.arange(len(first), len(first) + np.count_nonzero(~known))
    return numbers


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
