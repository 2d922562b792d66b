"""Model files from a web site, by https."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from evenhand.contestants.sources import SourceError

_TIMES = aiohttp.ClientTimeout(total=None, sock_connect=4, connect=8, sock_read=30)
_TRIES = 4
_CHUNK = 1 << 20


@dataclass(frozen=True)
class SiteSource:
    """A file at an address."""

    site: str
    url: str

    @property
    def place(self) -> str:
        """The site's name."""
        return self.site

    @property
    def name(self) -> str:
        """The site's name and host."""
        return f"{self.site} ({urlsplit(self.url).hostname})"

    async def download(self, target: Path, size: int, progress: Callable[[int], None]) -> None:
        """Bring the file to `target`, going on from what is there; a cut connection is taken up again."""
        # A proxy that the environment names is what reaches the site from inside many networks.
        async with aiohttp.ClientSession(timeout=_TIMES, trust_env=True) as session:
            for left in reversed(range(_TRIES)):
                before = _size(target)
                try:
                    await self._go_on(session, target, size, progress)
                    return
                except (aiohttp.ClientError, TimeoutError, OSError) as error:
                    if left == 0 or _size(target) <= before:
                        raise SourceError(_why(error)) from None

    async def _go_on(
        self, session: aiohttp.ClientSession, target: Path, size: int, progress: Callable[[int], None]
    ) -> None:
        have = _size(target)
        if have >= size:
            return
        headers = {"Range": f"bytes={have}-"} if have else {}
        async with session.get(self.url, headers=headers) as response:
            if response.status not in {200, 206}:
                raise SourceError(f"HTTP {response.status}")
            goes_on = response.status == 206
            if goes_on and not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
                raise SourceError("it answers with another range than asked for")
            with target.open("ab" if goes_on else "wb") as file:
                async for chunk in response.content.iter_chunked(_CHUNK):
                    file.write(chunk)
                    if file.tell() > size:
                        raise SourceError("the file there is larger than the publisher's")
                    progress(file.tell())
        if _size(target) < size:
            raise aiohttp.ClientPayloadError("the connection ended early")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _why(error: BaseException) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return "cannot be reached"
    if isinstance(error, TimeoutError):
        return "does not answer in time"
    return str(error) or type(error).__name__
