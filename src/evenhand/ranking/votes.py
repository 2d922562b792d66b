"""Reading a file of votes into cells.

One row a vote, its columns and outcomes under any of the names that the public sets use, in CSV, JSON,
JSON Lines or Parquet; or counts per pair in JSON. A row that cannot be understood is an error: skipped or
guessed at, it would move ratings without anybody knowing.
"""

from pathlib import Path

from evenhand.ranking.cells import Cells
from evenhand.ranking.errors import RankingError
from evenhand.ranking.pair_counts import holds_pair_counts, read_pair_counts
from evenhand.ranking.tables import KINDS, read_table


def read_votes(path: str | Path) -> Cells:
    """Count the votes in a file.

    Columns: `model_a` (or `left`), `model_b` (or `right`), `winner`, and, where present, `weight`, a number
    ≥ 0. `winner` is `model_a`, `a`, `left` or `a_win` for the first; `model_b`, `b`, `right` or `b_win` for
    the second; `tie`; `both_bad` or `tie (bothbad)`; in capitals or not. For counts per pair see
    `pair_counts`.

    Raises:
        RankingError: the file cannot be read, lacks a column, or a row has an unknown outcome, no name, a
            contestant against itself or a bad weight: with the file, the row (the first vote is row 1), the
            column and the value.
    """
    path = Path(path)
    if path.suffix.lower() not in KINDS:
        raise RankingError(f"{path}: the name of a file of votes ends in {', '.join(KINDS)}.")
    if not path.is_file():
        raise RankingError(f"{path}: there is no such file.")
    if path.stat().st_size == 0:
        raise RankingError(f"{path}: is empty.")
    try:
        if path.suffix.lower() == ".json" and holds_pair_counts(path):
            return read_pair_counts(path)
        return read_table(path)
    except (OSError, UnicodeDecodeError) as error:
        raise RankingError(f"{path}: cannot be read: {error}.") from error
