"""A file system that is small enough to be filled; only root can make one, on Linux."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(path: Path, megabytes: int) -> Iterator[Path]:
    """A file system of this size at a new path; where none can be made, the test is skipped."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(path)]
    if not sys.platform.startswith("linux"):
        pytest.skip("tmpfs is missing: it is Linux's")
    mounted = subprocess.run(mount, check=False, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"the right to mount a tmpfs (root's) is missing: {mounted.stderr.strip()}")
    yield path
    subprocess.run(["umount", str(path)], check=True)
