"""The largest z of simulated worlds, as far as their quantiles need them.

A quantile at 1-α hangs on the largest values alone. So worlds are looked at in the order of a bound that is
quickly had, until what was found is beyond what the bound leaves to the others: with α = .05, mostly one in
ten of them. Quantiles are those of all values, to the last digit.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]
Numbers = NDArray[np.int64]

ALIKE = 1.15
"""By how much certainty differs within a group of contestants; less gives closer bounds, and takes longer."""

AT_ONCE = 500
"""Worlds that are looked at together: what is computed of them stays in the processor's cache."""


def top_values(bound: Singles, exact: Callable[[Numbers], Singles], alpha: float) -> Singles:
    """Return values whose 1-α quantile is that of the exact ones; the others are their bounds.

    bound: (draws), no value is larger; exact: returns the values of the worlds with some numbers.
    """
    draws = len(bound)
    # The order statistics that the quantile lies among.
    tail = draws - math.floor((draws - 1) * (1.0 - alpha))
    values, taken = bound.copy(), min(tail + tail // 3, draws)
    before = math.inf
    while True:
        cut = float(np.partition(bound, draws - taken)[draws - taken])
        some = np.flatnonzero((bound >= cut) & (bound < before))
        values[some] = exact(some)
        known = values[bound >= cut]
        if len(known) == draws or np.partition(known, -tail)[-tail] >= cut:
            return values
        before, taken = cut, min(taken + taken // 2 + 1, draws)


def reach(worlds: Singles, scale: Singles) -> Singles:
    """Return what no |z_ij| of i exceeds in each world, (size, draws).

    Contestants are put into groups of those that as much is known about, and the one farthest away in each is
    taken to be the best known of it.
    """
    bound = np.zeros_like(worlds)
    certainty = scale.sum(axis=1, dtype=np.float64)
    step = np.floor(np.log(np.maximum(certainty / certainty.max(initial=1e-30), 1e-30)) / math.log(ALIKE))
    groups = [np.flatnonzero(step == one) for one in np.unique(step)]
    steepest = [scale[:, group].max(axis=1)[:, None] for group in groups]
    for start in range(0, worlds.shape[1], AT_ONCE):
        part, of_part = worlds[:, start : start + AT_ONCE].copy(), bound[:, start : start + AT_ONCE]
        for group, steep in zip(groups, steepest, strict=True):
            upper, lower = part[group].max(axis=0), part[group].min(axis=0)
            farthest = np.maximum(upper - part, part - lower)
            farthest *= steep
            np.maximum(of_part, farthest, out=of_part)
    return bound


def of_row(by_world: Singles, scale: Singles, row: int, some: Numbers) -> Singles:
    """Return the largest |z_ij| of one i in some worlds, of all that are given as (draws, size)."""
    z = by_world.take(some, axis=0)
    z -= z[:, row, None].copy()
    z *= scale[row]
    np.abs(z, out=z)
    largest: Singles = z.max(axis=1)
    return largest


def of_pairs(by_world: Singles, scale: Singles, bound: Singles, some: Numbers) -> Singles:
    """Return the largest z_ij of some worlds, of all that are given as (draws, size), or 0.

    scale: (size, size), 0 for the ordered pairs that do not count; bound: (size, draws), no z_ij of i is
    larger. Those i with the largest bound are looked at first, and no more of them than can matter.
    """
    worlds, bounds = by_world[some], bound[:, some].T
    largest = np.zeros(len(some), dtype=np.float32)
    order = np.argsort(-bounds, axis=1)
    left = np.arange(len(some))
    for place in range(worlds.shape[1]):
        row = order[left, place]
        matters = bounds[left, row] > largest[left]
        left, row = left[matters], row[matters]
        if not len(left):
            break
        z = worlds[left, row, None] - worlds[left]
        z *= scale[row]
        largest[left] = np.maximum(largest[left], z.max(axis=1))
    return largest
