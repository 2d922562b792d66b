"""What several rounds of the same measurements say."""

import statistics
from collections.abc import Mapping, Sequence


def medians(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of each figure, by its name."""
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
