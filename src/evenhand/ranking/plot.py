"""A board as a picture: SVG, written by hand.

A row a contestant: the bounds of its rank, its name, the rating as a dot with its interval, drawn to scale
on one axis, and as a number. A line between two rows says that the votes support their order; rows without
one between them are not told apart. All is in the colour of the text around it, so that it reads on light
and on dark ground; where nothing can be known of that text, in a file or a notebook's output, the picture
has a ground of its own.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from html import escape
from pathlib import Path

from evenhand.ranking.board import Board, Row
from evenhand.ranking.errors import RankingError
from evenhand.ranking.files import write_whole

ROW = 24
"""The height of a row, in pixels."""
NAME_LETTERS = 32
"""Longer names are cut; the whole one shows under the pointer."""
MIN_LETTERS = 14
"""Names get at least this room, so that the lines above and below the rows have theirs."""
_LEFT = 14
_RANKS = 62
_LETTER = 7.3
"""How wide a letter of the usual sans serif is at 13 pixels, generously."""
_AXIS = 440
_TICKS = 7
_BROAD = ("W", "F")
_UNPRINTABLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_MINUS = "−"
_REASONS = {"no_votes": "no votes", "not_connected": "not comparable with the others"}


@dataclass(frozen=True)
class BoardPlot:
    """A drawn board. Notebooks show it; `svg` can stand in a page as it is, in the page's colours."""

    svg: str

    def _repr_svg_(self) -> str:
        # As an image it has its colour from the system and the ground below from the page: they may differ.
        ground = "color-scheme: light dark; color: CanvasText; background: Canvas"
        return self.svg.replace("<svg ", f'<svg style="{ground}" ', 1)

    def save(self, path: str | Path) -> None:
        """Write the picture to an SVG file.

        Raises:
            RankingError: it cannot be written.
        """
        write_whole(Path(path), self._repr_svg_() + "\n")


def plot_board(board: Board, rows: int) -> BoardPlot:
    """Draw the first rows of a board; see `Board.plot`."""
    if rows < 1:
        raise RankingError(f"A plot of {rows} rows shows nothing; ask for 1 or more.")
    shown = board.rows[:rows]
    drawing = _Drawing(board, shown)
    return BoardPlot(drawing.svg())


def ticks(low: float, high: float, most: int = _TICKS) -> list[float]:
    """Return about `most` numbers, 1, 2 or 5 times a power of ten apart, that enclose the range."""
    span = max(high - low, 1e-6 * max(abs(low), abs(high), 1.0))
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if first == last:
        first, last = first - 1, last + 1
    return [number * step for number in range(first, last + 1)]


class _Drawing:
    def __init__(self, board: Board, rows: tuple[Row, ...]) -> None:
        self._board, self._rows = board, rows
        widest = max(MIN_LETTERS, *(_width(_cut(row.contestant)) for row in rows), 0)
        self._names = _LEFT + _RANKS
        self._start = self._names + widest * _LETTER + 24
        self._end = self._start + _AXIS
        ends = [end for row in rows for end in (row.lower, row.upper, row.rating) if end is not None]
        self._ticks = ticks(min(ends), max(ends)) if ends else []
        self._top = 80
        self._bottom = self._top + ROW * len(rows)

    def svg(self) -> str:
        width, height = math.ceil(self._end + 80), self._bottom + 52
        title = self._title()
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img" fill="currentColor" stroke="none" font-size="13" '
            "font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif\">",
            f"<title>{escape(title)}</title>",
            f'<text x="{_LEFT}" y="26" font-size="15" font-weight="600">{escape(title)}</text>',
            f'<text x="{_LEFT}" y="46" opacity="0.72">{escape(self._subtitle())}</text>',
            *self._axis(),
            *(line for i, row in enumerate(self._rows) for line in self._row(i, row)),
            f'<text x="{_LEFT}" y="{height - 12}" font-size="12" opacity="0.72">'
            f"{escape(self._footer())}</text>",
            "</svg>",
        ]
        return "\n".join(lines)

    def _title(self) -> str:
        name = "" if self._board.slice == "overall" else f", {self._board.slice.replace('_', ' ')}"
        return f"Ratings of {len(self._board.rows):,} contestants{name}"

    def _subtitle(self) -> str:
        board = self._board
        if board.status == "empty":
            return "No votes yet."
        if not board.connected:
            return f"{board.votes:,} votes; no chain of votes joins the groups, so there is no joint order"
        confidence = f"{100 * (1 - board.alpha):g} %"
        whose = "each row for itself" if board.ranks == "row" else "all rows at once"
        return (
            f"{board.votes:,} votes; points with their {confidence} intervals; "
            f"bounds of the rank at {confidence}, {whose}"
        )

    def _footer(self) -> str:
        rest = len(self._board.rows) - len(self._rows)
        parts = [f"{rest:,} more not shown"] if rest else []
        if any(row.separated_from_next for row in self._rows[:-1]):
            parts.append("a line between two rows: the votes support their order")
        if any(row.preliminary for row in self._rows):
            parts.append("hollow dot: few votes, a first guess")
        text = "; ".join(parts)
        return text[:1].upper() + text[1:] + "." if text else ""

    def _axis(self) -> list[str]:
        lines = []
        for tick in self._ticks:
            x = self._x(tick)
            lines.append(
                f'<line x1="{x}" x2="{x}" y1="{self._top}" y2="{self._bottom}" stroke="currentColor" '
                'stroke-opacity="0.14"/>'
            )
            lines += [
                f'<text x="{x}" y="{y}" text-anchor="middle" font-size="12" opacity="0.72" '
                f'style="font-variant-numeric: tabular-nums">{_number(tick)}</text>'
                for y in (self._top - 8, self._bottom + 17)
            ]
        return lines

    def _row(self, index: int, row: Row) -> list[str]:
        middle = self._top + ROW * index + ROW / 2
        text = f'y="{middle + 4.5}" style="font-variant-numeric: tabular-nums"'
        name = _cut(row.contestant)
        lines = [f"<g><title>{escape(self._told(row))}</title>"]
        if row.rank_best is not None and row.rank_worst is not None:
            lines.append(
                f'<text x="{_LEFT + _RANKS - 14}" {text} text-anchor="end">'
                f"{_span(row.rank_best, row.rank_worst)}</text>"
            )
        elif not self._board.connected and row.reason != "no_votes":
            lines.append(
                f'<text x="{_LEFT + _RANKS - 14}" {text} text-anchor="end" opacity="0.72">'
                f"group {row.component + 1}</text>"
            )
        lines.append(f'<text x="{self._names}" {text}>{escape(name)}</text>')
        if row.rating is None or row.lower is None or row.upper is None:
            why = _REASONS.get(row.reason or "", "")
            lines.append(f'<text x="{self._start}" {text} opacity="0.72">{why}</text>')
        else:
            low, at, high = self._x(row.lower), self._x(row.rating), self._x(row.upper)
            lines += [
                f'<line x1="{low}" x2="{high}" y1="{middle}" y2="{middle}" stroke="currentColor" '
                'stroke-width="5" stroke-opacity="0.35"/>',
                f'<circle cx="{at}" cy="{middle}" r="3.5" '
                + ('fill="none" stroke="currentColor" stroke-width="1.5"/>' if row.preliminary else "/>"),
                f'<text x="{self._end + 66}" {text} text-anchor="end">{_number(row.rating, 1)}</text>',
            ]
        if row.separated_from_next and index + 1 < len(self._rows):
            y = middle + ROW / 2
            lines.append(
                f'<line x1="{_LEFT}" x2="{self._end + 66}" y1="{y}" y2="{y}" stroke="currentColor" '
                'stroke-opacity="0.45"/>'
            )
        return [*lines, "</g>"]

    def _told(self, row: Row) -> str:
        if row.rating is None or row.lower is None or row.upper is None:
            return f"{_printable(row.contestant)}: {_REASONS.get(row.reason or '', 'no rating')}"
        ends = f"{_number(row.lower, 1)} to {_number(row.upper, 1)}"
        return f"{_printable(row.contestant)}: {_number(row.rating, 1)}, {ends}; {row.votes:,} votes"

    def _x(self, points: float) -> float:
        low, high = self._ticks[0], self._ticks[-1]
        return round(self._start + _AXIS * (points - low) / (high - low), 2)


def _number(value: float, digits: int | None = None) -> str:
    text = f"{value:.{digits}f}" if digits is not None else f"{value:.10g}"
    # A negative number that rounds to none is none.
    return re.sub(r"^-(?=0(\.0*)?$)", "", text).replace("-", _MINUS)


def _span(best: int, worst: int) -> str:
    return str(best) if best == worst else f"{best}–{worst}"


def _printable(name: str) -> str:
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _UNPRINTABLE else c for c in name
    )


def _width(text: str) -> int:
    """Return how many letters wide a text is; Chinese letters and emoji count twice."""
    return sum(2 if unicodedata.east_asian_width(c) in _BROAD else 1 for c in text)


def _cut(name: str) -> str:
    text, width = "", 0
    for c in _printable(name) or "(no name)":
        width += _width(c)
        if width > NAME_LETTERS:
            return text.rstrip() + "…"
        text += c
    return text
