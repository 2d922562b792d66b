"""What a provider is to signing in, whichever way it speaks, and what can go wrong with it."""

import re
from datetime import datetime
from typing import NamedTuple, Protocol

from evenhand.core.sign_in_file import Names

_ERROR = re.compile(r"[A-Za-z_]{1,40}")


class ProviderDown(Exception):
    """It does not answer, or says that it cannot. `reason` is for the operator's log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProviderWrong(Exception):
    """It answered what must not be believed, or refused what we asked. `reason` is for the operator's log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def error_code(given: str) -> str:
    """An error code as a provider gave it, for the log: nothing that is written otherwise gets there."""
    return given if _ERROR.fullmatch(given) else "unknown"


class Leaving(NamedTuple):
    """What somebody is sent to a provider with; `challenge` is the SHA-256 of what only we know (PKCE)."""

    redirect_uri: str
    state: str
    nonce: str
    challenge: str


class Returning(NamedTuple):
    """What somebody came back with (`code`, `issuer`), and what they were sent away with."""

    code: str
    issuer: str | None
    redirect_uri: str
    nonce: str
    verifier: str


class Claimed(NamedTuple):
    """Somebody, as a provider knows them.

    `label` is the name by which they know that account of theirs; `email` an address that the operator lets
    this provider vouch for, in its usual form.
    """

    issuer: str
    subject: str
    label: str | None
    email: str | None


class Provider(Protocol):
    """Where people have an account already. Both methods raise `ProviderDown` and `ProviderWrong`."""

    @property
    def slug(self) -> str:
        """What it is called in addresses."""
        ...

    @property
    def name(self) -> Names:
        """What the page calls it, by language."""
        ...

    @property
    def issuer(self) -> str:
        """Within which its subjects are told apart."""
        ...

    @property
    def trusts_email(self) -> bool:
        """Whether it is believed when it says whose an address is."""
        ...

    async def address(self, leaving: Leaving, now: datetime) -> str:
        """The page of the provider's that somebody is sent to."""
        ...

    async def who(self, returning: Returning, now: datetime) -> Claimed:
        """Who came back. The code is used up by it."""
        ...
