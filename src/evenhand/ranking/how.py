"""How a board is to be computed: what `rank` is asked, looked at before any work is done."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import get_args

from evenhand.ranking.board import Ranks, Ties
from evenhand.ranking.errors import RankingError
from evenhand.ranking.style import Scaling, covariates

Anchor = float | tuple[str, float]
"""The mean rating in points, or a contestant and its rating."""

MODELLED = ("rao-kupper", "davidson")
"""The readings of ties that are models of their own."""


@dataclass(frozen=True)
class How:
    """See `rank`. style: the names of the covariates; level: the rating of `anchored_at`, or of the mean."""

    style: tuple[str, ...]
    cluster: str | bool
    scaling: Scaling
    ties: Ties
    anchored_at: str | None
    level: float
    alpha: float
    ranks: Ranks
    seed: int


def asked(
    *,
    style: bool | str | Iterable[str],
    cluster: str | bool,
    scaling: Scaling,
    ties: Ties,
    anchor: Anchor,
    alpha: float,
    ranks: Ranks,
    seed: int,
) -> How:
    """Return what is asked. Raises `RankingError`, which names the argument, where it makes no sense."""
    if not isinstance(style, bool | str):
        names = tuple(style) if isinstance(style, Iterable) else (style,)
        if not all(isinstance(name, str) for name in names):
            raise RankingError(f"style is {style!r}; it must be True, False, or names of covariates.")
        style = names
    check_cluster(cluster)
    for name, value, choices in (
        ("scaling", scaling, get_args(Scaling)),
        ("ties", ties, get_args(Ties)),
        ("ranks", ranks, get_args(Ranks)),
    ):
        if value not in choices:
            raise RankingError(f"{name} is {value!r}; it must be {_or(choices)}.")
    check_alpha(alpha)
    check_whole("seed", seed, 0)
    how = How(covariates(style), cluster, scaling, ties, *anchored(anchor), float(alpha), ranks, int(seed))
    if ties in MODELLED and (how.style or isinstance(cluster, str)):
        raise RankingError(f"The model {ties!r} takes neither style nor clusters: count a tie as half a win.")
    return how


def check_alpha(alpha: float) -> None:
    """Raise `RankingError` unless alpha is a number between 0 and 1."""
    if not isinstance(alpha, Real) or not 0 < alpha < 1:
        raise RankingError(f"alpha is {alpha!r}; it must be a number between 0 and 1.")


def check_cluster(cluster: str | bool) -> None:
    """Raise `RankingError` unless this can say which votes depend on each other."""
    if not isinstance(cluster, bool | str):
        raise RankingError(f"cluster is {cluster!r}; it must be True, False, or the name of a column.")


def check_whole(name: str, number: int, least: int) -> None:
    """Raise `RankingError` unless an argument is a whole number, and no less than the least."""
    if not isinstance(number, Integral) or number < least:
        raise RankingError(f"{name} is {number!r}; it must be a whole number, {least} or more.")


def anchored(anchor: Anchor) -> tuple[str | None, float]:
    """Return the contestant that is pinned (None: the mean) and its rating.

    Raises:
        RankingError: the anchor is neither.
    """
    name, level = anchor if isinstance(anchor, tuple) and len(anchor) == 2 else (None, anchor)
    if not isinstance(name, str | None) or not isinstance(level, Real) or isinstance(level, bool):
        raise RankingError(f"anchor is {anchor!r}; it must be a rating, or a contestant and its rating.")
    if not math.isfinite(level):
        raise RankingError(f"The anchor's rating is {level}; it must be a number.")
    return name, float(level)


def checked_slices(slices: Sequence[str] | None) -> Sequence[str] | None:
    """Return the names of slices. Raises `RankingError` where they are none."""
    if slices is not None and (
        isinstance(slices, str)
        or not isinstance(slices, Iterable)
        or not all(isinstance(name, str) for name in slices)
    ):
        raise RankingError(f"slices is {slices!r}; it must be a list of names, or None for all.")
    return slices


def _or(choices: Sequence[str]) -> str:
    *most, last = (repr(choice) for choice in choices)
    return f"{', '.join(most)} or {last}"
