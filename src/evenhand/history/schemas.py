"""What goes over the wire: one's history and how one orders it."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from evenhand.battles.schemas import ConversationSummary, Place
from evenhand.consent.topics import Topic


class Piece(BaseModel):
    """A piece of a snippet; `match`: it is what was looked for."""

    text: str
    match: bool


class Hit(BaseModel):
    """Where a conversation has what was looked for: in its title, or in a turn. It tells no side."""

    found_in: Literal["title", "question", "answer"]
    turn_id: UUID | None
    snippet: list[Piece]


class HistoryItem(ConversationSummary):
    """A line of the history, with the place at which it has what was looked for."""

    hit: Hit | None


class History(BaseModel):
    """A page of the history; `next` asks for the one after it, null on the last."""

    items: list[HistoryItem]
    next: str | None


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConversationChange(_Request):
    """What is left out stays as it is.

    A null `title` is the one made from the first question, a null `folder_id` no folder, a null `place` the
    end; with null `topics` those count that are found in the questions.
    """

    title: Annotated[str, Field(max_length=200)] | None = None
    pinned: StrictBool = False
    archived: StrictBool = False
    folder_id: UUID | None = None
    place: Place | None = None
    left_out: StrictBool = False
    topics: Annotated[list[Topic], Field(max_length=2)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing is to be changed")
        return self


class FolderRequest(_Request):
    """What a folder is to be called."""

    name: Annotated[str, Field(min_length=1, max_length=60)]


class Folder(BaseModel):
    """A folder and how many conversations are in it, without those in the archive."""

    id: UUID
    name: str
    created_at: datetime
    conversations: int


class FolderList(BaseModel):
    """One's folders, by name."""

    items: list[Folder]
