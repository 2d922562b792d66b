"""The ratings of contestants that comparisons join.

A contestant is *young* with fewer than 30 votes (in effect, if they are weighted), with nothing but ties, or
outside the largest group within which everyone has, over some chain, both won and lost (or tied). Once nobody
is, the likelihood's own maximum is taken, with the sandwich for its covariance. Until then all are rated by
the penalised fit; the intervals of the young are profile intervals, as far as the work is bounded, and the
model's own beyond.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import (
    Matrix,
    PairSums,
    Vector,
    fit,
    information,
    inverse,
)
from evenhand.ranking.cells import Cells
from evenhand.ranking.clusters import clustered_covariance, enough
from evenhand.ranking.connectivity import strong_components
from evenhand.ranking.intervals import covariance, normal_quantile
from evenhand.ranking.joint import JointFit, fit_joint
from evenhand.ranking.passes import Moments, residuals
from evenhand.ranking.penalised import fit_penalised
from evenhand.ranking.profile import profile_interval
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.student import t_quantiles
from evenhand.ranking.tie_models import TieModelName
from evenhand.ranking.ties import fit_ties

MIN_VOTES = 30
PROFILE_WORK = 200_000
"""Profiled contestants times the square of the island's size, about .3 s; the fewest votes come first."""

Fit = Literal["newton", "firth"]
Interval = Literal["sandwich", "model", "profile"]


@dataclass(frozen=True)
class Island:
    """Fitted contestants, in the order of their pair sums.

    theta: (size), sums to 0; covariance: (size, size), rows sum to 0; young: (size) booleans;
    effective_votes: (size) (Σw)²/Σw²; beta, beta_sd: (K) the effects of the covariates and their standard
    deviations; tie_parameter: that of a model of ties, where one was fitted; clustered: whether the
    covariance knows which votes depend on each other; freedom: (size + K) the degrees of freedom of the
    variances of θ from the mean and of β, where it knows that from few clusters.
    """

    sums: PairSums
    fit: Fit
    theta: Vector
    covariance: Matrix
    young: NDArray[np.bool_]
    effective_votes: Vector
    beta: Vector = field(default_factory=lambda: np.empty(0))
    beta_sd: Vector = field(default_factory=lambda: np.empty(0))
    tie_parameter: float | None = None
    clustered: bool = False
    freedom: Vector | None = None

    @cached_property
    def profiled(self) -> frozenset[int]:
        """The contestants whose interval is a profile interval."""
        by_votes = np.argsort(self.effective_votes, kind="stable")
        bound = PROFILE_WORK // self.sums.size**2
        return frozenset([int(i) for i in by_votes if self.young[i]][:bound])

    def intervals(self, anchor: int | None, alpha: float) -> tuple[Vector, Vector, list[Interval]]:
        """Return the 1-α intervals of all θ from their mean (`anchor` None) or from the anchor's, and their
        kinds.
        """
        theta, spread, size = self.theta, self.covariance, self.sums.size
        own, normal = np.diag(spread), normal_quantile(alpha)
        if anchor is None:
            centre = theta - theta.mean()
            variance = own - (spread.mean(axis=0) + spread.mean(axis=1)) + spread.mean()
        else:
            centre = theta - theta[anchor]
            variance = own + own[anchor] - (spread[:, anchor] + spread[anchor])
        sd = np.sqrt(np.maximum(variance, 0.0))
        reach = normal * sd
        if self.freedom is not None:
            quantile = t_quantiles(normal, self.freedom[:size])
            reach = (quantile if anchor is None else np.maximum(quantile, quantile[anchor])) * sd
        lower, upper = centre - reach, centre + reach
        kinds: list[Interval] = ["model" if young else "sandwich" for young in self.young.tolist()]
        for one in self.profiled - {anchor} if self.fit == "firth" else ():
            contrast = np.zeros(size)
            contrast[one] = 1.0
            contrast -= 1.0 / size if anchor is None else np.eye(1, size, anchor)[0]
            lower[one], upper[one] = profile_interval(self.sums, theta, contrast, float(sd[one]), normal)
            kinds[one] = "profile"
        return lower, upper, kinds

    def beta_reach(self, alpha: float) -> Vector:
        """Return half the widths of the 1-α intervals of β, (K)."""
        normal = normal_quantile(alpha)
        if self.freedom is None:
            return normal * self.beta_sd
        return t_quantiles(normal, self.freedom[self.sums.size :]) * self.beta_sd


def fit_island(sums: PairSums, rows: VoteRows | None = None, start: Vector | None = None) -> Island:
    """Fit two or more contestants that the comparisons join; `rows` are the same votes, in clusters.

    `start` is a θ (size) that may be near the fit.

    With too few clusters (`clusters.FEWEST`), and while anybody is young, votes count as independent.
    """
    effective, young = _youth(sums)
    if young.any():
        sums = sums.normalised()
        theta = fit_penalised(sums, start)
        return Island(sums, "firth", theta, covariance(sums, theta, young), young, effective)
    theta = fit(sums, start)
    if rows is None or not enough(rows):
        return Island(sums, "newton", theta, covariance(sums, theta, young), young, effective)
    bread = inverse(information(sums, theta))
    spread, freedom = clustered_covariance(rows, theta, np.empty(0), bread)
    return Island(sums, "newton", theta, spread, young, effective, clustered=True, freedom=freedom)


def fit_styled(sums: PairSums, rows: VoteRows) -> Island:
    """Fit contestants, each of whom has over some chain both won and lost, with the covariates of their
    votes.

    In pairs with a young contestant, what the model expects takes the place of what was seen, as in
    `covariance`.
    """
    effective, young = _youth(sums)
    joint = fit_joint(rows, sums)
    spread, freedom = joint.covariance, None
    if clustered := enough(rows):
        spread, freedom = clustered_covariance(rows, joint.theta, joint.beta, joint.bread)
    elif young.any():
        meat = _with_expected(joint, rows, young[rows.first] | young[rows.second])
        spread = joint.bread @ meat.laplacian(rows.size, rows.first, rows.second) @ joint.bread
    size = rows.size
    return Island(
        sums,
        "newton",
        joint.theta,
        spread[:size, :size],
        young,
        effective,
        joint.beta,
        np.sqrt(np.maximum(np.diag(spread)[size:], 0.0)),
        clustered=clustered,
        freedom=freedom,
    )


def _with_expected(joint: JointFit, rows: VoteRows, of_young: NDArray[np.bool_]) -> Moments:
    """Return the meat with w² p q in the place of w² (y - p)² in some pairs, in all three sums alike."""
    part, pairs = rows.take(of_young[rows.pair]), len(rows.first)
    r, h = residuals(part, joint.theta, joint.beta)
    v = h if part.weight is None else h * part.weight
    x = part.features.astype(np.float64)
    tilted = np.stack([np.bincount(part.pair, column, pairs) for column in v * x], axis=1)
    return Moments(
        np.where(of_young, np.bincount(part.pair, v, pairs), joint.meat.plain),
        np.where(of_young[:, None], tilted, joint.meat.tilted),
        joint.meat.spread + ((v - r * r) * x) @ x.T,
    )


def fit_tied(sums: PairSums, cells: Cells, model: TieModelName) -> Island:
    """Fit contestants by a model that knows of ties; `cells` are theirs. Raises as `fit_ties` does."""
    effective, young = _youth(sums)
    fitted = fit_ties(cells, model)
    size = sums.size
    return Island(
        sums,
        "newton",
        fitted.theta,
        fitted.covariance[:size, :size],
        young,
        effective,
        tie_parameter=fitted.parameter,
    )


def core(sums: PairSums) -> NDArray[np.bool_]:
    """Return who belongs to the largest group in which everyone has, over some chain, both won and lost."""
    return ~_outside_core(sums)


def _youth(sums: PairSums) -> tuple[Vector, NDArray[np.bool_]]:
    """Return each contestant's effective votes, and who is young."""
    squares = sums.squares.sum(axis=1)
    effective = sums.gather(sums.totals, sums.totals) ** 2 / sums.gather(squares, squares)
    return effective, _young(sums, effective)


def _young(sums: PairSums, effective_votes: Vector) -> NDArray[np.bool_]:
    decisive = sums.squares[:, 0] + sums.squares[:, 2]
    # Of nothing but ties, the sandwich would take their agreement for certainty.
    undecided = sums.gather(decisive, decisive) == 0
    # Of votes of one weight there are exactly so many, whatever the weight and its rounding.
    few = effective_votes < MIN_VOTES * (1.0 - 1e-9)
    young: NDArray[np.bool_] = few | undecided | _outside_core(sums)
    return young


def _outside_core(sums: PairSums) -> NDArray[np.bool_]:
    """Outside the largest strongly connected group; with several largest ones, everybody."""
    if (sums.wins_first > 0).all() and (sums.wins_second > 0).all():
        # Then whatever joins two contestants does so both ways.
        return np.zeros(sums.size, dtype=np.bool_)
    groups = strong_components(sums.win_edges, sums.size)
    outside = np.ones(sums.size, dtype=np.bool_)
    if len(groups) == 1 or len(groups[0]) > len(groups[1]):
        outside[groups[0]] = False
    return outside
