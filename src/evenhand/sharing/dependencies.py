"""What the routes of sharing are handed by the application."""

from typing import Annotated

from fastapi import Depends, Request

from evenhand.accounts.dependencies import DoorOf
from evenhand.accounts.door import base_url
from evenhand.sharing.pictures import Painter


async def _address(request: Request, door: DoorOf) -> str:
    return base_url(door.settings, request.scope)


async def _arena_name(door: DoorOf) -> str:
    return door.settings.name


async def _requester(request: Request, door: DoorOf) -> bytes:
    # An office that opens a link which was revoked may go on signing in.
    return door.requesters.hash_of(None if request.client is None else request.client.host, "shares ")


async def _painter(request: Request) -> Painter:
    painter: Painter = request.app.state.painter
    return painter


AddressOf = Annotated[str, Depends(_address)]
"""What the addresses of this arena begin with."""
ArenaNameOf = Annotated[str, Depends(_arena_name)]
"""What this installation calls itself."""
RequesterOf = Annotated[bytes, Depends(_requester)]
"""Where a request comes from, as a keyed hash."""
PainterOf = Annotated[Painter, Depends(_painter)]
"""What draws pictures."""
