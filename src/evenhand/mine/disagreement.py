"""Where somebody's own votes and a board disagree by more than chance explains.

Compared are those whom both rate together, by how far each stands from the mean of them: who else is on the
board does not matter then. With D that distance by one's own votes minus the same by the board,

    D ± c · sd,  sd² = the variance of the one + the variance of the other,

are intervals that hold the true differences of all of them at once, c being Šidák's bound for so many. One
disagrees where an interval leaves out 0. The board has one's own votes in it, which draws D to 0 and which sd
does not take into account: that makes it say less, never more.
"""

from typing import NamedTuple

import numpy as np

from evenhand.ranking.board import SCALE, Board
from evenhand.ranking.bradley_terry import Vector
from evenhand.ranking.fitted import Fitted
from evenhand.ranking.intervals import normal_quantile

ALPHA = 0.05
"""How often somebody who agrees with the board is told of any disagreement, at most."""


class Apart(NamedTuple):
    """How far a contestant stands from the mean of those compared, in points.

    `lower` and `upper` bound the difference of the two.
    """

    contestant: str
    mine: float
    board: float
    lower: float
    upper: float


def disagreements(mine: Board, board: Board) -> list[Apart]:
    """Whom one's own votes place elsewhere than the board, the surest first."""
    shared = [
        (own, other, names)
        for own in mine.fitted
        for other in board.fitted
        if len(names := [name for name in own.contestants if name in other]) > 1
    ]
    compared = sum(len(names) for *_, names in shared)
    found = [one for own, other, names in shared for one in _apart(own, other, names, compared)]
    return [apart for _, apart in sorted(found, key=lambda one: one[0], reverse=True)]


def _apart(own: Fitted, other: Fitted, names: list[str], compared: int) -> list[tuple[float, Apart]]:
    """Who is placed elsewhere, each with how many standard deviations that is."""
    # Two differ by the same: that is one comparison.
    critical = normal_quantile(ALPHA, 1 if compared == 2 else compared)
    theta, variance = _from_mean(own, names)
    theta_board, variance_board = _from_mean(other, names)
    sd = np.sqrt(np.maximum(variance + variance_board, 0.0))
    gap = theta - theta_board
    reach = critical * sd
    return [
        (
            abs(gap[i]) / sd[i],
            Apart(
                name,
                float(theta[i]),
                float(theta_board[i]),
                float(gap[i] - reach[i]),
                float(gap[i] + reach[i]),
            ),
        )
        for i, name in enumerate(names)
        if abs(gap[i]) > reach[i] > 0.0
    ]


def _from_mean(fitted: Fitted, names: list[str]) -> tuple[Vector, Vector]:
    """How far some contestants stand from their mean, in points, and the variance of each."""
    at = fitted.places(names)
    centred = np.eye(len(names)) - 1.0 / len(names)
    spread = centred @ fitted.covariance[np.ix_(at, at)] @ centred
    return SCALE * (centred @ fitted.theta[at]), SCALE**2 * np.diag(spread)
