"""What goes over the wire: one's own board, what happened since one left, guesses."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from evenhand.battles.schemas import NamedContestant, VoteAnswer
from evenhand.boards.schemas import Board

Slug = Annotated[str, Field(max_length=100)]


class PublicPlace(BaseModel):
    """Where the arena's board has a contestant; null while it does not rank it."""

    contestant: str
    rating: float | None
    rank_best: int | None
    rank_worst: int | None


class Disagreement(BaseModel):
    """A contestant that one's own votes place elsewhere than the board, by more than chance explains.

    `mine` and `board` are points above the mean of those that both rate; `lower` and `upper` bound the
    difference, for all of them at once at 95 %.
    """

    contestant: str
    name: str
    mine: float
    board: float
    lower: float
    upper: float


class Guesses(BaseModel):
    """How many sides one has named, how many rightly, and how many blind chance would have named rightly."""

    sides: int
    right: int
    by_chance: float


class MyBoard(BaseModel):
    """A board by one's own votes, those too that do not count on the arena's; `counted` do."""

    board: Board
    counted: int
    places: list[PublicPlace]
    disagreements: list[Disagreement]
    guesses: Guesses


class RankInterval(BaseModel):
    """The bounds of a rank."""

    best: int
    worst: int


class Moved(BaseModel):
    """A contestant that one has voted on, whose place on the board is another now."""

    contestant: str
    name: str
    before: RankInterval
    now: RankInterval


class Part(BaseModel):
    """One's own part in what a contestant has won: `mine` of the `all` votes for it."""

    contestant: str
    name: str
    mine: int
    all: int


class BoardNews(BaseModel):
    """What became of a board that one has voted on, since the beginning of the UTC day `since`.

    `since` is null, and nothing has moved, where no day began since one left.
    """

    slug: str
    since: date | None
    votes: int
    moved: list[Moved]
    part: Part | None
    disagreements: list[Disagreement]


class SinceYouLeft(BaseModel):
    """What happened since one was last here; `left_at` (an hour) is null on a first visit."""

    left_at: datetime | None
    boards: list[BoardNews]
    new: list[NamedContestant]


class PutOff(BaseModel):
    """Until when one may guess; then the names appear."""

    final_at: datetime


class GuessRequest(BaseModel):
    """Whom one takes the sides for, by slug; one of the two may be left out."""

    model_config = ConfigDict(extra="forbid")

    a: Slug | None = None
    b: Slug | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.a is None and self.b is None:
            raise ValueError("no side is named")
        if self.a == self.b:
            raise ValueError("two sides are never the same contestant")
        return self


class Guess(BaseModel):
    """A guess, and whether it was right; null where a side was left out."""

    a: NamedContestant | None
    b: NamedContestant | None
    right_a: bool | None
    right_b: bool | None
    among: int


class KeptGuess(Guess):
    """A guess as it is taken along: on which battle, and when."""

    battle_id: UUID
    guessed_at: datetime


class GuessAnswer(VoteAnswer):
    """What guessing gives back: the vote, final now, who answered, and the guess."""

    guess: Guess
