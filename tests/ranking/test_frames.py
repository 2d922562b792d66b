"""Votes that are in memory already: tables of pandas, Polars and Arrow are taken as they are."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from evenhand.ranking import RankingError, read_votes
from tests.ranking.worlds import cells

COLUMNS = {
    "model_a": ["x", "y", "x"],
    "model_b": ["y", "z", "z"],
    "winner": ["model_a", "tie", "model_b"],
    "weight": [1.0, 2.0, 1.0],
    "length_a": [30, 20, 30],
    "length_b": [10, 20, None],
}
Make = Callable[[dict[str, list[Any]]], Any]


def pandas(columns: dict[str, list[Any]]) -> Any:
    return pd.DataFrame(columns)


def polars(columns: dict[str, list[Any]]) -> Any:
    return pl.DataFrame(columns)


def lazy(columns: dict[str, list[Any]]) -> Any:
    return polars(columns).lazy()


def arrow(columns: dict[str, list[Any]]) -> Any:
    return pa.table(columns)


def arrow_reader(columns: dict[str, list[Any]]) -> Any:
    return arrow(columns).to_reader()


@pytest.mark.parametrize("make", [pandas, polars, lazy, arrow, arrow_reader])
def test_a_table_in_memory_is_read(make: Make) -> None:
    votes = read_votes(make(COLUMNS))
    assert votes.cells == cells([("x", "y", "a"), ("y", "z", "tie"), ("x", "z", "b")], [1, 2, 1])
    first, second, third = votes.rows(style=("length",)).features[0].tolist()
    assert (first > 0, second, third > first) == (True, 0, True)


@pytest.mark.parametrize("make", [pandas, polars, arrow])
def test_a_bad_row_of_a_table_in_memory_is_named(make: Make) -> None:
    with pytest.raises(RankingError, match="the table: row 2, column 'winner': 'huh' is no known outcome"):
        read_votes(make(COLUMNS | {"winner": ["tie", "huh", "tie"]}))


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(RankingError, match="a table of pandas, Polars or Arrow; this is int"):
        read_votes(42)
