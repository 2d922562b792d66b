"""The page: the built files, from memory and compressed once; its own addresses get its index."""

import asyncio
import gzip
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

FOLDER = Path(__file__).parent / "page"
"""Where `npm run build` in web/ writes to."""

ADDRESSES = (
    "/",
    "/c/$conversationId",
    "/history",
    "/boards",
    "/boards/$board",
    "/sign-in",
    "/sign-in/link",
    "/account",
    "/s/$token",
    "/links",
    "/my-board",
    "/privacy",
    "/your-data",
    "/operations/retention",
)
"""The page's own addresses, as web/src/app/router.tsx writes them: `$` stands before what varies."""

_ADDRESS = re.compile(
    "|".join(re.sub(r"\$\w+", "[^/]+", address.rstrip("/")) + "/?" for address in ADDRESSES)
)
_TITLE = re.compile("<title>.*?</title>")
_DESCRIPTION = re.compile('<meta name="description"[^>]*>')
_NOT_BUILT = (
    "<!doctype html><title>Evenhand</title><p>The page is not built. Run <code>make run</code>, or "
    "<code>npm ci &amp;&amp; npm run build</code> in <code>web/</code>. The API is at <code>/api/v1</code>."
)
_COMPRESSED_ALREADY = frozenset({".woff2", ".png", ".webp", ".jpg"})


@dataclass
class _File:
    content: bytes
    compressible: bool
    media_type: str
    cache: str
    _compressing: asyncio.Task[bytes] | None = None

    async def compressed(self) -> bytes:
        """Its content, compressed for whoever asks first: a start would wait for files that nobody wants."""
        if self._compressing is None:
            self._compressing = asyncio.create_task(
                asyncio.to_thread(gzip.compress, self.content, 9, mtime=0)
            )
        # One reader that goes must not end it for the others.
        return await asyncio.shield(self._compressing)


class Page:
    """Answers GET requests with the page's files."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            "/" + path.relative_to(folder).as_posix(): _read(path, folder)
            for path in folder.rglob("*")
            if path.is_file()
        }

    async def answer(self, request: Request) -> Response:
        """The file at the request's path, or the page itself at its own addresses.

        Everywhere else the page comes too, which says that there is nothing, but with status 404.
        """
        path = request.url.path
        if path.startswith("/api/"):
            raise HTTPException(404)
        file = self._files.get(path)
        status = 200 if file or _ADDRESS.fullmatch(path) else 404
        file = file or self._files.get("/index.html")
        if file is None:
            return HTMLResponse(_NOT_BUILT, status_code=503)
        headers = {"cache-control": file.cache, "vary": "accept-encoding"}
        content = file.content
        if file.compressible and "gzip" in request.headers.get("accept-encoding", ""):
            content, headers["content-encoding"] = await file.compressed(), "gzip"
        return Response(content, status, headers, file.media_type)

    def with_head(self, head: str) -> Response:
        """The page itself, with these elements in its head in place of its own title and description."""
        index = self._files.get("/index.html")
        if index is None:
            return HTMLResponse(_NOT_BUILT, status_code=503)
        content = _DESCRIPTION.sub("", index.content.decode(), count=1)
        return HTMLResponse(_TITLE.sub(lambda _: head, content, count=1))


def _read(path: Path, folder: Path) -> _File:
    content = path.read_bytes()
    # Files under assets/ carry their hash in the name: the same name never has other content.
    hashed = path.relative_to(folder).parts[0] == "assets"
    return _File(
        content,
        path.suffix not in _COMPRESSED_ALREADY,
        mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        "public, max-age=31536000, immutable" if hashed else "no-cache",
    )
