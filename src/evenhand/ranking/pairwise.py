"""What a board says of any two contestants: expected scores, differences, and the votes they met in.

The expected score of i against j counts a win as 1 and a tie as ½: s(θ_i - θ_j), or what the board's model
of ties gives, P(win) + ½ P(tie). It is no probability to win; that needs such a model (`ties`). On a board
without the ties it is the chance to win where somebody does. Standard errors are by the delta method from V,
the covariance of θ; the model's parameter is taken as it is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.blas import one_blas_thread
from evenhand.ranking.board import SCALE, Board
from evenhand.ranking.bradley_terry import Matrix, Vector
from evenhand.ranking.errors import RankingError
from evenhand.ranking.given import Given, cells_of
from evenhand.ranking.intervals import EQUAL, difference_sd


@dataclass(frozen=True, eq=False)
class ExpectedScores:
    """Expected scores among M contestants, in the order of the board.

    score: (M, M), ½ on the diagonal; error: (M, M) its standard error; lower, upper: (M, M)
    its pointwise 1-α interval, that of the difference put through the model, which keeps it between 0 and 1;
    against_field: (M) the average over all others, each counting the same; field_error: (M) its standard
    error.
    """

    contestants: tuple[str, ...]
    score: Matrix
    error: Matrix
    lower: Matrix
    upper: Matrix
    against_field: Vector
    field_error: Vector


@dataclass(frozen=True)
class Difference:
    """How far `first` stands above `second`: in points, with its 1-α interval for this pair alone.

    z: the difference over its standard error, 0 for equal ratings; expected_score: of first against second.
    """

    first: str
    second: str
    points: float
    lower: float
    upper: float
    z: float
    expected_score: float


@dataclass(frozen=True, eq=False)
class Meetings:
    """The votes in which M contestants met.

    wins: (M, M) how many i won over j; ties: (M, M) how many were ties or both bad, symmetric; score: (M,
    M) the observed score of i against j by weight, a tie counting ½, masked where the two never met.
    """

    contestants: tuple[str, ...]
    wins: NDArray[np.int64]
    ties: NDArray[np.int64]
    score: "np.ma.MaskedArray[tuple[int, ...], np.dtype[np.float64]]"

    @property
    def battles(self) -> NDArray[np.int64]:
        """How many votes the pairs met in, (M, M), symmetric."""
        return self.wins + self.wins.T + self.ties


@one_blas_thread()
def expected_scores(board: Board, contestants: Sequence[str] | None = None) -> ExpectedScores:
    """Return the expected scores among some contestants; None for all rows of the largest component.

    Raises:
        RankingError: fewer than two, one twice, or some that no chain of comparisons joins.
    """
    if contestants is None:
        largest = board.fitted[0] if board.fitted else ()
        contestants = [row.contestant for row in board.rows if row.contestant in largest]
    names = tuple(contestants)
    if len(names) < 2:
        raise RankingError(f"An expected score is of two contestants or more; there are {len(names)}.")
    if len(set(names)) < len(names):
        raise RankingError("A contestant is named twice.")
    fitted = board.fitted_together(names)
    place = fitted.places(names)
    theta, covariance = fitted.theta[place], fitted.covariance[np.ix_(place, place)]
    gap, sd = theta[:, None] - theta[None, :], difference_sd(covariance)
    reach = fitted.quantiles(board.alpha)[np.ix_(place, place)] * sd
    score, slope = _score(board, gap), _slope(board, gap)
    others = len(names) - 1
    # The average's derivative: by its own θ the sum of the slopes, by another's minus the slope there.
    derivative = -slope
    np.fill_diagonal(derivative, 0.0)
    np.fill_diagonal(derivative, -derivative.sum(axis=1))
    variance = np.einsum("ij,ij->i", derivative @ covariance, derivative)
    return ExpectedScores(
        contestants=names,
        score=score,
        error=slope * sd,
        lower=_score(board, gap - reach),
        upper=_score(board, gap + reach),
        against_field=(score.sum(axis=1) - 0.5) / others,
        field_error=np.sqrt(np.maximum(variance, 0.0)) / others,
    )


def difference(board: Board, first: str, second: str) -> Difference:
    """Compare two contestants of a board.

    The interval is by `Fitted.quantiles` also where a contestant is preliminary, for which it is but a first
    guess.

    Raises:
        RankingError: they are one and the same, or no chain of comparisons joins them.
    """
    if first == second:
        raise RankingError(f"{first!r} is compared with itself.")
    fitted = board.fitted_together([first, second])
    i, j = fitted.places([first, second])
    gap = float(fitted.theta[i] - fitted.theta[j])
    variance = float(fitted.covariance[i, i] + fitted.covariance[j, j] - 2 * fitted.covariance[i, j])
    sd = math.sqrt(max(variance, 0.0))
    reach = float(fitted.quantiles(board.alpha)[i, j]) * sd
    return Difference(
        first=first,
        second=second,
        points=SCALE * gap,
        lower=SCALE * (gap - reach),
        upper=SCALE * (gap + reach),
        z=gap / sd if abs(gap) > EQUAL and sd > EQUAL else 0.0,
        expected_score=float(_score(board, np.array(gap))),
    )


def meetings(votes: Given, contestants: Sequence[str] | None = None) -> Meetings:
    """Count the votes in which some contestants met; None for all of them, sorted by name.

    Raises:
        RankingError: one is not among those of the votes, or is named twice.
    """
    cells = cells_of(votes)
    names = cells.contestants if contestants is None else tuple(contestants)
    if len(set(names)) < len(names):
        raise RankingError("A contestant is named twice.")
    index = {name: position for position, name in enumerate(cells.contestants)}
    place = np.full(len(index), -1, dtype=np.int64)
    for position, name in enumerate(names):
        if name not in index:
            raise RankingError(f"{name!r} is not among the contestants.")
        place[index[name]] = position
    first, second = place[cells.pairs].T
    inside = (first >= 0) & (second >= 0)
    first, second = first[inside], second[inside]
    numbers, weights = cells.votes[inside], cells.weights[inside]
    shape = (len(names), len(names))
    wins, ties = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    wins[first, second], wins[second, first] = numbers[:, 0], numbers[:, 1]
    ties[first, second] = ties[second, first] = numbers[:, 2] + numbers[:, 3]
    gained, total = np.zeros(shape), np.zeros(shape)
    half = 0.5 * (weights[:, 2] + weights[:, 3])
    gained[first, second], gained[second, first] = weights[:, 0] + half, weights[:, 1] + half
    total[first, second] = total[second, first] = weights.sum(axis=1)
    met = total > 0
    score = np.divide(gained, total, out=np.zeros(shape), where=met)
    return Meetings(names, wins, ties, np.ma.MaskedArray(score, mask=~met))


def _score(board: Board, gap: Matrix) -> Matrix:
    """Return P(win) + ½ P(tie) at differences of θ, by the board's model."""
    parameter = board.tie_parameter or 0.0
    if board.ties == "rao-kupper":
        # P(win) = s(d - η), and P(loss) = 1 - s(d + η).
        return (_logistic(gap - parameter) + _logistic(gap + parameter)) / 2
    if board.ties == "davidson":
        # With win : tie : loss = exp(d/2) : ν : exp(-d/2), brought down by the larger of them.
        down = np.exp(-np.abs(gap) / 2)
        win, loss = np.where(gap >= 0, 1.0, down**2), np.where(gap >= 0, down**2, 1.0)
        return np.asarray((win + parameter * down / 2) / (win + parameter * down + loss), dtype=np.float64)
    return _logistic(gap)


def _slope(board: Board, gap: Matrix) -> Matrix:
    """Return the derivative of `_score`."""
    parameter = board.tie_parameter or 0.0

    def bell(x: Matrix) -> Matrix:
        return _logistic(x) * _logistic(-x)

    if board.ties == "rao-kupper":
        return (bell(gap - parameter) + bell(gap + parameter)) / 2
    if board.ties == "davidson":
        down = np.exp(-np.abs(gap) / 2)
        total = 1.0 + parameter * down + down**2
        return np.asarray(down**2 * (1.0 + parameter * (1.0 / down + down) / 4) / total**2, dtype=np.float64)
    return bell(gap)


def _logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, small) / (1.0 + small), dtype=np.float64)
