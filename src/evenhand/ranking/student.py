"""Student's t beside the normal distribution: for deviations whose own spread is known from few clusters.

Both directions are Wallace's approximation [1], z = (8 ν + 1) / (8 ν + 3) · √(ν log(1 + t² / ν)): within
.3 % of the exact quantile at 95 % from five degrees of freedom on, and .03 % from eleven. With fewer
it is on the wide side: by 4 % of two, by 38 % of one.

[1] Wallace, Bounds on normal approximations to Student's and the chi-square distributions, 1959.
"""

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix, Vector

LEAST, MOST = 1.0, 1e9
"""Degrees of freedom that are told apart: no variance has fewer, and with more t is normal."""
FARTHEST = 600.0
"""The largest exponent."""


def t_quantiles(normal: float, freedom: Vector | Matrix) -> NDArray[np.float64]:
    """Return what t with ν degrees of freedom exceeds as often as a normal variable exceeds `normal`."""
    nu = np.clip(freedom, LEAST, MOST)
    scaled = (normal * (8.0 * nu + 3.0) / (8.0 * nu + 1.0)) ** 2 / nu
    return np.asarray(np.sqrt(nu * np.expm1(np.minimum(scaled, FARTHEST))), dtype=np.float64)


def as_normal(t: Matrix, freedom: Matrix) -> Matrix:
    """Return the normal deviates (M, M) that are as unlikely as those of t with ν degrees of freedom."""
    nu = np.clip(freedom, LEAST, MOST)
    size = (8.0 * nu + 1.0) / (8.0 * nu + 3.0) * np.sqrt(nu * np.log1p(t**2 / nu))
    return np.asarray(np.copysign(size, t), dtype=np.float64)


def of_pairs(freedom: Vector) -> Matrix:
    """Return the degrees of freedom of θ_i - θ_j (M, M): the fewer of the two."""
    return np.asarray(np.minimum(freedom[:, None], freedom[None, :]), dtype=np.float64)
