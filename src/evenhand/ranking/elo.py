"""Elo ratings, for comparison with Bradley-Terry only: boards are never made of them.

After every vote the two ratings move by K (y - E) towards what was said, E = 1 / (1 + 10^((R_b - R_a) / 400))
being what A was expected to get [1]. So ratings depend on the order of the votes, late votes count for more
than early ones, and nothing tells how sure a rating is. The average over many orders takes the order out; its
spread says how much of one pass is due to the order alone, which is not an interval of the rating.

A vote depends on the one before it, so the loop is Python's own, on plain lists: 4.4 to 5.3 million votes a
second were measured on one core, against .9 million where NumPy arrays are indexed vote by vote.

[1] Elo, The Rating of Chessplayers, Past and Present, 1978.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.board import SCALE
from evenhand.ranking.bradley_terry import Vector
from evenhand.ranking.errors import RankingError
from evenhand.ranking.rows import CHUNK, SCORES, VoteRows

K = 4.0
"""Points that a vote moves a rating by at most, as the first arenas had it."""
START = 1000.0


@dataclass(frozen=True)
class EloAverage:
    """Ratings over several orders of the same votes, each (size), in points.

    mean: the average; sd: the standard deviation of one order's rating; lowest, highest: the extremes.
    """

    mean: Vector
    sd: Vector
    lowest: Vector
    highest: Vector


def elo(rows: VoteRows, *, k: float = K, start: float = START) -> Vector:
    """Return the ratings (size), in points, after one pass over votes in order of time.

    A tie, and a vote that both are bad, is half a win for each; a vote of weight w moves by w K. Who has no
    votes stays at `start`.

    Raises:
        RankingError: k or start makes no sense.
    """
    _check(k, start)
    return start + SCALE * _played(rows, np.arange(len(rows)), k / SCALE)


def elo_average(
    rows: VoteRows, permutations: int = 20, *, seed: int = 0, k: float = K, start: float = START
) -> EloAverage:
    """Rate the votes in so many random orders, the same for the same seed. See `elo`.

    Raises:
        RankingError: k or start makes no sense, or there are fewer than two orders.
    """
    _check(k, start)
    if permutations < 2:
        raise RankingError(f"permutations is {permutations}; a spread needs two or more.")
    rng = np.random.Generator(np.random.Philox(seed))
    ratings = np.empty((permutations, rows.size))
    for number in range(permutations):
        ratings[number] = start + SCALE * _played(rows, rng.permutation(len(rows)), k / SCALE)
    return EloAverage(
        ratings.mean(axis=0), ratings.std(axis=0, ddof=1), ratings.min(axis=0), ratings.max(axis=0)
    )


def _check(k: float, start: float) -> None:
    if not 0 < k < math.inf:
        raise RankingError(f"k is {k}; it must be a number of points above 0.")
    if not math.isfinite(start):
        raise RankingError(f"start is {start}; it must be a number of points.")


def _played(rows: VoteRows, order: NDArray[np.int64], step: float) -> Vector:
    """Return ratings in natural units, where 1 / (1 + e^(b - a)) is expected, after the votes in an order."""
    rating = [0.0] * rows.size
    exp = math.exp
    try:
        for begin in range(0, len(order), CHUNK):
            part = order[begin : begin + CHUNK]
            pair = rows.pair[part]
            steps: Iterable[float] = repeat(step)
            if rows.weight is not None:
                steps = (step * rows.weight[part]).tolist()
            first, second = rows.first[pair].tolist(), rows.second[pair].tolist()
            scores = SCORES[rows.outcome[part]].tolist()
            for a, b, score, most in zip(first, second, scores, steps, strict=False):
                at_a, at_b = rating[a], rating[b]
                move = most * (score - 1.0 / (1.0 + exp(at_b - at_a)))
                rating[a] = at_a + move
                rating[b] = at_b - move
    except OverflowError:
        raise RankingError("The ratings run away: k, or the weight of a vote, is too large.") from None
    return np.array(rating)
