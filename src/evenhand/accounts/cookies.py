"""The cookies of an arena: whose session this is, and what was asked for in this browser."""

from dataclasses import dataclass
from typing import Self

from fastapi import Request, Response

from evenhand.accounts.links import VALID
from evenhand.accounts.passkeys import challenges
from evenhand.accounts.sessions import LIFETIME


@dataclass(frozen=True)
class Cookies:
    """What a request has of them, and how an answer gives them.

    `__Host-` ties a cookie to this host and to https; on plain http browsers would refuse it.
    """

    secure: bool
    session: str | None
    asked_here: str | None
    passkey: str | None

    @classmethod
    def of(cls, request: Request) -> Self:
        """The cookies of a request."""
        public_url = request.app.state.settings.public_url
        secure = request.url.scheme == "https" or (public_url or "").startswith("https://")
        given = request.cookies
        return cls(
            secure,
            given.get(_session(secure=secure)),
            given.get(_asked(secure=secure)),
            given.get(_passkey(secure=secure)),
        )

    def give_session(self, response: Response, token: str) -> None:
        """Have the browser keep a session's token."""
        self._give(response, _session(secure=self.secure), token, int(LIFETIME.total_seconds()))

    def take_session(self, response: Response) -> None:
        """Have the browser forget its session: it is a stranger's then."""
        self._give(response, _session(secure=self.secure), "", 0)

    def give_asked_here(self, response: Response, secret: str) -> None:
        """Have the browser remember, as long as the link works, that it asked for it."""
        self._give(response, _asked(secure=self.secure), secret, int(VALID.total_seconds()))

    def take_asked_here(self, response: Response) -> None:
        """Have the browser forget that."""
        self._give(response, _asked(secure=self.secure), "", 0)

    def give_passkey(self, response: Response, secret: str) -> None:
        """Have the browser remember, as long as it may be answered, that it was given a challenge."""
        self._give(response, _passkey(secure=self.secure), secret, int(challenges.VALID.total_seconds()))

    def _give(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )


def _session(*, secure: bool) -> str:
    return "__Host-evenhand" if secure else "evenhand"


def _asked(*, secure: bool) -> str:
    return "__Host-evenhand-asked" if secure else "evenhand-asked"


def _passkey(*, secure: bool) -> str:
    return "__Host-evenhand-passkey" if secure else "evenhand-passkey"
