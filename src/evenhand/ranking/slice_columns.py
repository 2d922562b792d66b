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

DIGITS = 24
"""So many truths are the digits of a FLOAT, which holds them exactly."""

_TRUTHS = "truths"


@dataclass(frozen=True)
class SliceColumns:
    """What is read to know the slices of some votes.

    told: the slices that the votes tell of; columns: SQL for every table.
    """

    told: list[str] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    _digits: list[str] = field(default_factory=list)
    _numbers: dict[str, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Sequence[Table], slices: Sequence[str]) -> "SliceColumns":
        """Find columns for those of the slices that all of the tables tell of.

        Raises:
            RankingError: there is no such slice.
        """
        result, known = cls(), dict[tuple[str, ...], str]()
        truths: list[tuple[str, ...]] = []
        for name in slices:
            if name in BY_OUTCOME:
                result.told.append(name)
                continue
            found = [one for one in (condition(table, name) for table in tables) if one is not None]
            if len(found) < len(tables):
                continue
            result.told.append(name)
            sql, number = tuple(one.sql for one in found), found[0].number
            if number is None:
                result._digits.append(name)
                truths.append(sql)
            else:
                column = known.setdefault(sql, f"number{len(known)}")
                result.columns[column] = [*sql]
                result._numbers[name] = column, number
        if truths:
            result.columns[_TRUTHS] = [_packed(of_table) for of_table in zip(*truths, strict=True)]
        return result

    def read(
        self, outcome: NDArray[np.uint8], part: Mapping[str, NDArray[Any]]
    ) -> dict[str, NDArray[np.bool_]]:
        """Return which of some votes belong to each slice."""
        inside = {name: outcome < end for name, end in BY_OUTCOME.items() if name in self.told}
        for name, (column, number) in self._numbers.items():
            inside[name] = part[column] == number
        if self._digits:
            truths = part[_TRUTHS].astype(np.int32)
            inside |= {name: truths & 1 << digit != 0 for digit, name in enumerate(self._digits)}
        return inside


def _packed(truths: Sequence[str]) -> str:
    """Return the SQL for a number whose digits are truths, from the lowest.

    Many columns would take long to be handed over. And of a sum of whole numbers it is looked at in every row
    whether it overflows.
    """
    assert len(truths) <= DIGITS, "there is a digit for each"
    return " + ".join(f"({one})::FLOAT * {1 << digit}" for digit, one in enumerate(truths))
