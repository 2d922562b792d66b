"""What a board keeps of its fit, for whatever is asked of it afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix, Vector
from evenhand.ranking.errors import RankingError
from evenhand.ranking.intervals import normal_quantile, z_scores
from evenhand.ranking.student import as_normal, of_pairs, t_quantiles


@dataclass(frozen=True, eq=False)
class Fitted:
    """The fit of M contestants that comparisons join.

    contestants: (M) names; theta: (M) in natural units, sums to 0; covariance: (M, M) of theta, symmetric,
    its rows sum to 0; freedom: (M) the degrees of freedom of the variances, where they come of few clusters.
    All are in the same order, which is not that of the board.
    """

    contestants: tuple[str, ...]
    theta: Vector
    covariance: Matrix
    freedom: Vector | None = None

    def __contains__(self, contestant: object) -> bool:
        return contestant in self._places

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.contestants)}

    def z_scores(self) -> Matrix:
        """Return z_ij for all pairs (`intervals.z_scores`); of few clusters, the normal deviates that are as
        unlikely as those of t.
        """
        z = z_scores(self.theta, self.covariance)
        return z if self.freedom is None else as_normal(z, of_pairs(self.freedom))

    def quantiles(self, alpha: float) -> Matrix:
        """Return the two-sided critical value at 1-α for the difference of each pair, (M, M)."""
        normal = normal_quantile(alpha)
        if self.freedom is None:
            return np.full(self.covariance.shape, normal)
        return t_quantiles(normal, of_pairs(self.freedom))

    def places(self, contestants: Iterable[str]) -> NDArray[np.int64]:
        """Return the indices of some contestants.

        Raises:
            RankingError: one is not among them.
        """
        names = list(contestants)
        for name in names:
            if name not in self._places:
                raise RankingError(f"{name!r} is not among the contestants that were fitted together.")
        return np.array([self._places[name] for name in names], dtype=np.int64)
