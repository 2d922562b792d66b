"""A child process that is started again when it dies."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from evenhand.core.errors import EvenhandError

_FIRST_TRIES = 3
_READY_SECONDS = 120.0
_SETTLED_SECONDS = 60.0
_LONGEST_WAIT = 30.0


class ChildError(EvenhandError):
    """A child process never became ready; the text says what it said last and where its log is."""


class Supervised:
    """A child that writes a line `ready` when it works and ends when its standard input does.

    An async context manager: it is entered once the child is ready (or `ChildError` after three tries) and
    from then on starts it again for as long as it takes, waiting twice as long each time, up to half a
    minute. `ready` is set while the child works. Standard error goes to `log`. The child cannot outlive this
    process, whose death closes its input. `sleep` and `monotonic` are for tests.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ready = asyncio.Event()
        self.pid: int | None = None
        self._command = command
        self._log = log
        self._sleep = sleep
        self._monotonic = monotonic

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep())
        is_ready = asyncio.create_task(self.ready.wait())
        try:
            await asyncio.wait({self._task, is_ready}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await self.__aexit__()
            raise
        finally:
            is_ready.cancel()
        if self._task.done():
            self._task.result()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError, ChildError):
            await self._task

    async def _keep(self) -> None:
        failures = 0
        was_ready = False
        while True:
            began = self._monotonic()
            was_ready = await self._run() or was_ready
            failures = 1 if self._monotonic() - began > _SETTLED_SECONDS else failures + 1
            if not was_ready and failures >= _FIRST_TRIES:
                raise ChildError(f"it does not start ({_last_line(self._log)}); {self._log} says more.")
            await self._sleep(min(0.25 * 2**failures, _LONGEST_WAIT))

    async def _run(self) -> bool:
        """Run the child to its end; whether it became ready."""
        with self._log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                # Ctrl-C is for the parent, which lets answers end before it closes the child's input.
                start_new_session=True,
            )
        self.pid = process.pid
        assert process.stdout, "it is a pipe"
        is_ready = False
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_READY_SECONDS):
                    is_ready = await process.stdout.readline() == b"ready\n"
            if is_ready:
                self.ready.set()
                await process.wait()
        finally:
            self.ready.clear()
            if process.returncode is None:
                process.kill()
                await process.wait()
        return is_ready


def _last_line(log: Path) -> str:
    """What a child said last: where it failed, if it is a traceback."""
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "it says nothing")
