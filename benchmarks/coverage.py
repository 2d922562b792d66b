"""Whether intervals hold the truth as often as they say: `python -m benchmarks.coverage [--quick]`.

1,500 or 2,000 small worlds of each kind, whose truth is known (`worlds`), and one large file of votes with
known effects of style. Every world has a seed of its own, so the table is the same with any number of
processes. Coverage is the mean over worlds, and its Monte-Carlo error that of this mean: contestants of one
world are not independent of each other. A bar is broken where coverage misses it by more than twice that
error, and in doubt where it misses it by less.

Ends with exit code 1 where a bar is broken.
"""

import argparse
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from benchmarks.simulated_votes import EFFECTS, truth, write_votes
from benchmarks.worlds import MEASURES, Drawn, World, tied_votes
from evenhand.ranking import Board, fit_ties, rank, read_votes
from evenhand.ranking.board import SCALE
from evenhand.ranking.intervals import normal_quantile

Held = Mapping[str, float]
"""Of one world: the share of each sort of interval that holds its truth."""

RATING, NEW, EFFECT, ROW, ALL = (
    "ratings",
    "ratings of newcomers with 100 to 300 votes",
    "effects of style",
    "rank, each row for itself",
    "all ranks at once",
)
PARAMETER = "parameter of ties"
YOUNG = "ratings on a preliminary board"
BARS = {
    RATING: (0.93, 0.97),
    NEW: (0.93, 0.97),
    EFFECT: (0.93, 0.97),
    PARAMETER: (0.93, 0.97),
    ROW: (0.94, 1.0),
    ALL: (0.94, 1.0),
}
"""Of preliminary boards nothing is claimed but that they say so."""
DOUBT = 2.0
"""Monte-Carlo errors within which it is not known on which side of a bar the coverage lies."""

SEED = 20_261_129
AT_ONCE = 20
"""Worlds that a process makes before it says what it found."""
PROCESSES = 2
LARGE = 5_000_000
FARTHEST = 3.0
"""Points by which the ratings from so many votes may miss the truth, root mean square; fewer may by more."""


class Kind(NamedTuple):
    """A kind of world: how many are drawn, and what becomes of one."""

    name: str
    worlds: int
    look: Callable[[np.random.Generator], Held]


def board_holds(rng: np.random.Generator, world: World, *, joint: bool = False) -> Held:
    """Rank the votes of a world, and hold the board against its truth."""
    drawn = world.draw(rng)
    votes, style = drawn.votes(), MEASURES[: len(world.effects)]
    board = rank(votes, style=style)
    if joint:
        together = rank(votes, style=style, ranks="joint")
        return _held(board, drawn) | {ALL: float(np.all(_ranks_hold(together, drawn)))}
    return _held(board, drawn)


def _held(board: Board, drawn: Drawn) -> dict[str, float]:
    holds: dict[str, list[bool]] = {ROW: _ranks_hold(board, drawn)}
    for row in board.rows:
        number = int(row.contestant)
        assert row.lower is not None
        assert row.upper is not None
        sort = YOUNG if board.fit == "firth" else NEW if number >= drawn.world.established else RATING
        holds.setdefault(sort, []).append(row.lower <= drawn.ratings[number] <= row.upper)
    if board.coefficients:
        effects = zip(board.coefficients, drawn.world.effects, strict=True)
        holds[EFFECT] = [one.lower <= effect <= one.upper for one, effect in effects]
    return {sort: float(np.mean(inside)) for sort, inside in holds.items()}


def _ranks_hold(board: Board, drawn: Drawn) -> list[bool]:
    """Whether the bounds hold all ranks that a contestant may truly claim: equals share several."""
    theta = drawn.theta
    holds = []
    for row in board.rows:
        assert row.rank_best is not None
        assert row.rank_worst is not None
        own = theta[int(row.contestant)]
        best, worst = 1 + int((theta > own).sum()), len(theta) - int((theta < own).sum())
        holds.append(row.rank_best <= best and worst <= row.rank_worst)
    return holds


def tied_board_holds(
    rng: np.random.Generator, model: Literal["rao-kupper", "davidson"], parameter: float
) -> Held:
    """The same for a board by a model of ties, and for its parameter."""
    theta = rng.normal(0, 0.5, 8)
    theta -= theta.mean()
    cells = tied_votes(rng, model, parameter, theta, 1500)
    board, fitted = rank(cells, ties=model), fit_ties(cells, model)
    ratings = 1000.0 + SCALE * theta
    inside = [row.lower <= ratings[int(row.contestant)] <= row.upper for row in board.rows]  # type: ignore[operator]
    off = abs(fitted.parameter - parameter) <= normal_quantile(0.05) * (fitted.parameter_sd or 0.0)
    return {RATING: float(np.mean(inside)), PARAMETER: float(off)}


def grounded_fit_holds(rng: np.random.Generator, parameter: float) -> Held:
    """The same for the grounded model, whose θ have a zero of their own."""
    theta = rng.normal(0.6, 0.5, 8)
    fitted = fit_ties(tied_votes(rng, "grounded", parameter, theta, 1500), "grounded")
    quantile = normal_quantile(0.05)
    off = abs(fitted.parameter - parameter) <= quantile * (fitted.parameter_sd or 0.0)
    return {
        RATING: float(np.mean(np.abs(fitted.theta - theta) <= quantile * fitted.theta_sd)),
        PARAMETER: float(off),
    }


STYLE = (0.25, 0.05, 0.03, 0.02)
KINDS = (
    Kind("plain, without ties", 2000, partial(board_holds, world=World(ties=0.0), joint=True)),
    Kind("plain, a third ties", 2000, partial(board_holds, world=World(), joint=True)),
    Kind("equals", 2000, partial(board_holds, world=World(established=8, spread=0.0), joint=True)),
    Kind(
        "a large pool with newcomers",
        2000,
        partial(board_holds, world=World(established=60, newcomers=3, votes=20_000), joint=True),
    ),
    Kind(
        "style control",
        2000,
        partial(board_holds, world=World(newcomers=2, votes=2500, effects=STYLE)),
    ),
    Kind(
        "300 voters with tastes",
        2000,
        partial(board_holds, world=World(newcomers=2, votes=2500, voters=300, taste=0.4), joint=True),
    ),
    Kind(
        "30 voters with tastes",
        1500,
        partial(board_holds, world=World(newcomers=2, votes=1500, voters=30, taste=0.2), joint=True),
    ),
    Kind(
        "12 voters with tastes",
        1500,
        partial(board_holds, world=World(votes=1500, voters=12, taste=0.2), joint=True),
    ),
    Kind(
        "equals, 12 voters with tastes",
        1500,
        partial(board_holds, world=World(8, votes=1500, spread=0.0, voters=12, taste=0.2), joint=True),
    ),
    Kind(
        "style control, 20 voters with tastes",
        1500,
        partial(board_holds, world=World(votes=1500, effects=STYLE, voters=20, taste=0.2)),
    ),
    Kind(
        "style control, 300 voters with tastes",
        2000,
        partial(
            board_holds,
            world=World(newcomers=2, votes=2500, effects=STYLE, voters=300, taste=0.4),
        ),
    ),
    Kind("Rao-Kupper", 2000, partial(tied_board_holds, model="rao-kupper", parameter=0.7)),
    Kind("Davidson", 2000, partial(tied_board_holds, model="davidson", parameter=1.1)),
    Kind("grounded Rao-Kupper", 2000, partial(grounded_fit_holds, parameter=0.0)),
    Kind("young board, 60 votes", 1500, partial(board_holds, world=World(6, votes=60, ties=0.0))),
)


def looked_at(kind: Kind, worlds: Iterable[int]) -> list[Held]:
    """Look at some worlds of a kind, by their numbers."""
    name = zlib.crc32(kind.name.encode())
    return [kind.look(np.random.default_rng([SEED, name, number])) for number in worlds]


@dataclass(frozen=True)
class Coverage:
    """How often intervals of one sort hold the truth, in worlds of one kind."""

    kind: str
    sort: str
    worlds: int
    share: float
    error: float

    @property
    def verdict(self) -> str:
        """What becomes of the bar, if there is one."""
        if self.sort not in BARS:
            return ""
        lowest, highest = BARS[self.sort]
        missed = max(lowest - self.share, self.share - highest)
        return "holds" if missed <= 0 else "in doubt" if missed <= DOUBT * self.error else "BROKEN"


def coverages(kind: str, found: Sequence[Held]) -> Iterator[Coverage]:
    """The shares of what was found, by sort."""
    for sort in dict.fromkeys(sort for one in found for sort in one):
        shares = np.array([one[sort] for one in found if sort in one])
        error = float(shares.std(ddof=1) / np.sqrt(len(shares))) if len(shares) > 1 else 0.0
        yield Coverage(kind, sort, len(shares), float(shares.mean()), error)


def line(one: Coverage) -> str:
    """A line of the table."""
    bar = "no bar"
    if one.sort in BARS:
        lowest, highest = (100 * bound for bound in BARS[one.sort])
        bar = f">= {lowest:g} %" if highest == 100 else f"{lowest:g} to {highest:g} %"
    return (
        f"{one.kind:<38} {one.sort:<43} {one.worlds:>5} {100 * one.share:>6.2f} ± {100 * one.error:.2f} %  "
        f"{bar:<12} {one.verdict}"
    )


def small_worlds(kinds: Sequence[Kind], part: float) -> bool:
    """Look at a part of the worlds of each kind and print how often intervals hold; whether all bars do."""
    fine = True
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with (
        ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        for kind in kinds:
            worlds = max(AT_ONCE, round(part * kind.worlds))
            task = progress.add_task(kind.name, total=worlds)
            found: list[Held] = []
            parts = [range(worlds)[start : start + AT_ONCE] for start in range(0, worlds, AT_ONCE)]
            for some in pool.map(partial(looked_at, kind), parts):
                found += some
                progress.update(task, completed=len(found))
            progress.remove_task(task)
            for one in coverages(kind.name, found):
                print(line(one), flush=True)
                fine &= one.verdict != "BROKEN"
    return fine


def large_file(votes: int) -> bool:
    """Rank many votes with known effects of style, and print what was found; whether the bars hold."""
    with tempfile.TemporaryDirectory(prefix="evenhand-coverage-") as folder:
        file = Path(folder) / "votes.parquet"
        write_votes(file, votes)
        board = rank(read_votes(file), style=True)
    fine = True
    print(f"{votes:,} votes under style control")
    for one, true in zip(board.coefficients, EFFECTS.values(), strict=True):
        holds = one.lower <= true <= one.upper
        fine &= holds
        print(
            f"  {one.name:<8} {one.value:.4f}, {one.lower:.4f} to {one.upper:.4f}; truth {true:g}  "
            f"{'holds' if holds else 'BROKEN'}"
        )
    known = truth()
    ratings = {row.contestant: row.rating for row in board.rows}
    off = np.array([ratings[name] for name in known.names], dtype=np.float64) - 1000.0 - SCALE * known.theta
    rmse = float(np.sqrt(np.square(off).mean()))
    bar = FARTHEST * np.sqrt(LARGE / votes)
    fine &= (holds := bool(rmse <= bar))
    print(
        f"  ratings miss the truth by {rmse:.2f} points (root mean square), bar {bar:.3g}  "
        f"{'holds' if holds else 'BROKEN'}"
    )
    return fine


def main(*, quick: bool) -> int:
    began = time.perf_counter()
    fine = small_worlds(KINDS, 0.05 if quick else 1.0)
    fine &= large_file(LARGE // 20 if quick else LARGE)
    print(f"({time.perf_counter() - began:.0f} s)")
    return 0 if fine else 1


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a twentieth of it: whether it works")
    sys.exit(main(quick=options.parse_args().quick))
