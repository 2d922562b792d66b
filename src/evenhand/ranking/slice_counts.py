"""The sums of many slices of the same votes, counted together.

Most of the work of counting is to find the place of a vote's pair and outcome. So that is found once for
several slices, whose counts are added up as the digits of one number.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.cells import OUTCOMES, Cells, in_one_order
from evenhand.ranking.rows import CHUNK, VoteRows

EXACT_BITS = 53
"""So long are the whole numbers that a float tells apart."""
AT_ONCE = CHUNK // 2
"""Votes that are counted together: about as many as come from the database together."""
MOST = 2**25
"""Counts that may be held at once."""


def countable(pairs: int, slices: int) -> bool:
    """Return whether the counts of so many slices and ordered pairs can be held at once."""
    return slices * pairs * len(OUTCOMES) <= MOST


def cells_of_slices(cells: Cells, parts: Iterable[VoteRows], names: Sequence[str]) -> Iterator[Cells]:
    """Give the sums of the votes of each slice, one after the other.

    cells: of all votes, so that no count is larger; parts: these votes, some at a time, of the same pairs;
    each weighs 1, for weights have no digits to spare.
    """
    bits = max(int(cells.votes.max(initial=0)).bit_length(), 1)
    together = max(min(8, EXACT_BITS // bits), 1)
    groups = [names[first : first + together] for first in range(0, len(names), together)]
    digits = np.arange(together)
    number = (np.arange(2**together)[:, None] >> digits & 1) @ 2.0 ** (bits * digits)
    pairs, column = np.empty((0, 2), dtype=np.int64), None
    totals = np.zeros((len(groups), 0))
    for part in parts:
        if column is None:
            pairs, places = in_one_order(part.first, part.second, part.size)
            column = places.ravel()
            totals = np.zeros((len(groups), len(pairs) * len(OUTCOMES)))
        key = column.take(part.pair * np.int32(len(OUTCOMES)) + part.outcome)
        for total, group in zip(totals, groups, strict=True):
            belongs = _belongs([part.slices[name] for name in group])
            total += np.bincount(key, number.take(belongs), len(total))
    for whole, group in zip(totals.astype(np.int64), groups, strict=True):
        for digit, _ in enumerate(group):
            count = whole >> bits * digit & (1 << bits) - 1
            yield Cells.from_counts(cells.contestants, pairs, count.reshape(-1, len(OUTCOMES)))


def _belongs(slices: Sequence[NDArray[np.bool_]]) -> NDArray[np.uint8]:
    """Return which of up to 8 slices each vote belongs to, a bit for each slice."""
    belongs = slices[-1].astype(np.uint8)
    for inside in slices[-2::-1]:
        belongs += belongs  # the same as a shift, in a tenth of the time
        belongs |= inside.view(np.uint8)
    return belongs
