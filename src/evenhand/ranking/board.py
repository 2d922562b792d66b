"""What a leaderboard says."""

from dataclasses import asdict, dataclass
from typing import Literal

from evenhand.ranking.island import Fit, Interval

Reason = Literal["no_votes", "not_connected"]
Status = Literal["empty", "preliminary", "established"]


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
    """The true rank is not better than this, with confidence 1-α for this row (both bounds together)."""
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
    """The column whose values say which votes depend on each other."""

    @property
    def method(self) -> dict[str, object]:
        """How the board was computed, in terms that JSON can hold."""
        return {
            "model": "bradley-terry",
            "fit": self.fit,
            "ties": "half",
            "anchor": self.anchor,
            "anchored_at": self.anchored_at,
            "alpha": self.alpha,
            "seed": self.seed,
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
            "coefficients": [asdict(one) for one in self.coefficients],
            "method": self.method,
        }
