"""Votes in time: periods of whole days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.audit.finding import CannotTell
from evenhand.ranking.audit.subject import Subject

PERIODS = 12
LEAST_VOTES = 100
"""A period has so many votes, or there are fewer periods."""


@dataclass(frozen=True)
class Periods:
    """T periods, in order; each starts on its first day, in days since 1970-01-01, and ends before the next.

    starts: (T); middles: (T) the mean day of its votes; votes: (T); last: the last day; unknown: how many
    votes have no day.
    """

    starts: NDArray[np.int32]
    middles: NDArray[np.float64]
    votes: NDArray[np.int64]
    last: int
    unknown: int

    def __len__(self) -> int:
        return len(self.starts)

    def of(self, day: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the period of each day, -1 where that is not known."""
        return np.asarray(np.searchsorted(self.starts, day, side="right") - 1)

    def words(self, period: int) -> str:
        """Return the first and last day of a period."""
        end = self.last if period == len(self) - 1 else int(self.starts[period + 1]) - 1
        first, last = on(int(self.starts[period])), on(end)
        return first if first == last else f"{first} to {last}"


def on(day: int) -> str:
    """Return a day as ISO 8601 writes it."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def periods_of(subject: Subject) -> Periods:
    """Cut the days into at most 12 periods with about as many votes each.

    Raises:
        CannotTell: days are not known, or there are too few of them or of their votes.
    """
    rows = subject.single("when they were given is not known")
    if rows.day is None:
        raise CannotTell("No column says when a vote was given.")
    known = rows.day[rows.day >= 0]
    if not len(known):
        raise CannotTell("The column that says when has no time that can be understood.")
    days, votes = np.unique(known, return_counts=True)
    number = min(PERIODS, len(known) // LEAST_VOTES, len(days))
    if number < 2:
        raise CannotTell(
            f"Change takes votes of two days or more, {2 * LEAST_VOTES} at least; here are {len(known):,} of "
            f"{len(days):,}."
        )
    starts = days[_cuts(votes, number)]
    which = np.searchsorted(starts, days, side="right") - 1
    per_period = np.bincount(which, votes)
    middles = np.bincount(which, votes * days.astype(np.float64)) / per_period
    return Periods(starts, middles, per_period.astype(np.int64), int(days[-1]), len(rows) - len(known))


def _cuts(votes: Sequence[int] | NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """Return the first days of periods: a new one starts where the votes so far are nearest to its share."""
    before = np.concatenate([[0], np.cumsum(votes)[:-1]])
    wanted = np.arange(number) * (np.sum(votes) / number)
    after = np.searchsorted(before, wanted)
    after = np.minimum(after, len(before) - 1)
    ahead = np.maximum(after - 1, 0)
    nearer = np.where(np.abs(before[ahead] - wanted) < np.abs(before[after] - wanted), ahead, after)
    return np.unique(nearer)
