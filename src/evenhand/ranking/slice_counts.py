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
AT_ONCE = 4 * CHUNK
"""Votes that are counted together: of fewer, numbers are taken apart too often; of more, they are longer."""
MOST = 2**25
"""Counts that may be held at once."""

Counts = NDArray[np.int64]


def countable(pairs: int, slices: int) -> bool:
    """Return whether the counts of so many slices and ordered pairs can be held at once."""
    return slices * pairs * len(OUTCOMES) <= MOST


def cells_of_slices(
    contestants: tuple[str, ...], parts: Iterable[VoteRows], names: Sequence[str]
) -> Iterator[Cells]:
    """Give the sums of the votes of each slice, one after the other.

    parts: all votes, some at a time, of the same pairs; each weighs 1, for weights have no digits to spare.
    """
    pairs, column, counts = np.empty((0, 2), dtype=np.int64), None, np.zeros((len(names), 0), dtype=np.int64)
    for part in parts:
        if column is None:
            pairs, places = in_one_order(part.first, part.second, part.size)
            column = places.ravel()
            counts = np.zeros((len(names), len(pairs) * len(OUTCOMES)), dtype=np.int64)
        key = column.take(part.pair * np.int32(len(OUTCOMES)) + part.outcome)
        bits = int(np.bincount(key).max(initial=0)).bit_length()
        most = min(8, EXACT_BITS // max(bits, 1))
        for first in range(0, len(names), most):
            some = [part.slices[name] for name in names[first : first + most]]
            counts[first : first + most] += _together(key, some, bits, counts.shape[1])
    for count in counts:
        yield Cells.from_counts(contestants, pairs, count.reshape(-1, len(OUTCOMES)))


def _together(key: NDArray[np.int64], some: Sequence[NDArray[np.bool_]], bits: int, width: int) -> Counts:
    """Count the votes of up to 8 slices by their keys, (slices, width); no count has more than `bits`."""
    digits = np.arange(len(some))
    belongs = np.zeros(len(key), dtype=np.uint8)
    for digit, inside in zip(digits.astype(np.uint8), some, strict=True):
        belongs |= inside.view(np.uint8) << digit
    number = (np.arange(2 ** len(some))[:, None] >> digits & 1) @ 2.0 ** (bits * digits)
    total = np.bincount(key, number.take(belongs), width).astype(np.int64)
    return total >> (bits * digits)[:, None] & (1 << bits) - 1
