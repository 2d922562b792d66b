"""Solving for a vector by conjugate gradients: by products with the matrix alone, where these get there.

Of contestants who have met many others they do so in a dozen steps, and a step takes as long as reading the
matrix does. Elimination takes as many as there are rows.

Hestenes & Stiefel, Methods of conjugate gradients for solving linear systems, 1952; preconditioned by the
diagonal.
"""

import numpy as np
from numpy.typing import NDArray

STEPS = 50
"""Where so many do not get there, elimination does so sooner."""
DIGITS = 1e-13
"""By how much of its first length the residual may miss 0."""

Numbers = NDArray[np.float64]


def conjugate_gradients(matrix: Numbers, right: Numbers) -> Numbers | None:
    """Return the x (size) with `matrix @ x = right` that sums to 0, or None where the steps do not get there.

    matrix: the Laplacian of a connected graph; right: (size), sums to 0 but for rounding.
    """
    diagonal = np.diag(matrix)
    if not (diagonal > 0).all():
        return None
    # What rounding left of a sum has nowhere to go, and near the fit it is much of what there is.
    x, residual = np.zeros_like(right), right - right.mean()
    scaled = residual / diagonal
    direction, length = scaled, float(residual @ scaled)
    enough = DIGITS**2 * length
    for _ in range(STEPS):
        if length <= enough:
            return np.asarray(x - x.mean())
        along = matrix @ direction
        curvature = float(direction @ along)
        if not curvature > 0:
            return None
        x += length / curvature * direction
        residual -= length / curvature * along
        scaled = residual / diagonal
        before, length = length, float(residual @ scaled)
        direction = scaled + length / before * direction
    return None
