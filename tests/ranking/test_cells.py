import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.ranking import Cells, RankingError
from tests.ranking.worlds import Vote, cells, vote_lists

MIRROR = {"a": "b", "b": "a", "tie": "tie", "both_bad": "both_bad"}


def test_a_cell_counts_the_votes_and_sums_their_weights_and_squares() -> None:
    counted = cells(
        [("y", "x", "a"), ("x", "y", "b"), ("x", "y", "tie"), ("x", "y", "both_bad")], [1, 3, 2, 0]
    )

    assert counted.contestants == ("x", "y")
    assert counted.pairs.tolist() == [[0, 1]]
    assert counted.votes.tolist() == [[0, 2, 1, 1]]
    assert counted.weights.tolist() == [[0, 4, 2, 0]]
    assert counted.squares.tolist() == [[0, 10, 4, 0]]


@given(vote_lists(), vote_lists())
def test_cells_of_two_sets_of_votes_add_up_to_the_cells_of_both(one: list[Vote], other: list[Vote]) -> None:
    assert cells(one) + cells(other) == cells(one + other)


@given(vote_lists(), vote_lists())
def test_taking_votes_away_equals_never_having_had_them(kept: list[Vote], gone: list[Vote]) -> None:
    names = "abcde"
    assert cells(kept + gone, also=names) - cells(gone) == cells(kept, also=names)


@given(vote_lists(), st.randoms())
def test_the_order_of_rows_does_not_matter(votes: list[Vote], random: np.random.Generator) -> None:
    shuffled = list(votes)
    random.shuffle(shuffled)
    assert cells(shuffled) == cells(votes)


@given(vote_lists())
def test_the_sides_do_not_matter(votes: list[Vote]) -> None:
    assert cells([(b, a, MIRROR[outcome]) for a, b, outcome in votes]) == cells(votes)


@given(vote_lists())
def test_the_lines_that_cells_give_make_the_same_cells_again(votes: list[Vote]) -> None:
    counted = cells(votes)
    assert Cells.from_sums(counted.sums(), counted.contestants) == counted


def test_no_dust_of_rounding_is_left_of_weights_taken_away() -> None:
    won, lost = ("x", "y", "a"), ("x", "y", "b")
    all_votes = cells([won, won, won, lost], [0.1, 0.2, 0.3, 1.0])
    left = all_votes - cells([won, won], [0.1, 0.2]) - cells([won], [0.3])

    assert left.weights.tolist() == [[0, 1, 0, 0]]
    assert left.squares.tolist() == [[0, 1, 0, 0]]


def test_contestants_stay_when_their_last_vote_is_taken_away() -> None:
    vote = cells([("x", "y", "a")])
    assert (vote - vote).contestants == ("x", "y")
    assert (vote - vote).pairs.shape == (0, 2)


def test_more_votes_cannot_be_taken_away_than_there_are() -> None:
    with pytest.raises(RankingError, match="More votes are taken away"):
        cells([("x", "y", "a")]) - cells([("x", "y", "a")] * 2)


def test_wins_losses_and_ties_are_tallied_per_contestant() -> None:
    counted = cells([("y", "x", "a"), ("y", "z", "b"), ("y", "z", "both_bad"), ("x", "y", "tie")])
    assert counted.tally().tolist() == [[0, 1, 1], [1, 1, 2], [1, 0, 1]]


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -1.0])
def test_a_weight_that_is_no_number_from_0_up_is_refused(weight: float) -> None:
    with pytest.raises(RankingError, match="The weight of vote 2"):
        cells([("x", "y", "a"), ("x", "y", "a")], [1.0, weight])


def test_an_unknown_outcome_is_refused_by_its_name() -> None:
    with pytest.raises(RankingError, match="'draw' is no outcome"):
        cells([("x", "y", "draw")])


def test_a_contestant_against_itself_is_refused_by_its_name() -> None:
    with pytest.raises(RankingError, match="'x' is compared with itself"):
        cells([("y", "x", "a"), ("x", "x", "a")])


def test_cells_among_some_contestants_are_the_votes_between_them() -> None:
    votes = cells([("x", "y", "a"), ("y", "z", "tie"), ("x", "z", "b")])
    assert votes.among([2, 0]) == cells([("x", "z", "b")])


def test_decisive_cells_hold_no_ties_and_lose_no_contestant() -> None:
    votes = cells([("x", "y", "a"), ("y", "z", "tie"), ("x", "z", "both_bad")])
    assert votes.decisive() == cells([("x", "y", "a")], also=["z"])
