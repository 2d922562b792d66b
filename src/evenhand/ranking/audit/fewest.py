"""How few votes turn the order of two contestants: an upper bound, confirmed by a refit.

The most influential votes are taken until, to first order, the sign turns; the fit without them shows whether
it does. There, the influences of all votes are computed anew and the choice is made again, which a linear
programme over one constraint solves by sorting; then votes are added or given back until one fewer no longer
turns the sign. No choice of votes is proved to be the smallest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.audit.droppable import Droppable, State
from evenhand.ranking.bradley_terry import Vector
from evenhand.ranking.intervals import EQUAL

ROUNDS = 6
MAX_SEARCH = 40


@dataclass(frozen=True)
class Drop:
    """Items whose dropping turns the order: how many, and of which kind (G); the fit without them."""

    number: int
    dropped: NDArray[np.int64]
    state: State


def fewest(votes: Droppable, a: int, b: int) -> Drop | None:
    """Return the fewest items found without which b stands above a, who stands above b with them.

    None where none were found: not even all that speak for a would do, or what is left rates nobody.
    """
    state, dropped = votes.start, np.zeros(len(votes.available), dtype=np.int64)
    best: Drop | None = None
    tried = set[int]()

    def taken(order: NDArray[np.int64], number: int) -> Drop | None:
        choice = _first(order, votes.available, number)
        reached = votes.refit(choice, state)
        return Drop(number, choice, reached) if reached and reached.gap(a, b) < -EQUAL else None

    for _ in range(ROUNDS):
        effects = votes.effects(state, dropped, a, b)
        # The gap that the first-order expansion around this choice has where nothing is dropped.
        gap = state.gap(a, b) - float(effects @ dropped)
        order = np.argsort(effects, kind="stable")
        number = _needed(-effects[order], votes.available[order], gap)
        if number is None and best is None:
            # Far from equal, the first order says too little: all that helps may do nevertheless.
            helpful = int(votes.available[effects < 0].sum())
            rough = _smallest(partial(taken, order), helpful, helpful)
            number = None if rough is None else rough.number
        if number is None or number in tried:
            break
        tried.add(number)
        choice = _first(order, votes.available, number)
        reached = votes.refit(choice, state)
        if reached is None:
            break
        if reached.gap(a, b) < -EQUAL and (best is None or number < best.number):
            best = Drop(number, choice, reached)
        state, dropped, last = reached, choice, (order, number)
    if not tried:
        return None
    found = _smallest(partial(taken, last[0]), last[1], int(votes.available.sum()))
    return found if best is None or (found is not None and found.number < best.number) else best


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


def _smallest(at: Callable[[int], Drop | None], start: int, most: int) -> Drop | None:
    """Search around `start` for the smallest number that does: in growing steps, then by halves."""
    best = at(start)
    low, step = 0, 1
    if best is None:
        low, number = start, start
        while best is None and number < most and step <= 2 * start:
            number = min(start + step, most)
            best = at(number)
            low = number if best is None else low
            step *= 2
    else:
        number = start
        while number > 1:
            number = max(start - step, 1)
            lower = at(number)
            if lower is None:
                low = number
                break
            best, step = lower, step * 2
    for _ in range(MAX_SEARCH):
        if best is None or best.number - low <= 1:
            break
        middle = (low + best.number) // 2
        found = at(middle)
        if found is None:
            low = middle
        else:
            best = found
    return best
