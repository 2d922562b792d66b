"""What the commands about files of votes have in common."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from evenhand.core.errors import InputError
from evenhand.ranking import RankingError, Votes, read_votes


@contextlib.contextmanager
def bad_input() -> Iterator[None]:
    """Turn what the ranking cannot do with its input into `InputError`."""
    try:
        yield
    except RankingError as error:
        raise InputError(str(error)) from error


@contextlib.contextmanager
def told(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far something is: on a terminal alone, elsewhere it would be in the way of what is read from
    there."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def votes_in(files: Sequence[Path], *, skip_bad_rows: bool) -> Votes:
    """Read files, and say beside the output what was left out. Raises `InputError`."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    with bad_input(), told("Reading votes") as progress:
        votes = read_votes(*files, skip_bad_rows=skip_bad_rows, progress=progress)
    for reason, count in votes.skipped.items():
        console.print(f"{count:,} {'row' if count == 1 else 'rows'} skipped: {reason}.")
    for reason, count in votes.excluded.items():
        left = "1 vote does" if count == 1 else f"{count:,} votes do"
        console.print(f"{left} not count: {reason.replace('_', ' ')}.")
    return votes
