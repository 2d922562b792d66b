"""Freed memory that is kept for what follows.

The arrays behind a board are of a megabyte or two. glibc gives those back to the system as they are freed,
which has to clear the memory anew for the next board: of 200 contestants, that is a sixth of its work. It
keeps what is smaller than the largest array that was ever given back, up to 32 MB.
"""

import numpy as np

KEPT = 2**25 - 2**16
"""Bytes; a little less than 32 MB, for what is kept with an array."""


def keep_freed_memory() -> None:
    """Let glibc keep freed arrays of up to `KEPT` bytes; other systems see to that themselves."""
    np.empty(KEPT, dtype=np.uint8)  # nothing is written to it, so it takes no memory
