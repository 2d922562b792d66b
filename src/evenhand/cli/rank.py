"""`evenhand rank`: a leaderboard from a file of votes."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from evenhand.core.errors import InputError


class Format(StrEnum):
    """How a board is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def rank(
    file: Annotated[Path, typer.Argument(help="Votes in CSV, JSON, JSON Lines or Parquet.", metavar="FILE")],
    anchor: Annotated[
        str | None,
        typer.Option(metavar="NAME=RATING", help="Pin a contestant to a rating; else the mean is 1000."),
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to write the board.")] = Format.TABLE,
) -> None:
    """Turn a file of votes into a leaderboard with intervals."""
    pinned = 1000.0 if anchor is None else _parsed(anchor)
    # Not at the top: every other command would wait for the numerics, too.
    from evenhand.cli.rank_output import write_board

    write_board(file, pinned, output)


def _parsed(anchor: str) -> tuple[str, float]:
    name, _, rating = anchor.rpartition("=")
    try:
        return name, float(rating)
    except ValueError:
        raise InputError(f"--anchor {anchor!r} is not of the form NAME=RATING, such as gpt-4=1200.") from None
