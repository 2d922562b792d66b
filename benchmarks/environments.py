"""Environments of their own for what we are measured against, in the user's cache."""

import contextlib
import subprocess
import sys
from pathlib import Path

import platformdirs


class PeerError(Exception):
    """A peer cannot be had; the text says why."""


def home(name: str) -> Path:
    """Where an environment lies, or will."""
    return Path(platformdirs.user_cache_dir("evenhand", appauthor=False)) / "benchmarks" / name


def environment(name: str, *packages: str) -> Path:
    """The Python of an environment with the newest packages, or with what is there. Raises `PeerError`."""
    uv, python = Path(sys.executable).with_name("uv"), home(name) / "bin" / "python"
    there = home(name) / "complete"
    try:
        if not python.exists():
            run(str(uv), "venv", "--quiet", "--python", sys.executable, str(home(name)))
        with contextlib.suppress(PeerError) if there.exists() else contextlib.nullcontext():
            run(str(uv), "pip", "install", "--quiet", "--upgrade", "--python", str(python), *packages)
        there.touch()
    except OSError as error:
        raise PeerError(str(error)) from None
    return python


def version(python: Path, package: str) -> str:
    """The version of a package there."""
    return run(str(python), "-c", f"import importlib.metadata as m; print(m.version({package!r}))").strip()


def run(*command: str) -> str:
    """What a command prints. Raises `PeerError` with the last thing it says when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise PeerError(said[-1] if said else f"{command[0]} ended with {done.returncode}")
    return done.stdout
