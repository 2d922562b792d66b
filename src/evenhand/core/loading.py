"""Loading many modules at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Nothing is collected while the block loads modules, and what is there in the end never is.

    Hardly anything of it is garbage: looking for it takes a fifth of the time, and goes on doing so later.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
