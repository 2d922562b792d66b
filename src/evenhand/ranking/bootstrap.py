"""Intervals by resampling the votes: to check the sandwich by other means.

A replicate draws as many votes as there are, with replacement, which is one multinomial draw over the cells
(pair and outcome), and fits them. The draw of replicate r depends on the seed and on r alone: neither how
many replicates there are nor how many threads work on them changes it.

Of weighted votes a cell knows Σw and Σw² only. It is drawn from as (Σw)²/Σw² votes of weight Σw²/Σw, which
gives a replicate's Σw the mean Σw and the variance Σw² that drawing the votes themselves gives it. Votes of
equal weight are drawn exactly.

Where votes depend on each other, those who gave them are drawn instead, each with all of its votes: as many
as there are, with replacement [1].

[1] Field & Welsh, Bootstrapping clustered data, 2007.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.blas import one_blas_thread
from evenhand.ranking.board import SCALE
from evenhand.ranking.bradley_terry import (
    Matrix,
    PairSums,
    Vector,
    climb,
    fit,
    log_likelihood,
    newton_step,
)
from evenhand.ranking.cells import OUTCOMES, Cells, in_one_order
from evenhand.ranking.clusters import enough
from evenhand.ranking.connectivity import islands, strong_components
from evenhand.ranking.errors import RankingError
from evenhand.ranking.given import Given, cells_of
from evenhand.ranking.how import Anchor, anchored, check_alpha, check_cluster, check_whole
from evenhand.ranking.island import core
from evenhand.ranking.penalised import fit_penalised
from evenhand.ranking.readings import Progress, silent
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.sample import clusters_of, rows_by
from evenhand.ranking.standings import check_anchor


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """R replicates of the ratings of M contestants, sorted by name.

    theta: (R, M) in natural units, each row sums to 0; estimate: (M) θ of the votes themselves; rating,
    lower, upper: (M) in points, the estimate and its percentile interval; penalised: (R) whether a
    replicate had no finite maximum and was fitted by the penalised likelihood instead; clusters: what says
    which votes depend on each other, None where they were drawn one by one.
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
    clusters: str | None = None


@one_blas_thread()
def bootstrap(
    votes: Given,
    *,
    cluster: str | bool = True,
    replicates: int = 1000,
    anchor: Anchor = 1000.0,
    alpha: float = 0.05,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress = silent,
) -> Bootstrap:
    """Resample votes and fit each replicate, starting from the fit of the votes themselves.

    Args:
        votes: every contestant needs some, and all need to have, over some chain, both won and lost
        cluster: as for `rank`; as there, too few clusters count as none
        replicates: R; the ends of a 95 % interval want about a thousand
        anchor: as for `rank`
        alpha: 1 - confidence of the intervals, each for itself
        seed: 0 or more
        threads: that fit at the same time; None for as many as there are processors
        progress: called with how many replicates are done, and of how many

    Raises:
        RankingError: an argument makes no sense, the votes have no such clusters or no finite fit, or those
            of a replicate do not join all contestants: there are too few votes to resample.
    """
    check_alpha(alpha)
    check_cluster(cluster)
    check_whole("replicates", replicates, 1)
    check_whole("seed", seed, 0)
    if threads is not None:
        check_whole("threads", threads, 1)
    cells = cells_of(votes)
    name, level = anchored(anchor)
    size = len(cells.contestants)
    groups = islands(cells.compared, size)
    if size < 2 or len(groups) != 1:
        raise RankingError("The bootstrap needs votes that join two contestants or more, and all of them.")
    check_anchor(name, cells, groups)
    column, resample = _resampling(votes, cells, cluster, seed)
    if not core(resample.given).all():
        raise RankingError(
            "Some contestants have won, or lost, everything: their ratings cannot be resampled."
        )
    estimate = fit(resample.given)

    theta, penalised = np.empty((replicates, size)), np.zeros(replicates, dtype=np.bool_)
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        fits = pool.map(lambda r: _fit_again(resample(r), estimate, r), range(replicates))
        for r, (one, was_penalised) in enumerate(fits):
            theta[r], penalised[r] = one, was_penalised
            progress(r + 1, replicates)

    def points(theta: NDArray[np.float64]) -> NDArray[np.float64]:
        zero = 0.0 if name is None else theta[..., cells.contestants.index(name), None]
        return level + SCALE * (theta - zero)

    lower, upper = np.quantile(points(theta), [alpha / 2, 1 - alpha / 2], axis=0)
    return Bootstrap(
        cells.contestants,
        theta,
        estimate,
        points(estimate),
        lower,
        upper,
        penalised,
        alpha,
        seed,
        column,
    )


def _resampling(
    votes: Given, cells: Cells, cluster: str | bool, seed: int
) -> "tuple[str | None, _Resampling | _ClusterResampling]":
    """Return what is drawn, by its name (None: single votes), and what draws it."""
    column = clusters_of(votes, cluster)
    if column is not None and enough(rows := rows_by(votes, column)):
        return column, _ClusterResampling(rows, cells, seed)
    return None, _Resampling(cells, seed)


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
        numbers = (
            _generator(self._seed, replicate)
            .multinomial(self._drawn, self._shares)
            .reshape(self._weight.shape)
        )
        weights = numbers * self._weight
        met = weights.sum(axis=1) > 0
        return PairSums.from_outcomes(
            self._size, self._pairs[met], weights[met], weights[met] * self._weight[met]
        )


class _ClusterResampling:
    """Draws replicates from votes in clusters; `given` are the sums of the votes themselves."""

    def __init__(self, rows: VoteRows, cells: Cells, seed: int) -> None:
        assert rows.cluster is not None, "the rows have clusters"
        self.given, self._seed, self._size = PairSums.of(cells), seed, rows.size
        numbers, cluster = np.unique(rows.cluster, return_inverse=True)
        self._count = len(numbers)
        self._pairs, cell = in_one_order(rows.first, rows.second, rows.size)
        # What a cluster says is in few cells, however often it says so.
        width = len(self._pairs) * len(OUTCOMES)
        entries, place = np.unique(cluster * width + cell[rows.pair, rows.outcome], return_inverse=True)
        weight = np.ones(len(rows)) if rows.weight is None else rows.weight
        self._cluster, self._cell = entries // width, entries % width
        self._weights = np.bincount(place, weight, len(entries))
        self._squares = np.bincount(place, weight**2, len(entries))

    def __call__(self, replicate: int) -> PairSums:
        shares = np.full(self._count, 1.0 / self._count)
        often = _generator(self._seed, replicate).multinomial(self._count, shares)[self._cluster]
        kinds = len(OUTCOMES)
        weights, squares = (
            np.bincount(self._cell, often * sums, len(self._pairs) * kinds).reshape(-1, kinds)
            for sums in (self._weights, self._squares)
        )
        met = weights.sum(axis=1) > 0
        return PairSums.from_outcomes(self._size, self._pairs[met], weights[met], squares[met])


def _generator(seed: int, replicate: int) -> np.random.Generator:
    """The replicate's number stands in the highest word of the counter: the streams do not meet."""
    return np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, replicate]))


def _fit_again(sums: PairSums, start: Vector, replicate: int) -> tuple[Vector, bool]:
    """Return the fit of a replicate, and whether it had to be penalised."""
    if len(strong_components(sums.win_edges, sums.size)) > 1:
        if len(islands(np.stack([sums.first, sums.second], axis=1), sums.size)) > 1:
            raise RankingError(
                f"The votes of replicate {replicate} do not join all contestants: there are too few "
                "to resample."
            )
        return fit_penalised(sums.normalised()), True

    return climb(partial(newton_step, sums), partial(log_likelihood, sums), start), False
