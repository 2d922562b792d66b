"""What goes over the wire: one's own prompts."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

Name = Annotated[str, Field(min_length=1, max_length=80)]
Text = Annotated[str, Field(min_length=1, max_length=8000)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PromptRequest(_Request):
    """A prompt to keep. What stands in `{{…}}` is filled in by the page before it is asked."""

    name: Name
    text: Text


class PromptChange(_Request):
    """What is left out stays as it is; with `used` the prompt is the one that was used last."""

    name: Name = ""
    text: Text = ""
    used: Literal[True] = True

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing is to be changed")
        return self


class Prompt(BaseModel):
    """A prompt of one's own."""

    id: UUID
    name: str
    text: str
    created_at: datetime
    used_at: datetime


class PromptList(BaseModel):
    """One's own prompts, the one used last first, and how many one may have."""

    items: list[Prompt]
    limit: int
