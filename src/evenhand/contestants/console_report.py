"""How the fetching of models looks in a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn


class ConsoleReport:
    """Lines and progress bars on a console; bars only where someone can watch them."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, line: str) -> None:
        """Print one line."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def bar(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """A bar that goes away when it is done; without a terminal, one line that says what begins."""
        if not self._console.is_terminal:
            self.say(f"Fetching {label}, {total / 1e6:.0f} MB …")
        with Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        ) as progress:
            task = progress.add_task(label, total=total)
            yield lambda done: progress.update(task, completed=done)
