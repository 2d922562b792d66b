"""The plots of a report, as data; `svg` draws them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """A bar, its label and what stands at its end; None is no bar."""

    label: str
    value: float | None
    note: str


@dataclass(frozen=True)
class Bars:
    """Bars on a logarithmic axis that starts at 1."""

    title: str
    axis: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Curve:
    """A curve from (0, 0) to (1, 1), beside the diagonal, which has a meaning of its own."""

    title: str
    across: str
    up: str
    points: Sequence[tuple[float, float]]
    diagonal: str


@dataclass(frozen=True)
class Point:
    """A value on a day (in days since 1970-01-01), and its interval."""

    day: float
    value: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Line:
    """A named line over time, and the level that it would keep if nothing changed."""

    label: str
    points: Sequence[Point]
    level: float | None = None


@dataclass(frozen=True)
class Timeline:
    """Lines over time, in one plot."""

    title: str
    unit: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Panels:
    """Lines over time, each in a plot of its own on the same scale."""

    title: str
    unit: str
    lines: Sequence[Line]


Chart = Bars | Curve | Timeline | Panels
