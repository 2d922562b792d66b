"""The sums of many slices of the same votes, counted together.

Most of the work of counting is to find the place of a vote's pair and outcome. So that is found once for
several slices, whose counts are added up as the digits of one number.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.cells import OUTCOMES, Cells, in_one_order
from evenhand.ranking.rows import CHUNK, VoteRows

EXACT_BITS = 53
"""So long are the whole numbers that a float tells apart."""
AT_ONCE = 4 * CHUNK
"""Votes that are counted together: of fewer, numbers are taken apart too often; of more, they are longer."""
MOST = 2**25
"""Counts that are held at once; of more, slices are counted one by one."""

Counts = NDArray[np.int64]


def cells_of_slices(rows: VoteRows, names: Sequence[str]) -> Iterator[Cells]:
    """Give the sums of the votes of each slice, one after the other. The rows name the contestants."""
    # Weights have no digits to spare.
    if rows.weight is not None or len(names) * len(rows.first) * len(OUTCOMES) > MOST:
        yield from (rows.cells(name=name) for name in names)
        return
    pairs, places = in_one_order(rows.first, rows.second, rows.size)
    column = places.astype(np.int32)
    width = len(pairs) * len(OUTCOMES)
    counts = np.zeros((len(names), width), dtype=np.int64)
    for start in range(0, len(rows), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        key = column[rows.pair[part], rows.outcome[part]]
        bits = int(np.bincount(key).max()).bit_length()
        most = min(8, EXACT_BITS // bits)
        for first in range(0, len(names), most):
            some = [rows.slices[name][part] for name in names[first : first + most]]
            counts[first : first + most] += _together(key, some, bits, width)
    for count in counts:
        yield Cells.from_counts(rows.contestants, pairs, count.reshape(-1, len(OUTCOMES)))


def _together(key: NDArray[np.int32], some: Sequence[NDArray[np.bool_]], bits: int, width: int) -> Counts:
    """Count the votes of up to 8 slices by their keys, (slices, width); no count has more than `bits`."""
    digits = np.arange(len(some))
    belongs = np.zeros(len(key), dtype=np.uint8)
    for digit, inside in zip(digits.astype(np.uint8), some, strict=True):
        belongs |= inside.view(np.uint8) << digit
    number = (np.arange(2 ** len(some))[:, None] >> digits & 1) @ 2.0 ** (bits * digits)
    total = np.bincount(key, number[belongs], width).astype(np.int64)
    return total >> (bits * digits)[:, None] & (1 << bits) - 1
