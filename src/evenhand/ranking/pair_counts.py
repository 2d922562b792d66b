"""Votes that were counted per pair, in JSON.

`{"models": [name, …], "X": [[i, j], …], "Y": [[i wins, j wins, ties, both bad], …]}`, i and j being indices
into `models`, `Y` as long as `X`.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from evenhand.ranking.cells import MOST, Cells
from evenhand.ranking.errors import RankingError


def holds_pair_counts(path: Path) -> bool:
    """Tell counts from a list of votes, and from one vote a line, without reading all of a large file."""
    with path.open(encoding="utf-8-sig") as file:
        start = file.read(4096).lstrip()
        if not start.startswith("{"):
            return False
        file.seek(0)
        try:
            line = json.loads(file.readline())
        except (ValueError, RecursionError):
            return True  # an object over several lines, or what only its reader can say is none
        return isinstance(line, dict) and "models" in line


def read_pair_counts(path: Path) -> Cells:
    """Read counts per pair.

    Raises:
        RankingError: with the file, the list, the row (the first pair is row 1) and the value.
    """
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise RankingError(f"{path}: is not JSON: {error}.") from error
    models, pairs, counts = (_list(path, content, key) for key in ("models", "X", "Y"))
    for row, name in enumerate(models, start=1):
        if not _is_name(name) or name in models[: row - 1]:
            raise RankingError(f"{path}: models, row {row}: {name!r} is no name of its own.")
    if len(pairs) != len(counts):
        raise RankingError(
            f"{path}: X has {len(pairs)} rows and Y {len(counts)}; each pair needs its counts."
        )
    for row, (pair, count) in enumerate(zip(pairs, counts, strict=True), start=1):
        if not _is_row(pair, 2) or max(pair) >= len(models):
            raise RankingError(f"{path}: X, row {row}: {pair!r} is no pair of indices into models.")
        if pair[0] == pair[1]:
            raise RankingError(f"{path}: X, row {row}: {models[pair[0]]!r} is compared with itself.")
        if not _is_row(count, 4) or max(count) > MOST:
            raise RankingError(
                f"{path}: Y, row {row}: {str(count)[:80]} is not four counts: wins, wins, ties, both bad."
            )
    index = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    sums = np.array(counts, dtype=np.float64).reshape(-1, 4)
    return Cells(models, index[:, 0], index[:, 1], np.stack([sums, sums, sums]))


def _list(path: Path, content: Any, key: str) -> list[Any]:
    value = content.get(key) if isinstance(content, dict) else None
    if not isinstance(value, list):
        raise RankingError(f"{path}: has no list {key!r}; pair counts have models, X and Y.")
    return value


def _is_name(value: Any) -> bool:
    # JSON can spell half a character, which no file or terminal takes.
    return isinstance(value, str) and value != "" and value.encode(errors="ignore").decode() == value


def _is_row(value: Any, length: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == length
        and all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in value)
    )
