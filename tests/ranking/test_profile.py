import math

import numpy as np
import pytest

from evenhand.ranking.penalised import PenalisedLikelihood, fit_penalised
from evenhand.ranking.profile import profile_interval
from tests.ranking.worlds import pair_sums, tournament

QUANTILE = 1.959964


@pytest.mark.parametrize(("wins", "losses"), [(1, 0), (10, 0), (0, 40), (4, 3)])
def test_the_ends_for_two_contestants_cost_exactly_half_a_chi_square(wins: int, losses: int) -> None:
    sums = pair_sums(tournament(("x", "y", wins, losses, 0)))
    theta = fit_penalised(sums)
    lower, upper = profile_interval(sums, theta, np.array([1.0, -1.0]), 1.0, QUANTILE)

    def height(gap: float) -> float:
        """The penalised log-likelihood in closed form: half a win more for both."""
        return -(wins + 0.5) * math.log1p(math.exp(-gap)) - (losses + 0.5) * math.log1p(math.exp(gap))

    gap = float(theta[0] - theta[1])
    assert lower < gap < upper
    assert height(gap) - height(lower) == pytest.approx(QUANTILE**2 / 2, abs=1e-3)
    assert height(gap) - height(upper) == pytest.approx(QUANTILE**2 / 2, abs=1e-3)


def test_an_undefeated_contestant_may_be_far_better_but_not_far_worse() -> None:
    sums = pair_sums(tournament(("x", "y", 10, 0, 0)))
    theta = fit_penalised(sums)
    lower, upper = profile_interval(sums, theta, np.array([1.0, -1.0]), 1.5, QUANTILE)
    gap = float(theta[0] - theta[1])
    assert upper - gap > 2 * (gap - lower)


def test_everybody_else_is_at_their_best_at_the_ends() -> None:
    votes = tournament(("a", "b", 2, 0, 0), ("b", "c", 1, 1, 1), ("a", "c", 1, 0, 0), ("c", "d", 3, 1, 0))
    sums = pair_sums(votes)
    theta = fit_penalised(sums)
    contrast = np.array([0.75, -0.25, -0.25, -0.25])
    _, upper = profile_interval(sums, theta, contrast, 1.0, QUANTILE)
    limit = PenalisedLikelihood(sums).height(theta) - QUANTILE**2 / 2

    rng = np.random.default_rng(4)
    shift = upper / 0.75 * np.array([1.0, 0, 0, 0])
    others = rng.normal(0, 1.5, (4000, 4)) * [0, 1, 1, 1]
    others[:, 1:] -= others[:, 1:].mean(axis=1, keepdims=True)
    best = max(PenalisedLikelihood(sums).height(shift + other) for other in others)
    assert limit - 0.02 < best <= limit + 1e-3


def test_an_interval_reaches_past_a_dip_of_the_profile_in_votes_that_contradict_each_other() -> None:
    # d beat b, and c beat d, but c is so far above b that d's place between them is anybody's guess: the
    # profile falls, rises to a second, lower summit on the far side, and only then falls for good.
    votes = tournament(
        ("a", "b", 2827, 61, 0), ("c", "a", 1541, 0, 0), ("d", "b", 8, 0, 0), ("c", "d", 5, 0, 0)
    )
    sums = pair_sums(votes)
    theta = fit_penalised(sums)
    contrast = np.array([-0.25, -0.25, -0.25, 0.75])
    lower, upper = profile_interval(sums, theta, contrast, 1.2, QUANTILE)
    assert lower == pytest.approx(-3.71, abs=0.02)
    assert upper > 3
