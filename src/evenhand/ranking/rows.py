"""Votes one by one, in as little memory as they need: for whatever pair sums cannot tell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import lt

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.cells import OUTCOMES, Cells
from evenhand.ranking.errors import RankingError

CHUNK = 250_000
"""Votes that are looked at together: what is computed of them stays in the processor's cache."""

SCORES = np.array([1.0, 0.0, 0.5, 0.5])
"""What A gets for each outcome, in the order of `cells.OUTCOMES`."""


@dataclass(frozen=True)
class VoteRows:
    """N votes among `size` contestants, as they were shown: A against B.

    first, second: (P) indices of A and B for each ordered pair that occurs; pair: (N) indices into those;
    outcome: (N) indices into `OUTCOMES`; weight: (N), or None where each weighs 1; features: (K, N), the
    covariates x; cluster: (N) numbers of those who voted, or None; slices: which votes belong to each, (N)
    booleans; day: (N) days since 1970-01-01, -1 where it is not known, or None where that was not asked for;
    contestants: (size) names, sorted, or () if they have none and cannot be ranked; covariates: (K) names;
    clustered_by: the name of what `cluster` numbers.
    """

    size: int
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    pair: NDArray[np.int32]
    outcome: NDArray[np.uint8]
    features: NDArray[np.float32]
    weight: NDArray[np.float64] | None = None
    cluster: NDArray[np.int32] | None = None
    slices: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    day: NDArray[np.int32] | None = None
    contestants: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    clustered_by: str = "cluster"

    def __post_init__(self) -> None:
        """Look at the names, whose order is that of all the numbers.

        Raises:
            RankingError: they are not sorted, one is there twice, or there are fewer or more than `size`.
        """
        names = self.contestants
        if names and (len(names) != self.size or not all(map(lt, names, names[1:]))):
            raise RankingError(
                f"The {self.size} contestants of rows must be named in ascending order, each once, or not at "
                f"all; these {len(names)} names are not so."
            )

    def __len__(self) -> int:
        return len(self.pair)

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.int64] | slice) -> "VoteRows":
        """Return some of the votes, among the same contestants."""
        return replace(
            self,
            pair=self.pair[chosen],
            outcome=self.outcome[chosen],
            features=self.features[:, chosen],
            weight=None if self.weight is None else self.weight[chosen],
            cluster=None if self.cluster is None else self.cluster[chosen],
            slices={name: inside[chosen] for name, inside in self.slices.items()},
            day=None if self.day is None else self.day[chosen],
        )

    def among(self, group: Sequence[int]) -> "VoteRows":
        """Return the votes within a group of contestants, who are numbered in its order."""
        place = np.full(self.size, -1, dtype=np.int64)
        place[list(group)] = np.arange(len(group))
        inside = (place[self.first] >= 0) & (place[self.second] >= 0)
        kept = self if inside.all() else self.take(inside[self.pair])
        # Pairs outside the group stay in the list and have no votes; any contestant of the group will do.
        return replace(
            kept,
            size=len(group),
            first=np.where(inside, place[self.first], 0),
            second=np.where(inside, place[self.second], 0),
            contestants=tuple(self.contestants[i] for i in group) if self.contestants else (),
        )

    def within(self, name: str) -> "VoteRows":
        """Return the votes of a slice, which belong to no other any more."""
        return replace(self, slices={}).take(self.slices[name])

    def chosen(self, covariates: Sequence[str], *, clustered: bool) -> "VoteRows":
        """Return the same votes with some of the covariates alone, and with their clusters or without.

        Raises:
            RankingError: they lack a covariate.
        """
        for name in covariates:
            if name not in self.covariates:
                has = ", ".join(self.covariates) or "none"
                raise RankingError(
                    f"style names {name!r}, and the rows have {has}: see Votes.rows(style=...)."
                )
        places = [self.covariates.index(name) for name in covariates]
        return replace(
            self,
            features=self.features if tuple(covariates) == self.covariates else self.features[places],
            covariates=tuple(covariates),
            cluster=self.cluster if clustered else None,
        )

    def cells(self, contestants: Iterable[str] | None = None, name: str | None = None) -> Cells:
        """Return the sums of the votes, or of a slice alone; `contestants` are the names (size), sorted.

        They need not be given where the rows have them.

        Raises:
            RankingError: nothing says who the contestants are.
        """
        names = self.contestants if contestants is None else tuple(contestants)
        if len(names) != self.size:
            raise RankingError(f"These votes are on {self.size} contestants; {len(names)} are named.")
        kinds, width = len(OUTCOMES), len(self.first) * len(OUTCOMES)
        sums = np.zeros((3, len(self.first), kinds))
        for start in range(0, len(self), CHUNK):
            part = slice(start, start + CHUNK)
            key = self.pair[part] * kinds + self.outcome[part]
            weight = None if self.weight is None else self.weight[part]
            if name is not None:
                inside = self.slices[name][part]
                key, weight = key[inside], None if weight is None else weight[inside]
            number = np.bincount(key, minlength=width).reshape(-1, kinds)
            sums[0] += number
            for power in (1, 2):
                if weight is None:
                    sums[power] += number
                else:
                    sums[power] += np.bincount(key, weight**power, width).reshape(-1, kinds)
        return Cells(names, self.first, self.second, sums)

    def chunks(self, at_once: int = CHUNK) -> Iterator["VoteRows"]:
        """Give all votes, so many at a time."""
        for start in range(0, len(self), at_once):
            yield self.take(slice(start, start + at_once))
