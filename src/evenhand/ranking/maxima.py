"""The largest z of simulated worlds, as far as their quantiles need them.

A quantile at 1-α hangs on the largest values alone. So the worlds with the largest bounds, which are quickly
had, are looked at first; the least that the quantile can be is known then, and only those worlds are left
whose bound is above it: with α = .05, mostly nine in ten are never looked at. And in most of the others
nobody but those farthest out can have the largest z, so that nobody else is. Quantiles are those of all
values, to the last digit.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]
Numbers = NDArray[np.int64]

ALIKE = 1.15
"""By how much certainty differs within a group of contestants; less gives closer bounds, and takes longer."""

CACHED = 100_000
"""Numbers that are computed together: they stay in the processor's cache."""


@dataclass(frozen=True)
class Group:
    """Contestants about whom as much is known, and who of them is farthest out in each world.

    steepest: (size) the largest scale of each i and any of them. Of each world, (2, draws), for the upper end
    and, with its sign turned, for the lower one: ends: the value of the farthest member; member: which it is;
    following: the value of the one after it, or -∞.
    """

    steepest: Singles
    ends: Singles
    member: Numbers
    following: Singles


def grouped(worlds: Singles, scale: Singles) -> list[Group]:
    """Put contestants into groups; worlds, (size, draws); scale: (size, size)."""
    certainty = scale.sum(axis=1, dtype=np.float64)
    step = np.floor(np.log(np.maximum(certainty / certainty.max(initial=1e-30), 1e-30)) / math.log(ALIKE))
    groups = [_group(worlds, scale, np.flatnonzero(step == one)) for one in np.unique(step)]
    return sorted(groups, key=lambda group: -float(group.ends.mean() * group.steepest.mean()))


def _group(worlds: Singles, scale: Singles, members: Numbers) -> Group:
    values, every = worlds[members], np.arange(worlds.shape[1])
    ends, following = np.empty((2, 2, len(every)), dtype=np.float32)
    member = np.empty((2, len(every)), dtype=np.int64)
    for end in (0, 1):
        place = values.argmax(axis=0)
        ends[end], member[end] = values[place, every], members[place]
        values[place, every] = -np.inf
        following[end] = values.max(axis=0)
        values[place, every] = ends[end]
        np.negative(values, out=values)
    return Group(scale[members].max(axis=0), ends, member, following)


def top_values(bound: Singles, exact: Callable[[Numbers, float], Singles], alpha: float) -> Singles:
    """Return values whose 1-α quantile is that of the exact ones; the others are their bounds.

    bound: (draws), no value is larger; exact: returns the values of the worlds with some numbers, or what is
    given where they are less.
    """
    tail, first = _tail(len(bound), alpha)
    values, cut = bound.copy(), np.partition(bound, -first)[-first]
    (some,) = np.nonzero(bound >= cut)
    values[some] = exact(some, 0.0)
    least = np.partition(values[some], -tail)[-tail]
    (some,) = np.nonzero((bound < cut) & (bound > least))
    values[some] = exact(some, least)
    return values


def top_quantiles(
    by_world: Singles, scale: Singles, groups: Sequence[Group], bounds: Singles, alpha: float
) -> Singles:
    """Return for each contestant i the 1-α quantile of the largest |z_ij|, (size).

    by_world: the worlds, (draws, size); scale: (size, size); bounds: (size, draws), no |z_ij| of i is larger.
    Closer ones, most of them exact, take the place of those of the worlds that were looked at.
    """
    size, draws = bounds.shape
    tail, first = _tail(draws, alpha)
    flat = bounds.ravel()
    chosen = bounds >= np.partition(bounds, -first, axis=1)[:, -first, None]
    at = np.flatnonzero(chosen)
    row, world = np.divmod(at, draws)
    found, rest = farthest(by_world, scale, groups, row, world, np.zeros(len(at), dtype=np.float32))
    least = _largest_of_each(row, found, size, tail)[:, 0]
    flat[at] = _settled(by_world, scale, row, world, found, rest, least)
    others = np.flatnonzero((bounds > least[:, None]) & ~chosen)
    row, world = np.divmod(others, draws)
    found, rest = farthest(by_world, scale, groups, row, world, least.take(row))
    flat[others] = _settled(by_world, scale, row, world, found, rest, least)
    # The two values that the quantile lies between: what was not looked at is below them.
    at = np.concatenate([at, others])
    top = _largest_of_each(at // draws, flat[at], size, tail)
    ends = np.stack([top[:, 0], top[:, min(1, tail - 1) :].min(axis=1)])
    place = (draws - 1) * (1.0 - alpha)
    quantiles: Singles = np.quantile(ends, place - math.floor(place), axis=0)
    return quantiles


def _largest_of_each(row: Numbers, values: Singles, rows: int, number: int) -> Singles:
    """Return so many of the largest values of each row, (rows, number), the least of them first."""
    order = np.argsort(row, kind="stable")
    many = np.bincount(row, minlength=rows)
    table = np.zeros((rows, many.max()), dtype=np.float32)
    table[np.arange(table.shape[1]) < many[:, None]] = values[order]
    return np.partition(table, -number, axis=1)[:, -number:]


def _tail(draws: int, alpha: float) -> tuple[int, int]:
    """Return how many of the largest values the 1-α quantile lies among, and how many to look at first."""
    tail = draws - math.floor((draws - 1) * (1.0 - alpha))
    return tail, min(tail + tail // 8, draws)


def _settled(
    by_world: Singles,
    scale: Singles,
    row: Numbers,
    world: Numbers,
    found: Singles,
    rest: Singles,
    least: Singles,
) -> Singles:
    """Return the largest |z_ij| of some i in some worlds; a bound of it where that is not above `least`."""
    values = np.maximum(found, rest)
    (left,) = np.nonzero(rest > np.maximum(found, least.take(row)))
    values[left] = of_rows(by_world, scale, row[left], world[left])
    return values


def reach(worlds: Singles, groups: Sequence[Group]) -> Singles:
    """Return what no |z_ij| of i exceeds in each world, (size, draws).

    The one farthest away in each group is taken to be the best known of it.
    """
    bound = np.zeros_like(worlds)
    step = max(1, CACHED // worlds.shape[1])
    for start in range(0, len(worlds), step):
        rows = slice(start, start + step)
        part, of_part = worlds[rows], bound[rows]
        for group in groups:
            distance = group.ends[0] - part
            np.maximum(distance, group.ends[1] + part, out=distance)
            distance *= group.steepest[rows, None]
            np.maximum(of_part, distance, out=of_part)
    return bound


def farthest(
    by_world: Singles,
    scale: Singles,
    groups: Sequence[Group],
    row: Numbers,
    world: Numbers,
    least: Singles,
) -> tuple[Singles, Singles]:
    """Return the largest |z_ij| of some i in some worlds, (K) each, of those j who are farthest out in their
    groups, or `least` where that is more; and what no |z_ij| of any other j exceeds, where it is more.
    """
    draws, size = by_world.shape
    own = by_world.ravel().take(world * size + row)
    found, rest = least.copy(), np.zeros_like(least)
    for group in groups:
        up, down = group.ends[0].take(world) - own, group.ends[1].take(world) + own
        (some,) = np.nonzero(np.maximum(up, down) * group.steepest.take(row) > found)
        i, up, down = row[some], up[some], down[some]
        lower = down > up
        end = world[some] + draws * lower
        z = np.maximum(up, down) * scale.ravel().take(i * size + group.member.ravel().take(end))
        found[some] = np.maximum(found[some], z)
        others = group.following.ravel().take(end) - np.where(lower, -own[some], own[some])
        np.maximum(others, np.minimum(up, down), out=others)
        np.maximum(others, np.float32(0.0), out=others)  # a group of one has no others, at -∞
        rest[some] = np.maximum(rest[some], others * group.steepest.take(i))
    return found, rest


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


def of_pairs(by_world: Singles, scale: Singles, bound: Singles, some: Numbers, least: float) -> Singles:
    """Return the largest z_ij of some worlds, of all that are given as (draws, size), or what is least.

    scale: (size, size), 0 for the ordered pairs that do not count; bound: (size, draws), no z_ij of i is
    larger. Those i with the largest bound are looked at first, and no more of them than can matter.
    """
    worlds, bounds = by_world[some], bound.T[some]
    largest, left = np.full(len(some), least, dtype=np.float32), np.arange(len(some))
    few = CACHED // by_world.shape[1]
    while len(left):
        matters = bounds[left] > largest[left, None]
        if np.count_nonzero(matters) <= few:
            place, row = np.nonzero(matters)
            left = left[place]
        else:
            left = left[matters.any(axis=1)]
            row = bounds[left].argmax(axis=1)
        z = worlds[left, row, None] - worlds[left]
        z *= scale[row]
        np.maximum.at(largest, left, z.max(axis=1))
        bounds[left, row] = 0.0
    return largest
