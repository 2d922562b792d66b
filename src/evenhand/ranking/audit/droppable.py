"""Votes that can be dropped, and what the ratings would be without them.

Votes come in *items*, which are dropped whole: a vote, or all votes of a voter. To first order, dropping vote
n of i against j changes θ_a - θ_b by

    -w_n (y_n - p_n) (e_a - e_b)ᵀ H⁻¹ (e_i - e_j),

the infinitesimal jackknife; with covariates H is the joint information, and the row is (e_i - e_j, x_n)
(Broderick, Giordano & Meager, An automatic finite-sample robustness metric, 2020).
"""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking import bradley_terry, joint
from evenhand.ranking.audit.subject import Subject
from evenhand.ranking.bradley_terry import PairSums, Vector
from evenhand.ranking.connectivity import islands, strong_components
from evenhand.ranking.errors import RankingError
from evenhand.ranking.passes import Passes, residuals
from evenhand.ranking.penalised import fit_penalised
from evenhand.ranking.rows import SCORES, VoteRows


class State(NamedTuple):
    """A fit."""

    theta: Vector
    beta: Vector

    def gap(self, a: int, b: int) -> float:
        """Return θ_a - θ_b."""
        return float(self.theta[a] - self.theta[b])


class Droppable(Protocol):
    """Votes in G kinds of items."""

    @property
    def available(self) -> NDArray[np.int64]:
        """How many items there are of each kind, (G)."""

    @property
    def start(self) -> State:
        """The fit with all of them."""

    def effects(self, at: State, dropped: NDArray[np.int64], a: int, b: int) -> Vector:
        """Return, per kind (G), the change of θ_a - θ_b for each further item that is dropped."""

    def refit(self, dropped: NDArray[np.int64], near: State) -> State | None:
        """Return the fit without the dropped ones (G); None where there is none."""


@dataclass(frozen=True)
class PlainVotes:
    """Votes that differ in pair, outcome and weight only.

    Entry e, of E, is one vote in pair[e] of `pairs` with score y[e] for its first contestant and weight[e],
    for each item of kind item[e].
    """

    pairs: PairSums
    start: State
    available: NDArray[np.int64]
    item: NDArray[np.int64]
    pair: NDArray[np.int64]
    y: Vector
    weight: Vector

    def effects(self, at: State, dropped: NDArray[np.int64], a: int, b: int) -> Vector:
        """Return the effects."""
        left = self._left(dropped)
        p, q = left.expected(at.theta)
        contrast = np.zeros((left.size, 1))
        contrast[a], contrast[b] = 1.0, -1.0
        u = bradley_terry.solve(left.laplacian(left.totals * p * q), contrast)[:, 0]
        along = (u[left.first] - u[left.second])[self.pair]
        change = -self.weight * (self.y - p[self.pair]) * along
        return np.asarray(np.bincount(self.item, change, len(self.available)))

    def refit(self, dropped: NDArray[np.int64], near: State) -> State | None:
        """Return the fit without the dropped ones."""
        left = self._left(dropped)
        if not self._joins(left):
            return self._penalised(left, near)

        step = partial(bradley_terry.newton_step, left)
        height = partial(bradley_terry.log_likelihood, left)
        try:
            theta = bradley_terry.climb(step, height, near.theta)
        except (RankingError, np.linalg.LinAlgError):
            return None
        return State(theta - theta.mean(), near.beta)

    def _penalised(self, left: PairSums, near: State) -> State | None:
        """Return the fit that a board takes where likelihood has no finite one."""
        compared = left.totals > 0
        pairs = np.stack([left.first[compared], left.second[compared]], axis=1)
        if len(islands(pairs, left.size)) > 1:
            return None
        try:
            theta = fit_penalised(left)
        except RankingError:
            return None
        return State(theta - theta.mean(), near.beta)

    def _left(self, dropped: NDArray[np.int64]) -> PairSums:
        number = len(self.pairs.first)
        weight = self.weight * (self.available - dropped)[self.item]
        won, lost = (
            _sums(self.pair, weight * self.y, number),
            _sums(self.pair, weight * (1.0 - self.y), number),
        )
        return PairSums(self.pairs.size, self.pairs.first, self.pairs.second, won, lost, self.pairs.squares)

    def _joins(self, left: PairSums) -> bool:
        """Whether the fit is finite: as it was where no pair has lost its only wins of a side."""
        before = len(self.pairs.win_edges)
        edges = left.win_edges
        return len(edges) == before or len(strong_components(edges, left.size)) == 1


@dataclass(frozen=True)
class StyledVotes:
    """Votes with covariates; item (N) says which of the G items each belongs to."""

    rows: VoteRows
    start: State
    item: NDArray[np.int64]

    @cached_property
    def available(self) -> NDArray[np.int64]:
        """One of each."""
        return np.ones(int(self.item.max()) + 1, dtype=np.int64)

    def effects(self, at: State, dropped: NDArray[np.int64], a: int, b: int) -> Vector:
        """Return the effects."""
        rows, left = self.rows, self._left(dropped)
        curvature = Passes(left)(*at).curvature.laplacian(rows.size, rows.first, rows.second)
        bread = joint.inverse(curvature, rows.size)
        u = bread[:, a] - bread[:, b]
        along = (u[rows.first] - u[rows.second])[rows.pair]
        for factor, x in zip(u[rows.size :], rows.features, strict=True):
            along += factor * x
        r, _ = residuals(rows, *at)
        return np.asarray(np.bincount(self.item, -r * along, len(self.available)))

    def refit(self, dropped: NDArray[np.int64], near: State) -> State | None:
        """Return the fit without the dropped ones."""
        left = self._left(dropped)
        if not _connected(left):
            return None
        try:
            fitted = joint.climb(Passes(left), left.first, left.second, (near.theta, near.beta))
        except RankingError:
            return None
        return State(fitted.theta, fitted.beta)

    def _left(self, dropped: NDArray[np.int64]) -> VoteRows:
        return self.rows.take(dropped[self.item] == 0)


def _connected(rows: VoteRows) -> bool:
    weight = np.ones(len(rows)) if rows.weight is None else rows.weight
    y = SCORES[rows.outcome]
    number = len(rows.first)
    won, lost = _sums(rows.pair, weight * y, number), _sums(rows.pair, weight * (1.0 - y), number)
    sums = PairSums(rows.size, rows.first, rows.second, won, lost, np.empty((0, 3)))
    return len(strong_components(sums.win_edges, rows.size)) == 1


def votes_of(subject: Subject) -> Droppable:
    """Return the votes, to be dropped one by one."""
    start = State(subject.theta, subject.beta)
    rows = subject.rows
    if subject.style and rows is not None:
        return StyledVotes(rows, start, np.arange(len(rows)))
    if rows is not None and rows.weight is not None:
        pair, y = _told(subject, rows)
        kinds, number = np.unique(np.stack([pair, y, rows.weight]), axis=1, return_counts=True)
        kinds, number = kinds[:, kinds[2] > 0], number[kinds[2] > 0]
        return _plain(subject, number, np.arange(len(number)), kinds[0].astype(np.int64), kinds[1], kinds[2])
    # Where only sums are known, each vote of a cell has the mean weight: the heaviest would do no less.
    number = np.stack(
        [subject.cells.votes[:, 0], subject.cells.votes[:, 2:].sum(axis=1), subject.cells.votes[:, 1]]
    )
    weight = np.stack(
        [subject.cells.weights[:, 0], subject.cells.weights[:, 2:].sum(axis=1), subject.cells.weights[:, 1]]
    )
    outcome, pair = np.nonzero((number > 0) & (weight > 0))
    many = number[outcome, pair]
    y = np.array([1.0, 0.5, 0.0])[outcome]
    return _plain(subject, many, np.arange(len(many)), pair, y, weight[outcome, pair] / many)


def voters_of(subject: Subject) -> tuple[Droppable, NDArray[np.int64]]:
    """Return the votes, to be dropped by voter, and how many votes each voter gave. The rows have voters."""
    rows = subject.rows
    assert rows is not None, "there are rows"
    assert rows.cluster is not None, "they have voters"
    _, voter = np.unique(rows.cluster, return_inverse=True)
    number = np.bincount(voter)
    if subject.style:
        return StyledVotes(rows, State(subject.theta, subject.beta), voter), number
    pair, y = _told(subject, rows)
    weight = np.ones(len(rows)) if rows.weight is None else rows.weight
    keys = (voter * len(subject.sums.first) + pair) * 3 + np.rint(2 * y).astype(np.int64)
    keys, place = np.unique(keys, return_inverse=True)
    item, pair, y = keys // 3 // len(subject.sums.first), keys // 3 % len(subject.sums.first), keys % 3 / 2.0
    one = np.ones(len(number), dtype=np.int64)
    return _plain(subject, one, item, pair, y, _sums(place, weight, len(keys))), number


def _plain(
    subject: Subject,
    available: NDArray[np.int64],
    item: NDArray[np.int64],
    pair: NDArray[np.int64],
    y: Vector,
    weight: Vector,
) -> PlainVotes:
    start = State(subject.theta, subject.beta)
    return PlainVotes(subject.sums, start, available, item, pair, y, np.asarray(weight, dtype=np.float64))


def _sums(place: NDArray[np.integer[Any]], values: Vector, number: int) -> Vector:
    return np.asarray(np.bincount(place, values, number), dtype=np.float64)


def _told(subject: Subject, rows: VoteRows) -> tuple[NDArray[np.int64], Vector]:
    """Return the pair in `sums` of each vote, and the score of its first contestant."""
    turned = rows.first > rows.second
    y = SCORES[rows.outcome]
    return subject.pair_of[rows.pair], np.where(turned[rows.pair], 1.0 - y, y)
