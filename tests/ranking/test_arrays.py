"""Columns of a query as arrays."""

import duckdb
import numpy as np
import pytest

from evenhand.ranking.arrays import arrays

MANY = 400_000


def test_numbers_and_booleans_come_as_they_are_and_in_order() -> None:
    relation = duckdb.connect().sql(
        f"SELECT range::INTEGER AS whole, range / 4 AS part, range % 3 = 0 AS third FROM range({MANY})"
    )
    parts = list(arrays(relation, 250_000))
    whole, part, third = (np.concatenate([one[name] for one in parts]) for name in ("whole", "part", "third"))
    counted = np.arange(MANY)
    assert [whole.dtype, part.dtype, third.dtype] == [np.int32, np.float64, np.bool_]
    assert np.array_equal(whole, counted)
    assert np.array_equal(part, counted / 4)
    assert np.array_equal(third, counted % 3 == 0)


def test_parts_are_about_as_large_as_is_asked() -> None:
    relation = duckdb.connect().sql(f"SELECT range AS x FROM range({MANY})")
    sizes = [len(one["x"]) for one in arrays(relation, 250_000)]
    assert sum(sizes) == MANY
    assert all(100_000 < size <= 250_000 for size in sizes[:-1])


def test_what_is_null_is_masked() -> None:
    relation = duckdb.connect().sql(
        "SELECT CASE WHEN range % 2 = 0 THEN range END AS even, nullif(range = 3, true) AS three "
        "FROM range(5)"
    )
    [part] = arrays(relation, 10)
    assert np.ma.filled(part["even"], -1).tolist() == [0, -1, 2, -1, 4]
    assert np.ma.getmaskarray(part["three"]).tolist() == [False, False, False, True, False]


def test_of_no_rows_there_are_no_parts() -> None:
    assert list(arrays(duckdb.connect().sql("SELECT 1 AS one WHERE false"), 10)) == []


def test_an_error_in_the_middle_is_the_databases_and_says_what_it_was() -> None:
    relation = duckdb.connect().sql(
        f"SELECT CASE WHEN range = {MANY - 1} THEN error('this row is bad') ELSE '1' END::INTEGER AS x "
        f"FROM range({MANY})"
    )
    with pytest.raises(duckdb.Error, match="this row is bad"):
        for _ in arrays(relation, 10):
            pass
