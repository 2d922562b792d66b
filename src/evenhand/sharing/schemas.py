"""What goes over the wire about links, and what they show to whoever has them."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from evenhand.arenas import Mode
from evenhand.battles.schemas import TextPart
from evenhand.battles.states import Choice, ResponseStatus, Side

Language = Literal["en", "zh"]
Shape = Literal["wide", "square"]
"""A picture's: 1200 × 630, as sites show it beside a link, or 1080 × 1080."""


class ShareRequest(BaseModel):
    """Make a link to one battle, or to a conversation up to the turn `end_id` (null: the newest).

    `language` is that of the picture, and of the words that other sites show beside the link.
    """

    model_config = ConfigDict(extra="forbid")

    conversation_id: UUID | None = None
    end_id: UUID | None = None
    battle_id: UUID | None = None
    names: StrictBool
    language: Language = "en"

    @model_validator(mode="after")
    def _names_one_thing(self) -> Self:
        if (self.conversation_id is None) == (self.battle_id is None):
            raise ValueError("either a conversation or a battle is to be named")
        if self.battle_id is not None and self.end_id is not None:
            raise ValueError("a battle has an end of its own")
        return self


class Share(BaseModel):
    """One of one's own links.

    `turns` is how many questions it shows, `left_out` how many of the branch it does not, because their
    battles had no final vote when it was made.
    """

    token: str
    url: str
    title: str
    conversation_id: UUID
    battle_id: UUID | None
    names: bool
    turns: int
    left_out: int
    created_at: datetime


class ShareList(BaseModel):
    """One's own links, newest first."""

    items: list[Share]


class SharedName(BaseModel):
    """Who answered, where the link says so."""

    name: str
    organization: str | None


class SharedNames(BaseModel):
    """Both; side b is null in direct mode."""

    a: SharedName
    b: SharedName | None


class SharedAnswer(BaseModel):
    """What a side answered, without how it came to it: that would tell who it is."""

    side: Side
    status: ResponseStatus
    finish_reason: Literal["stop", "length"] | None
    error: str | None
    text: str


class SharedTurn(BaseModel):
    """A question and its answers; `battle` is the number of the battle in the list of battles."""

    parts: list[TextPart]
    battle: Annotated[int, Field(ge=0)]
    answers: list[SharedAnswer]


class SharedBattle(BaseModel):
    """How a battle ended; `choice` is null where nobody voted on models that were chosen by name."""

    mode: Mode
    choice: Choice | None
    names: SharedNames | None


class SharedConversation(BaseModel):
    """What a link shows. Nothing in it, ids and times least of all, leads back to rows or to the person.

    `earlier`: other questions came before these. `left_out` is how many between or behind them had no final
    vote, and are not shown.
    """

    title: str
    one_battle: bool
    arena: str
    shared_on: date
    language: Language
    with_names: bool
    earlier: bool
    left_out: int
    turns: list[SharedTurn]
    battles: list[SharedBattle]
