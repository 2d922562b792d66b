"""Composite boards: one rating from several sets of votes, each with a declared share in it.

The loss is L = Σ_k v_k · (loss_k / N_k), v_k being the share of set k and N_k its votes, in weight: however
many votes a set has, its part in the ratings is what was declared. That is a fit to the same votes with the
weight of each in set k multiplied by v_k / N_k. So a composite is cells like any others, Σw multiplied by
that factor and Σw² by its square, and whatever ranks cells ranks it; the sandwich has the weights in it. The
factors are scaled so that the votes weigh 1 on average, which no rating and no interval notices. N_k is taken
as given.

Sets of cells must not share votes: nothing in the sums says which those are, and the covariance would take
them for two. Slices of the same votes overlap; `composite_rows` counts a vote once, with the weight of all
slices that it belongs to.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evenhand.ranking.blas import one_blas_thread
from evenhand.ranking.bradley_terry import Matrix, PairSums, Vector, fit
from evenhand.ranking.cells import Cells
from evenhand.ranking.connectivity import strong_components
from evenhand.ranking.errors import RankingError
from evenhand.ranking.given import Given, cells_of
from evenhand.ranking.intervals import covariance
from evenhand.ranking.rows import VoteRows


@dataclass(frozen=True)
class CompositeFit:
    """A composite Bradley-Terry fit of M contestants.

    contestants: (M) names, sorted; theta: (M) natural units, sums to 0; covariance: (M, M), the sandwich,
    whose rows sum to 0.
    """

    contestants: tuple[str, ...]
    theta: Vector
    covariance: Matrix


def composite(sets: Sequence[tuple[Given, float]]) -> Cells:
    """Join sets of votes that do not overlap, each with its share, into cells for `rank` or any other fit.

    Of a set whose share is 0 only the contestants are taken.

    Raises:
        RankingError: a share is no number ≥ 0, or none is above 0; a set with a share has no votes.
    """
    given = [(cells_of(votes), share) for votes, share in sets]
    totals = [float(cells.weights.sum()) for cells, _ in given]
    factors = _factors([share for _, share in given], totals, [f"set {k}" for k in range(1, len(given) + 1)])
    count = sum(int(cells.votes.sum()) for cells, share in given if share > 0)
    names: list[str] = []
    firsts, seconds, sums = [], [], []
    for (cells, _), factor in zip(given, factors, strict=True):
        if factor > 0:
            scaled = factor * count
            firsts.append(cells.pairs[:, 0] + len(names))
            seconds.append(cells.pairs[:, 1] + len(names))
            sums.append(np.stack([cells.votes, scaled * cells.weights, scaled**2 * cells.squares]))
        names += cells.contestants
    return Cells(names, np.concatenate(firsts), np.concatenate(seconds), np.concatenate(sums, axis=1))


def composite_rows(rows: VoteRows, shares: Mapping[str, float]) -> VoteRows:
    """Weigh votes one by one for a composite of their slices, which may overlap.

    A vote w weighs w Σ_k v_k / N_k over the slices k that it belongs to; votes in none are left out. The rows
    keep clusters and covariates; those of the result belong to no slice any more.

    Raises:
        RankingError: a slice is not known; a share is no number ≥ 0, or none is above 0; a slice with a share
            has no votes.
    """
    for name in shares:
        if name not in rows.slices:
            raise RankingError(f"The votes do not tell which of them belong to the slice {name!r}.")
    before = np.ones(len(rows)) if rows.weight is None else rows.weight
    totals = [float(before[rows.slices[name]].sum()) for name in shares]
    factors = _factors(list(shares.values()), totals, [f"slice {name!r}" for name in shares])
    factor = np.zeros(len(rows))
    for name, of_slice in zip(shares, factors, strict=True):
        factor[rows.slices[name]] += of_slice
    kept = factor > 0
    weight = (before * factor * kept.sum())[kept]
    return replace(replace(rows, slices={}).take(kept), weight=weight)


@one_blas_thread()
def fit_composite(sets: Sequence[tuple[Given, float]]) -> CompositeFit:
    """Fit Bradley-Terry to sets of votes that do not overlap, each with its share.

    Raises:
        RankingError: as `composite`; or the sets together do not put all contestants on one scale: then
            `rank(composite(sets))` has an answer.
    """
    cells = composite(sets)
    size = len(cells.contestants)
    sums = PairSums.of(cells)
    if size < 2 or len(groups := strong_components(sums.win_edges, size)) > 1:
        raise RankingError(
            "The votes do not put all contestants on one scale: "
            f"{len(groups) if size > 1 else size} groups have not both won and lost (or tied) against the "
            "others over some chain. Rank the composite's cells, or leave some out."
        )
    theta = fit(sums)
    return CompositeFit(cells.contestants, theta, covariance(sums, theta, np.zeros(size, dtype=np.bool_)))


def _factors(shares: Sequence[float], totals: Sequence[float], names: Sequence[str]) -> list[float]:
    """Return v_k / N_k, the shares v brought to the sum 1."""
    for share, total, name in zip(shares, totals, names, strict=True):
        if not (math.isfinite(share) and share >= 0):
            raise RankingError(f"The share of {name} is {share}; it must be a number, 0 or more.")
        if share > 0 and total == 0:
            raise RankingError(f"There are no votes in {name}, so it can have no share in a composite.")
    whole = sum(shares)
    if whole <= 0:
        raise RankingError("A composite needs a set of votes whose share is above 0.")
    return [share / whole / total if share > 0 else 0.0 for share, total in zip(shares, totals, strict=True)]
