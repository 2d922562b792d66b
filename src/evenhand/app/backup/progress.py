"""How far a long command is, for those who watch it in a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

_PIECE = 1 << 20


@contextmanager
def bar(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar that is told the bytes done, and goes away in the end; nothing where nobody watches."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.update(task, completed=done)


def pieces(stream: IO[bytes], progress: Callable[[int], None]) -> Iterator[bytes]:
    """All that a stream gives, in pieces; `progress` is told how many bytes there were."""
    done = 0
    while piece := stream.read(_PIECE):
        yield piece
        done += len(piece)
        progress(done)
