"""Ranks in other senses than that of a confidence interval for the true one.

Ranks by overlap are what most published boards show: of two contestants one is ahead of the other if their
intervals do not touch. That is stricter than a comparison of the two, for which the variance of their
difference counts and not both interval ends at once; it changes with the anchor of the board, whose choice
moves the intervals; and of so many comparisons nobody says how many are wrong. They are here to be compared
with.

Rank probabilities say how the estimate would come out again: how often, in worlds drawn from N(θ, V), a
contestant takes which place. They are no probabilities of the true ranks, which have none here, nor are they
confidence: where two are nearly equal the estimate's own luck is in them.
"""

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix, Vector
from evenhand.ranking.intervals import EQUAL, simulate

Places = NDArray[np.int64]


def places(theta: NDArray[np.floating]) -> Places:
    """Return the rank of each θ, from 1; equal ones share the best of their places.

    theta: (M), or (M, draws), each draw ranked for itself.
    """
    order = np.argsort(-theta, axis=0, kind="stable")
    falling = np.take_along_axis(theta, order, axis=0)
    numbers = np.arange(1, len(theta) + 1).reshape(-1, *([1] * (theta.ndim - 1)))
    starts = np.ones(theta.shape, dtype=np.bool_)
    starts[1:] = falling[:-1] - falling[1:] > EQUAL
    result = np.empty(theta.shape, dtype=np.int64)
    np.put_along_axis(result, order, np.maximum.accumulate(np.where(starts, numbers, 0), axis=0), axis=0)
    return result


def overlap_ranks(lower: Vector, upper: Vector) -> tuple[Places, Places]:
    """Return the ranks by overlap of intervals, (M) each.

    The best is `rank_ub` of the published boards, 1 + #{j : lower_j > upper_i}; the worst is the other end of
    their spread, 1 + #{j ≠ i : upper_j > lower_i}.
    """
    best = 1 + len(lower) - np.searchsorted(np.sort(lower), upper, side="right")
    # Whoever has an interval of some width reaches above its own lower end.
    worst = 1 + len(upper) - np.searchsorted(np.sort(upper), lower, side="right") - (upper > lower)
    return best, worst


def rank_probabilities(theta: Vector, covariance: Matrix, seed: int) -> Matrix:
    """Return how often contestant i has rank ≤ k in worlds drawn from N(θ, V): (M, M), k in column k - 1.

    The worlds are those behind the critical values of the same seed. Its standard error is below .012.
    """
    size = len(theta)
    if size < 2:
        return np.ones((size, size))
    worlds = simulate(covariance, seed)
    taken = places(theta[:, None] + worlds)
    counts = np.bincount(
        (np.arange(size)[:, None] * size + taken - 1).ravel(), minlength=size * size
    ).reshape(size, size)
    return np.asarray(np.cumsum(counts, axis=1) / worlds.shape[1], dtype=np.float64)
