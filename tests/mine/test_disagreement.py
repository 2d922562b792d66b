"""Where somebody and a board disagree: said of what the votes bear, and of nothing else."""

import numpy as np

from evenhand.mine.disagreement import disagreements
from evenhand.ranking import Board, Cells, rank

SKILLS = np.array([0.9, 0.4, 0.0, -0.4, -0.9])


def votes(skills: np.ndarray, number: int, seed: int) -> Cells:
    """Votes of somebody for whom contestants have these strengths; a fifth are ties."""
    random = np.random.default_rng(seed)
    a = random.integers(len(skills), size=number)
    b = (a + random.integers(1, len(skills), size=number)) % len(skills)
    wins = random.random(number) < 1 / (1 + np.exp(skills[b] - skills[a]))
    outcomes = np.where(random.random(number) < 0.2, "tie", np.where(wins, "a", "b"))
    return Cells.from_votes([f"m{i}" for i in a], [f"m{i}" for i in b], outcomes.tolist())


def board(skills: np.ndarray = SKILLS, number: int = 5000, seed: int = 0) -> Board:
    return rank(votes(skills, number, seed))


def test_a_taste_of_ones_own_is_found_and_told_in_points_from_the_mean() -> None:
    own = SKILLS + np.array([0, 0, 0, 0, 1.5])
    first, *_ = disagreements(board(own, 600, 1), board())
    assert first.contestant == "m4"
    # 1.5 above what others think, less its share of the mean: 1.2 in natural units.
    assert abs(first.mine - first.board - 1.2 * 173.7) < 60
    assert 0 < first.lower < first.mine - first.board < first.upper


def test_the_same_taste_is_not_told_of_on_too_few_votes() -> None:
    own = SKILLS + np.array([0, 0, 0, 0, 1.5])
    assert disagreements(board(own, 6, 1), board()) == []


def test_who_votes_as_the_board_does_is_seldom_told_of_anything() -> None:
    told = 0
    for seed in range(1, 121):
        told += bool(disagreements(board(number=(12, 40, 150)[seed % 3], seed=seed), board()))
    # At most 5 % of 120, and two standard deviations of luck.
    assert told <= 6 + 2 * 2.4


def test_nothing_is_told_where_all_votes_of_the_board_are_ones_own() -> None:
    one = board(number=300, seed=3)
    assert disagreements(one, one) == []


def test_those_whom_one_of_the_two_does_not_rate_are_not_compared() -> None:
    strange = rank(Cells.from_votes(["x"] * 40, ["y"] * 40, ["a"] * 40))
    assert disagreements(strange, board()) == []
    assert disagreements(rank(Cells.from_sums(())), board()) == []
