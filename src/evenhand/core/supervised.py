"""A child process that is started again when it dies."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext, suppress
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
    minute. `ready` is set while the child works. Standard error goes to `log`, or where this process's goes.
    The child cannot outlive this process, whose death closes its input.

    In the end the child is killed, or gets the signal `end_by` and `patience` seconds to follow it. It
    inherits the file descriptors `pass_fds`. `sleep` and `monotonic` are for tests.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path | None,
        *,
        pass_fds: Sequence[int] = (),
        end_by: signal.Signals = signal.SIGKILL,
        patience: float = 5.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ready = asyncio.Event()
        self.pid: int | None = None
        self.end_by = end_by
        self._patience = patience
        self._pass_fds = pass_fds
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
                raise ChildError(_why(self._log))
            await self._sleep(min(0.25 * 2**failures, _LONGEST_WAIT))

    async def _run(self) -> bool:
        """Run the child to its end; whether it became ready."""
        with nullcontext() if self._log is None else self._log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                # Ctrl-C is for the parent, which lets answers end before it closes the child's input.
                start_new_session=True,
                pass_fds=self._pass_fds,
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
            self.pid = None
            await self._end(process)
        return is_ready

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        process.send_signal(self.end_by)
        try:
            async with asyncio.timeout(self._patience):
                await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _why(log: Path | None) -> str:
    """What a child said last: where it failed, if it is a traceback."""
    if log is None:
        return "it does not start; it said why above."
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    last = next((line.strip()[:200] for line in reversed(lines) if line.strip()), "it says nothing")
    return f"it does not start ({last}); {log} says more."
