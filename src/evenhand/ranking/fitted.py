"""What a board keeps of its fit, for whatever is asked of it afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix, Vector
from evenhand.ranking.errors import RankingError


@dataclass(frozen=True, eq=False)
class Fitted:
    """The fit of M contestants that comparisons join.

    contestants: (M) names; theta: (M) in natural units, sums to 0; covariance: (M, M) of theta, symmetric,
    its rows sum to 0. All three are in the same order, which is not that of the board.
    """

    contestants: tuple[str, ...]
    theta: Vector
    covariance: Matrix

    def __contains__(self, contestant: object) -> bool:
        return contestant in self._places

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.contestants)}

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
