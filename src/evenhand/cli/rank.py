"""`evenhand rank`: leaderboards from files of votes."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from evenhand.core.errors import InputError

Files = Annotated[
    list[Path], typer.Argument(help="Votes in CSV, TSV, JSON, JSON Lines or Parquet.", metavar="FILE...")
]
Style = Annotated[
    bool, typer.Option("--style", help="Hold length, headings, bold spans and list items fixed.")
]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="Votes with the same value depend on each other; else the voter's."),
]
SkipBadRows = Annotated[
    bool, typer.Option("--skip-bad-rows", help="Count rows that cannot be understood, and go on.")
]


class Format(StrEnum):
    """How a board is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


class Ties(StrEnum):
    """What a tie is: half a win for each, no vote, or an outcome of a model that knows of ties."""

    HALF = "half"
    DROP = "drop"
    RAO_KUPPER = "rao-kupper"
    DAVIDSON = "davidson"


class Ranks(StrEnum):
    """What the bounds of ranks are sure of: each row's own, or those of all rows at once."""

    ROW = "row"
    JOINT = "joint"


class Ranking(NamedTuple):
    """How votes are to be ranked.

    slices: None for all that have votes; anchor: the mean rating, or a contestant and its rating; cluster: a
    column, True for the voter's, False for none.
    """

    style: bool
    z_score: bool
    slices: list[str] | None
    anchor: float | tuple[str, float]
    ties: str
    cluster: str | bool
    alpha: float
    ranks: str
    seed: int


def rank(
    files: Files,
    style: Style = False,
    z_score: Annotated[
        bool, typer.Option("--z-score", help="With --style: centre measures, as other programs do.")
    ] = False,
    slices: Annotated[
        list[str] | None, typer.Option("--slice", metavar="NAME", help="Rank a slice; may be repeated.")
    ] = None,
    all_slices: Annotated[
        bool, typer.Option("--all-slices", help="Rank every slice that has votes.")
    ] = False,
    anchor: Annotated[
        str | None,
        typer.Option(
            metavar="[NAME=]RATING", help="Pin a contestant, or the mean, to a rating; else the mean is 1000."
        ),
    ] = None,
    ties: Annotated[
        Ties, typer.Option(help="Half a win for each, no vote, or a model that knows of ties.")
    ] = Ties.HALF,
    cluster: Cluster = None,
    no_cluster: Annotated[
        bool, typer.Option("--no-cluster", help="Take votes as independent, also those of one voter.")
    ] = False,
    alpha: Annotated[float, typer.Option(help="1 - confidence of intervals and bounds of ranks.")] = 0.05,
    ranks: Annotated[
        Ranks, typer.Option(help="Bounds of each row's rank for itself, or of all ranks at once (wider).")
    ] = Ranks.ROW,
    seed: Annotated[int, typer.Option(min=0, help="Of the simulation behind the intervals of ranks.")] = 0,
    skip_bad_rows: SkipBadRows = False,
    output: Annotated[Format, typer.Option("--format", help="How to write the board.")] = Format.TABLE,
) -> None:
    """Turn files of votes into a leaderboard with intervals."""
    if slices and all_slices:
        raise InputError("--slice and --all-slices exclude each other: give one of them.")
    if cluster is not None and no_cluster:
        raise InputError("--cluster and --no-cluster exclude each other: give one of them.")
    if z_score and not style:
        raise InputError("--z-score is about the measures of style: give --style, too.")
    how = Ranking(
        style,
        z_score,
        None if all_slices else slices or ["overall"],
        1000.0 if anchor is None else _parsed(anchor),
        ties.value,
        cluster or not no_cluster,
        alpha,
        ranks.value,
        seed,
    )
    # Not at the top: every other command would wait for the numerics, too.
    from evenhand.cli.rank_output import write_boards

    write_boards(files, how, output, skip_bad_rows=skip_bad_rows)


def _parsed(anchor: str) -> float | tuple[str, float]:
    name, equals, rating = anchor.rpartition("=")
    try:
        return (name, float(rating)) if equals else float(rating)
    except ValueError:
        raise InputError(f"--anchor {anchor!r} is not of the form NAME=RATING, such as gpt-4=1200.") from None
