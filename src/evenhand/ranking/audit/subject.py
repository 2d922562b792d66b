"""What is audited: the votes, and the fit that is put to the test.

The audit looks at the largest group of contestants within which everyone has, over some chain, both won and
lost (or tied): there the likelihood has a finite maximum, and each question has one answer. Who stands
outside is said under coverage. The fit is that of the board: Bradley-Terry, a tie being half a win for each,
with the covariates of `style` held fixed where there are any.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.audit.finding import CannotTell
from evenhand.ranking.bradley_terry import Matrix, PairSums, Vector, fit, information, inverse
from evenhand.ranking.cells import Cells
from evenhand.ranking.connectivity import strong_components
from evenhand.ranking.intervals import covariance, difference_sd
from evenhand.ranking.island import MIN_VOTES
from evenhand.ranking.joint import fit_joint
from evenhand.ranking.passes import residuals
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.slices import NAMES
from evenhand.ranking.votes import Votes

NO_ROWS = "These are counts per pair: they do not hold single votes, so {}."
PSEUDO_VOTES = 10.0
"""A pair's share of ties is drawn towards the usual one as if by so many votes more."""
LEAST_VARIANCE = 0.05
"""The variance of a vote is at least so much of what it would be without ties."""


@dataclass(frozen=True)
class Subject:
    """Contestants who can be rated together, their votes and the fit.

    names: of the contestants (size), by their numbers here; cells: the sums of their votes; theta, beta: the
    fit; bread: H⁻¹, and covariance: the sandwich with votes taken for independent, (size + K) squared; rows:
    their votes one by one, where these are known, with voters, slices and days as far as they are; style: the
    names of the K covariates.
    """

    names: tuple[str, ...]
    cells: Cells
    theta: Vector
    beta: Vector
    bread: Matrix
    covariance: Matrix
    rows: VoteRows | None
    style: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many contestants there are."""
        return len(self.names)

    @cached_property
    def sums(self) -> PairSums:
        """The sums per pair."""
        return PairSums.of(self.cells)

    @cached_property
    def order(self) -> list[int]:
        """The contestants from the highest rating to the lowest."""
        return [int(i) for i in np.argsort(-self.theta, kind="stable")]

    @cached_property
    def effective(self) -> Vector:
        """(Σw)²/Σw² of each pair: its votes, counted by their weight."""
        squares, totals = self.sums.squares.sum(axis=1), self.sums.totals
        return np.asarray(np.divide(totals**2, squares, out=np.zeros_like(totals), where=squares > 0))

    @cached_property
    def tie_share(self) -> Vector:
        """The chance of a tie in each pair: its own share of them, drawn towards one in proportion to 4 p q.

        The own share alone is too uncertain where one side nearly always wins, and a variance that is now too
        small, now too large makes a χ² too large.
        """
        p, q = self.sums.expected(self.theta)
        squares, evenness = self.sums.squares, 4.0 * p * q
        among_equals = squares[:, 1].sum() / float(squares.sum(axis=1) @ evenness)
        usual = np.minimum(among_equals * evenness, 2.0 * np.minimum(p, q))
        own = np.divide(squares[:, 1], squares.sum(axis=1), out=usual.copy(), where=squares.sum(axis=1) > 0)
        votes = self.effective
        return np.asarray((own * votes + PSEUDO_VOTES * usual) / (votes + PSEUDO_VOTES))

    @property
    def young(self) -> bool:
        """Whether some have so few votes that the board draws all ratings together a little (`island`)."""
        squares = self.sums.squares.sum(axis=1)
        effective = self.sums.gather(self.sums.totals, self.sums.totals) ** 2 / self.sums.gather(
            squares, squares
        )
        return bool(effective.min() < MIN_VOTES)

    def z(self, a: int, b: int) -> float:
        """How many standard deviations lie between two contestants."""
        sd = float(difference_sd(self.covariance[np.ix_([a, b], [a, b])])[0, 1])
        return float(self.theta[a] - self.theta[b]) / sd if sd > 0 else 0.0

    def single(self, so: str) -> VoteRows:
        """Return the single votes. Raises `CannotTell`, with what follows, where only counts are known."""
        if self.rows is None:
            raise CannotTell(NO_ROWS.format(so))
        return self.rows

    @cached_property
    def pair_of(self) -> NDArray[np.int64]:
        """The number in `sums` of each ordered pair in `rows`."""
        assert self.rows is not None, "there are rows"
        keys = self.sums.first * self.size + self.sums.second
        low = np.minimum(self.rows.first, self.rows.second)
        high = np.maximum(self.rows.first, self.rows.second)
        # Pairs from outside the group stand in the list without votes: any number will do for them.
        return np.minimum(np.searchsorted(keys, low * self.size + high), len(keys) - 1)

    def votes(self) -> Iterator[tuple[VoteRows, Vector, Vector, Vector]]:
        """Give the votes, some at a time, with r = w (y - p), h = w p q and v = Var(r).

        Given p and the chance t of a tie, Var(y) = p q - t/4.
        """
        assert self.rows is not None, "there are rows"
        for chunk in self.rows.chunks():
            r, h = residuals(chunk, self.theta, self.beta)
            tied = self.tie_share[self.pair_of[chunk.pair]] / 4.0
            if chunk.weight is None:
                v = np.maximum(h - tied, LEAST_VARIANCE * h)
            else:
                w = chunk.weight
                v = np.maximum(w * h - w * w * tied, LEAST_VARIANCE * w * h)
            yield chunk, r, h, v


def largest_core(cells: Cells) -> list[int]:
    """Return the largest group in which everyone has, over some chain, both won and lost."""
    groups = strong_components(PairSums.of(cells).win_edges, len(cells.contestants))
    return groups[0] if groups else []


def subject_of(votes: Votes, style: tuple[str, ...]) -> Subject:
    """Fit the votes.

    Raises:
        CannotTell: no two contestants can be rated together.
        RankingError: the votes do not tell of the covariates, or the fit does not converge.
    """
    group = largest_core(votes.cells)
    if len(group) < 2:
        raise CannotTell(
            "No two contestants can be rated together yet: none have, over some chain, both won and lost."
        )
    rows = None
    if style or votes.one_by_one:
        rows = votes.rows(
            style=style,
            cluster=votes.voters,
            # The mix of prompts is looked at over time only.
            slices=NAMES[1:] if votes.times else (),
            days=votes.times is not None,
        ).among(group)
    cells = votes.cells.among(group)
    sums = PairSums.of(cells)
    if style and rows is not None:
        joint = fit_joint(rows, sums)
        fitted = joint.theta, joint.beta, joint.bread, joint.covariance
    else:
        theta = fit(sums)
        spread = covariance(sums, theta, np.zeros(sums.size, dtype=np.bool_))
        fitted = theta, np.empty(0), inverse(information(sums, theta)), spread
    return Subject(cells.contestants, cells, *fitted, rows, style)
