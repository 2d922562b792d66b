"""`evenhand plan`: how many more votes until two contestants are told apart."""

import json
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from evenhand.cli.rank import Cluster, Files, SkipBadRows


class Format(StrEnum):
    """How a plan is written."""

    TEXT = "text"
    JSON = "json"


def plan(
    files: Files,
    pair: Annotated[
        tuple[str, str], typer.Option("--pair", metavar="A B", help="The two contestants, by their names.")
    ],
    difference: Annotated[
        float | None, typer.Option(metavar="POINTS", help="The least difference that matters; else today's.")
    ] = None,
    alpha: Annotated[float, typer.Option(help="The level, two-sided.")] = 0.05,
    power: Annotated[float, typer.Option(help="The chance of telling them apart.")] = 0.8,
    cluster: Cluster = None,
    skip_bad_rows: SkipBadRows = False,
    output: Annotated[Format, typer.Option("--format", help="How to write the plan.")] = Format.TEXT,
) -> None:
    """Say how many more votes tell two contestants apart."""
    # Not at the top: every other command would wait for the numerics, too.
    from evenhand.cli.votes import bad_input, votes_in
    from evenhand.ranking.planner import plan as planned

    votes = votes_in(files, skip_bad_rows=skip_bad_rows)
    with bad_input():
        rows = None if cluster is None else votes.rows(cluster=cluster)
        found = planned(votes, *pair, difference=difference, alpha=alpha, power=power, rows=rows)
    if output is Format.JSON:
        content = asdict(found) | {"statement": found.statement}
        print(json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2))
    else:
        print(found.statement)
