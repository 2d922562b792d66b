"""The χ² distribution's tail and Holm's correction, which numpy does not have."""

import math
from collections.abc import Sequence

import numpy as np

from evenhand.ranking.bradley_terry import Vector

_SMALLEST = 1e-300
_PRECISION = 1e-15
_TERMS = 100_000


def survival(x: float, df: float) -> float:
    """Return P(χ² > x) with `df` > 0 degrees of freedom, which need be no whole number.

    It is the regularised incomplete gamma function Q(df/2, x/2): below the mode by its series, beyond it by
    Lentz's continued fraction (Abramowitz & Stegun, Handbook of Mathematical Functions, 1964, 6.5).
    """
    if x <= 0:
        return 1.0
    a, half = df / 2.0, x / 2.0
    # What both need, half^a e^-half / Γ(a), in logarithms: its parts overflow where the whole does not.
    log_factor = a * math.log(half) - half - math.lgamma(a)
    if half < a + 1.0:
        term = total = 1.0 / a
        for n in range(1, _TERMS):
            term *= half / (a + n)
            total += term
            if term < total * _PRECISION:
                break
        return min(max(1.0 - total * math.exp(log_factor), 0.0), 1.0)
    b = half + 1.0 - a
    c, d = 1.0 / _SMALLEST, 1.0 / b
    fraction = d
    for n in range(1, _TERMS):
        factor = -n * (n - a)
        b += 2.0
        d = 1.0 / (factor * d + b or _SMALLEST)
        c = b + factor / c or _SMALLEST
        fraction *= c * d
        if abs(c * d - 1.0) < _PRECISION:
            break
    return min(max(fraction * math.exp(log_factor), 0.0), 1.0)


def holm(p_values: Sequence[float]) -> Vector:
    """Return the p values adjusted for their number: rejecting those below α errs at all with chance ≤ α.

    It holds however the tests depend on each other (Holm, A simple sequentially rejective multiple test
    procedure, 1979).
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return adjusted
