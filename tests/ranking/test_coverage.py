"""Intervals against worlds whose truth is known: how often they hold it.

Small sizes of what `make check-coverage` does with thousands of worlds of each kind.
"""

import numpy as np
import pytest
from benchmarks.coverage import ALL, BARS, KINDS, Coverage, Kind, coverages, looked_at

from evenhand.ranking.board import SCALE
from evenhand.ranking.penalised import fit_penalised
from tests.ranking.worlds import pair_sums, simulated

WORLDS = {
    "equals": 400,
    "equals, 12 voters with tastes": 250,
    "young board, 60 votes": 40,
    "a large pool with newcomers": 24,
}
"""Among equals, where every pair can go wrong, it shows whether bounds of all ranks hold: so many tell
those that hold in four of five worlds. The last two take long."""
OTHERS = 120
"""Worlds of the other kinds."""
DOUBT = 3.0
"""Monte-Carlo errors by which so few worlds may miss a bar."""


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_intervals_hold_the_truth_as_often_as_they_say(kind: Kind) -> None:
    worlds = WORLDS.get(kind.name, OTHERS)
    for one in coverages(kind.name, looked_at(kind, range(worlds))):
        lowest, highest = BARS.get(one.sort, (0.9, 0.98))
        # Where a few worlds all agree, their spread says nothing.
        error = max(one.error, 0.5 / worlds)
        assert lowest - DOUBT * error <= one.share <= highest + DOUBT * error, one


@pytest.mark.parametrize(
    ("share", "verdict"), [(0.95, "holds"), (0.94, "holds"), (0.935, "in doubt"), (0.92, "BROKEN")]
)
def test_a_bar_is_broken_where_chance_does_not_explain_that_it_is_missed(share: float, verdict: str) -> None:
    assert Coverage("any", ALL, 1000, share, 0.005).verdict == verdict


def test_a_world_is_the_same_whoever_draws_it() -> None:
    kind = KINDS[0]
    assert looked_at(kind, range(3, 5)) == looked_at(kind, range(5))[3:]


def test_the_penalised_fit_of_thirty_votes_is_hardly_biased() -> None:
    rng = np.random.default_rng(13)
    theta = np.array([-0.8, 0.0, 0.8])
    worlds = (simulated(rng, theta, np.full(3, 1 / 3), 30, ties=0.0) for _ in range(800))
    errors = [SCALE * (fit_penalised(pair_sums(world)) - theta) for world in worlds]
    # The standard error of these means is 2.4 points.
    assert np.abs(np.mean(errors, axis=0)).max() < 8
