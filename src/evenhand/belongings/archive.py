"""A zip archive that is written while it is sent: no more of it is in memory than a file or two."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterable, AsyncIterator
from datetime import UTC, datetime

from evenhand.accounts.belongings import File

PIECE = 64 * 1024
"""Bytes that are sent at a time, about."""


class _Written(io.RawIOBase):
    """Takes what is written, until it is taken along. `zipfile` sees that it cannot go back in it."""

    def __init__(self) -> None:
        self._pieces = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._pieces += data
        return len(data)

    def __len__(self) -> int:
        return len(self._pieces)

    def take(self) -> bytes:
        taken = bytes(self._pieces)
        self._pieces.clear()
        return taken


async def zipped(files: AsyncIterable[File], now: datetime) -> AsyncIterator[bytes]:
    """The bytes of an archive of these files."""
    written = _Written()
    moment = now.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        async for file in files:
            entry = zipfile.ZipInfo(file.path, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16  # or nobody may read what is unpacked
            # Of a long conversation this takes a while, in which others shall have their turn.
            await asyncio.to_thread(archive.writestr, entry, file.content)
            if len(written) >= PIECE:
                yield written.take()
    yield written.take()
