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

import math

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix
from evenhand.ranking.intervals import CriticalValues, largest_above, scales, upper_quantile

Decisions = NDArray[np.bool_]


def separations(z: Matrix, covariance: Matrix, critical: CriticalValues, alpha: float) -> Decisions:
    """Return for each pair (size, size) whether i is above j, at 1-α for all pairs of the board at once."""
    above: Decisions = z > critical.joint
    c, bound = critical.joint, critical.largest
    one = upper_quantile(alpha)
    scale = scales(covariance)
    while above.any():
        bound = largest_standing(critical.worlds, scale, ~above, bound, alpha)
        c = min(c, max(one, float(np.quantile(bound, 1.0 - alpha))))
        now = z > c
        if (now == above).all():
            break
        above = now
    return above


def rank_bounds_of(above: Decisions) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the best and the worst rank of each contestant, [1 + #{j above i}, M - #{j below i}]."""
    return 1 + above.sum(axis=0), len(above) - above.sum(axis=1)


def largest_standing(
    worlds: NDArray[np.float32],
    scale: NDArray[np.float32],
    standing: Decisions,
    bound: NDArray[np.float32],
    alpha: float,
) -> NDArray[np.float32]:
    """Return the largest z of each world over the hypotheses that stand, as far as the 1-α quantile needs it.

    `bound` is what it was while more of them stood, and can only be larger. So the worlds are looked at in
    its order, and once the quantile's place is filled by values that no bound exceeds, the other worlds
    keep theirs: with α = .05, nine in ten of them.
    """
    draws = len(bound)
    tail = draws - math.floor(
        (draws - 1) * (1.0 - alpha)
    )  # the order statistics that the quantile lies among
    order = np.argsort(-bound, kind="stable")
    exact, done = bound.copy(), 0
    while done < draws:
        part = order[done : done + 2 * tail]
        exact[part] = largest_above(worlds[:, part], scale, standing)
        done += len(part)
        if done < draws and np.partition(exact[order[:done]], done - tail)[done - tail] >= bound[order[done]]:
            break
    return exact
