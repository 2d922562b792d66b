"""Profile intervals of the penalised fit: for contestants whose votes are few or all of one kind.

For them the likelihood is far from a parabola, and an interval of ± so many standard deviations misleads.
The profile interval of a rating holds every value that, with all other ratings at their best for it, costs
the penalised log-likelihood less than χ²/2 [1].

[1] Heinze & Schemper, A solution to the problem of separation in logistic regression, 2002.
"""

import math

import numpy as np

from evenhand.ranking.bradley_terry import PairSums, Vector, climb, solve
from evenhand.ranking.penalised import PenalisedLikelihood

PRECISION = 1e-4
"""How exactly an end is found, as a part of its distance: .03 points where that is 300."""
MAX_SEARCH = 40


def profile_interval(
    sums: PairSums, theta: Vector, contrast: Vector, sd: float, quantile: float
) -> tuple[float, float]:
    """Return the interval of contrastᵀθ around the penalised fit `theta`.

    `contrast` sums to 0; `sd` is the contrast's standard deviation, the length of the first step;
    `quantile` is √χ², 1.96 for 95 %.
    """
    likelihood = PenalisedLikelihood(sums)
    return (
        _end(likelihood, theta, contrast, -sd, quantile),
        _end(likelihood, theta, contrast, sd, quantile),
    )


def _end(
    likelihood: PenalisedLikelihood, theta: Vector, contrast: Vector, sd: float, quantile: float
) -> float:
    """Search where the signed root √(2·drop) of the profile reaches the quantile: Newton, kept in bounds.

    The profile may level out and rise again before it falls for good, so the bounds decide, not the slope.
    """
    centre, outward = float(contrast @ theta), math.copysign(1.0, sd)
    distance, at, top = quantile * abs(sd), theta, likelihood.height(theta)
    inside, outside = 0.0, math.inf
    for _ in range(MAX_SEARCH):
        at = _best_at(likelihood, at, contrast, centre + outward * distance)
        # At the best θ for a value, the score points along the contrast, as steeply as the profile is there.
        fall = -outward * float(likelihood.score(at)[0] @ contrast / (contrast @ contrast))
        root = math.sqrt(max(2.0 * (top - likelihood.height(at)), 0.0))
        if root < quantile:
            inside = distance
        else:
            outside = distance
        reach = distance + (quantile - root) * root / fall if fall > 0 else math.inf
        if math.isinf(outside):
            reach = min(reach, 2 * distance)
        elif not inside < reach < outside:
            reach = (inside + outside) / 2
        settled = abs(reach - distance) <= PRECISION * distance
        distance = reach
        if settled:
            break
    return centre + outward * distance


def _best_at(likelihood: PenalisedLikelihood, theta: Vector, contrast: Vector, value: float) -> Vector:
    """Return the best θ with contrastᵀθ = value, sought from a θ with another value."""
    _, curvature = likelihood.score(theta)
    along = solve(curvature, contrast[:, None])[:, 0]
    start = theta + along * (value - contrast @ theta) / (contrast @ along)

    def step(at: Vector) -> Vector:
        score, curvature = likelihood.score(at)
        free, along = solve(curvature, np.stack([score, contrast], axis=1)).T
        return np.asarray(free - along * (contrast @ free) / (contrast @ along))

    return climb(step, likelihood.height, start, tolerance=1e-6)
