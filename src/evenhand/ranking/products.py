"""Products of large matrices on several threads.

BLAS is kept to one (`blas`); here each thread has rows of its own. Which rows go together does not depend on
the number of threads, so neither do the digits.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.threads import in_order

ROWS = 500
"""So many are multiplied together: of more than these, threads have something to share."""


def product(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """Return `left @ right` of two matrices."""
    if len(left) <= ROWS:
        return np.asarray(left @ right)
    result = np.empty((len(left), right.shape[1]), dtype=np.result_type(left, right))

    def multiply(start: int) -> None:
        np.matmul(left[start : start + ROWS], right, out=result[start : start + ROWS])

    for _ in in_order(multiply, range(0, len(left), ROWS)):
        pass
    return result
