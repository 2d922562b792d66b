"""How `evenhand rank` ranks files of votes and writes the boards: as tables, as JSON or as CSV."""

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evenhand.cli.rank import Format, Ranking
from evenhand.core.errors import InputError
from evenhand.ranking import Board, RankingError, Row, Votes, rank_slices, read_votes
from evenhand.ranking.standings import SCALE


def write_boards(files: Sequence[Path], how: Ranking, output: Format, *, skip_bad_rows: bool) -> None:
    """Rank the votes of files and print the boards. Raises `InputError` for what cannot be read or ranked."""
    try:
        votes = read_votes(*files, skip_bad_rows=skip_bad_rows)
        boards = rank_slices(
            votes,
            how.slices,
            style=how.style,
            scaling="z-score" if how.z_score else "rms",
            ties=how.ties,
            cluster=how.cluster or True,
            anchor=how.anchor,
            seed=how.seed,
        )
    except RankingError as error:
        raise InputError(str(error)) from error
    _report(votes)
    if output is Format.JSON:
        _write_json(boards)
    elif output is Format.CSV:
        _write_csv(boards)
    else:
        for board in boards.values():
            _write_table(board, named=len(boards) > 1)


def _report(votes: Votes) -> None:
    """Say what was left out, beside the board."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    for reason, count in votes.skipped.items():
        console.print(f"{count:,} rows skipped: {reason}.")
    for reason, count in votes.excluded.items():
        console.print(f"{count:,} votes do not count: {reason}.")


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
            _span(row.rank_best, row.rank_worst),
            Text("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in row.contestant)),
            "–" if row.rating is None else f"{row.rating:.1f}",
            "–" if row.lower is None or row.upper is None else f"{row.lower:.1f} – {row.upper:.1f}",
            f"{row.votes:,}",
            _remark(row, board),
        )
    console = Console(highlight=False, markup=False)
    console.print(table)
    if board.coefficients:
        console.print(_effects(board))
    console.print(_summary(board))


def _effects(board: Board) -> Table:
    """What a usual difference in each measure adds to an answer's rating."""
    table = Table(box=None, pad_edge=False)
    table.add_column("A usual difference in")
    table.add_column("is worth", justify="right")
    table.add_column(f"{100 * (1 - board.alpha):g} % interval", justify="right")
    for one in board.coefficients:
        value, lower, upper = (SCALE * number for number in (one.value, one.lower, one.upper))
        table.add_row(one.name, f"{value:+.1f}", f"{lower:+.1f} – {upper:+.1f}")
    return table


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
