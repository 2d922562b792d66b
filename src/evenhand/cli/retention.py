"""`evenhand retention`: who votes and comes back."""

import csv
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.cli.extras import server_module

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from evenhand.operations.schemas import CameBack, Retention, Voters


class Format(StrEnum):
    """How the figures are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def retention(
    days: Annotated[
        int, typer.Option(min=1, max=1000, metavar="N", help="over how many days, up to yesterday")
    ] = 90,
    output: Annotated[Format, typer.Option("--format", help="how to write the figures")] = Format.TABLE,
) -> None:
    """Say how many people vote, how many come back, and how far newcomers get."""
    found: Retention = server_module("evenhand.app.figures").who_comes_back(days)
    if output is Format.JSON:
        print(found.model_dump_json(indent=2))
    elif output is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("figure", "of", "measure", "value", "lower", "upper"))
        writer.writerows(_rows(found))
    else:
        _write_tables(found)


_Row = tuple[str, str, str, float | None, float | None, float | None]


def _rows(found: "Retention") -> "Iterator[_Row]":
    """One figure a row; empty where there are too few people, or it is not known yet."""
    for one in found.voters:
        for span, voters in (("daily", one.daily), ("weekly", one.weekly), ("monthly", one.monthly)):
            for measure, value in (
                ("people", voters.people),
                ("new", voters.new),
                ("returning", voters.returning),
            ):
                yield (f"{span} voters", one.day.isoformat(), measure, value, None, None)
    for cohort in found.cohorts:
        week = "all" if cohort.week is None else cohort.week.isoformat()
        yield ("cohort", week, "people", cohort.people, None, None)
        for back in cohort.came_back:
            yield ("cohort", week, f"D{back.days}", back.share, back.lower, back.upper)
            yield ("cohort", week, f"D{back.days} of", back.of, None, None)
    for step, people in found.funnel:
        yield ("funnel", "all", step, people, None, None)
    yield ("votes per voter", "all", "people", found.votes.people, None, None)
    yield ("votes per voter", "all", "votes", found.votes.votes, None, None)
    yield ("votes per voter", "all", "median", found.votes.median, None, None)
    for some in found.votes.spread or []:
        yield ("votes per voter", _votes(some.at_least, some.at_most), "people", some.people, None, None)


def _write_tables(found: "Retention") -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    console.print(
        f"{found.days} days from {found.since} to {found.until} (UTC). Who opted out, or deleted their "
        f"account, is in none of these figures; fewer than {found.smallest} people are not told apart.\n"
    )
    last = found.voters[-1]
    voters = _table("Voters", "people", "new", "returning")
    for name, one in (
        (f"on {last.day}", last.daily),
        ("in the last 7 days", last.weekly),
        ("in the last 30 days", last.monthly),
    ):
        voters.add_row(name, *_counts(one))
    cohorts = _table("First vote", "people", "D1", "D7", "D30")
    for cohort in found.cohorts:
        name = "all" if cohort.week is None else str(cohort.week)
        cohorts.add_row(name, f"{cohort.people:,}", *map(_share, cohort.came_back))
    funnel = _table("How far people come", "people")
    steps = {
        "asked": "asked in a blind battle",
        "answered": "got both answers",
        "voted": "voted",
        "again": "asked for another battle after that",
    }
    for step, people in found.funnel:
        funnel.add_row(steps[step], _number(people))
    spread = _table("Votes of a voter", "people")
    for some in found.votes.spread or []:
        spread.add_row(_votes(some.at_least, some.at_most), f"{some.people:,}")
    spread.add_row("median", _number(found.votes.median))
    for table in (voters, cohorts, funnel, spread):
        console.print(table)
        console.print()


def _table(first: str, *others: str) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _counts(voters: "Voters") -> tuple[str, str, str]:
    return f"{voters.people:,}", _number(voters.new), _number(voters.returning)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.10g}"


def _share(back: "CameBack") -> str:
    if back.share is None or back.lower is None or back.upper is None:
        return {"not_yet": "not yet", "few": "few"}.get(back.state, "–")
    return f"{back.share:.0%} ({100 * back.lower:.0f}–{back.upper:.0%}) of {back.of:,}"


def _votes(at_least: int, at_most: int | None) -> str:
    if at_most is None:
        return f"{at_least}+"
    return str(at_least) if at_least == at_most else f"{at_least}–{at_most}"
