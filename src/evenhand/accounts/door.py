"""What signing in needs of the installation: how links are sent, who else is asked, and its own address."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import Headers
from starlette.types import Scope

from evenhand.accounts.post import Post
from evenhand.accounts.providers.provider import Provider
from evenhand.accounts.requesters import Requesters
from evenhand.accounts.voters import Move
from evenhand.accounts.ways import email_way
from evenhand.core.errors import Unavailable
from evenhand.core.loopback import is_loopback
from evenhand.core.settings import Settings


@dataclass(frozen=True)
class Door:
    """How one gets in; what other domains keep for an account is counted and moved by what they give."""

    settings: Settings
    post: Post
    requesters: Requesters
    count_chats: Callable[[AsyncSession, UUID], Awaitable[int]]
    moves: Sequence[Move]
    providers: Mapping[str, Provider] = field(default_factory=dict)

    def check_open(self) -> Literal["mail", "console"]:
        """How links are sent. Raises `Unavailable` when they cannot be."""
        way = email_way(self.settings)
        if way == "off":
            raise Unavailable(
                "sign_in_off",
                "Nobody can sign in here: this arena has no mail server (EVENHAND_SMTP_HOST).",
            )
        return way


def base_url(settings: Settings, scope: Scope) -> str:
    """The address that a link in a mail, and the way back from a provider, begin with.

    A request says itself which host it is for. Taken as it comes, whoever asks for a link to somebody else's
    address could have that person's token sent to a host of their own: so it is the public address or else
    what the connection came in on, for which `localhost` is another name.
    """
    if settings.public_url is not None:
        return settings.public_url.rstrip("/")
    host, port = scope.get("server") or (settings.host, settings.port)
    address = f"[{host}]" if ":" in host else host
    asked = Headers(scope=scope).get("host", "")
    if is_loopback(host) and asked.lower() == f"localhost:{port}":
        address = "localhost"
    return f"{scope['scheme']}://{address}:{port}"
