"""How fast votes become a board: `python -m benchmarks.ranking [--quick | --large]`.

This engine and others on the same Parquet files, one after the other, each run in a process of its own: from
the file to ratings with intervals, reading included, importing not. 200 contestants, four measures of style,
known ratings and effects. Medians of three runs of ours, one of the others', who need longer. Peak memory is
that of the whole process. Then what else a board has to be quick at (`boards`). Last, what is promised and
whether it holds.

The machine should have nothing else to do. `--large` measures 100 million votes as well: ten minutes more,
and 2 GB on the disk.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bars import Bar
from benchmarks.environments import PeerError, environment, version
from benchmarks.simulated_votes import EFFECTS, write_slices, write_votes

PACKAGES = {
    "arena-rank": ("arena-rank", "pyarrow"),
    "evalica": ("evalica", "pandas", "pyarrow"),
    "choix": ("choix", "pandas", "pyarrow"),
    "bootstrap": ("scipy", "pandas", "pyarrow"),
}
MOST = {"arena-rank": 20_000_000, "evalica": 5_000_000, "choix": 5_000_000, "bootstrap": 5_000_000}
"""Votes beyond which a peer is not asked: it would take the rest of the day, or all of the memory."""
STYLED = {"arena-rank": 5_000_000}
"""The same under style control, for those who have it."""
RUNS = 3
FULL = (100_000, 1_000_000, 5_000_000, 20_000_000)
QUICK = (100_000,)
LARGE = 100_000_000
COMPARED = 5_000_000
"""Votes at which we are measured against arena-rank, and slices against one board."""
MANY, OF_MANY = 5000, 2_000_000
"""Contestants of a large board, and its votes."""
IMPORT = (
    "import time; began = time.perf_counter(); import evenhand.ranking; print(time.perf_counter() - began)"
)


@dataclass(frozen=True)
class Measured:
    """Seconds, MB at the peak, and the effects of style that were found."""

    seconds: float
    memory: float
    effects: tuple[float, ...] = ()


def measured(python: Path | str, engine: str, file: Path, *, style: bool) -> Measured:
    """One run. Raises `PeerError` when it fails."""
    script = str(Path(__file__).with_name("rankers.py"))
    command = [str(python), script, engine, str(file), *(["--style"] if style else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise PeerError(lines[-1] if lines else f"it ended with {done.returncode}")
    said = json.loads(done.stdout.splitlines()[-1])
    return Measured(said["seconds"], said["memory"], tuple(said["effects"]))


def ours(file: Path, *, style: bool) -> Measured:
    """The median run of ours, by its time."""
    runs = [measured(sys.executable, "evenhand", file, style=style) for _ in range(RUNS)]
    return sorted(runs, key=lambda one: one.seconds)[RUNS // 2]


def line(name: str, one: Measured, own: Measured) -> str:
    ratio = f"{one.seconds / own.seconds:>7.1f} x" if one is not own else " " * 9
    effects = ", ".join(f"{effect:.4f}" for effect in one.effects)
    return f"    {name:<24} {one.seconds:>8.2f} s {ratio} {one.memory:>7.0f} MB  {effects}"


def compare(file: Path, votes: int, peers: dict[str, Path]) -> dict[tuple[str, bool], Measured]:
    """Measure all engines on one file; the results by engine and whether style was controlled."""
    found = {}
    for style, most in ((False, MOST), (True, STYLED)):
        own = found["evenhand", style] = ours(file, style=style)
        print(f"{votes:>12,} votes{', style control' if style else ''}")
        print(line("evenhand", own, own))
        for name, python in peers.items():
            if votes <= most.get(name, 0):
                try:
                    found[name, style] = measured(python, name, file, style=style)
                except PeerError as error:
                    print(f"    {name:<24} failed: {error}")
                else:
                    print(line(name, found[name, style], own))
    return found


def installed() -> dict[str, Path]:
    """The peers that can be had."""
    peers = {}
    for name, packages in PACKAGES.items():
        try:
            peers[name] = environment(name, *packages)
            print(f"{name}: {packages[0]} {version(peers[name], packages[0])}")
        except PeerError as error:
            print(f"{name} cannot be had: {error}")
    return peers


def import_seconds() -> float:
    """The median time that importing takes."""
    times = [
        float(subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, check=True).stdout)
        for _ in range(RUNS)
    ]
    return statistics.median(times)


def task(name: str, *file: Path) -> dict[str, float]:
    """What a task of `boards` says; figures that are no number where it fails."""
    command = [sys.executable, "-m", "benchmarks.boards", name, *map(str, file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"    {name} failed: {(done.stderr.strip().splitlines() or ['without a word'])[-1]}")
        return dict.fromkeys(("seconds", "memory", "boards", "one", "overall"), math.nan)
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return said


def of_size(votes: int, found: dict[tuple[str, bool], Measured]) -> Iterator[Bar]:
    """What is promised of this many votes."""
    limits = {20_000_000: (math.inf, 900.0, math.inf, 900.0), LARGE: (15.0, 1000.0, 60.0, 3000.0)}
    for style in (False, True):
        own, name = found["evenhand", style], f"{votes // 1_000_000} M{', style' if style else ''}"
        if votes == COMPARED:
            peer = found.get(("arena-rank", style))
            ratio = math.nan if peer is None else peer.seconds / own.seconds
            yield Bar(f"{name}: times as fast as arena-rank", ratio, 15.0, least=True)
        if votes in limits:
            seconds, memory = limits[votes][2 * style : 2 * style + 2]
            if math.isfinite(seconds):
                yield Bar(f"{name}: seconds", own.seconds, seconds)
            yield Bar(f"{name}: MB at the peak", own.memory, memory)


def of_boards(folder: Path, file: Path, *, quick: bool) -> Iterator[Bar]:
    """What is promised of other boards; `file` has the votes whose slices are ranked."""
    sliced = folder / "slices.parquet"
    write_slices(sliced, file)
    said = task("slices", sliced)
    sliced.unlink()
    number, seconds, one = said["boards"], said["seconds"], said["one"]
    print(
        f"{number:.0f} slices {seconds:.2f} s, one of them {one:.2f} s, the board of all votes "
        f"{said['overall']:.2f} s; {said['memory']:.0f} MB"
    )
    yield Bar(f"{number:.0f} slices: times as long as one", seconds / one, 3.0)
    said = task("update")
    yield Bar("1,000 votes more on 20 M: milliseconds", 1000 * said["seconds"], 50.0)
    many = folder / "many.parquet"
    write_votes(many, OF_MANY // 20 if quick else OF_MANY, MANY // 20 if quick else MANY)
    for name in ("many", "young"):
        said = task(name, many)
        print(f"{name}: {said['seconds']:.1f} s, {said['memory']:.0f} MB")
        kind = "contestants" if name == "many" else "contestants, one of them new"
        yield Bar(f"{MANY // 20 if quick else MANY:,} {kind}: seconds", said["seconds"], 60.0)
    many.unlink()


def main(sizes: Sequence[int]) -> None:
    peers = installed()
    bars = [Bar("importing evenhand.ranking: seconds", import_seconds(), 0.5)]
    print(f"true effects: {', '.join(f'{name} {effect}' for name, effect in EFFECTS.items())}")
    with tempfile.TemporaryDirectory(prefix="evenhand-ranking-") as name:
        folder = Path(name)
        for votes in sizes:
            file = folder / f"{votes}.parquet"
            began = time.perf_counter()
            write_votes(file, votes)
            size = file.stat().st_size / 1e6
            print(f"(made {votes:,} votes in {time.perf_counter() - began:.0f} s, {size:.0f} MB)")
            bars += of_size(votes, compare(file, votes, peers))
            if votes == min(max(sizes), COMPARED):
                bars += of_boards(folder, file, quick=votes < COMPARED)
            file.unlink()
    print("\nwhat is promised")
    for bar in bars:
        print(bar)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="100,000 votes: whether it works, not how much")
    options.add_argument("--large", action="store_true", help="100 million votes as well")
    options.add_argument("--votes", type=int, nargs="+", help="files of these sizes alone")
    given = options.parse_args()
    os.environ["PYTHONUNBUFFERED"] = "1"
    main(given.votes or (QUICK if given.quick else (*FULL, LARGE) if given.large else FULL))
