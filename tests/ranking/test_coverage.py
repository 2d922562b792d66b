"""Intervals against worlds whose truth is known: how often they hold it."""

import numpy as np
import pytest

from evenhand.ranking import rank
from evenhand.ranking.bradley_terry import fit_penalised
from tests.ranking.worlds import pair_sums, simulated

SCALE = 400 / np.log(10)


@pytest.mark.parametrize("ties", [0.0, 0.35])
def test_intervals_hold_the_true_rating_in_95_of_100_cases_with_ties_and_without(ties: float) -> None:
    rng = np.random.default_rng(11)
    shares = np.array([0.03, 0.03, *([0.94 / 8] * 8)])  # two contestants with 100 to 200 votes
    held, held_few, rank_held, boards = [], [], [], 150
    for _ in range(boards):
        theta = rng.normal(0, 0.5, 10)
        board = rank(simulated(rng, theta, shares, 1500, ties))
        truth = 1000 + SCALE * (theta - theta.mean())
        places = 1 + (theta[:, None] < theta[None, :]).sum(axis=1)
        for r in board.rows:
            i = int(r.contestant)
            assert r.lower is not None
            assert r.upper is not None
            assert r.rank_best is not None
            assert r.rank_worst is not None
            inside = r.lower <= truth[i] <= r.upper
            held.append(inside)
            if i < 2:
                held_few.append(inside)
            rank_held.append(r.rank_best <= places[i] <= r.rank_worst)
    assert 0.93 <= np.mean(held) <= 0.97
    assert 0.92 <= np.mean(held_few) <= 0.98
    assert np.mean(rank_held) >= 0.95


def test_profile_intervals_of_a_board_of_sixty_votes_hold_the_truth() -> None:
    rng = np.random.default_rng(12)
    held = []
    for _ in range(60):
        theta = rng.normal(0, 0.5, 6)
        board = rank(simulated(rng, theta, np.full(6, 1 / 6), 60, ties=0.0))
        truth = 1000 + SCALE * (theta - theta.mean())
        held += [
            (r.lower or 0) <= truth[int(r.contestant)] <= (r.upper or 0)
            for r in board.rows
            if r.interval == "profile"
        ]
    assert len(held) > 300
    assert 0.92 <= np.mean(held) <= 0.98


def test_the_penalised_fit_of_thirty_votes_is_hardly_biased() -> None:
    rng = np.random.default_rng(13)
    theta = np.array([-0.8, 0.0, 0.8])
    worlds = (simulated(rng, theta, np.full(3, 1 / 3), 30, ties=0.0) for _ in range(2000))
    errors = [SCALE * (fit_penalised(pair_sums(world)) - theta) for world in worlds]
    # The standard error of these means is 1.5 points.
    assert np.abs(np.mean(errors, axis=0)).max() < 5
