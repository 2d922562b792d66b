"""A file that is there once it is whole, and until then has another name."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from evenhand.core.errors import InputError, StartError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def new_file(file: Path) -> Iterator[IO[bytes]]:
    """What is to become a file that only its owner may read, once the block is left without an exception.

    Until then it has a name of its own in the same folder; a kill leaves that behind, anything else nothing.
    Raises `InputError` when there is such a file or none can be made there, `StartError` when it cannot be
    written to its end.
    """
    _refuse_to_overwrite(file)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".partial", dir=file.parent)
    except OSError as error:
        raise InputError(f"{file}: cannot be written ({error.strerror}); name another file.") from None
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(descriptor)
        _refuse_to_overwrite(file)
        partial.rename(file)
        _keep_names(file.parent)
    except OSError as error:
        help_ = "free some room or name a file on another disk" if error.errno in _NO_ROOM else "try another"
        raise StartError(f"{file} could not be written ({error.strerror}): {help_}.") from None
    finally:
        partial.unlink(missing_ok=True)


def _refuse_to_overwrite(file: Path) -> None:
    if file.exists():
        raise InputError(f"{file}: is there already, and nothing is overwritten; name another file.")


def _keep_names(folder: Path) -> None:
    """Have a folder's names on the disk, as its files are."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
