"""The columns that say which slices a vote belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.cells import OUTCOMES
from evenhand.ranking.slices import EXCLUDE_TIES, OVERALL, condition
from evenhand.ranking.tables import Table

BY_OUTCOME = {OVERALL: len(OUTCOMES), EXCLUDE_TIES: 2}
"""The slices that the outcome tells of, and how many of the outcomes belong to each."""


@dataclass(frozen=True)
class SliceColumns:
    """What is read to know the slices of some votes.

    told: the slices that the votes tell of; columns: SQL for every table, which slices of one number share.
    """

    told: list[str] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    _places: dict[str, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Sequence[Table], slices: Sequence[str]) -> "SliceColumns":
        """Find columns for those of the slices that all of the tables tell of.

        Raises:
            RankingError: there is no such slice.
        """
        result, known = cls(), dict[tuple[str, ...], str]()
        for name in slices:
            if name in BY_OUTCOME:
                result.told.append(name)
                continue
            found = [one for one in (condition(table, name) for table in tables) if one is not None]
            if len(found) < len(tables):
                continue
            sql = tuple(one.sql for one in found)
            column = known.setdefault(sql, f"s{len(known)}")
            result.told.append(name)
            result.columns[column] = [*sql]
            result._places[name] = column, found[0].number
        return result

    def read(
        self, outcome: NDArray[np.uint8], part: Mapping[str, NDArray[Any]]
    ) -> dict[str, NDArray[np.bool_]]:
        """Return which of some votes belong to each slice."""
        inside = {name: outcome < end for name, end in BY_OUTCOME.items() if name in self.told}
        for name, (column, number) in self._places.items():
            inside[name] = part[column] == number
        return inside
