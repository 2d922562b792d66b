"""What the commands about files of votes have in common."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from evenhand.core.errors import InputError
from evenhand.ranking import RankingError, Votes, read_votes


@contextlib.contextmanager
def bad_input() -> Iterator[None]:
    """Turn what the ranking cannot do with its input into `InputError`."""
    try:
        yield
    except RankingError as error:
        raise InputError(str(error)) from error


def votes_in(files: Sequence[Path], *, skip_bad_rows: bool) -> Votes:
    """Read files, and say beside the output what was left out. Raises `InputError`."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    # On a terminal alone; elsewhere it would be in the way of what is read from there.
    with bad_input(), console.status("Reading votes …"):
        votes = read_votes(*files, skip_bad_rows=skip_bad_rows)
    for reason, count in votes.skipped.items():
        console.print(f"{count:,} {'row' if count == 1 else 'rows'} skipped: {reason}.")
    for reason, count in votes.excluded.items():
        left = "1 vote does" if count == 1 else f"{count:,} votes do"
        console.print(f"{left} not count: {reason.replace('_', ' ')}.")
    return votes
