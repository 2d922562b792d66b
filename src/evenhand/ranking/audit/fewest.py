"""How few votes turn the order of two contestants: an upper bound, confirmed by a refit.

Votes are taken by their influence until, to first order, the sign turns; then more are taken or some given
back until the fit without them shows that the sign turns, and with one fewer does not. At that fit the
influences are computed anew and the choice is made again, a linear programme over one constraint that sorting
solves, as long as it gets smaller. No choice of votes is proved to be the smallest.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.audit.droppable import Droppable, State
from evenhand.ranking.bradley_terry import Vector
from evenhand.ranking.intervals import EQUAL

ROUNDS = 8


@dataclass(frozen=True)
class Drop:
    """Items that are dropped: how many, and of which kind (G); the fit without them, and its θ_a - θ_b."""

    number: int
    dropped: NDArray[np.int64]
    state: State
    gap: float

    @property
    def turns(self) -> bool:
        """Whether b stands above a."""
        return self.gap < -EQUAL


def fewest(votes: Droppable, a: int, b: int) -> Drop | None:
    """Return the fewest items found without which b stands above a, who stands above b with them.

    None where none were found: not even all that speak for a would do, or what is left rates nobody.
    """
    state, dropped = votes.start, np.zeros(len(votes.available), dtype=np.int64)
    best: Drop | None = None

    def first_of(order: NDArray[np.int64], number: int) -> Drop | None:
        choice = _first(order, votes.available, number)
        reached = votes.refit(choice, state)
        return None if reached is None else Drop(number, choice, reached, reached.gap(a, b))

    for _ in range(ROUNDS):
        effects = votes.effects(state, dropped, a, b)
        order = np.argsort(effects, kind="stable")
        most = int(votes.available[effects < 0].sum())
        if best is None:
            # Far from equal the first order says too little: all that helps may do nevertheless.
            start = _needed(-effects[order], votes.available[order], state.gap(a, b)) or most
        else:
            # Whether the new choice is any better shows at one fewer.
            start = most = min(best.number - 1, most)
        found = _smallest(partial(first_of, order), start, most, votes.start.gap(a, b))
        if found is None:
            break
        best, state, dropped = found, found.state, found.dropped
    return best


def estimate(votes: Droppable, a: int, b: int) -> int | None:
    """Return how many items it takes to first order, without any refit."""
    effects = votes.effects(votes.start, np.zeros(len(votes.available), dtype=np.int64), a, b)
    order = np.argsort(effects, kind="stable")
    return _needed(-effects[order], votes.available[order], votes.start.gap(a, b))


def _needed(gains: Vector, available: NDArray[np.int64], gap: float) -> int | None:
    """Return how many items, in this order, gain more than `gap`."""
    gains = np.maximum(gains, 0.0)
    reached = np.cumsum(gains * available)
    if not len(reached) or reached[-1] <= gap:
        return None
    kind = int(np.searchsorted(reached, max(gap, 0.0), side="right"))
    before = float(reached[kind - 1]) if kind else 0.0
    within = int((max(gap, 0.0) - before) / float(gains[kind])) + 1
    return int(available[:kind].sum()) + min(within, int(available[kind]))


def _first(order: NDArray[np.int64], available: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """Return how many of each kind the first `number` items are."""
    until = np.cumsum(available[order])
    taken = np.empty_like(available)
    taken[order] = np.clip(number - (until - available[order]), 0, available[order])
    return taken


def _smallest(at: Callable[[int], Drop | None], start: int, most: int, gap: float) -> Drop | None:
    """Search from `start` for the smallest number, up to `most`, that turns the order; `gap` is that at 0.

    Between one that does and one that does not, the gap is nearly a straight line: tried next is where that
    crosses 0, and the middle every third time and where there is no fit.
    """
    low, step, best = 0, 1, None
    while True:
        found = at(start)
        if found is not None and found.turns:
            best = found
            break
        if start >= most:
            return None
        low, gap = start, math.inf if found is None else found.gap
        start, step = min(start + step, most), 2 * step
    tried = 0
    while best.number - low > 1:
        tried += 1
        middle = (low + best.number) // 2
        if tried % 3 and math.isfinite(gap) and math.isfinite(best.gap):
            crossing = low + (best.number - low) * gap / (gap - best.gap)
            middle = min(max(math.ceil(crossing), low + 1), best.number - 1)
        found = at(middle)
        if found is not None and found.turns:
            best = found
        else:
            low, gap = middle, math.inf if found is None else found.gap
    return best
