"""What the rows of a table say, in SQL, and fetching them some at a time."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

from evenhand.ranking.arrays import Part, arrays
from evenhand.ranking.ballots import Ballot
from evenhand.ranking.rows import CHUNK
from evenhand.ranking.tables import Table

AHEAD = 2
"""Parts that are read meanwhile: the database has several at once, and then none for as long."""

Progress = Callable[[int, int], None]
"""Told how much is done, of how much."""


def silent(done: int, of: int) -> None:
    """Whoever does not want to be told."""


@dataclass(frozen=True)
class Reading:
    """A table, and what its rows say in SQL. `counts`: whether a row is a vote that counts."""

    table: Table
    ballot: Ballot
    weight: str | None
    given: str
    counts: str

    @property
    def faultless(self) -> str:
        """The SQL for whether a row can be understood."""
        a, b, outcome = self.ballot.a, self.ballot.b, self.ballot.outcome
        weight = "" if self.weight is None else f" AND {good_weight(self.weight)}"
        return f"coalesce({a} <> '' AND {b} <> '' AND {a} <> {b} AND ({outcome}) IS NOT NULL, false){weight}"


def good_weight(weight: str) -> str:
    """Return the SQL for whether a weight is a number, 0 or more."""
    return f"coalesce(isfinite({weight}) AND {weight} >= 0, false)"


def fetch(table: Table, selected: str, kept: str, at_once: int = CHUNK) -> Iterator[Part]:
    """Give the rows that are kept, in their order, about so many at a time; meanwhile the next are read."""
    # A connection has one open result at a time, and whoever takes the rows may have questions of their own.
    with (
        closing(table.database.cursor()) as connection,
        closing(
            arrays(connection.sql(f"SELECT {selected} FROM {table.view} WHERE {kept}"), at_once)
        ) as parts,
        ThreadPoolExecutor(1) as reader,
    ):
        following = deque(reader.submit(next, parts, None) for _ in range(AHEAD))
        while (part := following.popleft().result()) is not None:
            following.append(reader.submit(next, parts, None))
            yield part
