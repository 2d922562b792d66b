"""LiteLLM's proxy, newest version, relaying the streams that the arena relays.

It gets an environment of its own in the user's cache. It stores nothing, draws nothing and has no readers but
the one that asks: it is the cheapest way to put a widely used Python server between a model and a browser.
"""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import msgspec
import psutil
import yaml

from benchmarks.environments import PeerError, environment, home, version
from benchmarks.guest import PATIENCE, Heard
from benchmarks.meter import family

START_SECONDS = 120.0


@dataclass(frozen=True)
class Peer:
    """The running proxy. `started` is how many seconds it took until it answered."""

    base: str
    process: psutil.Process
    started: float


def install() -> str:
    """Installs the newest proxy, or takes the one that is there; its version. Raises `PeerError`."""
    return version(environment("litellm", "litellm[proxy]"), "litellm")


@contextlib.asynccontextmanager
async def proxy(folder: Path, provider: int) -> AsyncIterator[Peer]:
    """The proxy in front of the provider. Raises `PeerError` when it does not start."""
    config, log = folder / "litellm.yaml", folder / "litellm.log"
    model = {"model": "openai/swift", "api_base": f"http://127.0.0.1:{provider}/v1", "api_key": "none"}
    settings = {
        "model_list": [{"model_name": "swift", "litellm_params": model}],
        # It listens on loopback for some minutes, and asks nobody who they are: less for it to do.
        "general_settings": {"dangerously_permit_weak_or_unset_master_key": True},
    }
    config.write_text(yaml.safe_dump(settings))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    # It looks up prices and reports its use elsewhere, unless it is told not to.
    quiet = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False", "LITELLM_LOG": "ERROR"}
    began = time.monotonic()
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            str(home("litellm") / "bin" / "litellm"),
            *("--config", str(config), "--host", "127.0.0.1", "--port", str(port), "--num_workers", "1"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=os.environ | quiet,
        )
    tree = psutil.Process(process.pid)
    try:
        await _answers(f"http://127.0.0.1:{port}/health/liveliness", process, log)
        yield Peer(f"http://127.0.0.1:{port}", tree, time.monotonic() - began)
    finally:
        for one in list(family(tree)):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        await process.wait()


async def _answers(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    async with aiohttp.ClientSession() as http:
        until = time.monotonic() + START_SECONDS
        while process.returncode is None and time.monotonic() < until:
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get(url) as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.1)
    said = (await asyncio.to_thread(log.read_text, errors="replace")).strip().splitlines()
    raise PeerError(f"it does not start: {said[-1] if said else 'it says nothing'}")


class _Part(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Part


class _Chunk(msgspec.Struct):
    choices: list[_Choice]


_chunk = msgspec.json.Decoder(_Chunk).decode


async def relayed(http: aiohttp.ClientSession, base: str, pieces: int, heard: Heard) -> None:
    """One stream through the proxy, to its end."""
    rest = b""
    body = {"model": "swift", "stream": True, "messages": [{"role": "user", "content": str(pieces)}]}
    async with http.post(f"{base}/v1/chat/completions", json=body, timeout=PATIENCE) as response:
        response.raise_for_status()
        async for data in response.content.iter_any():
            arrived = time.monotonic()
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                if line.startswith(b"data: {"):
                    for choice in _chunk(line[6:]).choices:
                        heard.take(choice.delta.content or "", arrived)
    assert len(heard.sent) == pieces, f"{len(heard.sent)} of {pieces} pieces came through the proxy"
