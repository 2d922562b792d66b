"""The penalised fit of the Bradley-Terry model: for votes that are few, or all of one kind.

It maximises the likelihood times Jeffreys' prior √|H| [1]. That is finite whatever the votes, which the
likelihood's own maximum is not for a contestant that has won or lost everything.

[1] Firth, Bias reduction of maximum likelihood estimates, 1993.
"""

import math

import numpy as np

from evenhand.ranking.bradley_terry import (
    Matrix,
    PairSums,
    Vector,
    climb,
    climb_from,
    information,
    inverse,
    log_likelihood,
    solve,
)
from evenhand.ranking.errors import RankingError

LARGE = 1000
"""From so many contestants on, the fit is approached before it is made."""


class PenalisedLikelihood:
    """The penalised likelihood of pair sums. What is known of a θ is kept until another is asked for."""

    def __init__(self, sums: PairSums) -> None:
        self._sums = sums
        self._theta: Vector | None = None

    def height(self, theta: Vector) -> float:
        """Return log L + ½ log |H|, the determinant taken across the directions that sum to 0.

        It is -∞ where that is beyond double precision.
        """
        try:
            _, determinant = self._at(theta)
        except RankingError:
            return -math.inf
        return log_likelihood(self._sums, theta) + 0.5 * determinant

    def score(self, theta: Vector) -> tuple[Vector, Matrix]:
        """Return the score, and the curvature that its steps divide by.

        With h the leverage of one of a pair's votes, the penalty acts as h/2 further wins for both sides; the
        curvature counts them as votes, and leaves out how h itself changes: steps stay cheap and go uphill.

        Raises:
            RankingError: the votes leave it undetermined in double precision.
        """
        sums, (covariance, _) = self._sums, self._at(theta)
        p, q = sums.expected(theta)
        spread = np.diag(covariance)
        gap = spread[sums.first] + spread[sums.second] - 2 * covariance[sums.first, sums.second]
        leverage = sums.totals * p * q * gap
        excess = sums.wins_first - sums.totals * p + leverage * (0.5 - p)
        return sums.gather(excess, -excess), sums.laplacian((sums.totals + leverage) * p * q)

    def _at(self, theta: Vector) -> tuple[Matrix, float]:
        """Return the pseudo-inverse of H and log |H|."""
        if self._theta is None or not np.array_equal(self._theta, theta):
            logs: list[float] = []
            self._known = inverse(information(self._sums, theta), logs), sum(logs)
            self._theta = theta
        return self._known


def fit_penalised(sums: PairSums, start: Vector | None = None) -> Vector:
    """Return the θ (size) of greatest penalised likelihood; the comparisons must join all contestants.

    `start` is a θ that may be near it.
    """
    likelihood = PenalisedLikelihood(sums)

    def step(theta: Vector) -> Vector:
        score, curvature = likelihood.score(theta)
        return solve(curvature, score[:, None])[:, 0]

    if start is None and sums.size >= LARGE and (near := approach_penalised(sums)) is not None:
        return climb(step, likelihood.height, near)
    return climb_from(start, sums.size, step, likelihood.height)


def approach_penalised(sums: PairSums) -> Vector | None:
    """Return a θ (size) near the penalised fit, or None: with Π H_ii for |H|, its bound by Hadamard.

    Where everybody has met many others the two have nearly the same slope, and no step inverts a matrix.
    """

    def diagonal(theta: Vector) -> tuple[Vector, Vector, Vector]:
        p, q = sums.expected(theta)
        curvature = sums.totals * p * q
        return p, curvature, sums.gather(curvature, curvature)

    def height(theta: Vector) -> float:
        with np.errstate(divide="ignore"):
            return log_likelihood(sums, theta) + 0.5 * float(np.log(diagonal(theta)[2]).sum())

    def step(theta: Vector) -> Vector:
        p, curvature, known = diagonal(theta)
        leverage = curvature * (1.0 / known[sums.first] + 1.0 / known[sums.second])
        excess = sums.wins_first - sums.totals * p + leverage * (0.5 - p)
        information = sums.laplacian(curvature + leverage * p * (1.0 - p))
        return solve(information, sums.gather(excess, -excess)[:, None])[:, 0]

    try:
        return climb(step, height, np.zeros(sums.size), tolerance=1e-3)
    except RankingError:
        return None
