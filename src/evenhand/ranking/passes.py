"""One pass over the votes: what a step of a fit with covariates needs to know of them.

A pass gives sums per ordered pair of contestants, and nothing else of it grows with the votes. So whoever
can group and sum can make it: this module in memory, a database in SQL.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

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


class Room:
    """Arrays that are used again for each chunk: of new ones the system clears every page first."""

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}

    def __call__(self, name: str, *shape: int, dtype: type[np.generic] = np.float64) -> NDArray[Any]:
        """Return the array of a name, whatever is in it; one of another shape takes its place."""
        array = self._arrays.get(name)
        if array is None or array.shape != shape:
            array = self._arrays[name] = np.empty(shape, dtype=dtype)
        return array


class Passes:
    """Passes over votes in memory."""

    def __init__(self, rows: VoteRows) -> None:
        self.rows = rows
        self._rooms: list[Room] = []

    def __call__(self, theta: Vector, beta: Vector, *, meat: bool = False) -> PassSums:
        """Make a pass at θ (size) and β (K)."""
        rows = self.rows
        gaps = theta[rows.first] - theta[rows.second]

        def sums(chunk: VoteRows, room: Room) -> PassSums:
            number = len(chunk)
            z, p, r, h = (room(name, number) for name in "zprh")
            x = room("x", *chunk.features.shape)
            pair = _indices(chunk.pair, room("pair", number, dtype=np.intp))
            x[:] = chunk.features
            np.take(gaps, pair, out=z, mode="clip")
            z += np.matmul(beta, x, out=p)
            _expected(z, p)
            _scores(chunk, room, r)
            # (1 - y) z - log p, which takes a third of the time of (1 - y) z + log(1 + exp(-z)).
            z -= np.multiply(r, z, out=h)
            z -= np.log(p, out=h)
            r -= p
            np.subtract(1.0, p, out=h)
            h *= p
            if chunk.weight is not None:
                for one in (r, h, z):
                    one *= chunk.weight
            residual, slope = _gathered(pair, r, len(gaps)), x @ r
            curvature = _moments(pair, h, x, len(gaps), p)
            r *= r
            return PassSums(
                float(z.sum()),
                residual,
                slope,
                curvature,
                _moments(pair, r, x, len(gaps), p) if meat else None,
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
        """Return the score at θ and β alone, (size + K), in a sixth of the time.

        It is computed in single precision: enough to come near, not to arrive.
        """
        rows = self.rows
        gaps = (theta[rows.first] - theta[rows.second]).astype(np.float32)
        factors = beta.astype(np.float32)

        def sums(chunk: VoteRows, room: Room) -> tuple[Vector, NDArray[np.float32]]:
            number = len(chunk)
            z, r = (room(name, number, dtype=np.float32) for name in ("single z", "single r"))
            pair = _indices(chunk.pair, room("pair", number, dtype=np.intp))
            np.take(gaps, pair, out=z, mode="clip")
            z += np.matmul(factors, chunk.features, out=r)
            _expected(z, z)
            _scores(chunk, room, r)
            r -= z
            if chunk.weight is not None:
                r *= chunk.weight
            return _gathered(pair, r, len(gaps)), chunk.features @ r

        residual, slope = np.zeros(len(gaps)), np.zeros(len(beta))
        for of_chunk, tilt in self._of_chunks(sums):
            residual += of_chunk
            slope += tilt
        return np.concatenate([scattered(rows.size, rows.first, rows.second, residual), slope])

    def _of_chunks(self, sums: Callable[[VoteRows, Room], Sums]) -> Iterable[Sums]:
        """Give the sums of each chunk, on several threads; of more pairs than votes, one after the other."""

        def in_a_room(chunk: VoteRows) -> Sums:
            room = self._rooms.pop() if self._rooms else Room()
            found = sums(chunk, room)
            self._rooms.append(room)
            return found

        chunks = self.rows.chunks()
        return in_order(in_a_room, chunks) if len(self.rows.first) <= CHUNK else map(in_a_room, chunks)


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


def _indices(numbers: NDArray[Any], room: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return numbers as NumPy's own indices, which it would make of them in every look-up."""
    room[:] = numbers
    return room


def _expected(z: NDArray[Any], p: NDArray[Any]) -> None:
    """Write p = 1 / (1 + exp(-z)) into an array, which may be z itself; z is kept from running off."""
    np.clip(z, -FARTHEST, FARTHEST, out=z)
    np.negative(z, out=p)
    np.exp(p, out=p)
    p += 1.0
    np.reciprocal(p, out=p)


def _scores(chunk: VoteRows, room: Room, y: NDArray[Any]) -> None:
    """Write what A gets in each vote into an array."""
    outcome = _indices(chunk.outcome, room("outcome", len(chunk), dtype=np.intp))
    np.take(SCORES.astype(y.dtype), outcome, out=y, mode="clip")


def _moments(pair: NDArray[np.intp], v: Vector, x: Matrix, pairs: int, vx: Vector) -> Moments:
    """Return the moments of v; `vx` is room for its product with one covariate after the other."""
    tilted, spread = np.empty((len(x), pairs)), np.empty((len(x), len(x)))
    for k, one in enumerate(x):
        np.multiply(v, one, out=vx)
        tilted[k], spread[k] = _gathered(pair, vx, pairs), x @ vx
    return Moments(_gathered(pair, v, pairs), tilted.T, spread)


def _gathered(pair: NDArray[np.intp], values: NDArray[Any], pairs: int) -> Vector:
    return np.asarray(np.bincount(pair, values, pairs), dtype=np.float64)


def scattered(size: int, first: NDArray[np.int64], second: NDArray[np.int64], sums: Vector) -> Vector:
    """Return per contestant (size) the sum of its pairs: added where it is A, taken away where it is B."""
    return np.asarray(np.bincount(first, sums, size) - np.bincount(second, sums, size), dtype=np.float64)
