"""Plots as SVG, by hand: colours are classes of the page, so that they follow light and dark.

A plot is drawn 480 units wide and scales with the page; its text stays legible on a phone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

from evenhand.ranking.audit.charts import Bars, Chart, Curve, Line, Panels, Timeline
from evenhand.ranking.audit.periods import on

WIDTH = 480
LETTER = 8.4
"""About how wide a letter is."""
LEFT, RIGHT = 50, WIDTH - 4
MARKS = 5
"""Lines are told apart by so many colours and marks."""


def drawn(chart: Chart) -> str:
    """Return a plot as an <svg> element."""
    if isinstance(chart, Bars):
        return _bars(chart)
    if isinstance(chart, Curve):
        return _curve(chart)
    if isinstance(chart, Timeline):
        return _timeline(chart)
    return _panels(chart)


def _svg(title: str, height: float, parts: Iterable[str]) -> str:
    label = escape(title, quote=True)
    return f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def _path(points: Iterable[tuple[float, float]], kind: str) -> str:
    return f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" class="{kind}"/>'


def _mark(number: int, x: float, y: float) -> str:
    """Return a mark that differs by form, too, for those who do not see colours."""
    r, kind = 4.0, f"fill{number % MARKS}"
    form = number % MARKS
    if form == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" class="{kind}"/>'
    corners = {
        1: [(-r, -r), (r, -r), (r, r), (-r, r)],
        2: [(0, -r - 1), (r + 1, r), (-r - 1, r)],
        3: [(0, -r - 1.5), (r + 1.5, 0), (0, r + 1.5), (-r - 1.5, 0)],
        4: [(0, r + 1), (r + 1, -r), (-r - 1, -r)],
    }[form]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{points}" class="{kind}"/>'


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round numbers from `low` to `high`, about so many."""
    span = high - low
    if not span > 0:
        return [low]
    raw = span / about
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * size for factor in (1, 2, 5, 10) if factor * size >= raw * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _written(value: float) -> str:
    return f"{value:,.10g}".replace("-", "−")


def _bars(chart: Bars) -> str:
    row, top = 46, 8
    room = WIDTH - 150
    values = [bar.value for bar in chart.bars if bar.value is not None]
    decades = max(1, math.ceil(math.log10(max([*values, 10.0]))))
    bottom = top + row * len(chart.bars)
    parts = []
    for power in range(decades + 1):
        x = room * power / decades
        parts += [
            _line(x, top, x, bottom, "grid"),
            _text(x, bottom + 16, f"{10**power:,}", "soft", "start" if power == 0 else "middle"),
        ]
    for number, bar in enumerate(chart.bars):
        y = top + row * number
        parts.append(_text(0, y + 14, _cut(bar.label, WIDTH)))
        length = 0.0
        if bar.value is not None:
            length = max(2.0, room * math.log10(max(bar.value, 1.0)) / decades)
            parts.append(f'<rect x="0" y="{y + 21}" width="{length:.1f}" height="14" rx="2" class="fill0"/>')
        parts.append(_text(length + 6, y + 33, bar.note, "halo"))
    parts.append(_text(0, bottom + 36, chart.axis, "soft"))
    return _svg(chart.title, bottom + 44, parts)


def _curve(chart: Curve) -> str:
    left, top, side = 46, 10, 300
    right = left + 360

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return left + 360 * point[0], top + side * (1 - point[1])

    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = place((tick, tick))
        parts += [
            _line(left, y, right, y, "grid"),
            _text(left - 6, y + 4, f"{100 * tick:.0f}", "soft", "end"),
        ]
        parts.append(_text(x, top + side + 18, f"{100 * tick:.0f}", "soft", "middle"))
    parts += [
        _path([place((0, 0)), place((1, 1))], "dashed"),
        _path([place(point) for point in chart.points], "line0"),
        _text(left + 360 * 0.56, top + side * 0.52 + 16, chart.diagonal, "soft halo"),
        _text(0, top + side + 38, f"per cent; across: {chart.across}; up: {chart.up}", "soft"),
    ]
    return _svg(chart.title, top + side + 46, parts)


@dataclass(frozen=True)
class _Frame:
    """A rectangle for lines over time: where it stands, and which days and values it holds."""

    top: float
    height: float
    days: tuple[float, float]
    values: tuple[float, float]

    def across(self, day: float) -> float:
        first, last = self.days
        return LEFT + 8 + (RIGHT - LEFT - 16) * ((day - first) / (last - first) if last > first else 0.5)

    def up(self, value: float) -> float:
        low, high = self.values
        return self.top + self.height * (high - value) / (high - low)

    def grid(self, about: int) -> list[str]:
        parts = []
        for tick in ticks(*self.values, about):
            y = self.up(tick)
            parts += [_line(LEFT, y, RIGHT, y, "grid"), _text(LEFT - 6, y + 4, _written(tick), "soft", "end")]
        return parts

    def dates(self) -> list[str]:
        first, last = self.days
        y = self.top + self.height + 18
        places = [(float(LEFT), first, "start"), (float(RIGHT), last, "end")]
        if last - first >= 2:
            places.insert(1, ((LEFT + RIGHT) / 2, (first + last) / 2, "middle"))
        return [_text(x, y, on(round(day)), "soft", anchor) for x, day, anchor in places]

    def line(self, number: int, line: Line) -> list[str]:
        places = [(self.across(point.day), self.up(point.value)) for point in line.points]
        parts = []
        if line.level is not None:
            parts.append(_line(LEFT, self.up(line.level), RIGHT, self.up(line.level), "dashed"))
        for (x, _), point in zip(places, line.points, strict=True):
            if point.lower is not None and point.upper is not None:
                parts.append(
                    _line(x, self.up(point.lower), x, self.up(point.upper), f"whisker{number % MARKS}")
                )
        if len(places) > 1:
            parts.append(_path(places, f"line{number % MARKS}"))
        return parts + [_mark(number, x, y) for x, y in places]


def _frame(lines: Sequence[Line], top: float, height: float) -> _Frame:
    """Return a frame that holds all lines."""
    points = [point for line in lines for point in line.points]
    days = [point.day for point in points] or [0.0]
    all_values = [value for point in points for value in (point.value, point.lower, point.upper)]
    values = [value for value in all_values if value is not None] or [0.0]
    room = 0.06 * (max(values) - min(values)) or 1.0
    return _Frame(top, height, (min(days), max(days)), (min(values) - room, max(values) + room))


def _timeline(chart: Timeline) -> str:
    frame = _frame(chart.lines, 10, 240)
    parts = [*frame.grid(5), *frame.dates()]
    for number, line in enumerate(chart.lines):
        parts += frame.line(number, line)
    y = frame.top + frame.height + 40
    parts.append(_text(0, y, chart.unit, "soft"))
    for number, line in enumerate(chart.lines):
        y += 22
        parts += [_mark(number, LEFT + 6, y - 5), _text(LEFT + 20, y, _cut(line.label, RIGHT - LEFT - 20))]
    return _svg(chart.title, y + 10, parts)


def _panels(chart: Panels) -> str:
    height, step = 84, 124
    parts = []
    for number, line in enumerate(chart.lines):
        frame = replace(_frame(chart.lines, 24, height), top=24.0 + step * number)
        parts += [*frame.grid(4), *frame.line(number, line)]
        parts.append(_text(LEFT, frame.top - 8, _cut(line.label, RIGHT - LEFT)))
        if number == len(chart.lines) - 1:
            parts += frame.dates()
    bottom = 24 + step * (len(chart.lines) - 1) + height
    parts.append(_text(0, bottom + 40, chart.unit, "soft"))
    return _svg(chart.title, bottom + 50, parts)


def _cut(text: str, room: float) -> str:
    most = int(room / LETTER)
    # Letters of the far East, and pictures, are twice as wide.
    width, kept = 0, ""
    for letter in text:
        width += 2 if ord(letter) > 0x1100 else 1
        if width > most:
            return kept + "…"
        kept += letter
    return text
