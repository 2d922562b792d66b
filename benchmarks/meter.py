"""What processes take of the machine."""

import contextlib
from collections.abc import Iterator

import psutil


def family(process: psutil.Process) -> Iterator[psutil.Process]:
    """A process and all that descend from it."""
    yield process
    with contextlib.suppress(psutil.NoSuchProcess):
        yield from process.children(recursive=True)


def cpu_seconds(process: psutil.Process) -> float:
    """CPU time of a process and its descendants, user and system, those that have ended included."""
    seconds = 0.0
    for one in family(process):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


def resident(process: psutil.Process) -> float:
    """Memory that a process and its descendants hold, in kB."""
    return sum(one.memory_info().rss for one in family(process)) / 1000
