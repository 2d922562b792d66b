import math
from dataclasses import replace

import numpy as np
import pytest

from evenhand.ranking import Cells, RankingError, rank
from evenhand.ranking.board import Ties
from evenhand.ranking.bradley_terry import fit
from evenhand.ranking.pairwise import difference, expected_scores, meetings
from evenhand.ranking.ties import fit_ties
from tests.ranking.worlds import cells, pair_sums, simulated, tournament

OLD = tournament(("a", "b", 40, 20, 10), ("b", "c", 35, 25, 5), ("a", "c", 45, 15, 10))
POINTS = 400 / math.log(10)


def test_the_expected_score_of_two_is_the_observed_one_where_they_met_nobody_else() -> None:
    votes = tournament(("x", "y", 60, 30, 10))
    expected = expected_scores(rank(votes))
    assert expected.contestants == ("x", "y")
    assert expected.score == pytest.approx(np.array([[0.5, 0.65], [0.35, 0.5]]), abs=1e-8)
    # The standard error of a mean of 60 ones, 30 zeros and 10 halves.
    scores = np.repeat([1.0, 0.0, 0.5], [60, 30, 10])
    assert expected.error[0, 1] == pytest.approx(scores.std() / math.sqrt(100))
    assert expected.against_field == pytest.approx([0.65, 0.35])
    assert expected.field_error == pytest.approx([expected.error[0, 1]] * 2)


def test_expected_scores_follow_from_points_and_those_of_a_pair_add_up_to_one() -> None:
    board = rank(OLD)
    expected = expected_scores(board)
    assert expected.contestants == tuple(r.contestant for r in board.rows)
    assert expected.score + expected.score.T == pytest.approx(np.ones((3, 3)))
    for i, first in enumerate(board.rows):
        for j, second in enumerate(board.rows):
            points = (second.rating or 0) - (first.rating or 0)
            assert expected.score[i, j] == pytest.approx(1 / (1 + 10 ** (points / 400)))
    assert (expected.lower <= expected.score).all()
    assert (expected.score <= expected.upper).all()
    assert expected.lower + expected.upper.T == pytest.approx(np.ones((3, 3)))


def test_errors_are_those_of_finite_differences_through_the_covariance() -> None:
    board = rank(OLD)
    names = [r.contestant for r in board.rows]
    fitted, expected = board.fitted[0], expected_scores(board)
    place = fitted.places(names)
    theta, covariance = fitted.theta[place], fitted.covariance[np.ix_(place, place)]

    def field(at: np.ndarray) -> np.ndarray:
        scores = 1 / (1 + np.exp(at[None, :] - at[:, None]))
        return np.array([np.delete(scores[i], i).mean() for i in range(3)])

    step = 1e-6
    slopes = np.array([(field(theta + step * e) - field(theta - step * e)) / (2 * step) for e in np.eye(3)]).T
    assert expected.against_field == pytest.approx(field(theta))
    assert expected.field_error == pytest.approx(np.sqrt(np.diag(slopes @ covariance @ slopes.T)), rel=1e-5)


def test_the_average_against_the_field_is_as_unsure_as_new_votes_show_it() -> None:
    rng = np.random.default_rng(8)
    truth = np.array([0.6, 0.2, 0.0, -0.8])
    drawn, errors = [], []
    for _ in range(150):
        votes = simulated(rng, truth, np.full(4, 1 / 4), 800, ties=0.3)
        expected = expected_scores(rank(votes), votes.contestants)
        drawn.append(expected.against_field)
        errors.append(expected.field_error)
    assert np.mean(errors, axis=0) == pytest.approx(np.std(drawn, axis=0), rel=0.2)


def test_a_difference_is_in_points_with_its_interval_and_z() -> None:
    votes = tournament(("x", "y", 60, 40, 0))
    one = difference(rank(votes), "x", "y")
    sd = math.sqrt(1 / 60 + 1 / 40)
    assert one.points == pytest.approx(POINTS * math.log(1.5))
    assert one.z == pytest.approx(math.log(1.5) / sd)
    assert one.lower == pytest.approx(one.points - 1.959964 * POINTS * sd)
    assert one.expected_score == pytest.approx(0.6)
    other = difference(rank(votes, anchor=("y", 0)), "y", "x")
    assert (other.points, other.z, other.upper) == pytest.approx((-one.points, -one.z, -one.lower))


def test_equals_differ_by_nothing() -> None:
    one = difference(rank(tournament(("x", "y", 50, 50, 0))), "x", "y")
    assert (one.points, one.z, one.expected_score) == (pytest.approx(0, abs=1e-6), 0.0, pytest.approx(0.5))


def test_those_who_never_met_are_compared_through_others_and_islands_are_not() -> None:
    board = rank(OLD + tournament(("x", "y", 40, 30, 0)) + cells([], also=["idle"]))
    theta = fit(pair_sums(OLD))
    assert difference(board, "a", "c").points == pytest.approx(POINTS * (theta[0] - theta[2]))
    assert expected_scores(board).contestants == ("a", "b", "c")
    assert expected_scores(board, ["y", "x"]).score[0, 1] == pytest.approx(30 / 70)
    for names, says in [
        (("a", "x"), "No chain of comparisons joins 'a', 'x'"),
        (("a", "idle"), "'idle' has no rating"),
        (("a", "nobody"), "'nobody' is not among the contestants"),
        (("a", "a"), "compared with itself"),
    ]:
        with pytest.raises(RankingError, match=says):
            difference(board, *names)


@pytest.mark.parametrize("names", [[], ["a"], ["a", "a"]])
def test_expected_scores_of_less_than_two_are_refused(names: list[str]) -> None:
    with pytest.raises(RankingError, match=r"two contestants or more|named twice"):
        expected_scores(rank(OLD), names)


def test_expected_scores_of_an_empty_board_are_refused() -> None:
    with pytest.raises(RankingError, match="there are 0"):
        expected_scores(rank(cells([])))


def test_extreme_ratings_give_scores_between_none_and_all() -> None:
    votes = tournament(("x", "y", 4000, 0, 0), ("y", "z", 4000, 0, 0))
    expected = expected_scores(rank(votes))
    for part in (expected.score, expected.lower, expected.upper, expected.error):
        assert np.isfinite(part).all()
        assert ((part >= 0) & (part <= 1)).all()


def test_meetings_count_wins_and_ties_of_each_pair_in_the_order_asked_for() -> None:
    votes = OLD + cells([("a", "b", "both_bad")], also=["idle"])
    met = meetings(votes, ["c", "a", "b", "idle"])
    assert met.wins.tolist() == [[0, 15, 25, 0], [45, 0, 40, 0], [35, 20, 0, 0], [0, 0, 0, 0]]
    assert met.ties.tolist() == [[0, 10, 5, 0], [10, 0, 11, 0], [5, 11, 0, 0], [0, 0, 0, 0]]
    assert met.battles[0].tolist() == [0, 70, 65, 0]
    assert met.score[1, 0] == pytest.approx(50 / 70)
    assert met.score.mask[3].all()
    assert met.score.mask.diagonal().all()
    assert met.score.sum() == pytest.approx(3)  # each of three pairs shares one


def test_observed_scores_are_by_weight_and_counts_are_not() -> None:
    met = meetings(cells([("x", "y", "a"), ("x", "y", "b")], [3.0, 1.0]))
    assert met.wins.tolist() == [[0, 1], [1, 0]]
    assert met.score[0, 1] == pytest.approx(0.75)


def test_votes_of_no_weight_are_counted_and_observe_nothing() -> None:
    met = meetings(cells([("x", "y", "a")], [0.0]))
    assert met.wins.tolist() == [[0, 1], [0, 0]]
    assert met.score.mask.all()


def test_meetings_of_nobody_are_none_and_of_strangers_refused() -> None:
    assert meetings(Cells.from_sums([])).battles.shape == (0, 0)
    with pytest.raises(RankingError, match="'nobody' is not among"):
        meetings(OLD, ["nobody"])
    with pytest.raises(RankingError, match="named twice"):
        meetings(OLD, ["a", "a"])


@pytest.mark.parametrize("model", ["rao-kupper", "davidson"])
def test_under_a_model_of_ties_the_expected_score_is_what_it_says_of_wins_and_ties(model: Ties) -> None:
    board = rank(OLD, ties=model)
    fitted, expected = fit_ties(OLD, model), expected_scores(board)
    for i, first in enumerate(expected.contestants):
        for j, second in enumerate(expected.contestants):
            if first != second:
                chances = fitted.probabilities(first, second)
                assert expected.score[i, j] == pytest.approx(chances["a"] + chances["tie"] / 2)
                compared = difference(board, first, second)
                assert compared.expected_score == pytest.approx(expected.score[i, j])
                # The error is the slope of the score times that of the difference.
                step = 1e-5
                moved = [
                    replace(
                        fitted, theta=fitted.theta + sign * step * np.eye(3)[fitted.contestants.index(first)]
                    )
                    for sign in (-1, 1)
                ]
                low, high = (one.probabilities(first, second) for one in moved)
                slope = (high["a"] + high["tie"] / 2 - low["a"] - low["tie"] / 2) / (2 * step)
                sd = (compared.upper - compared.lower) / POINTS / 2 / 1.959964
                assert expected.error[i, j] == pytest.approx(slope * sd, rel=1e-5)
