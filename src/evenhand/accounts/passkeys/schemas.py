"""What goes over the wire about passkeys."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from evenhand.accounts.links import LONGEST_PATH

Options = dict[str, Any]


class PasskeyOptions(BaseModel):
    """What the browser is to do, in the form that `PublicKeyCredential.parse…OptionsFromJSON` reads."""

    public_key: Options
    valid_seconds: int


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PasskeyShown(_Request):
    """What the browser gave back, by its `toJSON()`, and the page of this arena to go on to."""

    credential: dict[str, Any]
    next: Annotated[str, Field(max_length=LONGEST_PATH)] = "/"


class PasskeyMade(_Request):
    """What the browser gave back, by its `toJSON()`."""

    credential: dict[str, Any]


class Passkey(BaseModel):
    """A passkey of one's own: who keeps it, or else in which browser it was made.

    `used_at` is the hour of its last use. One that does not work any more was refused: its counter went back.
    """

    id: UUID
    credential_id: str
    authenticator: str | None
    browser: str | None
    system: str | None
    created_at: datetime
    used_at: datetime | None
    works: bool


class PasskeyList(BaseModel):
    """One's passkeys, the oldest first, and whether nothing else opens the account."""

    passkeys: list[Passkey]
    only_way: bool
