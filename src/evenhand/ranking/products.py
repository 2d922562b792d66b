"""Products of large matrices on several threads.

BLAS is kept to one (`blas`); here each thread has rows of its own. Which rows go together does not depend on
the number of threads, so neither do the digits.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.threads import in_order

ROWS = 500
"""So many are multiplied together: of more than these, threads have something to share."""
STRIP = 64
"""So many of a triangular matrix: fewer leave more zeros out, and each product takes longer for it."""


def product(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """Return `left @ right` of two matrices."""
    if len(left) <= ROWS:
        return np.asarray(left @ right)
    result = _empty(left, right)

    def multiply(start: int) -> None:
        np.matmul(left[start : start + ROWS], right, out=result[start : start + ROWS])

    _for_rows(multiply, len(left), ROWS)
    return result


def lower_product(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """Return `left @ right` of a lower triangular matrix and another: half of all work would be on zeros."""
    rows = ROWS if len(left) > ROWS else STRIP
    result = _empty(left, right)

    def multiply(start: int) -> None:
        end = start + rows
        np.matmul(left[start:end, :end], right[:end], out=result[start:end])

    _for_rows(multiply, len(left), rows)
    return result


def symmetric_product(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """Return `left @ right`, which is known to be symmetric: of large matrices half of it is computed."""
    if len(left) <= ROWS:
        return np.asarray(left @ right)
    result = _empty(left, right)

    def multiply(start: int) -> None:
        rows = slice(start, start + ROWS)
        np.matmul(left[rows], right[:, start:], out=result[rows, start:])
        result[start:, rows] = result[rows, start:].T

    _for_rows(multiply, len(left), ROWS)
    return result


def _for_rows(multiply: Callable[[int], None], size: int, rows: int) -> None:
    """Call with the first of each so many rows of a matrix; of a large one on several threads."""
    starts = range(0, size, rows)
    for _ in in_order(multiply, starts) if size > ROWS else map(multiply, starts):
        pass


def _empty(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    return np.empty((len(left), right.shape[1]), dtype=np.result_type(left, right))
