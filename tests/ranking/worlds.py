"""Votes for the tests: written by hand, drawn by hypothesis, or simulated from known ratings."""

import json
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from evenhand.ranking import OUTCOMES, Board, Cells, Row
from evenhand.ranking.bradley_terry import PairSums

Vote = tuple[str, str, str]


def cells(votes: Sequence[Vote], weights: Sequence[float] | None = None, also: Sequence[str] = ()) -> Cells:
    """Count votes written as (contestant a, contestant b, outcome)."""
    return Cells.from_votes(
        [v[0] for v in votes], [v[1] for v in votes], [v[2] for v in votes], weights, also
    )


def tournament(*scores: tuple[str, str, int, int, int]) -> Cells:
    """Count (a, b, wins of a, wins of b, ties)."""
    return cells(
        [
            (a, b, outcome)
            for a, b, *numbers in scores
            for outcome, number in zip(("a", "b", "tie"), numbers, strict=True)
            for _ in range(number)
        ]
    )


def pair_sums(votes: Cells) -> PairSums:
    """Return the sums of all pairs."""
    return PairSums.from_outcomes(len(votes.contestants), votes.pairs, votes.weights, votes.squares)


def row(board: Board, contestant: str) -> Row:
    """Return a contestant's row."""
    return next(row for row in board.rows if row.contestant == contestant)


def assert_sound(board: Board) -> None:
    """Every number is defined, and stands between its bounds."""
    json.dumps(board.as_dict(), allow_nan=False)
    for one in board.rows:
        if one.rating is not None:
            assert one.lower is not None
            assert one.upper is not None
            assert one.lower <= one.rating <= one.upper
        if one.rank is not None:
            assert one.rank_best is not None
            assert one.rank_worst is not None
            assert 1 <= one.rank_best <= one.rank <= one.rank_worst <= len(board.rows)


@st.composite
def vote_lists(draw: st.DrawFn, min_size: int = 0) -> list[Vote]:
    """Draw up to 40 votes among up to five contestants."""
    pair = st.lists(st.sampled_from("abcde"), min_size=2, max_size=2, unique=True)
    vote = st.tuples(pair, st.sampled_from(OUTCOMES)).map(lambda v: (v[0][0], v[0][1], v[1]))
    return draw(st.lists(vote, min_size=min_size, max_size=40))


def simulated(
    rng: np.random.Generator, theta: NDArray[np.float64], shares: NDArray[np.float64], votes: int, ties: float
) -> Cells:
    """Simulate votes whose expected score follows θ exactly; `ties` is the share of ties among equals."""
    size = len(theta)
    first = rng.choice(size, votes, p=shares)
    second = (first + rng.integers(1, size, votes)) % size
    p = 1.0 / (1.0 + np.exp(theta[second] - theta[first]))
    tied = ties * 4.0 * p * (1.0 - p)
    draw = rng.random(votes)
    outcome = np.where(draw < p - tied / 2, 0, np.where(draw < p + tied / 2, 2, 1))
    one = np.zeros((3, votes, 4))
    one[:, np.arange(votes), outcome] = 1.0
    return Cells([f"{i:03}" for i in range(size)], first, second, one)
