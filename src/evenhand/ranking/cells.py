"""The sums that a ranking needs of the votes: additive cells per pair and outcome.

A cell holds n (votes), Σw and Σw² (of their weights). Cells of two sets of votes add up to the cells of
both: a new vote is one more, a withdrawn voter is minus theirs, a day is a sum. Which of the two answers
stood on which side is not kept.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.errors import RankingError

OUTCOMES = ("a", "b", "tie", "both_bad")
"""What a vote says: A is better, B is better, a tie, both are bad. The order of the columns of a cell."""

MOST = 2**53
"""Votes of a pair and outcome that a sum still counts one by one."""

LIGHTEST, HEAVIEST = 1e-100, 1e100
"""Between these lies Σw of a pair and outcome, or it is 0: beyond, its square has no place in a number."""

_OUTCOME_INDEX = {outcome: index for index, outcome in enumerate(OUTCOMES)}
_AS_THEY_ARE, _SWAPPED = np.array([0, 1, 2, 3]), np.array([1, 0, 2, 3])


def in_one_order(
    first: NDArray[np.int64], second: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Bring ordered pairs (P) of `size` contestants into the order that cells have.

    Returns the pairs, (Q, 2), first < second, sorted, each once; and where the outcomes of each ordered pair
    stand among those of the pairs, (P, 4) indices into a table (Q, 4).
    """
    keys, place = np.unique(np.minimum(first, second) * size + np.maximum(first, second), return_inverse=True)
    outcomes = np.where((first > second)[:, None], _SWAPPED, _AS_THEY_ARE)
    return np.stack([keys // size, keys % size], axis=1), place[:, None] * len(OUTCOMES) + outcomes


def _settled(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sums (3, P, 4) without what rounding left of them.

    Raises:
        RankingError: no votes have such sums.
    """
    votes, weights, squares = sums
    if (votes < 0).any():
        raise RankingError("More votes are taken away from a pair than it has.")
    # What is left of a weight by rounding, after its votes were taken away, is nothing.
    weights, squares = (np.where(votes > 0, np.maximum(one, 0.0), 0.0) for one in (weights, squares))
    if (votes > MOST).any():
        raise RankingError(f"A pair has more than {MOST:,} votes of one outcome: they cannot be counted.")
    _check_range(weights, squares)
    # Σw² ≥ (Σw)² / n: what is less has lost its digits to heavier votes that were taken away.
    least = weights**2 / np.maximum(votes, 1.0)
    return np.stack([votes, weights, np.where(squares < (1.0 - 1e-6) * least, least, squares)])


def _not_empty(table: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which rows of a table (P, 4) of numbers from 0 up hold anything."""
    # Along so short an axis NumPy's own sums take ten times as long.
    return np.asarray(table @ np.ones(table.shape[1]) > 0)


def _check_range(weights: NDArray[np.float64], squares: NDArray[np.float64]) -> None:
    some = weights[weights > 0]
    finite = np.isfinite(weights).all() and np.isfinite(squares).all()
    if finite and ((some >= LIGHTEST) & (some <= HEAVIEST)).all():
        return
    raise RankingError(
        f"Weights of votes add up to less than {LIGHTEST:g} or more than {HEAVIEST:g}: scale all of them "
        "alike, ratings do not depend on it."
    )


class CellSum(NamedTuple):
    """One line of a `GROUP BY` over votes: contestants, outcome, n, Σw, Σw²."""

    a: str
    b: str
    outcome: str
    votes: int
    weight: float
    square: float


class Cells:
    """Sums per pair of contestants and outcome.

    Attributes:
        contestants: (M) names, sorted; they may include some that have no votes
        pairs: (P, 2) indices into `contestants`, first < second, sorted, each pair once
        votes: (P, 4) number of votes per outcome; "a" means that the pair's first contestant won
        weights: (P, 4) Σw
        squares: (P, 4) Σw²
    """

    def __init__(
        self,
        contestants: Iterable[str],
        first: NDArray[np.int64],
        second: NDArray[np.int64],
        sums: NDArray[np.float64],
    ) -> None:
        """Gather sums of shape (3, K, 4) whose K index pairs may repeat and come in either order."""
        names = tuple(contestants)
        self.contestants = tuple(sorted(set(names)))
        index = {name: position for position, name in enumerate(self.contestants)}
        renumber = np.array([index[name] for name in names], dtype=np.int64)
        first, second = renumber[first], renumber[second]
        if (same := first == second).any():
            name = self.contestants[first[np.argmax(same)]]
            raise RankingError(f"{name!r} is compared with itself.")
        pairs, cell = in_one_order(first, second, max(len(self.contestants), 1))
        gathered = np.stack(
            [np.bincount(cell.ravel(), part.ravel(), 4 * len(pairs)).reshape(-1, 4) for part in sums]
        ).astype(np.float64)
        self._hold(pairs, _settled(gathered))

    def _hold(self, pairs: NDArray[np.int64], sums: NDArray[np.float64]) -> None:
        """Keep sums (3, P, 4) of those pairs that have votes."""
        kept = _not_empty(sums[0])
        if not kept.all():
            pairs, sums = pairs[kept], sums[:, kept]
        self.pairs, self.votes, self.weights, self.squares = pairs, sums[0].astype(np.int64), sums[1], sums[2]

    @classmethod
    def from_sums(cls, sums: Iterable[CellSum | tuple[Any, ...]], contestants: Iterable[str] = ()) -> Self:
        """Take lines (a, b, outcome, n, Σw, Σw²), as a database groups them; `contestants` may add names.

        Raises:
            RankingError: an unknown outcome, or a contestant against itself.
        """
        lines = list(sums)
        a, b, outcomes, *numbers = zip(*lines, strict=True) if lines else ((), (), (), (), (), ())
        for outcome in set(outcomes) - _OUTCOME_INDEX.keys():
            raise RankingError(f"{outcome!r} is no outcome; known are {', '.join(OUTCOMES)}.")
        index = {name: place for place, name in enumerate(dict.fromkeys([*contestants, *a, *b]))}
        return cls.from_lines(
            tuple(index),
            np.array([index[name] for name in a], dtype=np.int64),
            np.array([index[name] for name in b], dtype=np.int64),
            np.array([_OUTCOME_INDEX[outcome] for outcome in outcomes], dtype=np.int64),
            np.array(numbers, dtype=np.float64),
        )

    @classmethod
    def from_lines(
        cls,
        contestants: Sequence[str],
        a: NDArray[np.int64],
        b: NDArray[np.int64],
        outcome: NDArray[np.int64],
        sums: NDArray[np.float64],
    ) -> Self:
        """Take lines as columns: (K) indices into `contestants` and `OUTCOMES`, (3, K) n, Σw, Σw²."""
        size, kinds = max(len(contestants), 1), len(OUTCOMES)
        keys, place = np.unique(a * size + b, return_inverse=True)
        place = place * kinds + outcome
        table = [np.bincount(place, one, len(keys) * kinds).reshape(-1, kinds) for one in sums]
        return cls(contestants, keys // size, keys % size, np.stack(table).astype(np.float64))

    @classmethod
    def from_counts(
        cls, contestants: tuple[str, ...], pairs: NDArray[np.int64], votes: NDArray[np.int64]
    ) -> Self:
        """Take numbers of votes (P, 4), which each weigh 1.

        `contestants` and `pairs` are as the attributes are; pairs without votes are left out.
        """
        kept = _not_empty(votes)
        counted = cls.__new__(cls)
        counted.contestants, counted.pairs, counted.votes = contestants, pairs[kept], votes[kept]
        counted.weights = counted.squares = counted.votes.astype(np.float64)
        return counted

    @classmethod
    def from_votes(
        cls,
        model_a: Sequence[str],
        model_b: Sequence[str],
        outcomes: Sequence[str],
        weights: Sequence[float] | None = None,
        contestants: Iterable[str] = (),
    ) -> Self:
        """Count single votes, given as columns of equal length; each weighs 1 unless `weights` says else.

        Raises:
            RankingError: an unknown outcome, a contestant against itself, a weight that is no finite
                number ≥ 0.
        """
        given = [1.0] * len(model_a) if weights is None else weights
        for row, weight in enumerate(given, start=1):
            if not 0 <= weight < float("inf"):
                raise RankingError(f"The weight of vote {row} is {weight}; it must be a number, 0 or more.")
        columns = zip(model_a, model_b, outcomes, given, strict=True)
        return cls.from_sums(((a, b, outcome, 1, w, w * w) for a, b, outcome, w in columns), contestants)

    def sums(self) -> Iterator[CellSum]:
        """Give the lines that `from_sums` takes, those without votes left out."""
        for row, outcome in zip(*np.nonzero(self.votes), strict=True):
            yield CellSum(
                a=self.contestants[self.pairs[row, 0]],
                b=self.contestants[self.pairs[row, 1]],
                outcome=OUTCOMES[outcome],
                votes=int(self.votes[row, outcome]),
                weight=float(self.weights[row, outcome]),
                square=float(self.squares[row, outcome]),
            )

    def among(self, group: Sequence[int]) -> "Cells":
        """Return the cells of the pairs within a group, given as indices; only its contestants are left."""
        if len(group) == len(self.contestants):
            return self
        place = np.full(len(self.contestants), -1)
        place[list(group)] = np.arange(len(group))
        inside = (place[self.pairs] >= 0).all(axis=1)
        pairs = place[self.pairs[inside]]
        names = [self.contestants[i] for i in group]
        return Cells(names, pairs[:, 0], pairs[:, 1], self._stacked()[:, inside])

    def decisive(self) -> "Cells":
        """Return the cells without ties and without votes that both are bad; all contestants stay."""
        sums = self._stacked()
        sums[:, :, 2:] = 0.0
        return Cells(self.contestants, self.pairs[:, 0], self.pairs[:, 1], sums)

    @property
    def compared(self) -> NDArray[np.int64]:
        """The pairs whose votes weigh anything, (Q, 2)."""
        weighed = _not_empty(self.weights)
        return self.pairs if weighed.all() else self.pairs[weighed]

    def tally(self) -> NDArray[np.int64]:
        """Return wins, losses and ties (both bad among them) of each contestant, (M, 3)."""
        won, lost, *tied = self.votes.T
        ties, size = tied[0] + tied[1], len(self.contestants)
        return np.stack(
            [
                np.bincount(self.pairs[:, 0], one, size) + np.bincount(self.pairs[:, 1], other, size)
                for one, other in ((won, lost), (lost, won), (ties, ties))
            ],
            axis=1,
        ).astype(np.int64)

    def __add__(self, other: "Cells") -> "Cells":
        return self._joined(other, 1.0)

    def __sub__(self, other: "Cells") -> "Cells":
        """Take votes away again. Contestants stay, also those that have no votes left."""
        return self._joined(other, -1.0)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Cells)
            and self.contestants == other.contestants
            and np.array_equal(self.pairs, other.pairs)
            and np.array_equal(self._stacked(), other._stacked())
        )

    __hash__ = None  # type: ignore[assignment]

    def _stacked(self) -> NDArray[np.float64]:
        return np.stack([self.votes.astype(np.float64), self.weights, self.squares])

    def _joined(self, other: "Cells", sign: float) -> "Cells":
        places = self._places_of(other)
        if places is None:
            pairs = np.concatenate([self.pairs, other.pairs + len(self.contestants)])
            sums = np.concatenate([self._stacked(), sign * other._stacked()], axis=1)
            return Cells(self.contestants + other.contestants, pairs[:, 0], pairs[:, 1], sums)
        sums = self._stacked()
        sums[:, places] = _settled(sums[:, places] + sign * other._stacked())
        joined = Cells.__new__(Cells)
        joined.contestants = self.contestants
        joined._hold(self.pairs, sums)
        return joined

    def _places_of(self, other: "Cells") -> NDArray[np.int64] | None:
        """Return where the pairs of others stand among these, or None if some do not: a few more votes for
        many are seldom of a new pair, and then the many need not be sorted again.
        """
        index = {name: place for place, name in enumerate(self.contestants)}
        if not len(self.pairs) or not index.keys() >= set(other.contestants):
            return None
        # Both are sorted by name, so that the first of a pair stays the first.
        pairs = np.array([index[name] for name in other.contestants], dtype=np.int64)[other.pairs]
        own, keys = (one[:, 0] * len(index) + one[:, 1] for one in (self.pairs, pairs))
        places = np.minimum(np.searchsorted(own, keys), len(own) - 1)
        return places if (own[places] == keys).all() else None
