"""What a leaderboard says."""

import importlib
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from evenhand.ranking.blas import one_blas_thread
from evenhand.ranking.bradley_terry import Vector
from evenhand.ranking.errors import RankingError
from evenhand.ranking.fitted import Fitted
from evenhand.ranking.island import Fit, Interval
from evenhand.ranking.ranks import overlap_ranks, rank_probabilities

if TYPE_CHECKING:
    from evenhand.ranking.plot import BoardPlot

SCALE = 400.0 / math.log(10.0)
"""Points per unit of θ: 400 points are odds of ten to one."""

Reason = Literal["no_votes", "not_connected"]
Status = Literal["empty", "preliminary", "established"]
Ranks = Literal["row", "joint"]
Ties = Literal["half", "drop", "rao-kupper", "davidson"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A contestant on a board; `reason` says why a rating or a rank is missing."""

    contestant: str
    rating: float | None = None
    """In points."""
    lower: float | None = None
    """The lower end of the pointwise 1-α interval of the rating, in points."""
    upper: float | None = None
    """The upper end."""
    rank: int | None = None
    """The place by rating, from 1; equal ratings share one."""
    rank_best: int | None = None
    """The true rank is not better than this, with confidence 1-α for this row (both bounds together), or for
    all rows of the board at once (`Board.ranks`)."""
    rank_worst: int | None = None
    """Nor worse than this."""
    votes: int
    """How many votes the contestant took part in."""
    wins: int
    losses: int
    ties: int
    """Ties, and votes that both are bad."""
    component: int
    """The group that comparisons join; 0 is the largest."""
    preliminary: bool = False
    """Whether the votes are too few, or too much of one kind, for more than a first guess."""
    reason: Reason | None = None
    separated_from_next: bool = False
    """Whether the votes support the order of this row and the next, at 1-α for all pairs at once."""
    interval: Interval | None = None
    """How the interval of the rating came about."""


@dataclass(frozen=True)
class Coefficient:
    """The effect of a covariate under style control, in natural units for a usual difference (`style`)."""

    name: str
    value: float
    lower: float
    """The lower end of its 1-α interval."""
    upper: float

    @property
    def points(self) -> float:
        """The effect in points of rating, for a usual difference."""
        return SCALE * self.value


@dataclass(frozen=True)
class Board:
    """A leaderboard: from the highest rating to the lowest, within each component where there are several."""

    rows: tuple[Row, ...]
    status: Status
    """Preliminary while any contestant is, or while there is no joint order."""
    connected: bool
    """Whether comparisons join all contestants that have votes."""
    fit: Fit
    """The likelihood's maximum, or "firth" where votes are so few that a penalised fit was needed."""
    votes: int
    anchor: float
    """The rating, in points, of the mean or of the contestant that the board is anchored at."""
    anchored_at: str | None
    alpha: float
    seed: int
    """Of the simulation behind the critical values of the ranks."""
    coefficients: tuple[Coefficient, ...] = ()
    """The covariates that were held fixed."""
    slice: str = "overall"
    clusters: str | None = None
    """The column whose values say which votes depend on each other; None where votes count as independent."""
    ties: Ties = "half"
    """What a tie is: half a win for each, no vote, or an outcome of its own in a model that knows of it."""
    tie_parameter: float | None = None
    """η of Rao-Kupper or ν of Davidson, of the largest component."""
    ranks: Ranks = "row"
    """What the bounds of the ranks are sure of: each row's own, or those of all rows at once."""
    fitted: tuple[Fitted, ...] = field(default=(), repr=False, compare=False)
    """The fit of each component with votes, the largest first; not part of `as_dict`."""

    @property
    def method(self) -> dict[str, object]:
        """How the board was computed, in terms that JSON can hold."""
        return {
            "model": "bradley-terry" if self.ties in ("half", "drop") else self.ties,
            "fit": self.fit,
            "ties": self.ties,
            "tie_parameter": self.tie_parameter,
            "anchor": self.anchor,
            "anchored_at": self.anchored_at,
            "alpha": self.alpha,
            "seed": self.seed,
            "ranks": self.ranks,
            "slice": self.slice,
            "clusters": self.clusters,
            "style": [one.name for one in self.coefficients],
        }

    def as_dict(self) -> dict[str, object]:
        """Return the board in terms that JSON can hold; no number in it is infinite or undefined."""
        contestants = [asdict(row) for row in self.rows]
        return {
            "status": self.status,
            "connected": self.connected,
            "votes": self.votes,
            "contestants": [{"name": row.pop("contestant"), **row} for row in contestants],
            "coefficients": [asdict(one) | {"points": one.points} for one in self.coefficients],
            "method": self.method,
        }

    def overlap_ranks(self) -> dict[str, tuple[int, int]]:
        """Return for each ranked contestant the ranks that published boards give: (rank_ub, worst).

        rank_ub = 1 + #{j : lower_j > upper_i}, and worst = 1 + #{j ≠ i : upper_j > lower_i} is the other end
        of their spread. For comparison with them only: `rank_best` and `rank_worst` are what the votes
        support (`evenhand.ranking.ranks`).
        """
        ranked = [row for row in self.rows if row.rank is not None]
        best, worst = overlap_ranks(
            np.array([row.lower for row in ranked], dtype=np.float64),
            np.array([row.upper for row in ranked], dtype=np.float64),
        )
        return {row.contestant: (int(b), int(w)) for row, b, w in zip(ranked, best, worst, strict=True)}

    def probability_of_top(self, k: int) -> dict[str, float]:
        """Return for each ranked contestant, in the order of the board, how often its rank is ≤ k.

        The share is of simulated worlds around the estimate: how often the estimate, made again from as many
        new votes, would place the contestant so, were the ratings exactly as estimated. It is not the
        probability that the true rank is ≤ k: of two contestants who are truly equal, the luck of the votes
        alone will often show one at 90 %. For the true rank there are `rank_best` and `rank_worst`.

        Raises:
            RankingError: k is below 1, or the board has no joint order.
        """
        if k < 1:
            raise RankingError(f"k is {k}; ranks begin at 1.")
        names = [row.contestant for row in self.rows if row.rank is not None]
        if not names:
            raise RankingError("No contestant is ranked on this board: there is no joint order.")
        fitted = self.fitted_together(names)
        with one_blas_thread():
            shares = rank_probabilities(fitted.theta, fitted.covariance, self.seed)
        column = shares[fitted.places(names), min(k, len(shares)) - 1]
        return dict(zip(names, column.tolist(), strict=True))

    def fitted_together(self, contestants: Iterable[str]) -> Fitted:
        """Return the fit that holds all of some contestants.

        Raises:
            RankingError: there is none; they have no votes, or no chain of comparisons joins them.
        """
        names = list(contestants)
        for fitted in self.fitted:
            if all(name in fitted for name in names):
                return fitted
        known = {row.contestant for row in self.rows}
        for name in names:
            if name not in known:
                raise RankingError(f"{name!r} is not among the contestants.")
            if not any(name in fitted for fitted in self.fitted):
                raise RankingError(f"{name!r} has no rating that could be compared.")
        raise RankingError(f"No chain of comparisons joins {', '.join(map(repr, names))}.")

    def theta_of(self, contestants: Iterable[str]) -> Vector:
        """Return θ (M) of some contestants, in natural units; 0, the mean, for those who have none here."""
        known = {
            name: value
            for fitted in self.fitted
            for name, value in zip(fitted.contestants, fitted.theta.tolist(), strict=True)
        }
        return np.array([known.get(name, 0.0) for name in contestants])

    def to_dataframe(self) -> Any:
        """Return the rows as a `pandas.DataFrame`, the columns of `as_dict`; what is missing is NA.

        Raises:
            RankingError: pandas is not installed.
        """
        try:
            pandas: Any = importlib.import_module("pandas")
        except ImportError as error:
            raise RankingError(
                "A data frame needs pandas, which is not installed: pip install pandas."
            ) from error
        names = ["name" if one.name == "contestant" else one.name for one in fields(Row)]
        frame = pandas.DataFrame(self.as_dict()["contestants"], columns=names)
        whole = ["rank", "rank_best", "rank_worst"]
        return frame.astype(
            dict.fromkeys(whole, "Int64") | dict.fromkeys(["rating", "lower", "upper"], "float64")
        )

    def save(self, path: str | Path) -> None:
        """Write the board, with its fit, to a JSON file that `load` gives back exactly.

        The file holds all of `as_dict`. It is there as a whole or not at all.

        Raises:
            RankingError: it cannot be written.
        """
        from evenhand.ranking.board_file import save_board

        save_board(self, Path(path))

    @staticmethod
    def load(path: str | Path) -> "Board":
        """Read a board that `save` wrote.

        Raises:
            RankingError: there is no such file, or it is no board that this version can read.
        """
        from evenhand.ranking.board_file import load_board

        return load_board(Path(path))

    def plot(self, rows: int = 50) -> "BoardPlot":
        """Draw the first `rows` rows: names, ranks, ratings and their intervals, as SVG; notebooks show it.

        Raises:
            RankingError: `rows` is below 1.
        """
        from evenhand.ranking.plot import plot_board

        return plot_board(self, rows)
