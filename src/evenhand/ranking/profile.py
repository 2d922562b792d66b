"""Profile intervals of the penalised fit: for contestants whose votes are few or all of one kind.

For them the likelihood is far from a parabola, and an interval of ± so many standard deviations misleads.
The profile interval of a rating holds every value that, with all other ratings at their best for it, costs
the penalised log-likelihood less than χ²/2 [1].

[1] Heinze & Schemper, A solution to the problem of separation in logistic regression, 2002.
"""

import math

import numpy as np

from evenhand.ranking.bradley_terry import (
    PairSums,
    Vector,
    penalised_log_likelihood,
    penalised_score,
    solve,
)

PRECISION = 1e-4
"""How exactly the ends are found, in standard deviations: .02 points where one is 200."""


def profile_interval(
    sums: PairSums, theta: Vector, contrast: Vector, sd: float, quantile: float
) -> tuple[float, float]:
    """Return the interval of contrastᵀθ around the penalised fit `theta`.

    `contrast` sums to 0; `sd` is the contrast's standard deviation, the length of the first step;
    `quantile` is √χ², 1.96 for 95 %.
    """
    top = penalised_log_likelihood(sums, theta)
    return (
        _end(sums, theta, contrast, top, -sd, quantile),
        _end(sums, theta, contrast, top, sd, quantile),
    )


def _end(sums: PairSums, theta: Vector, contrast: Vector, top: float, sd: float, quantile: float) -> float:
    """Search where the signed root √(2·drop) of the profile reaches the quantile, by Newton."""
    centre = float(contrast @ theta)
    distance, at = quantile * sd, theta
    outward = 1.0 if sd > 0 else -1.0
    for _ in range(30):
        at, slope = _best_at(sums, at, contrast, centre + distance)
        root = math.sqrt(max(2.0 * (top - penalised_log_likelihood(sums, at)), 1e-300))
        move = (quantile - root) * root / -slope
        # No step comes back more than half of the way to the centre, where the slope is 0.
        distance = outward * max(abs(distance) / 2, outward * (distance + move))
        if abs(move) <= PRECISION * abs(sd):
            break
    return centre + distance


def _best_at(sums: PairSums, theta: Vector, contrast: Vector, value: float) -> tuple[Vector, float]:
    """Return the best θ with contrastᵀθ = value, and how steeply the height changes with the value."""
    slope = 0.0
    for _ in range(100):
        score, curvature = penalised_score(sums, theta)
        free, along = solve(curvature, np.stack([score, contrast], axis=1)).T
        slope = float((contrast @ free - (value - contrast @ theta)) / (contrast @ along))
        move = free - slope * along
        theta = theta + move
        if np.abs(move).max() <= 1e-6:
            break
    return theta, slope
