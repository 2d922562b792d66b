from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.ranking import RankingError, rank
from evenhand.ranking.ranks import overlap_ranks, places, rank_probabilities
from tests.ranking.worlds import cells, tournament

OLD = tournament(("a", "b", 40, 20, 10), ("b", "c", 35, 25, 5), ("a", "c", 45, 15, 10))
ends = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted), max_size=8)


@given(ends)
def test_ranks_by_overlap_are_counted_as_defined(intervals: list[list[int]]) -> None:
    lower = np.array([a for a, _ in intervals], dtype=np.float64)
    upper = np.array([b for _, b in intervals], dtype=np.float64)
    best, worst = overlap_ranks(lower, upper)
    everybody = range(len(intervals))
    for i in everybody:
        assert best[i] == 1 + sum(lower[j] > upper[i] for j in everybody)
        assert worst[i] == 1 + sum(upper[j] > lower[i] for j in everybody if j != i)


def test_a_board_gives_the_ranks_of_published_boards_for_whoever_is_ranked() -> None:
    board = rank(OLD + cells([], also=["idle"]))
    expected = {}
    rated = [r for r in board.rows if r.rating is not None]
    for r in rated:
        others = [other for other in rated if other is not r]
        best = 1 + sum((other.lower or 0) > (r.upper or 0) for other in others)
        expected[r.contestant] = best, 1 + sum((other.upper or 0) > (r.lower or 0) for other in others)
    assert board.overlap_ranks() == expected
    assert rank(cells([])).overlap_ranks() == {}


def test_equal_ratings_share_the_best_of_their_places_in_every_world() -> None:
    theta = np.array([[1.0, 0.0], [2.0, 0.0], [1.0, 0.0], [-3.0, 5.0]])
    assert places(theta).tolist() == [[2, 2], [1, 2], [2, 2], [4, 1]]
    assert places(theta[:, 0]).tolist() == [2, 1, 2, 4]


def test_the_better_of_two_is_first_as_often_as_the_normal_law_says() -> None:
    spread = np.array([[1.0, -1.0], [-1.0, 1.0]]) / 4  # the difference has standard deviation 1
    shares = rank_probabilities(np.array([0.35, -0.35]), spread, seed=0)
    assert shares[0, 0] == pytest.approx(NormalDist().cdf(0.7), abs=0.03)
    assert shares[:, 0].sum() == pytest.approx(1)
    assert shares[:, 1] == pytest.approx([1, 1])


def test_equals_come_out_on_top_equally_often() -> None:
    shares = rank_probabilities(np.zeros(5), np.eye(5) - 0.2, seed=1)
    assert shares == pytest.approx(np.tile(np.arange(1, 6) / 5, (5, 1)), abs=0.035)


def test_contestants_whose_difference_is_certain_to_be_none_are_both_first() -> None:
    assert rank_probabilities(np.zeros(2), np.zeros((2, 2)), seed=0).tolist() == [[1, 1], [1, 1]]


def test_k_contestants_are_among_the_first_k_and_the_chance_grows_with_k() -> None:
    board = rank(OLD)
    tops = [board.probability_of_top(k) for k in (1, 2, 3, 99)]
    assert [sum(top.values()) for top in tops] == pytest.approx([1, 2, 3, 3])
    for name in "abc":
        chances = [top[name] for top in tops]
        assert chances == sorted(chances)
    assert list(tops[0]) == [r.contestant for r in board.rows]
    assert tops[0]["a"] > 0.99
    assert board.probability_of_top(1) == rank(OLD).probability_of_top(1)


def test_without_a_joint_order_nobody_is_on_top() -> None:
    for votes in (cells([]), OLD + tournament(("x", "y", 40, 30, 0))):
        with pytest.raises(RankingError, match="no joint order"):
            rank(votes).probability_of_top(1)


def test_ranks_begin_at_one() -> None:
    with pytest.raises(RankingError, match="ranks begin at 1"):
        rank(OLD).probability_of_top(0)
