import math
from statistics import NormalDist

import numpy as np
import pytest

from evenhand.ranking.bradley_terry import fit, information
from evenhand.ranking.intervals import (
    covariance,
    critical_values,
    difference_sd,
    normal_quantile,
    rank_bounds,
    z_scores,
)
from evenhand.ranking.maxima import top_values
from tests.ranking.worlds import cells, pair_sums, tournament

NONE_YOUNG = np.zeros(2, dtype=np.bool_)
BOTH_YOUNG = np.ones(2, dtype=np.bool_)


def test_without_ties_two_contestants_have_the_binomial_variance() -> None:
    sums = pair_sums(tournament(("x", "y", 30, 10, 0)))
    spread = covariance(sums, fit(sums), NONE_YOUNG)
    assert difference_sd(spread)[0, 1] ** 2 == pytest.approx(1 / 30 + 1 / 10)
    assert spread.sum(axis=1) == pytest.approx([0, 0], abs=1e-12)


def test_ties_make_the_sandwich_narrower_than_the_model_expects() -> None:
    sums = pair_sums(tournament(("x", "y", 15, 15, 30)))
    theta = fit(sums)
    robust = difference_sd(covariance(sums, theta, NONE_YOUNG))[0, 1]
    expected = difference_sd(covariance(sums, theta, BOTH_YOUNG))[0, 1]
    assert expected == pytest.approx(math.sqrt(1 / 15))  # 60 votes of pq = 1/4
    assert robust == pytest.approx(expected * math.sqrt(0.5))


def test_a_vote_of_weight_two_counts_less_than_two_votes() -> None:
    one_each = tournament(("x", "y", 20, 10, 0))
    doubled = cells([("x", "y", "a")] * 20 + [("x", "y", "b")] * 10, [2.0] * 30)
    theta = fit(pair_sums(one_each))
    assert covariance(pair_sums(doubled), theta, NONE_YOUNG) == pytest.approx(
        covariance(pair_sums(one_each), theta, NONE_YOUNG)
    )


def test_with_unit_weights_the_models_covariance_is_the_inverse_information() -> None:
    sums = pair_sums(tournament(("x", "y", 3, 1, 0), ("y", "z", 2, 2, 1), ("x", "z", 2, 1, 0)))
    theta = fit(sums)
    expected = np.linalg.pinv(information(sums, theta))
    assert covariance(sums, theta, np.ones(3, dtype=np.bool_)) == pytest.approx(expected)


def test_rank_bounds_count_who_is_clearly_better_and_who_is_clearly_worse() -> None:
    # a is clearly above c and d, b above d alone; c and d are too close to tell.
    z = np.array([[0, 1.5, 4, 6], [-1.5, 0, 1, 5], [-4, -1, 0, 2], [-6, -5, -2, 0]], dtype=np.float64)
    best, worst = rank_bounds(z, np.array([2.4, 2.4, 2.4, 2.4]))
    assert best.tolist() == [1, 1, 2, 3]
    assert worst.tolist() == [2, 3, 4, 4]


def test_each_row_uses_its_own_critical_value() -> None:
    z = np.array([[0, 3], [-3, 0]], dtype=np.float64)
    best, worst = rank_bounds(z, np.array([4.0, 2.0]))
    assert (best.tolist(), worst.tolist()) == ([1, 2], [2, 2])


def test_one_comparison_has_the_ordinary_critical_value() -> None:
    critical = critical_values(np.array([[1.0, -1.0], [-1.0, 1.0]]), 0.05, seed=0)
    assert critical.rows == pytest.approx([1.959964, 1.959964], abs=1e-6)
    assert critical.joint == pytest.approx(1.959964, abs=1e-6)


def test_critical_values_for_equal_contestants_are_those_of_the_studentised_range() -> None:
    # Tukey's q(.95; 10, ∞) = 4.474, and |z| = q / √2; Dunnett's two-sided value for 9 comparisons is 2.69.
    critical = critical_values(np.eye(10) - 0.1, 0.05, seed=3)
    assert critical.joint == pytest.approx(4.474 / math.sqrt(2), abs=0.08)
    assert critical.rows == pytest.approx(np.full(10, 2.69), abs=0.15)


def test_a_newcomer_whose_own_doubt_outweighs_all_others_pays_little_for_its_comparisons() -> None:
    spread = np.diag([25.0, *([0.01] * 30)])
    centred = np.eye(31) - 1 / 31
    critical = critical_values(centred @ spread @ centred, 0.05, seed=0)
    assert critical.rows[0] == pytest.approx(1.96, abs=0.15)
    assert critical.rows[1] > 2.8


def test_the_same_seed_gives_the_same_critical_values_and_another_seed_others() -> None:
    spread = np.eye(5) - 0.2
    assert critical_values(spread, 0.05, 1).joint == critical_values(spread, 0.05, 1).joint
    assert critical_values(spread, 0.05, 1).joint != critical_values(spread, 0.05, 2).joint


def test_a_quantile_beyond_all_worlds_is_that_of_the_farthest_ones() -> None:
    values = np.random.default_rng(2).exponential(size=200).astype(np.float32)
    for alpha in (1e-20, 0.004, 0.2):
        found = top_values(values + np.float32(3.0), lambda some, _: values[some], alpha)
        assert np.quantile(found, 1.0 - alpha) == np.quantile(values, 1.0 - alpha)


def test_sidaks_bound_is_the_quantile_for_independent_comparisons() -> None:
    c = normal_quantile(0.05, 10)
    assert (2 * NormalDist().cdf(c) - 1) ** 10 == pytest.approx(0.95)


def test_equal_ratings_are_never_told_apart() -> None:
    z = z_scores(np.array([0.0, 1e-12]), np.zeros((2, 2)))
    assert z.tolist() == [[0, 0], [0, 0]]
