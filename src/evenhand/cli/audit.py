"""`evenhand audit`: what the votes behind a board can and cannot bear."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from evenhand.cli.rank import Files, SkipBadRows, Style


class Format(StrEnum):
    """How an audit is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def audit(
    files: Files,
    style: Style = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the simulations.")] = 0,
    skip_bad_rows: SkipBadRows = False,
    output: Annotated[Format, typer.Option("--format", help="How to write the report.")] = Format.TEXT,
) -> None:
    """Report how far the votes of files support their leaderboard."""
    # Not at the top: every other command would wait for the numerics, too.
    from rich.console import Console

    from evenhand.cli.votes import bad_input, votes_in
    from evenhand.ranking.audit import audit as audited

    votes = votes_in(files, skip_bad_rows=skip_bad_rows)
    with bad_input(), Console(stderr=True).status("Auditing …"):
        report = audited(votes, style=style, seed=seed)
    if output is Format.JSON:
        print(json.dumps(report.as_dict(), ensure_ascii=False, allow_nan=False, indent=2))
    else:
        print(report.to_html() if output is Format.HTML else report.to_text())
