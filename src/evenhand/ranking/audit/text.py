"""A report as plain text."""

import textwrap
import unicodedata
from collections.abc import Sequence

from evenhand.ranking.audit.finding import Finding, Table, Unanswered

WIDTH = 88


def text(
    title: str,
    lead: Sequence[str],
    summary: Sequence[str],
    findings: Sequence[Finding],
    unanswered: Sequence[Unanswered],
    foot: str,
) -> str:
    """Return the report, at most `WIDTH` characters wide but for its tables."""
    parts = [
        title.upper(),
        *(_filled(one) for one in lead),
        "In short\n" + "\n".join(_item(one) for one in summary),
    ]
    for one in findings:
        head = one.question.upper() + ("  [beyond chance]" if one.alarm else "")
        parts.append("\n".join([head, _filled(one.answer), *(_filled(detail) for detail in one.details)]))
        parts += [_table(table) for table in one.tables if table.rows]
    if unanswered:
        lines = [_item(f"{one.question} {one.reason}") for one in unanswered]
        parts.append("WHAT THESE VOTES DO NOT TELL\n" + "\n".join(lines))
    return "\n\n".join([*parts, _filled(foot)]) + "\n"


def _filled(line: str) -> str:
    return textwrap.fill(line, WIDTH)


def _item(line: str) -> str:
    return textwrap.fill(line, WIDTH, initial_indent="- ", subsequent_indent="  ")


def _table(table: Table) -> str:
    lines = [table.columns, *table.rows]
    widths = [max(_width(line[k]) for line in lines) for k in range(len(table.columns))]
    written = []
    for line in lines:
        cells = []
        for cell, width, number in zip(line, widths, table.numbers, strict=True):
            room = " " * (width - _width(cell))
            cells.append(room + cell if number else cell + room)
        written.append(("  " + "  ".join(cells)).rstrip())
    return "\n".join([table.title + ":", *written])


def _width(cell: str) -> int:
    """How many columns of a terminal it takes."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in cell
    )
