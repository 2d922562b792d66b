"""What two answers differ in beside their authors: the covariates of style control.

A covariate of a vote is x = (f_a - f_b) / (f_a + f_b), f being a measure of each answer; 0 where both are
0. It is divided by its root mean square over all votes, of every slice, so that one unit is a usual
difference, and it is not centred: a mean that is not 0 has a meaning (A is usually longer), and taking it
away would make the ratings depend on which answer is called A.
"""

from collections.abc import Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.errors import RankingError
from evenhand.ranking.rows import CHUNK
from evenhand.ranking.tables import Table

STYLE = ("length", "headers", "bold", "lists")
"""The covariates that `style=True` stands for: tokens, headings, bold spans and list items."""

POSITION = "position"
"""The covariate of being shown as A: 1 in every vote."""

SIGNED = ("same_organization",)
"""Covariates that are f_a - f_b, of what holds (1) or does not hold (0) for an answer."""

TINY = 1e-300
"""Less than any measure that is not 0."""

Scaling = Literal["rms", "z-score"]

_PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "length": ("sum_assistant_{}_tokens", ()),
    "headers": ("header_count_{}", ("h1", "h2", "h3", "h4", "h5", "h6")),
    "bold": ("bold_count_{}", ("**", "__")),
    "lists": ("list_count_{}", ("ordered", "unordered")),
}
"""Where `conv_metadata` has a measure of one side: its name, and the parts that it is the sum of."""


def covariates(style: bool | str | Iterable[str]) -> tuple[str, ...]:
    """Return the names of the covariates that are meant. Raises `RankingError` for one named twice."""
    if isinstance(style, bool):
        return STYLE if style else ()
    names = (style,) if isinstance(style, str) else tuple(style)
    if len(set(names)) < len(names):
        raise RankingError(f"A covariate is named twice: {', '.join(names)}.")
    return names


def contrast(table: Table, name: str) -> str:
    """Return the SQL for x, not scaled yet.

    A measure is found in `conv_metadata`, as the public sets have it, or in two columns `{name}_a` and
    `{name}_b`.

    Raises:
        RankingError: the table has neither.
    """
    if name == POSITION:
        return "1::FLOAT"
    a, b = _measure(table, name, "a"), _measure(table, name, "b")
    if a is None or b is None:
        places = f"columns {name}_a and {name}_b"
        if name in _PARTS:
            places = f"conv_metadata with {_PARTS[name][0].format('a')}, nor {places}"
        raise RankingError(f"{table.label}: has nothing to tell {name!r} by: neither {places}.")
    if name in SIGNED:
        return f"({a} - {b})::FLOAT"
    # Of two zeros 0, in a quarter less time than by asking whether they are.
    return f"(({a} - {b}) / greatest({a} + {b}, {TINY}))::FLOAT"


def _measure(table: Table, name: str, side: str) -> str | None:
    found: list[str | None] = [table.measure(f"{name}_{side}")]
    if found == [None] and name in _PARTS:
        measure, parts = _PARTS[name]
        path = "conv_metadata", measure.format(side)
        found = [table.measure(*path, part) for part in parts] if parts else [table.measure(*path)]
    if None in found:
        return None
    return f"({' + '.join(str(one) for one in found)})"


def scale(features: NDArray[np.float32], scaling: Scaling = "rms") -> None:
    """Bring covariates (K, N) of all votes to their scale, in place.

    "z-score" centres them and divides them by their standard deviation, as other programs do, for comparison.
    """
    for x in features if features.shape[1] else ():
        if scaling == "z-score":
            x -= np.float32(x.mean(dtype=np.float64))
        square = sum(float(np.square(part, dtype=np.float64).sum()) for part in _parts(x))
        if square > 0:
            x /= np.float32(np.sqrt(square / len(x)))


def _parts(x: NDArray[np.float32]) -> Iterable[NDArray[np.float32]]:
    return (x[start : start + CHUNK] for start in range(0, len(x), CHUNK))
