"""Votes for the tests of the audit, simulated one by one from a world that is known."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking import Votes
from evenhand.ranking.rows import VoteRows

NAMES = "abcdefghijklmnopqrstuvwxyz"
START = 19_900
"""The first day, in June 2024."""


class Simulated(Votes):
    """Votes that are known one by one without a file."""

    def __init__(self, rows: VoteRows, names: Sequence[str]) -> None:
        super().__init__(rows.cells(names))
        self._rows = rows

    @property
    def one_by_one(self) -> bool:
        return True

    @property
    def voters(self) -> str | None:
        return None if self._rows.cluster is None else "voter"

    @property
    def times(self) -> str | None:
        return None if self._rows.day is None else "day"

    def rows(self, *, style: Sequence[str] = (), **_: Any) -> VoteRows:
        if not style:
            return VoteRows(
                **{**vars(self._rows), "features": np.empty((0, len(self._rows)), dtype=np.float32)}
            )
        return self._rows


def world(
    votes: int,
    theta: NDArray[np.float64],
    *,
    seed: int = 0,
    ties: float = 0.3,
    position: float = 0.0,
    style: float | None = None,
    days: int = 0,
    drift: Mapping[int, tuple[int, float]] | None = None,
    voters: int = 0,
    heavy: float = 0.0,
    taste: float = 0.0,
    extra: Mapping[tuple[int, int], float] | None = None,
    weights: bool = False,
) -> Simulated:
    """Simulate votes.

    position: the effect of being shown as A; style: of a covariate; drift: contestant -> the day (from 0) on
    which it changes, and by how much; heavy: the share of the votes that voter 0 gives, always to the first
    contestant where it takes part; taste: the standard deviation over voters of their own ratings of each
    contestant; extra: what is added to θ_i - θ_j for a pair, Bradley-Terry notwithstanding.
    """
    rng = np.random.default_rng(seed)
    size = len(theta)
    first = rng.integers(0, size, votes)
    second = (first + rng.integers(1, size, votes)) % size
    x = rng.normal(0, 1, votes)
    day = rng.integers(0, max(days, 1), votes)
    voter = rng.integers(0, max(voters, 1), votes)
    if heavy:
        voter = np.where(rng.random(votes) < heavy, 0, 1 + voter % max(voters - 1, 1))
    z = theta[first] - theta[second] + position + (style or 0.0) * x
    for who, (since, step) in (drift or {}).items():
        z += step * (day >= since) * ((first == who).astype(float) - (second == who))
    for (i, j), more in (extra or {}).items():
        z += more * (((first == i) & (second == j)).astype(float) - ((first == j) & (second == i)))
    if taste:
        own = rng.normal(0, taste, (max(voters, 1), size))
        z += own[voter, first] - own[voter, second]
    p = 1 / (1 + np.exp(-z))
    tied = ties * 4 * p * (1 - p)
    draw = rng.random(votes)
    outcome = np.where(
        draw < p - tied / 2, 0, np.where(draw < p + tied / 2, np.where(rng.random(votes) < 0.5, 2, 3), 1)
    )
    if heavy:
        outcome = np.where((voter == 0) & (first == 0), 0, np.where((voter == 0) & (second == 0), 1, outcome))
    pairs, pair = np.unique(first * size + second, return_inverse=True)
    kinds = rng.random(votes)
    return Simulated(
        VoteRows(
            size,
            pairs // size,
            pairs % size,
            pair.astype(np.int32),
            outcome.astype(np.uint8),
            np.empty((0, votes), dtype=np.float32) if style is None else x[None].astype(np.float32),
            rng.uniform(0.5, 2, votes) if weights else None,
            voter.astype(np.int32) if voters else None,
            {"english": kinds < 0.5, "coding": kinds > 0.8} if days else {},
            (START + day).astype(np.int32) if days else None,
        ),
        [NAMES[i] for i in range(size)],
    )


def spread(size: int, sd: float = 0.6, seed: int = 1) -> NDArray[np.float64]:
    """Ratings from the highest to the lowest."""
    theta = np.sort(np.random.default_rng(seed).normal(0, sd, size))[::-1]
    return theta - theta.mean()
