"""The Bradley-Terry model on pair sums, fitted exactly.

P(i beats j) = s(θ_i - θ_j) with s the logistic function; a tie, and a vote that both are bad, is half a win
for each. θ is in natural units and sums to 0.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Self

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.cells import Cells
from evenhand.ranking.conjugate import conjugate_gradients
from evenhand.ranking.connectivity import win_edges
from evenhand.ranking.errors import RankingError
from evenhand.ranking.products import product

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

TOLERANCE = 1e-9
"""A fit has converged when a step moves no θ by more than this, times 1 + the largest |θ|."""
NEWTON_TOLERANCE = 1e-6
"""The same where each step leaves about its own square to go."""
DIGITS = 1e-4
"""By how much the product of a matrix and its inverse may miss the identity."""
UNDETERMINED = (
    "The ratings cannot be computed in double precision: the weights of the votes, or the strengths of the "
    "contestants, lie too far apart. Leave out votes or contestants that weigh next to nothing."
)
WHOLE = 100
"""A matrix with so few rows is inverted as it is."""
MANY = 150
"""From so many rows on, steps towards a solution get there before elimination does."""
MAX_STEPS = 500
MAX_HALVINGS = 40


@dataclass(frozen=True)
class PairSums:
    """What the model sees of P pairs among `size` contestants.

    first, second: (P) indices; wins_first, wins_second: (P) Σw of wins, ties as half a win each;
    squares: (P, 3) Σw² of the votes in which the first won, neither did, the second won.
    """

    size: int
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    wins_first: Vector
    wins_second: Vector
    squares: Matrix

    @classmethod
    def of(cls, cells: Cells) -> Self:
        """Take all pairs of some cells; `size` is the number of their contestants."""
        return cls.from_outcomes(len(cells.contestants), cells.pairs, cells.weights, cells.squares)

    @classmethod
    def from_outcomes(cls, size: int, pairs: NDArray[np.int64], weights: Matrix, squares: Matrix) -> Self:
        """Take sums per outcome (a, b, tie, both bad), each (P, 4)."""
        half = 0.5 * (weights[:, 2] + weights[:, 3])
        thirds = np.stack([squares[:, 0], squares[:, 2] + squares[:, 3], squares[:, 1]], axis=1)
        return cls(size, pairs[:, 0], pairs[:, 1], weights[:, 0] + half, weights[:, 1] + half, thirds)

    @property
    def totals(self) -> Vector:
        """Σw of each pair."""
        return self.wins_first + self.wins_second

    @property
    def win_edges(self) -> NDArray[np.int64]:
        """Who won against whom, (E, 2): see `connectivity.win_edges`."""
        pairs = np.stack([self.first, self.second], axis=1)
        return win_edges(pairs, self.wins_first > 0, self.wins_second > 0)

    @cached_property
    def _places(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where each pair is in a matrix of pairs, by one index: with two it takes three times as long."""
        return self.first * self.size + self.second, self.second * self.size + self.first

    def normalised(self) -> "PairSums":
        """Return the same with weights of mean Σw²/Σw = 1, so that Σw is the effective number of votes.

        A penalty weighs against the votes: without this, a common factor in the weights would move it.
        """
        factor = self.totals.sum() / self.squares.sum()
        return PairSums(
            self.size,
            self.first,
            self.second,
            self.wins_first * factor,
            self.wins_second * factor,
            self.squares * factor**2,
        )

    def expected(self, theta: Vector) -> tuple[Vector, Vector]:
        """Return p and 1 - p, the first's and the second's expected score in each pair."""
        gap = theta[self.first] - theta[self.second]
        small = np.exp(-np.abs(gap))
        larger, smaller = 1.0 / (1.0 + small), small / (1.0 + small)
        return np.where(gap > 0, larger, smaller), np.where(gap > 0, smaller, larger)

    def laplacian(self, weights: Vector) -> Matrix:
        """Return Σ_pairs w d dᵀ with d = e_first - e_second."""
        matrix = np.zeros((self.size, self.size))
        for places in self._places:
            matrix.ravel()[places] = -weights
        np.fill_diagonal(matrix, -matrix.sum(axis=1))
        return matrix

    def gather(self, of_first: Vector, of_second: Vector) -> Vector:
        """Return per contestant (size) the sum of what its pairs hold for it."""
        first = np.bincount(self.first, weights=of_first, minlength=self.size)
        second = np.bincount(self.second, weights=of_second, minlength=self.size)
        return np.asarray(first + second, dtype=np.float64)


def log_likelihood(sums: PairSums, theta: Vector) -> float:
    """Return Σ W log p."""
    gap = theta[sums.first] - theta[sums.second]
    # log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)), whose second part both sides of a pair have in common.
    common = np.log1p(np.exp(-np.abs(gap)))
    lost = np.where(gap > 0, sums.wins_second, sums.wins_first) @ np.abs(gap)
    return float(-(sums.totals @ common + lost))


def derivatives(sums: PairSums, theta: Vector) -> tuple[Vector, Matrix]:
    """Return the score g (size), g_i = Σ_j (W_ij - N_ij p_ij), and H (size, size), as `information` does."""
    p, q = sums.expected(theta)
    excess = sums.wins_first - sums.totals * p
    return sums.gather(excess, -excess), sums.laplacian(sums.totals * p * q)


def information(sums: PairSums, theta: Vector) -> Matrix:
    """Return H = diag(Σ_j N_ij p_ij q_ij) - N∘p∘q, minus the second derivative of the log-likelihood."""
    p, q = sums.expected(theta)
    return sums.laplacian(sums.totals * p * q)


def inverse(matrix: Matrix, logs: list[float] | None = None) -> Matrix:
    """Return the pseudo-inverse of a Laplacian of a connected graph; its rows sum to 0.

    `logs` is given numbers whose sum is the logarithm of the Laplacian's determinant, taken across the
    directions that sum to 0.

    Raises:
        RankingError: the votes leave it undetermined in double precision.
    """
    size = len(matrix)
    level = float(np.trace(matrix)) / size
    try:
        inverted = by_halves(matrix + level / size, logs)
    except np.linalg.LinAlgError as error:
        raise RankingError(UNDETERMINED) from error
    result = np.asarray(inverted, dtype=np.float64) - 1.0 / (level * size)
    # One vector, sent there and back, tells whether digits are left: a second inversion would cost as much.
    probe = np.where(np.arange(size) % 3 == 0, 1.0, -1.0)
    if not np.abs(matrix @ (result @ probe) - (probe - probe.mean())).max() < DIGITS:
        raise RankingError(UNDETERMINED)
    if logs is not None:
        logs.append(-math.log(level))
    return result


def by_halves(matrix: Matrix, logs: list[float] | None = None) -> Matrix:
    """Return the inverse of a symmetric positive definite matrix, by those of two of half its size; `logs` is
    given the logarithms of determinants whose product is its own.

    Products of matrices are what a processor is best at, and symmetry halves the work: with thousands of rows
    it takes a third of the time of NumPy's, which knows of neither.
    """
    if len(matrix) <= WHOLE:
        if logs is not None:
            logs.append(float(np.linalg.slogdet(matrix)[1]))
        return np.asarray(np.linalg.inv(matrix), dtype=np.float64)
    half = len(matrix) // 2
    upper = by_halves(matrix[:half, :half], logs)
    across = product(upper, matrix[:half, half:])
    lower = by_halves(matrix[half:, half:] - product(matrix[half:, :half], across), logs)
    corner = product(across, lower)
    result = np.empty_like(matrix)
    result[:half, :half], result[:half, half:] = upper + product(corner, across.T), -corner
    result[half:, :half], result[half:, half:] = -corner.T, lower
    return result


def solve(matrix: Matrix, right: Matrix) -> Matrix:
    """Return `inverse(matrix) @ right` for columns (size, K) that sum to 0, in a third of the time or less.

    Raises:
        RankingError: the matrix is singular.
    """
    if len(matrix) >= MANY:
        columns = [conjugate_gradients(matrix, column) for column in right.T]
        found = [column for column in columns if column is not None]
        if len(found) == len(columns):
            return np.stack(found, axis=1)
    try:
        solution: Matrix = np.linalg.solve(matrix + np.trace(matrix) / len(matrix) ** 2, right)
    except np.linalg.LinAlgError as error:
        raise RankingError(UNDETERMINED) from error
    return solution


def newton_step(sums: PairSums, theta: Vector) -> Vector:
    """Return H⁺ g at θ (size)."""
    score, curvature = derivatives(sums, theta)
    return solve(curvature, score[:, None])[:, 0]


def fit(sums: PairSums, start: Vector | None = None) -> Vector:
    """Return the θ (size) of greatest likelihood; `start` is one that may be near it.

    The win graph must be strongly connected and more than one contestant be there.
    """
    step, height = partial(newton_step, sums), partial(log_likelihood, sums)
    level = -math.log(2.0) * float(sums.totals.sum())  # of θ = 0, where every p is ½
    return climb_from(start, sums.size, step, height, NEWTON_TOLERANCE, level)


def climb_from(
    start: Vector | None,
    size: int,
    step: Callable[[Vector], Vector],
    height: Callable[[Vector], float],
    tolerance: float = TOLERANCE,
    level: float | None = None,
) -> Vector:
    """Climb from a start, or from 0 where that is higher: from far away steps may lead nowhere.

    level: the height of 0, where it is known.
    """
    theta = np.zeros(size)
    level = height(theta) if level is None else level
    if start is not None and (there := height(start)) > level:
        theta, level = start - start.mean(), there
    return climb(step, height, theta, tolerance, level)


def climb(
    step: Callable[[Vector], Vector],
    height: Callable[[Vector], float],
    start: Vector,
    tolerance: float = TOLERANCE,
    level: float | None = None,
) -> Vector:
    """Take uphill steps until they are within the tolerance, halving one that leads down.

    level: the height of the start, where it is known.

    Raises:
        RankingError: the steps do not settle.
    """
    theta, level = start, height(start) if level is None else level
    for _ in range(MAX_STEPS):
        move = step(theta)
        near = tolerance * (1.0 + np.abs(theta).max())
        for _ in range(MAX_HALVINGS):
            if np.abs(move).max() <= near:
                return theta + move
            reached = height(theta + move)
            # Near the top a step changes the height by less than its rounding.
            if reached >= level - 1e-12 * (1.0 + abs(level)):
                break
            move = move / 2
        theta, level = theta + move, reached
    raise RankingError("The fit does not converge; the votes leave the ratings undetermined.")
