"""Cells of slices and days in a Parquet file, whose metadata says which slices and contestants there are."""

import json
import re
from pathlib import Path

import numpy as np

from evenhand.ranking.cells import OUTCOMES
from evenhand.ranking.errors import RankingError
from evenhand.ranking.sliced import NO_DAY, Entries, SlicedCells, indices
from evenhand.ranking.tables import in_short, literal

_KEYS = ("slice", "day", "model_a", "model_b", "outcome")
_SUMS = ("votes", "weight", "square")


def save_cells(cells: SlicedCells, path: Path) -> None:
    """Write the file as a whole or not at all. Raises `RankingError`."""
    import duckdb

    words = [tuple(cells), None, cells.contestants, cells.contestants, OUTCOMES]
    columns = {
        name: key if known is None else np.array(known, dtype=object)[key]
        for name, key, known in zip(_KEYS, cells.entries.keys, words, strict=True)
    }
    columns |= dict(zip(_SUMS, cells.entries.sums, strict=True))
    known = {"slices": tuple(cells), "contestants": cells.contestants}
    metadata = ", ".join(f"{name}: {literal(json.dumps(value))}" for name, value in known.items())
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with duckdb.connect() as database:
            database.register("entries", columns)
            database.table("entries").create("written")
            database.execute(
                f"COPY written TO {literal(str(unfinished))} "
                f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{metadata}}})"
            )
        unfinished.replace(path)
    except (duckdb.Error, OSError) as error:
        unfinished.unlink(missing_ok=True)
        raise RankingError(f"{path}: cannot be written: {in_short(error)}") from error


def load_cells(path: Path) -> SlicedCells:
    """Read such a file. Raises `RankingError`."""
    import duckdb

    if not path.is_file():
        raise RankingError(f"{path}: there is no such file.")
    # In a path, DuckDB reads [ * ? as a pattern for several files.
    file = literal(re.sub(r"([\[*?])", r"[\1]", str(path)))
    try:
        with duckdb.connect() as database:
            columns = database.execute(f"FROM read_parquet({file})").fetchnumpy()
            found = database.execute(f"FROM parquet_kv_metadata({file})").fetchall()
        metadata = {bytes(key): value for _, key, value in found}
        slices, contestants = (json.loads(bytes(metadata[name])) for name in (b"slices", b"contestants"))
        keys = [
            columns[name] if known is None else indices(columns[name], known)
            for name, known in zip(_KEYS, [slices, None, contestants, contestants, OUTCOMES], strict=True)
        ]
        sums = [np.ma.asarray(columns[name], dtype=np.float64).filled(np.nan) for name in _SUMS]
        entries = Entries(np.array(keys, dtype=np.int64), np.array(sums, dtype=np.float64))
        if (entries.keys < [[0], [NO_DAY], [0], [0], [0]]).any() or not np.isfinite(entries.sums).all():
            raise ValueError("a line is of nothing that is known")
    except duckdb.Error as error:
        raise RankingError(f"{path}: cannot be read: {in_short(error)}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise RankingError(f"{path}: is no file of cells that was saved.") from error
    return SlicedCells(slices, contestants, entries)
