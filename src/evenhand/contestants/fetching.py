"""Bringing a demo model's file onto this machine, once."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from typing import IO, Protocol

from evenhand.contestants.demo_models import DemoModel
from evenhand.contestants.sources import SourceError
from evenhand.core.errors import EvenhandError

try:
    import fcntl
except ImportError:  # Windows: two arenas that fetch at once may have to do it again
    fcntl = None  # type: ignore[assignment]


class FetchError(EvenhandError):
    """No source gave the publisher's bytes; one sentence that says what each did."""


class Report(Protocol):
    """Who is told how it goes."""

    def say(self, line: str) -> None:
        """Take one line for the person who waits."""
        ...

    def bar(self, label: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """A progress bar up to `total` bytes; what it gives is told how many are there."""
        ...


async def find(model: DemoModel, folders: Sequence[Path]) -> Path | None:
    """The model's file in the first folder that has it with the right hash."""
    for folder in folders:
        path = folder / model.file_name
        if await asyncio.to_thread(_has_hash, path, model.sha256):
            return path
    return None


async def fetch(model: DemoModel, folders: Sequence[Path], report: Report) -> Path:
    """The model's file: found in one of the folders, or brought into the last one.

    Sources are tried in order. Raises `FetchError` when none gave the publisher's bytes.
    """
    found = await find(model, folders)
    if found is not None:
        return found
    folder = folders[-1]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        async with _alone(folder / f"{model.file_name}.lock"):
            # Somebody else may have brought it while we waited.
            return await find(model, [folder]) or await _from_sources(model, folder, report)
    except OSError as error:
        raise FetchError(f"{model.name} cannot be kept in {folder} ({error.strerror or error}).") from None


async def _from_sources(model: DemoModel, folder: Path, report: Report) -> Path:
    target = folder / model.file_name
    partial = folder / f"{model.file_name}.partial"
    reasons = []
    for source in model.sources:
        began = time.monotonic()
        # What an earlier, broken try left behind is gone on from; if that does not fit, from nothing.
        for _ in range(2 if partial.exists() else 1):
            try:
                with report.bar(f"{model.name} from {source.place}", model.size) as progress:
                    await source.download(partial, model.size, progress)
            except SourceError as error:
                reasons.append(f"{source.name}: {error}")
                break
            if await asyncio.to_thread(_has_hash, partial, model.sha256):
                partial.replace(target)
                size, seconds = model.size / 1e6, time.monotonic() - began
                report.say(
                    f"{model.name}: {size:.0f} MB in {seconds:.0f} s, verified by SHA-256 as the publisher's "
                    f"({model.organization}) bytes; they came from {source.name}."
                )
                return target
            partial.unlink(missing_ok=True)
        else:
            reasons.append(f"{source.name}: gave other bytes than the publisher's, which were thrown away")
    raise FetchError(f"{model.name} could not be fetched. {'; '.join(reasons)}.")


def _has_hash(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


@asynccontextmanager
async def _alone(lock: Path) -> AsyncIterator[None]:
    """Hold a lock between processes: two of them writing one file would spoil it for each other."""
    with lock.open("wb") as file:
        while not _locked(file):  # noqa: ASYNC110  (another process gives no event)
            await asyncio.sleep(0.5)
        yield


def _locked(file: IO[bytes]) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
