"""The strength of contestants period by period, and the test that it is constant.

The score of contestant i in period t is s_it = Σ r over its votes there, r = w (y - p) at the overall fit,
taken for i: positive where it did better than its overall rating says. With u_it = Σ w p q (±)(e_a - e_b, x)
over the same votes, to first order

    s_it = Σ_n r_n (1[n is i's and in t] ± 1 - u_itᵀ H⁻¹ d_n),

the second part being what the overall fit has taken up. From this comes the covariance C of s_i, and s_iᵀ C⁻
s_i is χ²: the score test of constant strength [1], which leaves room for the errors of all other ratings.

[1] Rao, Large sample tests of statistical hypotheses concerning several parameters, 1948.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.audit.chi_squared import survival
from evenhand.ranking.audit.periods import Periods
from evenhand.ranking.audit.subject import Subject
from evenhand.ranking.bradley_terry import Matrix, Vector
from evenhand.ranking.passes import Moments
from evenhand.ranking.rows import SCORES

LEAST_VOTES = 30
"""Periods of a contestant with fewer votes are joined with the next."""
STEPS = 15
FARTHEST = 6.0
"""A period's θ is sought no farther from the overall one."""
SMALLEST = 1e-8
"""An eigenvalue of C is nothing below this part of the largest."""


@dataclass(frozen=True)
class PeriodSums:
    """Per ordered pair and period, (P, T + 1), the last column being the votes whose day is not known.

    n: votes; r: Σ w (y - p); h: Σ w p q; v: Σ Var(r); expected: Σ w p; w: Σ w; hx, vx: (K, P, T + 1) Σ w p q
    x and Σ Var(r) x; middle: (M + K) squared, H⁻¹ Σ_n Var(r) d dᵀ H⁻¹.
    """

    n: Matrix
    r: Matrix
    h: Matrix
    v: Matrix
    expected: Matrix
    w: Matrix
    hx: NDArray[np.float64]
    vx: NDArray[np.float64]
    middle: Matrix


@dataclass(frozen=True)
class Strength:
    """The scores of a contestant: spans, (S) its periods, the first and last of those joined; and C, (S,
    S)."""

    spans: list[tuple[int, int]]
    score: Vector
    covariance: Matrix

    def test(self) -> tuple[float, int, float]:
        """Return χ², its degrees of freedom and the p value of constant strength."""
        values, vectors = np.linalg.eigh(self.covariance)
        kept = values > values[-1] * SMALLEST
        along = vectors[:, kept].T @ self.score
        statistic, df = float((along**2 / values[kept]).sum()), int(kept.sum())
        return statistic, df, survival(statistic, df)


@dataclass(frozen=True)
class Change:
    """The most likely day of a step in strength, and how far it goes, in natural units."""

    day: int
    step: float


def period_sums(subject: Subject, periods: Periods) -> PeriodSums:
    """Sum up the votes; they have days."""
    rows = subject.single("there are no days")
    number, columns, covariates = len(rows.first), len(periods) + 1, len(subject.beta)
    width = number * columns
    plain = np.zeros((6, width))
    hx, vx = np.zeros((covariates, width)), np.zeros((covariates, width))
    spread = np.zeros((covariates, covariates))
    for chunk, r, h, v in subject.votes():
        assert chunk.day is not None, "there are days"
        which = periods.of(chunk.day)
        key = chunk.pair.astype(np.int64) * columns + np.where(which < 0, len(periods), which)
        w = np.ones(len(r)) if chunk.weight is None else chunk.weight
        x = chunk.features.astype(np.float64)
        spread += (v * x) @ x.T
        of_votes = (None, r, h, v, w * SCORES[chunk.outcome] - r, w)
        for row, values in zip(plain, of_votes, strict=True):
            row += np.bincount(key, values, width)
        for k in range(covariates):
            hx[k] += np.bincount(key, h * x[k], width)
            vx[k] += np.bincount(key, v * x[k], width)
    shape = (number, columns)
    sums = [row.reshape(shape) for row in plain]
    hxs, vxs = hx.reshape(covariates, *shape), vx.reshape(covariates, *shape)
    n, residual, curvature, variance, expected, weight = sums
    meat = Moments(variance.sum(axis=1), vxs.sum(axis=2).T, spread).laplacian(
        subject.size, rows.first, rows.second
    )
    return PeriodSums(
        n, residual, curvature, variance, expected, weight, hxs, vxs, subject.bread @ meat @ subject.bread
    )


def strength(subject: Subject, sums: PeriodSums, i: int) -> Strength | None:
    """Return the scores of contestant i; None where it has no two periods with enough votes."""
    mine, sign, other = _votes_of(subject, i)
    spans = _spans(sums.n[mine, :-1].sum(axis=0))
    if len(spans) < 2:
        return None
    join = np.zeros((sums.n.shape[1], len(spans)))
    for span, (first, last) in enumerate(spans):
        join[first : last + 1, span] = 1.0
    # Only whom it met, and the covariates, come in.
    met = np.unique(np.append(other, i))
    width = np.concatenate([met, subject.size + np.arange(len(subject.beta))])

    def gathered(plain: Matrix, tilted: NDArray[np.float64]) -> Matrix:
        """Return Σ (…) (±)(e_a - e_b, x), a row for each span: of its own votes, seen from its side."""
        u = np.zeros((len(spans), len(width)))
        joined = plain[mine] @ join
        u[:, np.searchsorted(met, i)] = joined.sum(axis=0)
        np.subtract.at(u.T, np.searchsorted(met, other), joined)
        for k, column in enumerate(tilted):
            u[:, len(met) + k] = sign @ (column[mine] @ join)
        return u

    u, varied = gathered(sums.h, sums.hx), gathered(sums.v, sums.vx)
    inside = np.ix_(width, width)
    cross = varied @ subject.bread[inside] @ u.T
    own = np.diag((sums.v[mine] @ join).sum(axis=0))
    covariance = own - cross - cross.T + u @ sums.middle[inside] @ u.T
    return Strength(spans, sign @ (sums.r[mine] @ join), covariance)


def _votes_of(subject: Subject, i: int) -> tuple[NDArray[np.int64], Vector, NDArray[np.int64]]:
    """Return the ordered pairs of a contestant, +1 where it is A and -1 where B, and whom it meets in
    them."""
    rows = subject.single("there are no days")
    mine = np.flatnonzero(((rows.first == i) | (rows.second == i)) & (rows.first != rows.second))
    sign = np.where(rows.first[mine] == i, 1.0, -1.0)
    return mine, sign, np.where(sign > 0, rows.second[mine], rows.first[mine])


def _spans(votes: Vector) -> list[tuple[int, int]]:
    """Join periods until each has enough votes; what is left at the end goes to the last."""
    spans: list[tuple[int, int]] = []
    start, number = 0, 0.0
    for period, more in enumerate(votes):
        number += more
        if number >= LEAST_VOTES:
            spans.append((start, period))
            start, number = period + 1, 0.0
    if spans and start < len(votes):
        spans[-1] = (spans[-1][0], len(votes) - 1)
    return spans


def ratings(subject: Subject, sums: PeriodSums, strength: Strength, i: int) -> tuple[Vector, Vector]:
    """Return θ of contestant i in each of its spans, all others standing as they do overall, and its sd.

    It solves Σ w (y - p) = 0 over the votes of the span. The votes of a pair in a period are taken to have
    their mean expected score, which without covariates they have.
    """
    mine, sign, _ = _votes_of(subject, i)
    result = np.empty((2, len(strength.spans)))
    for span, (first, last) in enumerate(strength.spans):
        inside = slice(first, last + 1)
        w = sums.w[mine, inside].ravel()
        side = np.repeat(sign, last + 1 - first)[w > 0]
        expected = sums.expected[mine, inside].ravel()[w > 0]
        w = w[w > 0]
        p = np.where(side > 0, expected / w, 1.0 - expected / w)
        won = float(w @ p + strength.score[span])
        logit = np.log(p) - np.log1p(-p)
        off = 0.0
        for _ in range(STEPS):
            p = 1.0 / (1.0 + np.exp(-(logit + off)))
            step = (won - float(w @ p)) / max(float(w @ (p * (1.0 - p))), 1e-12)
            off = min(max(off + min(max(step, -1.0), 1.0), -FARTHEST), FARTHEST)
        h = float(w @ (p * (1.0 - p)))
        v, h_overall = sums.v[mine, inside].sum(), sums.h[mine, inside].sum()
        # The variance of a vote is that of the overall fit, brought to where the rating is now.
        result[:, span] = subject.theta[i] + off, np.sqrt(v / h_overall / h)
    return result[0], result[1]


def change_point(subject: Subject, i: int) -> Change | None:
    """Return the day on which contestant i most likely changed, if it changed once.

    It maximises |Σ_{before the day} s| / sd, the score test of a step, among days with enough votes before
    and from then on; the step is how far the ratings after and before lie apart, to first order.
    """
    rows = subject.single("there are no days")
    last = int(rows.day.max()) if rows.day is not None and len(rows) else -1
    sums = np.zeros((4, last + 1))
    for chunk, r, h, v in subject.votes():
        assert chunk.day is not None, "there are days"
        first, second = chunk.first[chunk.pair] == i, chunk.second[chunk.pair] == i
        kept = (first | second) & (chunk.day >= 0)
        day, sign = chunk.day[kept], np.where(first, 1.0, -1.0)[kept]
        for row, values in zip(sums, (np.ones(len(day)), sign * r[kept], h[kept], v[kept]), strict=True):
            row += np.bincount(day, values, last + 1)
    before = np.cumsum(sums, axis=1)[:, :-1]
    n, s, h, v = before
    whole = sums.sum(axis=1)
    allowed = (n >= LEAST_VOTES) & (whole[0] - n >= LEAST_VOTES) & (sums[0, 1:] > 0)
    if not allowed.any():
        return None
    part = h / whole[2]
    score = s - part * whole[1]
    variance = (1 - part) ** 2 * v + part**2 * (whole[3] - v)
    strengths = np.where(allowed, np.abs(score) / np.sqrt(np.maximum(variance, 1e-300)), -1.0)
    at = int(np.argmax(strengths))
    step = (whole[1] - s[at]) / (whole[2] - h[at]) - s[at] / h[at]
    return Change(at + 1, float(step))
