"""Who is above whom, said of all pairs of a board at once.

The hypotheses are θ_i ≤ θ_j for every ordered pair; to reject one is to say that i is above j. All with
z_ij above a critical value c are rejected, where c is the 1-α quantile, under N(0, V), of the largest z
among those hypotheses that still stand. What is rejected no longer stands, so c falls, and more may be
rejected, until nothing is: the step-down of [1], for ranks [2]. That any of the rejections is false has a
chance of α at most.

Of a pair that is told apart the opposite hypothesis still stands: a step that forgot it as well would let go
of the chance to be wrong about the direction. So c falls less than the number of undecided pairs suggests.

[1] Romano & Wolf, Exact and approximate stepdown methods for multiple hypothesis testing, 2005.
[2] Mogstad, Romano, Shaikh & Wilhelm, Inference for ranks, 2024.
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix
from evenhand.ranking.intervals import CriticalValues, upper_quantile
from evenhand.ranking.maxima import of_pairs, top_values

Decisions = NDArray[np.bool_]


def separations(z: Matrix, critical: CriticalValues, alpha: float) -> Decisions:
    """Return for each pair (size, size) whether i is above j, at 1-α for all pairs of the board at once."""
    above: Decisions = z > critical.joint
    c, largest = critical.joint, critical.largest
    one = upper_quantile(alpha)
    while above.any():
        standing = np.where(above, np.float32(0.0), critical.scale)
        largest = largest_standing(critical, standing, largest, alpha)
        c = min(c, max(one, float(np.quantile(largest, 1.0 - alpha))))
        now = z > c
        if (now == above).all():
            break
        above = now
    return above


def rank_bounds_of(above: Decisions) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the best and the worst rank of each contestant, [1 + #{j above i}, M - #{j below i}]."""
    return 1 + above.sum(axis=0), len(above) - above.sum(axis=1)


def largest_standing(
    critical: CriticalValues, scale: NDArray[np.float32], before: NDArray[np.float32], alpha: float
) -> NDArray[np.float32]:
    """Return the largest z of each world over the hypotheses that stand, as far as the 1-α quantile needs it.

    scale: (size, size), 0 for those that do not stand; before: what it was while more of them stood, and can
    only be larger.
    """
    return top_values(before, partial(of_pairs, critical.by_world, scale, critical.bounds), alpha)
