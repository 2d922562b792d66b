"""Memory that is freed is kept for the next board."""

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
import numpy as np
from evenhand.ranking.memory import keep_freed_memory

if sys.argv[1] == "kept":
    keep_freed_memory()
def board():
    [np.ones(400_000, dtype=np.float32) for _ in range(5)]

board()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    board()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="glibc is missing, whose way with freed memory this is"
)
def test_arrays_of_a_board_come_out_of_memory_that_the_process_has() -> None:
    faults = {
        way: int(subprocess.run([sys.executable, "-c", FAULTS, way], capture_output=True, check=True).stdout)
        for way in ("given back", "kept")
    }
    pages = 5 * 400_000 * 4 // 4096
    assert faults["given back"] > 10 * pages
    assert faults["kept"] < pages
