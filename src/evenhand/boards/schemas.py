"""What goes over the wire about boards."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from evenhand.contestants.configurations import Price
from evenhand.ranking.board import Reason, Status


class BoardRow(BaseModel):
    """A contestant on a board. Rating and interval in points; `reason` says why a rating is missing.

    `rank_best` and `rank_worst` bound the true rank at 95 %. `component` numbers the islands between which
    no comparison exists. `separated_from_next` says that the votes support the order of this row and the
    next.
    """

    contestant: str
    name: str
    organization: str | None
    license: str | None
    price: Price | None
    context: int | None
    rating: float | None
    lower: float | None
    upper: float | None
    rank: int | None
    rank_best: int | None
    rank_worst: int | None
    votes: int
    wins: int
    losses: int
    ties: int
    component: int
    preliminary: bool
    reason: Reason | None
    separated_from_next: bool


class Source(BaseModel):
    """Where imported votes come from."""

    name: str
    url: str | None
    note: str | None


class Method(BaseModel):
    """How a board was computed. `alpha` is one minus the confidence of the intervals."""

    model: Literal["bradley-terry"]
    fit: Literal["newton", "firth"]
    anchor: float
    alpha: float
    ties: Literal["half"]


class BoardSummary(BaseModel):
    """A board in the list of boards. A live one has the English name of its arena."""

    slug: str
    name: str
    kind: Literal["live", "imported"]
    votes: int


class Board(BoardSummary):
    """A leaderboard, best first; without a joint order (`connected` false) component by component.

    `excluded` counts votes that were cast and do not count.
    """

    arena: str | None
    status: Status
    connected: bool
    method: Method
    excluded: int
    updated_at: datetime
    source: Source | None
    rows: list[BoardRow]


class BoardList(BaseModel):
    """Every board: the live ones, then the imported ones."""

    boards: list[BoardSummary]
