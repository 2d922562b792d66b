"""Files that are there as a whole or not at all."""

import contextlib
import os
import secrets
from pathlib import Path

from evenhand.ranking.errors import RankingError


def write_whole(path: Path, text: str) -> None:
    """Write a text file in UTF-8, or leave what was there.

    Raises:
        RankingError: it cannot be written.
    """
    unfinished = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with unfinished.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise RankingError(f"{path}: cannot be written: {error.strerror or error}.") from error
    finally:
        # After the renaming there is nothing by that name.
        with contextlib.suppress(OSError):
            unfinished.unlink()
