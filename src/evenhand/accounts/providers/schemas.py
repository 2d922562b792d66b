"""What goes over the wire about signing in with providers."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from evenhand.accounts.links import LONGEST_PATH
from evenhand.core.sign_in_file import Names


class ProviderRequest(BaseModel):
    """The page of this arena to go on to; with `connect`, the account that asks gets a further way."""

    model_config = ConfigDict(extra="forbid")

    next: Annotated[str, Field(max_length=LONGEST_PATH)] = "/"
    connect: StrictBool = False


class ProviderBegun(BaseModel):
    """The provider's page, to which the browser that asked goes now."""

    address: str


class ProviderView(BaseModel):
    """A provider as the page needs it."""

    slug: str
    name: Names
