"""One pass over the votes: what a step of a fit with covariates needs to know of them.

A pass gives sums per ordered pair of contestants, and nothing else of it grows with the votes. So whoever
can group and sum can make it: this module in memory, a database in SQL.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix, Vector
from evenhand.ranking.rows import CHUNK, SCORES, VoteRows
from evenhand.ranking.threads import in_order

Sums = TypeVar("Sums")

FARTHEST = 40.0
"""Beyond so many natural units an expected score is 0 or 1 in double precision."""


@dataclass(frozen=True)
class Moments:
    """Σ of some weight v over votes, per pair and with covariates: (P) Σ v, (P, K) Σ v x, (K, K) Σ v x xᵀ."""

    plain: Vector
    tilted: Matrix
    spread: Matrix

    @classmethod
    def nothing(cls, pairs: int, covariates: int) -> Self:
        """Return the sums of no votes."""
        return cls(np.zeros(pairs), np.zeros((covariates, pairs)).T, np.zeros((covariates, covariates)))

    def __iadd__(self, other: "Moments") -> Self:
        for own, more in (
            (self.plain, other.plain),
            (self.tilted, other.tilted),
            (self.spread, other.spread),
        ):
            own += more
        return self

    def laplacian(self, size: int, first: NDArray[np.int64], second: NDArray[np.int64]) -> Matrix:
        """Return Σ v a aᵀ, (size + K) squared, for a = (e_first - e_second, x)."""
        covariates = len(self.spread)
        matrix = np.zeros((size + covariates, size + covariates))
        ratings = matrix[:size, :size]
        ratings[first, second] = -self.plain
        ratings += ratings.T.copy()
        np.fill_diagonal(ratings, 0.0)  # of pairs without votes, which may be any
        np.fill_diagonal(ratings, -ratings.sum(axis=1))
        for k in range(covariates):
            column = scattered(size, first, second, self.tilted[:, k])
            matrix[:size, size + k] = matrix[size + k, :size] = column
        matrix[size:, size:] = self.spread
        return matrix


@dataclass(frozen=True)
class PassSums:
    """What a pass gives at a certain θ and β.

    With p the expected score of A and r = w (y - p): loss, minus the log-likelihood of all votes; residual,
    (P) Σ r; slope, (K) Σ r x; curvature, the moments of w p (1 - p); meat, those of r², where they were
    asked for.
    """

    loss: float
    residual: Vector
    slope: Vector
    curvature: Moments
    meat: Moments | None


class Passes:
    """Passes over votes in memory."""

    def __init__(self, rows: VoteRows) -> None:
        self.rows = rows

    def __call__(self, theta: Vector, beta: Vector, *, meat: bool = False) -> PassSums:
        """Make a pass at θ (size) and β (K)."""
        rows = self.rows
        gaps = theta[rows.first] - theta[rows.second]

        def sums(chunk: VoteRows) -> PassSums:
            x = chunk.features.astype(np.float64)
            z = _apart(chunk, gaps, beta)
            odds = np.exp(-z)
            p = 1.0 / (1.0 + odds)
            y = SCORES[chunk.outcome]
            r = y - p
            h = p * (1.0 - p)
            losses = np.log1p(odds) + (1.0 - y) * z
            if chunk.weight is not None:
                r *= chunk.weight
                h *= chunk.weight
                losses *= chunk.weight
            return PassSums(
                float(losses.sum()),
                _gathered(chunk.pair, r, len(gaps)),
                x @ r,
                _moments(chunk.pair, h, x, len(gaps)),
                _moments(chunk.pair, r * r, x, len(gaps)) if meat else None,
            )

        loss, residual, slope = 0.0, np.zeros(len(gaps)), np.zeros(len(beta))
        curvature, meaty = (Moments.nothing(len(gaps), len(beta)) for _ in range(2))
        for part in self._of_chunks(sums):
            loss += part.loss
            residual += part.residual
            slope += part.slope
            curvature += part.curvature
            if part.meat is not None:
                meaty += part.meat
        return PassSums(loss, residual, slope, curvature, meaty if meat else None)

    def score(self, theta: Vector, beta: Vector) -> Vector:
        """Return the score at θ and β alone, (size + K), in a third of the time.

        The share of the covariates in z, and theirs in the score, are computed in single precision: enough to
        come near, not to arrive.
        """
        rows = self.rows
        gaps = theta[rows.first] - theta[rows.second]
        factors = beta.astype(np.float32)

        def sums(chunk: VoteRows) -> tuple[Vector, NDArray[np.float32]]:
            z = gaps[chunk.pair]
            z += factors @ chunk.features
            np.clip(z, -FARTHEST, FARTHEST, out=z)
            # p = 1 / (1 + exp(-z)), in place.
            np.negative(z, out=z)
            np.exp(z, out=z)
            z += 1.0
            np.reciprocal(z, out=z)
            r = SCORES[chunk.outcome]
            r -= z
            if chunk.weight is not None:
                r *= chunk.weight
            return _gathered(chunk.pair, r, len(gaps)), chunk.features @ r.astype(np.float32)

        residual, slope = np.zeros(len(gaps)), np.zeros(len(beta))
        for of_chunk, tilt in self._of_chunks(sums):
            residual += of_chunk
            slope += tilt
        return np.concatenate([scattered(rows.size, rows.first, rows.second, residual), slope])

    def _of_chunks(self, sums: Callable[[VoteRows], Sums]) -> Iterable[Sums]:
        """Give the sums of each chunk, on several threads; of more pairs than votes, one after the other."""
        chunks = self.rows.chunks()
        return in_order(sums, chunks) if len(self.rows.first) <= CHUNK else map(sums, chunks)


def residuals(rows: VoteRows, theta: Vector, beta: Vector) -> tuple[Vector, Vector]:
    """Return r = w (y - p) and h = w p (1 - p) of every vote, (N) each."""
    p = 1.0 / (1.0 + np.exp(-_apart(rows, theta[rows.first] - theta[rows.second], beta)))
    weight = 1.0 if rows.weight is None else rows.weight
    return weight * (SCORES[rows.outcome] - p), weight * p * (1.0 - p)


def _apart(rows: VoteRows, gaps: Vector, beta: Vector) -> Vector:
    """Return z = θ_a - θ_b + xᵀβ of every vote."""
    z: Vector = gaps[rows.pair]
    for x, factor in zip(rows.features, beta, strict=True):
        z += factor * x
    return np.clip(z, -FARTHEST, FARTHEST, out=z)


def _moments(pair: NDArray[np.int32], v: Vector, x: Matrix, pairs: int) -> Moments:
    vx = v * x
    tilted = np.array([_gathered(pair, column, pairs) for column in vx]).reshape(len(x), pairs)
    return Moments(_gathered(pair, v, pairs), tilted.T, vx @ x.T)


def _gathered(pair: NDArray[np.int32], values: Vector, pairs: int) -> Vector:
    return np.asarray(np.bincount(pair, values, pairs), dtype=np.float64)


def scattered(size: int, first: NDArray[np.int64], second: NDArray[np.int64], sums: Vector) -> Vector:
    """Return per contestant (size) the sum of its pairs: added where it is A, taken away where it is B."""
    return np.asarray(np.bincount(first, sums, size) - np.bincount(second, sums, size), dtype=np.float64)
