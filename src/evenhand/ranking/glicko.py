"""Glicko-2 ratings, for comparison with Bradley-Terry only: boards are never made of them.

Votes within a rating period count as simultaneous. From one period to the next a rating r carries its
deviation RD, which votes narrow and idle periods widen, and a volatility, what a period adds to that [1].
What happened long ago weighs less and less: that suits players who change, not models that do not. It works
best with ten to fifteen votes or more per contestant and period, says its author. Five million votes a second
were measured on one core.

[1] Glickman, Example of the Glicko-2 system, 2013; the volatility's condition as revised in 2022.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Vector
from evenhand.ranking.errors import RankingError
from evenhand.ranking.rows import SCORES, VoteRows

CENTRE = 1500.0
UNIT = 173.7178
"""Points per unit of the scale that the formulas work on, as published."""
DEVIATION, VOLATILITY, TAU = 350.0, 0.06, 0.5
CONVERGED = 1e-6
"""The volatility's logarithm is found to within this, as published."""


@dataclass(frozen=True)
class Glicko:
    """Where contestants stand between two periods, each (size).

    rating, deviation: r and RD, in points; volatility: σ, in units of the inner scale; entered: whether the
    contestant has had a vote; until then its deviation does not grow.
    """

    rating: Vector
    deviation: Vector
    volatility: Vector
    entered: NDArray[np.bool_]


def glicko2(
    rows: VoteRows, periods: NDArray[np.int64], *, tau: float = TAU, before: Glicko | None = None
) -> Glicko:
    """Return where contestants stand after the last period.

    A tie, and a vote that both are bad, is half a win for each; a vote of weight w counts as w votes.

    Args:
        rows: the votes, in any order
        periods: (N) the number of each vote's rating period, weeks for instance. Numbers that do not occur
            are periods without votes.
        tau: how much the volatility may change; sensible values lie between .3 and 1.2
        before: where contestants stand when the first period begins; None for 1500, 350 and .06 for all

    Raises:
        RankingError: the periods are not one whole number ≥ 0 a vote, tau is not above 0, or `before` is of
            other contestants.
    """
    periods = np.asarray(periods)
    if periods.shape != (len(rows),) or (len(rows) and not np.issubdtype(periods.dtype, np.integer)):
        raise RankingError(f"Every one of the {len(rows)} votes needs the whole number of its rating period.")
    if (periods < 0).any():
        raise RankingError("A rating period is negative: leave out the votes whose day is not known.")
    if not 0 < tau < math.inf:
        raise RankingError(f"tau is {tau}; it must be a number above 0.")
    if before is None:
        size = rows.size
        before = Glicko(
            np.full(size, CENTRE),
            np.full(size, DEVIATION),
            np.full(size, VOLATILITY),
            np.zeros(size, dtype=np.bool_),
        )
    elif len(before.rating) != rows.size:
        raise RankingError(f"{len(before.rating)} contestants stood before; the votes are on {rows.size}.")
    order = np.argsort(periods, kind="stable")
    numbers, starts = np.unique(periods[order], return_index=True)
    after, last = before, None
    for number, members in zip(numbers.tolist(), np.split(order, starts)[1:], strict=True):
        idle = 0 if last is None else number - last - 1
        after = _after_period(_after_idling(after, idle), rows, members, tau)
        last = number
    return after


def _after_idling(standing: Glicko, periods: int) -> Glicko:
    """Step 6 for all, so many times."""
    added = np.where(standing.entered, periods * (UNIT * standing.volatility) ** 2, 0.0)
    return Glicko(
        standing.rating, np.sqrt(standing.deviation**2 + added), standing.volatility, standing.entered
    )


def _after_period(standing: Glicko, rows: VoteRows, members: NDArray[np.int64], tau: float) -> Glicko:
    """Steps 2 to 8; all votes of a pair have the same expectation, so pairs are what is summed over."""
    size, pairs = rows.size, len(rows.first)
    mu, phi = (standing.rating - CENTRE) / UNIT, standing.deviation / UNIT
    weight = None if rows.weight is None else rows.weight[members]
    score = SCORES[rows.outcome[members]]
    number = np.bincount(rows.pair[members], weight, pairs)
    got = np.bincount(rows.pair[members], score if weight is None else score * weight, pairs)

    g = 1.0 / np.sqrt(1.0 + 3.0 * phi**2 / math.pi**2)
    gap = mu[rows.first] - mu[rows.second]
    information, surprise = np.zeros(size), np.zeros(size)
    for side, other, sign, won in (
        (rows.first, rows.second, 1.0, got),
        (rows.second, rows.first, -1.0, number - got),
    ):
        expected = 1.0 / (1.0 + np.exp(-sign * g[other] * gap))
        information += np.bincount(side, number * g[other] ** 2 * expected * (1.0 - expected), size)
        surprise += np.bincount(side, g[other] * (won - number * expected), size)

    played = information > 0
    volatility = standing.volatility.copy()
    variance = 1.0 / information[played]
    volatility[played] = [
        _volatility(sigma, phi_squared, v, delta, tau)
        for sigma, phi_squared, v, delta in zip(
            standing.volatility[played].tolist(),
            (phi[played] ** 2).tolist(),
            variance.tolist(),
            (variance * surprise[played]).tolist(),
            strict=True,
        )
    ]
    entered = standing.entered | played
    widened = np.where(entered, phi**2 + volatility**2, phi**2)
    squared = np.where(played, 1.0 / (1.0 / widened + information), widened)
    moved = mu + np.where(played, squared * surprise, 0.0)
    return Glicko(CENTRE + UNIT * moved, UNIT * np.sqrt(squared), volatility, entered)


def _volatility(sigma: float, phi_squared: float, v: float, delta: float, tau: float) -> float:
    """Step 5: find the new volatility by the Illinois algorithm."""
    a = math.log(sigma**2)

    def f(x: float) -> float:
        size = phi_squared + v + math.exp(x)
        return math.exp(x) * (delta**2 - size) / (2.0 * size**2) - (x - a) / tau**2

    low = a
    if delta**2 > phi_squared + v:
        high = math.log(delta**2 - phi_squared - v)
    else:
        high = a - tau
        while f(high) < 0:
            high -= tau
    at_low, at_high = f(low), f(high)
    while abs(high - low) > CONVERGED:
        between = low + (low - high) * at_low / (at_high - at_low)
        at_between = f(between)
        if at_between * at_high <= 0:
            low, at_low = high, at_high
        else:
            at_low /= 2.0
        high, at_high = between, at_between
    return math.exp(low / 2.0)
