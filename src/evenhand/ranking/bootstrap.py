"""Intervals by resampling the votes: to check the sandwich by other means.

A replicate draws as many votes as there are, with replacement, which is one multinomial draw over the cells
(pair and outcome), and fits them. The draw of replicate r depends on the seed and on r alone: neither how
many replicates there are nor how many threads work on them changes it.

Of weighted votes a cell knows Σw and Σw² only. It is drawn from as (Σw)²/Σw² votes of weight Σw²/Σw, which
gives a replicate's Σw the mean Σw and the variance Σw² that drawing the votes themselves gives it. Votes of
equal weight are drawn exactly.

Votes are drawn one by one, also where they come in clusters: then the intervals are too narrow, and those
of `rank`, which knows who voted, are to be taken.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.blas import one_blas_thread
from evenhand.ranking.board_rows import SCALE
from evenhand.ranking.bradley_terry import (
    Matrix,
    PairSums,
    Vector,
    climb,
    fit,
    fit_penalised,
    gradient,
    information,
    log_likelihood,
    solve,
)
from evenhand.ranking.cells import Cells
from evenhand.ranking.connectivity import islands, strong_components
from evenhand.ranking.errors import RankingError
from evenhand.ranking.given import cells_of
from evenhand.ranking.island import core
from evenhand.ranking.standings import Anchor, check_anchor
from evenhand.ranking.votes import Votes

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """R replicates of the ratings of M contestants, sorted by name.

    theta: (R, M) in natural units, each row sums to 0; estimate: (M) θ of the votes themselves; rating,
    lower, upper: (M) in points, the estimate and its percentile interval; penalised: (R) whether a
    replicate had no finite maximum and was fitted by the penalised likelihood instead.
    """

    contestants: tuple[str, ...]
    theta: Matrix
    estimate: Vector
    rating: Vector
    lower: Vector
    upper: Vector
    penalised: NDArray[np.bool_]
    alpha: float
    seed: int


@one_blas_thread()
def bootstrap(
    votes: Votes | Cells,
    *,
    replicates: int = 1000,
    anchor: Anchor = 1000.0,
    alpha: float = 0.05,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress = lambda done, of: None,
) -> Bootstrap:
    """Resample votes and fit each replicate, starting from the fit of the votes themselves.

    Args:
        votes: every contestant needs some, and all need to have, over some chain, both won and lost
        replicates: R; the ends of a 95 % interval want about a thousand
        anchor: as for `rank`
        alpha: 1 - confidence of the intervals, each for itself
        seed: 0 or more
        threads: that fit at the same time; None for as many as there are processors
        progress: called with how many replicates are done, and of how many

    Raises:
        RankingError: a number makes no sense, the votes have no finite fit, or those of a replicate do not
            join all contestants: there are too few votes to resample.
    """
    if not 0 < alpha < 1:
        raise RankingError(f"alpha is {alpha}; it must lie between 0 and 1.")
    if replicates < 1 or seed < 0:
        raise RankingError(
            f"There are {replicates} replicates of seed {seed}; ask for 1 or more, seed 0 or more."
        )
    cells = cells_of(votes)
    name, level = anchor if isinstance(anchor, tuple) else (None, anchor)
    size = len(cells.contestants)
    weighed = cells.weights.sum(axis=1) > 0
    groups = islands(cells.pairs[weighed], size)
    if size < 2 or len(groups) != 1:
        raise RankingError("The bootstrap needs votes that join two contestants or more, and all of them.")
    check_anchor(name, level, cells, groups)
    resample = _Resampling(cells, seed)
    if not core(resample.given).all():
        raise RankingError(
            "Some contestants have won, or lost, everything: their ratings cannot be resampled."
        )
    estimate = fit(resample.given)

    theta, penalised = np.empty((replicates, size)), np.zeros(replicates, dtype=np.bool_)
    with ThreadPoolExecutor(max(1, threads or os.cpu_count() or 1)) as pool:
        fits = pool.map(lambda r: _fit_again(resample(r), estimate, r), range(replicates))
        for r, (one, was_penalised) in enumerate(fits):
            theta[r], penalised[r] = one, was_penalised
            progress(r + 1, replicates)

    def points(theta: NDArray[np.float64]) -> NDArray[np.float64]:
        zero = 0.0 if name is None else theta[..., cells.contestants.index(name), None]
        return level + SCALE * (theta - zero)

    lower, upper = np.quantile(points(theta), [alpha / 2, 1 - alpha / 2], axis=0)
    return Bootstrap(
        cells.contestants, theta, estimate, points(estimate), lower, upper, penalised, alpha, seed
    )


class _Resampling:
    """Draws replicates of the sums of some votes; `given` are the sums of the votes themselves."""

    def __init__(self, cells: Cells, seed: int) -> None:
        self._size, self._seed = len(cells.contestants), seed
        self._pairs = cells.pairs
        self.given = PairSums.of(cells)
        filled = cells.weights > 0
        self._number = np.divide(cells.weights**2, cells.squares, out=np.zeros(filled.shape), where=filled)
        self._weight = np.divide(cells.squares, cells.weights, out=np.zeros(filled.shape), where=filled)
        total = float(self._number.sum())
        self._shares = (self._number / total).ravel()
        self._drawn = max(1, round(total))

    def __call__(self, replicate: int) -> PairSums:
        # The replicate's number in the highest word of the counter: the streams do not meet.
        generator = np.random.Generator(np.random.Philox(key=self._seed, counter=[0, 0, 0, replicate]))
        numbers = generator.multinomial(self._drawn, self._shares).reshape(self._weight.shape)
        weights = numbers * self._weight
        met = weights.sum(axis=1) > 0
        return PairSums.from_outcomes(
            self._size, self._pairs[met], weights[met], weights[met] * self._weight[met]
        )


def _fit_again(sums: PairSums, start: Vector, replicate: int) -> tuple[Vector, bool]:
    """Return the fit of a replicate, and whether it had to be penalised."""
    first, second = sums.wins_first > 0, sums.wins_second > 0
    winners = np.concatenate([sums.first[first], sums.second[second]])
    losers = np.concatenate([sums.second[first], sums.first[second]])
    if len(strong_components(np.stack([winners, losers], axis=1), sums.size)) > 1:
        if len(islands(np.stack([sums.first, sums.second], axis=1), sums.size)) > 1:
            raise RankingError(
                f"The votes of replicate {replicate} do not join all contestants: there are too few "
                "to resample."
            )
        return fit_penalised(sums.normalised()), True

    def newton(theta: Vector) -> Vector:
        return solve(information(sums, theta), gradient(sums, theta)[:, None])[:, 0]

    return climb(newton, lambda theta: log_likelihood(sums, theta), start), False
