"""Linear algebra on one thread.

The matrices of a board are small: sharing them out among threads costs more than it saves, and on a busy
machine, where threads wait for each other, twenty times the whole computation. NumPy has no switch for it, so
the OpenBLAS that its wheels carry is asked directly; with any other library nothing is changed.
"""

import contextlib
import ctypes
import importlib
import threading
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

PREFIXES = ("scipy_openblas_{}64_", "scipy_openblas_{}", "openblas_{}64_", "openblas_{}")


class _Switch(NamedTuple):
    get: "ctypes._NamedFuncPointer"
    set: "ctypes._NamedFuncPointer"


_lock = threading.Lock()
_inside = 0
_before = 1


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keep OpenBLAS to one thread in this process while anybody is inside; put back what was, afterwards."""
    global _inside, _before
    switch = _switch()
    if switch is None:
        yield
        return
    with _lock:
        if _inside == 0:
            _before = switch.get()
            switch.set(1)
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                switch.set(_before)


@cache
def _switch() -> _Switch | None:
    try:
        # What the module was linked against is found through the module itself.
        library = ctypes.CDLL(importlib.import_module("numpy._core._multiarray_umath").__file__)
    except (ImportError, OSError):
        return None
    for prefix in PREFIXES:
        names = (prefix.format("get_num_threads"), prefix.format("set_num_threads"))
        if all(hasattr(library, name) for name in names):
            return _Switch(*(library[name] for name in names))
    return None
