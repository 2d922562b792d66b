"""Elo against the formula written out in points, vote by vote."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.ranking import RankingError
from evenhand.ranking.elo import elo, elo_average
from evenhand.ranking.rows import CHUNK, SCORES, VoteRows

SIZE = 6


def simulated(votes: int, seed: int = 0, size: int = SIZE) -> tuple[NDArray[np.float64], VoteRows]:
    rng = np.random.Generator(np.random.Philox(seed))
    theta = rng.normal(0, 0.6, size)
    first = rng.integers(0, size, votes)
    second = (first + rng.integers(1, size, votes)) % size
    pairs, pair = np.unique(first * size + second, return_inverse=True)
    p = 1 / (1 + np.exp(theta[second] - theta[first]))
    outcome = np.where(rng.random(votes) < 0.3, rng.integers(2, 4, votes), rng.random(votes) > p)
    return theta - theta.mean(), VoteRows(
        size,
        pairs // size,
        pairs % size,
        pair.astype(np.int32),
        outcome.astype(np.uint8),
        np.empty((0, votes), dtype=np.float32),
    )


def written_out(rows: VoteRows, k: float, start: float) -> list[float]:
    rating = [start] * rows.size
    weights = np.ones(len(rows)) if rows.weight is None else rows.weight
    for pair, outcome, weight in zip(rows.pair, rows.outcome, weights, strict=True):
        a, b = rows.first[pair], rows.second[pair]
        expected = 1 / (1 + 10 ** ((rating[b] - rating[a]) / 400))
        move = k * weight * (SCORES[outcome] - expected)
        rating[a] += move
        rating[b] -= move
    return rating


def test_the_ratings_are_those_of_the_formula() -> None:
    _, rows = simulated(2_000)
    assert elo(rows, k=32, start=1200) == pytest.approx(written_out(rows, 32, 1200), abs=1e-8)


def test_a_first_win_between_equals_moves_both_by_half_of_k() -> None:
    rows = VoteRows(
        3,
        np.array([0]),
        np.array([1]),
        np.zeros(1, dtype=np.int32),
        np.zeros(1, dtype=np.uint8),
        np.empty((0, 1), dtype=np.float32),
    )
    assert elo(rows, k=32) == pytest.approx([1016, 984, 1000])


def test_the_weight_of_a_vote_scales_its_move() -> None:
    _, rows = simulated(500)
    weighted = replace(rows, weight=np.random.default_rng(1).uniform(0, 3, 500))
    assert elo(weighted, k=8) == pytest.approx(written_out(weighted, 8, 1000), abs=1e-8)


def test_votes_are_played_on_across_chunks() -> None:
    _, rows = simulated(CHUNK + 1_000, size=3)
    assert elo(rows) == pytest.approx(written_out(rows, 4, 1000), abs=1e-6)


def test_the_order_of_the_votes_matters_to_one_pass_and_points_are_neither_made_nor_lost() -> None:
    _, rows = simulated(1_000)
    backwards = rows.take(slice(None, None, -1))
    assert np.abs(elo(rows, k=32) - elo(backwards, k=32)).max() > 5
    assert elo(rows, k=32).mean() == pytest.approx(1000)


def test_the_average_over_orders_is_that_of_single_passes() -> None:
    _, rows = simulated(300)
    average = elo_average(rows, 5, seed=7, k=16)
    rng = np.random.Generator(np.random.Philox(7))
    passes = []
    for _ in range(5):
        order = rng.permutation(300)
        passes.append(
            written_out(replace(rows, pair=rows.pair[order], outcome=rows.outcome[order]), 16, 1000)
        )
    assert average.mean == pytest.approx(np.mean(passes, axis=0))
    assert average.sd == pytest.approx(np.std(passes, axis=0, ddof=1))
    assert average.lowest == pytest.approx(np.min(passes, axis=0))
    assert average.highest == pytest.approx(np.max(passes, axis=0))


def test_the_average_does_not_depend_on_which_votes_came_first_and_comes_near_the_truth() -> None:
    theta, rows = simulated(10_000)
    # All ties last: by their end a single pass has forgotten who won.
    order = np.argsort(rows.outcome, kind="stable")
    sorted_rows = replace(rows, pair=rows.pair[order], outcome=rows.outcome[order])
    assert np.abs(elo(sorted_rows, k=4) - elo(rows, k=4)).max() > 30
    one, other = elo_average(rows, 20, k=4), elo_average(sorted_rows, 20, seed=1, k=4)
    assert np.abs(one.mean - other.mean).max() < 4 * np.hypot(one.sd, other.sd).max() / math.sqrt(20)
    # Three in ten votes are ties, whoever meets: that draws ratings together and leaves their order.
    assert np.corrcoef(one.mean, theta)[0, 1] > 0.98


def test_the_same_seed_gives_the_same_average_and_another_seed_another() -> None:
    _, rows = simulated(200)
    assert np.array_equal(elo_average(rows, 3, seed=1).mean, elo_average(rows, 3, seed=1).mean)
    assert not np.array_equal(elo_average(rows, 3, seed=1).mean, elo_average(rows, 3, seed=2).mean)


def test_without_votes_all_stay_where_they_start() -> None:
    _, rows = simulated(10)
    none = rows.take(slice(0, 0))
    assert elo(none, start=1500).tolist() == [1500] * SIZE
    average = elo_average(none, 2)
    assert (average.mean.tolist(), average.sd.tolist()) == ([1000] * SIZE, [0] * SIZE)


@pytest.mark.parametrize("k", [0.0, -1.0, math.inf, math.nan])
def test_a_k_that_makes_no_sense_is_refused(k: float) -> None:
    _, rows = simulated(10)
    with pytest.raises(RankingError, match="k is"):
        elo(rows, k=k)


def test_other_numbers_that_make_no_sense_are_refused() -> None:
    _, rows = simulated(50)
    with pytest.raises(RankingError, match="start is nan"):
        elo(rows, start=math.nan)
    with pytest.raises(RankingError, match="a spread needs two or more"):
        elo_average(rows, 1)
    with pytest.raises(RankingError, match="run away"):
        elo(rows, k=1e9)
