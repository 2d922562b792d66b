"""How `evenhand rank` ranks a file of votes and writes the board: as a table, as JSON or as CSV."""

import csv
import json
import sys
from dataclasses import asdict, fields
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evenhand.cli.rank import Format
from evenhand.core.errors import InputError
from evenhand.ranking import Board, RankingError, Row, rank, read_votes


def write_board(file: Path, anchor: float | tuple[str, float], output: Format) -> None:
    """Rank the votes of a file and print the board. Raises `InputError` for a file that cannot be read."""
    try:
        board = rank(read_votes(file), anchor=anchor)
    except RankingError as error:
        raise InputError(str(error)) from error
    if output is Format.JSON:
        print(json.dumps(board.as_dict(), ensure_ascii=False, allow_nan=False, indent=2))
    elif output is Format.CSV:
        _write_csv(board)
    else:
        _write_table(board)


def _write_csv(board: Board) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow("name" if field.name == "contestant" else field.name for field in fields(Row))
    writer.writerows(asdict(row).values() for row in board.rows)


def _write_table(board: Board) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("Rank", justify="right", no_wrap=True)
    table.add_column("Contestant", overflow="fold")
    table.add_column("Rating", justify="right", no_wrap=True)
    table.add_column(f"{100 * (1 - board.alpha):g} % interval", justify="right", no_wrap=True)
    table.add_column("Votes", justify="right", no_wrap=True)
    table.add_column("")
    for row in board.rows:
        table.add_row(
            _span(row.rank_best, row.rank_worst),
            Text("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in row.contestant)),
            "–" if row.rating is None else f"{row.rating:.1f}",
            "–" if row.lower is None or row.upper is None else f"{row.lower:.1f} – {row.upper:.1f}",
            f"{row.votes:,}",
            _remark(row, board),
        )
    console = Console(highlight=False, markup=False)
    console.print(table)
    console.print(_summary(board))


def _span(best: int | None, worst: int | None) -> str:
    if best is None or worst is None:
        return "–"
    return str(best) if best == worst else f"{best}–{worst}"


def _remark(row: Row, board: Board) -> str:
    if row.reason == "no_votes":
        return "no votes"
    group = "" if board.connected else f"group {row.component + 1}"
    return ", ".join(word for word in (group, "preliminary" if row.preliminary else "") if word)


def _summary(board: Board) -> str:
    if board.status == "empty":
        return "No votes yet."
    parts = [f"{board.votes:,} votes", f"{board.status} board"]
    if not board.connected:
        parts.append("no joint order: no chain of votes joins the groups")
    if board.fit == "firth":
        parts.append("penalised fit, because some contestants have few votes or votes of one kind")
    return "; ".join(parts) + "."
