"""What else a board has to be quick at: `python -m benchmarks.boards TASK [FILE]`.

Each task runs in a process of its own, importing not included. Prints JSON: the seconds of what is measured,
and MB at the peak.

- slices FILE: all slices that the votes tell of; `boards` says how many, `one` the seconds of one of them
  alone, `overall` those of the board of all votes, which needs no second look at them; all from the file
- update: a thousand votes more on a board of 20 million
- many FILE: the board of a file
- young FILE: the same, and a newcomer with one vote
"""

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable

from benchmarks.rounds import medians
from benchmarks.simulated_votes import counted
from evenhand.ranking import Cells, rank, rank_slices, read_votes

UPDATES, RUNS = 20, 5
"""How often the quick ones are measured, in turns where they are compared; medians are what is said."""

SLICE = "coding"
"""The slice that all are measured by."""

Result = dict[str, float]


def took(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def slices(file: str) -> Result:
    boards = rank_slices(read_votes(file))  # DuckDB is loaded, the file in the system's cache
    work: dict[str, Callable[[], object]] = {
        "overall": lambda: rank(read_votes(file)),
        "one": lambda: rank(read_votes(file), slice=SLICE),
        "seconds": lambda: rank_slices(read_votes(file)),
    }
    rounds = [{name: took(one) for name, one in work.items()} for _ in range(RUNS)]
    return medians(rounds) | {"boards": len(boards)}


def update(_: str) -> Result:
    cells = counted(20_000_000, 0)
    board = rank(cells)
    times = []
    for number in range(1, UPDATES + 1):
        few = counted(1000, number)
        began = time.perf_counter()
        cells += few
        board = rank(cells, start=board)
        times.append(time.perf_counter() - began)
    return {"seconds": statistics.median(times)}


def many(file: str) -> Result:
    return {"seconds": took(lambda: rank(read_votes(file)))}


def young(file: str) -> Result:
    def ranked() -> None:
        cells = read_votes(file).cells
        board = rank(cells + Cells.from_votes(["newcomer"], [cells.contestants[0]], ["a"]))
        assert board.fit == "firth"

    return {"seconds": took(ranked)}


TASKS: dict[str, Callable[[str], Result]] = {
    "slices": slices,
    "update": update,
    "many": many,
    "young": young,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("task", choices=TASKS)
    options.add_argument("file", nargs="?", default="")
    given = options.parse_args()
    found = TASKS[given.task](given.file)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps(found | {"memory": memory}))


if __name__ == "__main__":
    main()
