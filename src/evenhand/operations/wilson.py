"""The interval of a proportion by Wilson's score, which holds what it says for small numbers, too."""

import math

from evenhand.ranking.intervals import normal_quantile

ALPHA = 0.05


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The bounds between which a proportion lies, at 95 %; of one trial at least."""
    z2 = normal_quantile(ALPHA) ** 2
    share = successes / trials
    middle = share + z2 / (2 * trials)
    reach = math.sqrt(z2 * (share * (1 - share) + z2 / (4 * trials)) / trials)
    # What rounding would leave of a bound that is 0 or 1.
    lower = 0.0 if successes == 0 else (middle - reach) / (1 + z2 / trials)
    upper = 1.0 if successes == trials else (middle + reach) / (1 + z2 / trials)
    return lower, upper
