"""When votes were given, in the columns and spellings of the public sets."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from evenhand.ranking import RankingError, Votes, read_votes
from evenhand.ranking.rows import VoteRows

DAY = (date(2024, 8, 14) - date(1970, 1, 1)).days


def days(votes: Votes) -> list[int]:
    found = votes.rows(days=True).day
    assert found is not None
    assert found.dtype == np.int32
    return found.tolist()


def csv(folder: Path, column: str, *values: str) -> Votes:
    path = folder / "votes.csv"
    path.write_text(f"model_a,model_b,winner,{column}\n" + "".join(f"x,y,a,{value}\n" for value in values))
    return read_votes(path)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("timestamp", "2024-08-14 23:59:59"),
        ("timestamp", "2024-08-14T00:00:00.000Z"),
        ("timestamp", "2024-08-15T01:30:00+02:00"),
        ("tstamp", "1723593600"),
        ("tstamp", "1723679999.75"),
        ("tstamp", " 1.7236e9 "),
        ("day", "2024-08-14"),
        ("date", "2024-08-14"),
        ("day", str(DAY)),
    ],
)
def test_a_time_is_its_day_in_utc(tmp_path: Path, column: str, value: str) -> None:
    assert days(csv(tmp_path, column, value)) == [DAY]


@pytest.mark.parametrize("value", ["", "yesterday", "nan", "inf", "-5", "1e30", "1969-12-31", "2024-13-01"])
def test_what_is_no_time_is_a_day_that_is_not_known(tmp_path: Path, value: str) -> None:
    assert days(csv(tmp_path, "timestamp", value, "2024-08-14")) == [-1, DAY]


@pytest.mark.parametrize("stamp", ["2024-08-14T12:00:00Z", 1723636800, 1723636800.5])
def test_json_lines_have_days(tmp_path: Path, stamp: Any) -> None:
    vote = {"model_a": "x", "model_b": "y", "winner": "a"}
    path = tmp_path / "votes.jsonl"
    path.write_text("".join(json.dumps({**vote, "tstamp": one}) + "\n" for one in (stamp, None, stamp)))
    assert days(read_votes(path)) == [DAY, -1, DAY]


@pytest.mark.parametrize(
    "stamp",
    [
        "TIMESTAMP '2024-08-14 12:00:00'",
        "TIMESTAMP_NS '2024-08-14 12:00:00'",
        "TIMESTAMPTZ '2024-08-14 12:00:00+00'",
        "DATE '2024-08-14'",
        "1723636800",
        "1723636800.25::DOUBLE",
        "'2024-08-14 12:00:00'",
    ],
)
def test_parquet_has_days_whatever_their_type(tmp_path: Path, stamp: str) -> None:
    path = tmp_path / "votes.parquet"
    duckdb.execute(
        f"COPY (SELECT 'x' AS model_a, 'y' AS model_b, 'a' AS winner, {stamp} AS timestamp UNION ALL "
        f"SELECT 'x', 'y', 'tie', NULL) TO '{path}'"
    )
    assert sorted(days(read_votes(path))) == [-1, DAY]


def test_days_stay_with_their_votes(tmp_path: Path) -> None:
    rows = csv(tmp_path, "day", "3", "1", "2").rows(days=True)
    assert rows.take(np.array([True, False, True])).day is not None
    assert rows.take(np.array([True, False, True])).day.tolist() == [3, 2]  # type: ignore[union-attr]
    assert [part.day.tolist() for part in rows.chunks() if part.day is not None] == [[3, 1, 2]]


def test_the_exact_time_goes_before_the_day(tmp_path: Path) -> None:
    votes = csv(tmp_path, "day,timestamp", "3,2024-08-14T12:00:00Z")
    assert votes.times == "timestamp"
    assert days(votes) == [DAY]


def test_days_are_there_only_where_they_are_asked_for(tmp_path: Path) -> None:
    rows: VoteRows = csv(tmp_path, "day", "3").rows()
    assert rows.day is None


def test_no_votes_have_no_days(tmp_path: Path) -> None:
    assert days(csv(tmp_path, "day")) == []


def test_votes_without_a_time_say_so(tmp_path: Path) -> None:
    votes = csv(tmp_path, "colour", "red")
    assert votes.times is None
    with pytest.raises(RankingError, match=r"votes\.csv: has no column timestamp, tstamp, day, date"):
        votes.rows(days=True)
