"""How large the tests of faults are: small in every run, full in `make soak` (`EVENHAND_TEST_SIZES=full`)."""

import os
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Sizes:
    """What a run of these tests does.

    `cuts` and `breaks` are the places at which a stream is cut, or broken in other ways; None is every byte.
    """

    voted_battles: int
    kills: int
    killed_in_flight: int
    cuts: int | None
    breaks: int | None
    reloads: int
    flaky_battles: int
    away: timedelta
    away_battles: int
    handed_over_battles: int
    jumps: int
    lapses_leases: bool
    """Whether the time that a dead process is believed to live is passed over, not waited for."""


SMALL = Sizes(
    voted_battles=3,
    kills=1,
    killed_in_flight=6,
    cuts=16,
    breaks=8,
    reloads=10,
    flaky_battles=10,
    away=timedelta(seconds=1),
    away_battles=8,
    handed_over_battles=4,
    jumps=4,
    lapses_leases=True,
)
FULL = Sizes(
    voted_battles=1000,
    kills=20,
    killed_in_flight=50,
    cuts=None,
    breaks=200,
    reloads=500,
    flaky_battles=500,
    away=timedelta(seconds=10),
    away_battles=50,
    handed_over_battles=50,
    jumps=100,
    lapses_leases=False,
)
SIZES = {"small": SMALL, "full": FULL}[os.environ.get("EVENHAND_TEST_SIZES", "small")]
