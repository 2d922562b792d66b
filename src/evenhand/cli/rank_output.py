"""How `evenhand rank` ranks files of votes and writes the boards: as tables, as JSON, as CSV or as a page."""

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evenhand.cli.rank import Format, Ranking
from evenhand.cli.votes import bad_input, told, votes_in
from evenhand.ranking import Board, Row, rank_slices
from evenhand.ranking.board import SCALE, Ranks, Ties
from evenhand.ranking.board_page import boards_page, rank_span, remark, summary
from evenhand.ranking.slices import OVERALL


def write_boards(files: Sequence[Path], how: Ranking, output: Format, *, skip_bad_rows: bool) -> None:
    """Rank the votes of files and print the boards. Raises `InputError` for what cannot be read or ranked."""
    votes = votes_in(files, skip_bad_rows=skip_bad_rows)
    with bad_input(), told("Ranking") as progress:
        boards = rank_slices(
            votes,
            how.slices,
            style=how.style,
            scaling="z-score" if how.z_score else "rms",
            ties=cast("Ties", how.ties),
            cluster=how.cluster,
            anchor=how.anchor,
            alpha=how.alpha,
            ranks=cast("Ranks", how.ranks),
            seed=how.seed,
            progress=progress,
        )
    if how.slices is None:
        boards = {name: board for name, board in boards.items() if board.votes or name == OVERALL}
    if output is Format.JSON:
        _write_json(boards)
    elif output is Format.CSV:
        _write_csv(boards)
    elif output is Format.HTML:
        print(boards_page(boards))
    else:
        for board in boards.values():
            _write_table(board, named=len(boards) > 1)


def _write_json(boards: dict[str, Board]) -> None:
    """The first board, and beside it all that were asked for, by slice."""
    first, *_ = boards.values()
    content = first.as_dict() | {"slices": {name: board.as_dict() for name, board in boards.items()}}
    print(json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2))


def _write_csv(boards: dict[str, Board]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = ["name" if field.name == "contestant" else field.name for field in fields(Row)]
    writer.writerow([*names, "slice"])
    for name, board in boards.items():
        writer.writerows([*asdict(row).values(), name] for row in board.rows)


def _write_table(board: Board, *, named: bool) -> None:
    table = Table(box=None, pad_edge=False, title=board.slice if named else None, title_justify="left")
    table.add_column("Rank", justify="right", no_wrap=True)
    table.add_column("Contestant", overflow="fold")
    table.add_column("Rating", justify="right", no_wrap=True)
    table.add_column(f"{100 * (1 - board.alpha):g} % interval", justify="right", no_wrap=True)
    table.add_column("Votes", justify="right", no_wrap=True)
    table.add_column("")
    for row in board.rows:
        table.add_row(
            rank_span(row),
            Text("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in row.contestant)),
            "–" if row.rating is None else f"{row.rating:.1f}",
            "–" if row.lower is None or row.upper is None else f"{row.lower:.1f} – {row.upper:.1f}",
            f"{row.votes:,}",
            remark(row, board),
        )
    console = Console(highlight=False, markup=False)
    console.print(table)
    if board.coefficients:
        console.print(_effects(board))
    console.print(f"{summary(board)}\n" if named else summary(board))


def _effects(board: Board) -> Table:
    """What a usual difference in each measure is worth."""
    table = Table(box=None, pad_edge=False)
    table.add_column("A usual difference in")
    table.add_column("is worth", justify="right")
    table.add_column(f"{100 * (1 - board.alpha):g} % interval", justify="right")
    for one in board.coefficients:
        value, lower, upper = (SCALE * number for number in (one.value, one.lower, one.upper))
        table.add_row(one.name, f"{value:+.1f}", f"{lower:+.1f} to {upper:+.1f}")
    return table
