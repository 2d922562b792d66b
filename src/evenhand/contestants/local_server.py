"""Demo models at work: a supervised server for each, at an address that stays the same."""

import asyncio
import importlib.util
import json
import os
import socket
import sys
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from evenhand.contestants.call_limits import CallLimits
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.configurations import Endpoint
from evenhand.contestants.demo_models import DEMO_MODELS, DemoModel
from evenhand.core.supervised import ChildError, Supervised

_SLOTS = 4
_CONTEXT = 4096
# A model this small now and then repeats itself until it is stopped.
_MAX_OUTPUT = 768
_LARGEST_LOG = 1 << 20
_PORTS = "demo-ports.json"


class DemoEntry(CatalogueEntry):
    """A demo model as a contestant."""

    @property
    def demo(self) -> bool:
        """It is one of the small models that come along until there are real ones."""
        return True


def can_run() -> bool:
    """Whether the library that runs models is installed (the extra `local`)."""
    return importlib.util.find_spec("xllamacpp") is not None


class LocalModels:
    """The servers of demo models. An async context manager: they end with it, or with this process.

    `servers` are those that were started, by the model's slug. `data` is the data directory: it keeps their
    ports, because the address is part of a configuration, and their logs.
    """

    def __init__(self, data: Path) -> None:
        self.servers: dict[str, Supervised] = {}
        self._ports = Ports(data / _PORTS)
        self._logs = data / "logs"

    async def __aenter__(self) -> Self:
        self._stack = AsyncExitStack()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def start(self, model: DemoModel, path: Path) -> CatalogueEntry:
        """Serve a model from its file; answers once it can be called. Raises `ChildError`."""
        log = self._log(model)
        for last in (False, True):
            port = await self._ports.port(model)
            try:
                server = Supervised(_command(model, path, port), log)
                self.servers[model.slug] = await self._stack.enter_async_context(server)
                break
            except ChildError as error:
                # Between the look at the port and the child's bind, somebody else may have taken it.
                if last or is_free(port):
                    raise ChildError(f"{model.name}: {error}{_help(error)}") from None
        return _entry(model, port)

    def _log(self, model: DemoModel) -> Path:
        self._logs.mkdir(parents=True, exist_ok=True)
        log = self._logs / f"{model.slug}.log"
        if log.exists() and log.stat().st_size > _LARGEST_LOG:
            log.unlink()
        return log


def _help(error: ChildError) -> str:
    """What to do about the one fault that a small installation of Linux has by itself."""
    if "libgomp" not in str(error):
        return ""
    return " Install libgomp (on Debian and Ubuntu: apt install libgomp1) and start again."


def at_work(data: Path) -> list[CatalogueEntry]:
    """The demo models that an arena of this data directory serves now, whatever process asks."""
    kept = Ports(data / _PORTS).kept()
    return [
        _entry(model, kept[model.slug])
        for model in DEMO_MODELS
        if model.slug in kept and not is_free(kept[model.slug])
    ]


def _entry(model: DemoModel, port: int) -> CatalogueEntry:
    return DemoEntry(
        slug=model.slug,
        name=model.name,
        organization=model.organization,
        license=model.license,
        endpoint=Endpoint(
            kind="openai",
            base_url=f"http://127.0.0.1:{port}/v1",
            model=model.slug,
            first_token_seconds=120.0,
            stall_seconds=60.0,
            total_seconds=600.0,
        ),
        context=_CONTEXT,
        max_output=_MAX_OUTPUT,
        limits=CallLimits(at_once=_SLOTS),  # the server would take more, and let them wait in no fair order
    )


def _command(model: DemoModel, path: Path, port: int) -> list[str]:
    options = {
        "model": path,
        "name": model.slug,
        "port": port,
        # Two models answer at once; more threads than cores make both slower.
        "threads": max(1, (os.cpu_count() or 1) // 2),
        "slots": _SLOTS,
        "context": _CONTEXT,
    }
    words: Iterable[str] = (word for name, value in options.items() for word in (f"--{name}", str(value)))
    return [sys.executable, "-m", "evenhand.contestants.demo_server", *words]


class Ports:
    """The port of each model, the same at every start, kept in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def port(self, model: DemoModel) -> int:
        """The model's port: that of last time if it is or soon gets free, else the next free one."""
        kept = self.kept()
        port = kept.get(model.slug, model.port)
        for _ in range(20 if model.slug in kept else 0):
            if is_free(port):  # the server of an arena that was just killed needs a moment to go
                return port
            await asyncio.sleep(0.1)
        while not is_free(port) or port in kept.values():
            port += 1
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(kept | {model.slug: port}))
        return port

    def kept(self) -> dict[str, int]:
        """The ports that were given out, by the model's slug."""
        try:
            kept = json.loads(self._file.read_text())
        except (OSError, ValueError):
            return {}
        return {slug: port for slug, port in kept.items() if type(port) is int} if type(kept) is dict else {}


def is_free(port: int) -> bool:
    """Whether a server could listen on a port of this machine now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True
