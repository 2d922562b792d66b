"""What goes over the wire about signing in and sessions."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from evenhand.accounts.emails import LONGEST
from evenhand.accounts.letters import Language
from evenhand.accounts.links import LONGEST_PATH

Token = Annotated[str, Field(min_length=1, max_length=200)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LinkRequest(_Request):
    """Whom to send a link, in which language, and the page of this arena to go on to after it."""

    email: Annotated[str, Field(min_length=3, max_length=LONGEST + 2)]
    language: Language = "en"
    next: Annotated[str, Field(max_length=LONGEST_PATH)] = "/"


class LinkAsked(BaseModel):
    """The same for every address: a link is on its way, and for how many seconds it will work."""

    valid_seconds: int
    sent_by: Literal["mail", "console"]


class Link(BaseModel):
    """A link before it is used: whom it signs in, and until when.

    `asked_here`: this browser asked for it. `adds`: it adds the address to the account that one is signed in
    to, which has none. `chats`: how many conversations of this browser could come along.
    """

    email: str
    expires_at: datetime
    asked_here: bool
    adds: bool
    chats: int


class SignInRequest(_Request):
    """A link's token, and whether what this browser's guest has comes along."""

    token: Token
    bring: StrictBool


class SignedIn(BaseModel):
    """Signed in; one goes on at this path."""

    next: str


class SignOutRequest(_Request):
    """From this browser alone, or from everywhere."""

    everywhere: StrictBool


class Session(BaseModel):
    """A browser that is signed in; `here` is the one that asks.

    `seen_at` is the hour in which it last came, and `created_at` within its first.
    """

    id: UUID
    here: bool
    created_at: datetime
    seen_at: datetime
    browser: str | None
    system: str | None


class SessionList(BaseModel):
    """One's sessions: this one, then the others, the one that was used last first."""

    sessions: list[Session]
