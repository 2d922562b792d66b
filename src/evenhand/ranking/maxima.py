"""The largest z of simulated worlds, as far as their quantiles need them.

A quantile at 1-α hangs on the largest values alone. So the worlds with the largest bounds, which are quickly
had, are looked at first; the least that the quantile can be is known then, and only those worlds are left
whose bound is above it: with α = .05, mostly nine in ten are never looked at. Quantiles are those of all
values, to the last digit.
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
CACHED = 100_000
"""Numbers that are computed together, for the same reason."""


def top_values(bound: Singles, exact: Callable[[Numbers], Singles], alpha: float) -> Singles:
    """Return values whose 1-α quantile is that of the exact ones; the others are their bounds.

    bound: (draws), no value is larger; exact: returns the values of the worlds with some numbers.
    """
    tail, first = _tail(len(bound), alpha)
    values, cut = bound.copy(), np.partition(bound, -first)[-first]
    (some,) = np.nonzero(bound >= cut)
    values[some] = exact(some)
    least = np.partition(values[some], -tail)[-tail]
    (some,) = np.nonzero((bound < cut) & (bound > least))
    values[some] = exact(some)
    return values


def top_quantiles(by_world: Singles, scale: Singles, bounds: Singles, alpha: float) -> Singles:
    """Return for each contestant i the 1-α quantile of the largest |z_ij|, (size).

    by_world: the worlds, (draws, size); scale: (size, size); bounds: (size, draws), no |z_ij| of i is larger.
    Exact values take the place of the bounds of the worlds that were looked at.
    """
    tail, first = _tail(bounds.shape[1], alpha)
    looked_at = bounds >= np.partition(bounds, -first, axis=1)[:, -first, None]
    _look_at(by_world, scale, bounds, looked_at)
    least = np.sort(np.where(looked_at, bounds, np.float32(0.0)), axis=1)[:, -tail, None]
    _look_at(by_world, scale, bounds, (bounds > least) & ~looked_at)
    # The two values that the quantile lies between: what was not looked at is below them.
    top = np.partition(bounds, -tail, axis=1)[:, -tail:]
    ends = np.stack([top[:, 0], top[:, min(1, tail - 1) :].min(axis=1)])
    place = (bounds.shape[1] - 1) * (1.0 - alpha)
    quantiles: Singles = np.quantile(ends, place - math.floor(place), axis=0)
    return quantiles


def _tail(draws: int, alpha: float) -> tuple[int, int]:
    """Return how many of the largest values the 1-α quantile lies among, and how many to look at first."""
    tail = draws - math.floor((draws - 1) * (1.0 - alpha))
    return tail, min(tail + tail // 8, draws)


def _look_at(by_world: Singles, scale: Singles, bounds: Singles, chosen: NDArray[np.bool_]) -> None:
    """Put exact values in the place of some bounds."""
    (at,) = np.nonzero(chosen.ravel())
    bounds.ravel()[at] = of_rows(by_world, scale, *np.divmod(at, bounds.shape[1]))


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


def of_rows(by_world: Singles, scale: Singles, row: Numbers, world: Numbers) -> Singles:
    """Return the largest |z_ij| of some i in some worlds, (K) each, of all that `by_world` has."""
    largest = np.empty(len(row), dtype=np.float32)
    step = max(1, CACHED // by_world.shape[1])
    for start in range(0, len(row), step):
        i, some = row[start : start + step], world[start : start + step]
        z = by_world.take(some, axis=0)
        z -= by_world[some, i, None]
        z *= scale.take(i, axis=0)
        np.abs(z, out=z)
        # Numbers that are not negative are in the order of their bits, which are compared in half the time.
        largest[start : start + step] = z.view(np.int32).max(axis=1).view(np.float32)
    return largest


def of_pairs(by_world: Singles, scale: Singles, bound: Singles, some: Numbers) -> Singles:
    """Return the largest z_ij of some worlds, of all that are given as (draws, size), or 0.

    scale: (size, size), 0 for the ordered pairs that do not count; bound: (size, draws), no z_ij of i is
    larger. Those i with the largest bound are looked at first, and no more of them than can matter.
    """
    worlds, bounds = by_world[some], bound.T[some]
    largest, left = np.zeros(len(some), dtype=np.float32), np.arange(len(some))
    while len(left):
        row = bounds[left].argmax(axis=1)
        matters = bounds[left, row] > largest[left]
        left, row = left[matters], row[matters]
        z = worlds[left, row, None] - worlds[left]
        z *= scale[row]
        largest[left] = np.maximum(largest[left], z.max(axis=1))
        bounds[left, row] = 0.0
    return largest
