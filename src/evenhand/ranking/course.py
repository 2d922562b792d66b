"""What further votes do to the difference of two contestants.

The votes at hand stay, and n further ones are fitted with them. With d = e_i - e_j, H and B the bread and the
meat of the sandwich today, h and b what a vote adds to each on average, θ̂ the estimate and θ the truth,

    H_n = H + n h,  B_n = B + n b,  x = H_n⁺ d,
    difference ~ N(dᵀθ + xᵀ H (θ̂ - θ), n xᵀ b x),  its standard deviation is said to be √(xᵀ B_n x).

h = Σ P p q d dᵀ over the pairs that can be drawn, with P their probabilities; b is h times today's ratio of
meat to bread: votes are taken to tie, and to cluster, as they have until now. For the truth is taken the
likeliest one, given the votes, with the difference that is planned for: today's estimate, if that is it.
Of few clusters critical values and the assurance are by Student's t, with today's degrees of freedom: what
further clusters would add to them is not counted on.

What is found of n is conditional power [1]; before there are votes it is the usual power, and for two
contestants n = (c + z)² / (p q δ²) [2]. It takes δ for true. The *assurance* [3] allows for the doubt: it is
the probability of the same end where the truth lies around the estimate as the covariance says.

[1] Lan, Simon & Halperin, Stochastically curtailed tests in long-term clinical trials, 1982.
[2] Lachin, Introduction to sample size determination and power analysis for clinical trials, 1981.
[3] O'Hagan, Stevens & Campbell, Assurance in clinical trial design, 2005.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix, PairSums, Vector, information, solve
from evenhand.ranking.cells import Cells
from evenhand.ranking.clusters import FEWEST
from evenhand.ranking.connectivity import islands
from evenhand.ranking.errors import RankingError
from evenhand.ranking.intervals import normal_quantile
from evenhand.ranking.island import fit_island
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.sampling import PairDraw
from evenhand.ranking.student import as_normal, t_quantiles

MOST = 10**12
"""Votes beyond which there is no plan."""

_NORMAL = NormalDist()

Never = Literal["no_difference", "out_of_reach"]


@dataclass(frozen=True)
class Need:
    """How many more votes tell two contestants apart, to within a thousandth.

    votes: None for never; never: why, "no_difference" where the difference is taken to be 0, "out_of_reach"
    where votes as they are drawn do not lead there; assurance: the probability that they do, in the order
    that is planned for, when the doubt in the difference is counted too; None where nothing is known or
    needed.
    """

    votes: int | None
    never: Never | None = None
    assurance: float | None = None


@dataclass(frozen=True)
class Pool:
    """The contestants that comparisons join with one of the two, as they are rated today.

    names: (size); i, j: where the two are among them; with_first: (size) whom comparisons join with i; theta:
    (size), bread (H), meat (B) and covariance: (size, size), without anything between groups that are not
    joined; weight: w of a vote on average; overdispersion: the ratio of meat to bread; freedom: the degrees
    of freedom of the difference of the two, where its variance comes of few clusters.
    """

    names: Sequence[str]
    i: int
    j: int
    with_first: NDArray[np.bool_]
    theta: Vector
    bread: Matrix
    meat: Matrix
    covariance: Matrix
    weight: float
    overdispersion: float
    freedom: float | None

    def critical(self, alpha: float) -> float:
        """Return the two-sided critical value at 1-α for the difference of the two."""
        normal = normal_quantile(alpha)
        return normal if self.freedom is None else float(t_quantiles(normal, np.array(self.freedom)))

    def chance(self, z: float) -> float:
        """Return the probability that a deviate of their difference stays below z."""
        if self.freedom is not None:
            z = float(as_normal(np.array(z), np.array(self.freedom)))
        return _NORMAL.cdf(z)

    @property
    def joined(self) -> bool:
        """Whether comparisons join the two themselves."""
        return bool(self.with_first[self.j])

    @property
    def contrast(self) -> Vector:
        """d = e_i - e_j."""
        d = np.zeros(len(self.names))
        d[self.i], d[self.j] = 1.0, -1.0
        return d


def fit_pool(cells: Cells, i: int, j: int, rows: VoteRows | None) -> Pool:
    """Rate whom comparisons join with one of two contestants (indices); `rows` are the votes in clusters."""
    weights, number = cells.weights.sum(axis=1), cells.votes.sum(axis=1)
    groups = [
        group for group in islands(cells.pairs[weights > 0], len(cells.contestants)) if {i, j} & {*group}
    ]
    members = [one for group in groups for one in group]
    size, place = len(members), {one: at for at, one in enumerate(members)}
    theta = np.zeros(size)
    bread, meat, covariance = np.zeros((3, size, size))
    votes, weight, start = 0, 0.0, 0
    freedom: float | None = None
    for group in groups:
        if len(group) > 1:
            inside = np.isin(cells.pairs[:, 0], group) & (weights > 0)
            island = fit_island(PairSums.of(cells.among(group)), None if rows is None else rows.among(group))
            if rows is not None and island.fit == "newton" and not island.clustered:
                raise RankingError(
                    "Nothing tells how sure the difference is: the votes have too few clusters, "
                    f"less than {FEWEST}. Plan by their cells alone to take votes as independent."
                )
            part = slice(start, start + len(group))
            theta[part], covariance[part, part] = island.theta, island.covariance
            bread[part, part] = information(island.sums, island.theta)
            meat[part, part] = bread[part, part] @ island.covariance @ bread[part, part]
            votes += int(number[inside].sum())
            weight += float(island.sums.totals.sum())
            if island.freedom is not None and {i, j} <= {*group}:
                freedom = float(island.freedom[[group.index(i), group.index(j)]].min())
        start += len(group)
    return Pool(
        names=[cells.contestants[one] for one in members],
        i=place[i],
        j=place[j],
        with_first=np.isin(members, next(group for group in groups if i in group)),
        theta=theta,
        bread=bread,
        meat=meat,
        covariance=covariance,
        weight=weight / votes if votes else 1.0,
        overdispersion=float(np.trace(meat) / np.trace(bread)) if votes else 1.0,
        freedom=freedom,
    )


def pairs_of(pool: Pool, cells: Cells, draw: PairDraw | None) -> tuple[NDArray[np.int64], Vector]:
    """Return the pairs of a draw that are in the pool, by its numbers, and their probabilities."""
    if draw is None:
        number = cells.votes.sum(axis=1)
        draw = PairDraw(cells.contestants, cells.pairs, number / max(int(number.sum()), 1))
    place = {name: at for at, name in enumerate(pool.names)}
    index = np.array([place.get(name, -1) for name in draw.contestants], dtype=np.int64)
    pairs = index[draw.pairs].reshape(-1, 2)
    inside = (pairs >= 0).all(axis=1) & (draw.probability > 0)
    return pairs[inside], draw.probability[inside]


class Course:
    """What further votes lead to, if the difference (natural units) is true."""

    def __init__(self, pool: Pool, difference: float, critical: float, quantile: float) -> None:
        self._pool = pool
        self._sign = math.copysign(1.0, difference)
        self._critical = critical
        self._quantile = quantile
        d = pool.contrast
        missing = difference - float(d @ pool.theta)
        along = pool.covariance @ d
        # Between groups that are not joined nothing is known, so that one of them moves as a whole.
        moved = along / float(d @ along) if pool.joined else pool.with_first.astype(np.float64)
        self._truth = pool.theta + missing * moved

    def need(self, pairs: NDArray[np.int64], probability: Vector) -> Need:
        """Return the votes that are enough, on pairs (K, 2) drawn with probabilities (K)."""
        pool = self._pool
        joins = pool.joined or bool((pool.with_first[pairs[:, 0]] != pool.with_first[pairs[:, 1]]).any())
        if not len(pairs) or not joins:
            return Need(None, "out_of_reach")
        step = self._per_vote(pairs, probability)

        def enough(votes: int) -> bool:
            end = self._end(votes, step)
            return end.mean - self._critical * end.sd >= self._quantile * end.spread

        votes = _least(enough)
        if votes is None:
            return Need(None, "out_of_reach")
        if not pool.joined:
            return Need(votes)
        end = self._end(votes, step)
        today = self._sign * float(pool.contrast @ pool.theta)
        return Need(
            votes,
            assurance=pool.chance((today - self._critical * end.sd) / math.hypot(end.spread, end.doubt)),
        )

    def _per_vote(self, pairs: NDArray[np.int64], probability: Vector) -> Matrix:
        """Return h."""
        first, second = pairs.T
        small = np.exp(-np.abs(self._truth[first] - self._truth[second]))
        step = np.zeros((len(self._truth), len(self._truth)))
        informed = self._pool.weight * probability * small / (1.0 + small) ** 2
        step[first, second] = step[second, first] = -informed
        np.fill_diagonal(step, -step.sum(axis=1))
        return step

    def _end(self, votes: int, step: Matrix) -> "End":
        pool = self._pool
        d, added = pool.contrast, votes * step
        x = solve(pool.bread + added, d[:, None])[:, 0]
        new = pool.overdispersion * float(x @ added @ x)
        mean = float(d @ self._truth + x @ pool.bread @ (pool.theta - self._truth))
        tilt = added @ x
        return End(
            mean=self._sign * mean,
            sd=math.sqrt(max(float(x @ pool.meat @ x) + new, 0.0)),
            spread=math.sqrt(max(new, 0.0)),
            doubt=math.sqrt(max(float(tilt @ pool.covariance @ tilt), 0.0)),
        )


@dataclass(frozen=True)
class End:
    """The difference after further votes, in natural units and in the direction that is planned for.

    mean: what is expected; sd: what its standard deviation will be said to be; spread: what the further votes
    alone scatter it by; doubt: what today's doubt about the truth scatters it by.
    """

    mean: float
    sd: float
    spread: float
    doubt: float


def _least(enough: Callable[[int], bool]) -> int | None:
    """Return the least number that is enough, from 1, to within a thousandth; None beyond `MOST`."""
    low, high = 0, 1
    while not enough(high):
        low, high = high, 2 * high
        if high > MOST:
            return None
    while high - low > max(1, high // 1000):
        between = (low + high) // 2
        if enough(between):
            high = between
        else:
            low = between
    return high
