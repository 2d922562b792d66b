"""How sure ratings and ranks are.

V is the covariance of θ, centred: its rows sum to 0. What is asked of it are differences, so the choice of
centre never matters to a rank.

Ranks are bounded by comparing each contestant with every other, z_ij = (θ_i - θ_j) / sd(θ_i - θ_j), at a
critical value c for all those comparisons at once: the 1-α quantile of the largest |z| under N(0, V),
by simulation (max-t) [1], kept between the value for one comparison and Šidák's bound [2]. For the whole
board at once there is more to gain (`stepdown`).

[1] Mogstad, Romano, Shaikh & Wilhelm, Inference for ranks, 2024.
[2] Šidák, Rectangular confidence regions for the means of multivariate normal distributions, 1967.
"""

import math
import sys
from dataclasses import dataclass
from functools import lru_cache, partial
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix, PairSums, Vector, inverse
from evenhand.ranking.maxima import grouped, of_pairs, reach, top_quantiles, top_values
from evenhand.ranking.products import lower_product, product, symmetric_product

DRAWS = 2000
"""Simulated worlds behind a critical value: its standard error is about .02 to .04."""
FEWEST_DRAWS, WORK = 500, 12_500_000_000
"""Beyond 2,500 contestants there are fewer, so that worlds times pairs stay within the work: 500 of 5,000
contestants, with twice the standard error.
"""

EQUAL = 1e-8
"""θ that differ by no more than this are equal, up to the tolerance of the fit."""


def covariance(sums: PairSums, theta: Vector, young: NDArray[np.bool_]) -> Matrix:
    """Return the sandwich V = H⁺ B H⁺ with B = Σ w² (y - p)² d dᵀ.

    It holds also where votes are not Bernoulli (ties). In pairs with a `young` contestant (size), p q, what
    the model expects, takes the place of (y - p)²: residuals of one who never lost would say that its
    rating is certain.
    """
    p, q = sums.expected(theta)
    won, drawn, lost = sums.squares.T
    seen = won * q**2 + drawn * (0.5 - p) ** 2 + lost * p**2
    expected = (won + drawn + lost) * p * q
    meat = np.where(young[sums.first] | young[sums.second], expected, seen)
    bread = inverse(sums.laplacian(sums.totals * p * q))
    return symmetric_product(product(bread, sums.laplacian(meat)), bread)


def difference_sd(covariance: Matrix) -> Matrix:
    """Return the standard deviation of θ_i - θ_j for all pairs; the diagonal is 0."""
    spread = np.diag(covariance)
    return np.sqrt(np.maximum(spread[:, None] + spread[None, :] - 2 * covariance, 0.0))


def normal_quantile(alpha: float, comparisons: int = 1) -> float:
    """Return the two-sided critical value at 1-α; for several comparisons Šidák's bound."""
    # By the tail, which keeps its digits where 1 - α would round to 1.
    tail = -math.expm1(math.log1p(-alpha) / comparisons)
    return upper_quantile(tail / 2.0)


@lru_cache(maxsize=64)
def upper_quantile(tail: float) -> float:
    """Return what a standard normal variable exceeds with the probability `tail`."""
    return -NormalDist().inv_cdf(max(tail, sys.float_info.min))


@dataclass(frozen=True)
class CriticalValues:
    """c for the comparisons of each row (size), and for all pairs of the board at once; what they come from.

    scale: (size, size), see `scales`; by_world: (draws, size) draws of N(0, V); bounds: (size, draws), what
    no |z_ij| of i exceeds; largest: (draws) the largest |z| of each over all pairs, or its bound where the
    quantile has no need of it.
    """

    rows: Vector
    joint: float
    scale: NDArray[np.float32]
    by_world: NDArray[np.float32]
    bounds: NDArray[np.float32]
    largest: NDArray[np.float32]


def critical_values(covariance: Matrix, alpha: float, seed: int) -> CriticalValues:
    """Simulate the 1-α quantiles of the largest |z|; the same for the same seed."""
    size = len(covariance)
    if size < 2:
        one, nothing = normal_quantile(alpha), np.zeros((size + 1, DRAWS), dtype=np.float32)
        return CriticalValues(
            rows=np.full(size, one),
            joint=one,
            scale=scales(covariance),
            by_world=nothing[:size].T,
            bounds=nothing[:size],
            largest=nothing[size],
        )
    draws = min(DRAWS, max(FEWEST_DRAWS, WORK // size**2))
    worlds = simulate(covariance, seed, draws)
    scale, by_world = scales(covariance), np.ascontiguousarray(worlds.T)
    groups = grouped(worlds, scale)
    bounds = reach(worlds, groups)
    rows = top_quantiles(by_world, scale, groups, bounds, alpha).astype(np.float64)
    largest = top_values(bounds.max(axis=0), partial(of_pairs, by_world, scale, bounds), alpha)
    one = normal_quantile(alpha)
    return CriticalValues(
        rows=np.clip(rows, one, normal_quantile(alpha, size - 1)),
        joint=float(
            np.clip(np.quantile(largest, 1.0 - alpha), one, normal_quantile(alpha, size * (size - 1) // 2))
        ),
        scale=scale,
        by_world=by_world,
        bounds=bounds,
        largest=largest,
    )


def scales(covariance: Matrix) -> NDArray[np.float32]:
    """Return 1 / sd(θ_i - θ_j) for all pairs; 0 where nothing is known to differ."""
    sd = difference_sd(covariance)
    return np.divide(1.0, sd, out=np.zeros_like(sd), where=sd > EQUAL).astype(np.float32)


def simulate(covariance: Matrix, seed: int, draws: int = DRAWS) -> NDArray[np.float32]:
    """Draw worlds of N(0, V), shape (size, draws); the same for the same seed."""
    size = len(covariance)
    level = max(float(np.trace(covariance)) / size, np.finfo(float).tiny)
    # V is singular along the shift of all ratings at once, which no difference sees; Cholesky needs full
    # rank, and is used rather than eigenvectors because it is unique.
    noise = _noise(seed, size, draws)
    try:
        lower = np.linalg.cholesky(covariance + level * (1.0 / size + 1e-9 * np.eye(size)))
    except np.linalg.LinAlgError:
        # With fewer clusters than contestants V is singular along more, and rounding makes it less than that.
        values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
        return product((vectors * np.sqrt(np.maximum(values, 0.0))).astype(np.float32), noise)
    return lower_product(lower.astype(np.float32), noise)


@lru_cache(maxsize=1)
def _noise(seed: int, size: int, draws: int) -> NDArray[np.float32]:
    """Draw standard normal numbers (size, draws); kept: many boards are of the same contestants."""
    noise = np.random.Generator(np.random.Philox(seed)).standard_normal((size, draws)).astype(np.float32)
    noise.flags.writeable = False
    return noise


def z_scores(theta: Vector, covariance: Matrix) -> Matrix:
    """Return z_ij for all pairs; 0 for equal ratings, whose difference is but rounding."""
    gap = theta[:, None] - theta[None, :]
    sd = difference_sd(covariance)
    apart = (np.abs(gap) > EQUAL) & (sd > EQUAL)
    return np.divide(gap, sd, out=np.zeros_like(gap), where=apart)


def rank_bounds(z: Matrix, critical: Vector) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the best and the worst rank of each row, [1 + #{z_ji > c_i}, M - #{z_ij > c_i}]."""
    better = (critical < z).sum(axis=0)
    worse = (z > critical[:, None]).sum(axis=1)
    return 1 + better, len(z) - worse
