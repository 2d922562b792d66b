"""Pictures of what is shared: drawn beside the event loop, a few at a time, and kept with their link."""

import asyncio
import hashlib
from uuid import UUID

from sqlalchemy import LargeBinary, Text, Uuid, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.core.errors import Unavailable
from evenhand.sharing.cards import Card
from evenhand.sharing.schemas import Shape
from evenhand.sharing.tables import PictureRow

VERSION = 1
"""Goes up when a card is drawn differently, so that pictures that are kept are drawn anew."""
AT_ONCE = 1
"""How many are drawn at once: one keeps a processor busy for up to half a second."""
MOST_WAITING = 20
"""How many may wait for that in one process."""

# Of a link that was revoked meanwhile nothing is kept.
_keep = text("""
INSERT INTO share_picture (share_id, shape, drawn_from, png)
SELECT id, :shape, :drawn_from, :png FROM share WHERE id = :share_id FOR KEY SHARE
ON CONFLICT (share_id, shape) DO UPDATE SET drawn_from = excluded.drawn_from, png = excluded.png
RETURNING share_id
""").bindparams(
    bindparam("share_id", type_=Uuid),
    bindparam("shape", type_=Text),
    bindparam("drawn_from", type_=LargeBinary),
    bindparam("png", type_=LargeBinary),
)


class Painter:
    """Draws cards, a few at a time."""

    def __init__(self) -> None:
        self._drawing = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def draw(self, card: Card, shape: Shape) -> bytes:
        """The card as a PNG. Raises `Unavailable` where too many wait already."""
        if self._waiting >= MOST_WAITING:
            raise Unavailable(
                "too_many_pictures",
                "Too many pictures are being drawn at the moment; try again in a few seconds.",
                retry_after=5,
            )
        self._waiting += 1
        try:
            async with self._drawing:
                return await asyncio.to_thread(_draw, card, shape)
        finally:
            self._waiting -= 1


def _draw(card: Card, shape: Shape) -> bytes:
    # Loaded when it is first needed: an arena starts sooner without.
    from evenhand.sharing.drawing import draw

    return draw(card, shape)


def digest_of(card: Card, shape: Shape) -> bytes:
    """What tells a picture from every other."""
    return hashlib.sha256(f"{VERSION} {shape} ".encode() + card.as_bytes()).digest()


async def kept(session: AsyncSession, share_id: UUID, shape: Shape, drawn_from: bytes) -> bytes | None:
    """The picture of a link, if one was drawn of this."""
    found: bytes | None = await session.scalar(
        select(PictureRow.png).where(
            PictureRow.share_id == share_id, PictureRow.shape == shape, PictureRow.drawn_from == drawn_from
        )
    )
    return found


async def keep(session: AsyncSession, share_id: UUID, shape: Shape, drawn_from: bytes, png: bytes) -> bool:
    """Keep the picture of a link, as long as there is the link; whether there still is."""
    values = {"share_id": share_id, "shape": shape, "drawn_from": drawn_from, "png": png}
    return (await session.execute(_keep, values)).first() is not None
