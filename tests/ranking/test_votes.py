import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from evenhand.ranking import (
    RankingError,
    audit,
    bootstrap,
    plan,
    rank,
    rank_slices,
    read_votes,
    tallies,
)
from tests.ranking.worlds import cells

VOTES = [("x", "y", "a"), ("y", "x", "both_bad"), ("x", "z, the 1st", "b"), ("x", "y", "tie")]
ROWS: list[dict[str, Any]] = [
    {"model_a": "x", "model_b": "y", "winner": "model_a", "conversation": [{"role": "user"}]},
    {"model_a": "y", "model_b": "x", "winner": "tie (bothbad)", "conversation": []},
    {"model_a": "x", "model_b": "z, the 1st", "winner": "model_b", "conversation": None},
    {"model_a": "x", "model_b": "y", "winner": "tie", "conversation": [{"role": "user"}]},
]
HEADER = "model_a,model_b,winner\n"


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def as_csv(delimiter: str = ",") -> str:
    lines = [delimiter.join(f'"{row[key]}"' for key in ("model_b", "winner", "model_a")) for row in ROWS]
    return "\n".join([delimiter.join(["model_b", "winner", "model_a"]), *lines])


def test_csv_is_read_whatever_the_order_of_its_columns(tmp_path: Path) -> None:
    assert read_votes(written(tmp_path, "votes.csv", as_csv())).cells == cells(VOTES)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_semicolons_and_tabs_separate_columns_too(tmp_path: Path, delimiter: str) -> None:
    assert read_votes(written(tmp_path, "votes.csv", as_csv(delimiter))).cells == cells(VOTES)


def test_a_byte_order_mark_and_windows_lines_do_no_harm(tmp_path: Path) -> None:
    content = "\ufeff" + as_csv().replace("\n", "\r\n")
    assert read_votes(written(tmp_path, "votes.csv", content)).cells == cells(VOTES)


def test_json_is_read(tmp_path: Path) -> None:
    assert read_votes(written(tmp_path, "votes.json", json.dumps(ROWS))).cells == cells(VOTES)


def test_an_empty_list_of_votes_is_no_votes(tmp_path: Path) -> None:
    assert read_votes(written(tmp_path, "votes.json", "[]")).cells == cells([])


@pytest.mark.parametrize("name", ["votes.jsonl", "votes.ndjson", "votes.json"])
def test_json_lines_are_read(tmp_path: Path, name: str) -> None:
    content = "".join(json.dumps(row) + "\n" for row in ROWS)
    assert read_votes(written(tmp_path, name, content)).cells == cells(VOTES)


def test_parquet_is_read(tmp_path: Path) -> None:
    written(tmp_path, "votes.csv", as_csv())
    duckdb.execute(f"COPY (FROM '{tmp_path}/votes.csv') TO '{tmp_path}/votes.parquet'")
    assert read_votes(tmp_path / "votes.parquet").cells == cells(VOTES)


def test_left_and_right_name_the_sides_and_the_winner(tmp_path: Path) -> None:
    content = "id,left,right,winner\n1,x,y,left\n2,x,y,right\n3,x,y,tie\n"
    expected = cells([("x", "y", "a"), ("x", "y", "b"), ("x", "y", "tie")])
    assert read_votes(written(tmp_path, "votes.csv", content)).cells == expected


@pytest.mark.parametrize(
    ("spelling", "outcome"),
    [
        ("A_WIN", "a"),
        ("B_WIN", "b"),
        ("TIE", "tie"),
        ("both_bad", "both_bad"),
        ("a", "a"),
        (" model_b ", "b"),
    ],
)
def test_every_spelling_of_an_outcome_is_known(tmp_path: Path, spelling: str, outcome: str) -> None:
    path = written(tmp_path, "votes.csv", f"{HEADER}x,y,{spelling}\n")
    assert read_votes(path).cells == cells([("x", "y", outcome)])


def test_weights_are_summed_where_there_are_any(tmp_path: Path) -> None:
    path = written(tmp_path, "votes.csv", "model_a,model_b,winner,weight\nx,y,a,.5\nx,y,a,2\nx,y,b,0\n")
    assert read_votes(path).cells == cells([("x", "y", "a"), ("x", "y", "a"), ("x", "y", "b")], [0.5, 2, 0])


def test_a_header_alone_is_no_votes(tmp_path: Path) -> None:
    assert read_votes(written(tmp_path, "votes.csv", HEADER)).cells == cells([])


def test_a_name_that_looks_like_a_pattern_is_a_name(tmp_path: Path) -> None:
    written(tmp_path, "votes1.csv", HEADER + "other,y,a\n")
    assert read_votes(written(tmp_path, "votes[1]*.csv", HEADER + "x,y,a\n")).cells == cells(
        [("x", "y", "a")]
    )


def test_long_names_and_names_beyond_ascii_are_kept(tmp_path: Path) -> None:
    name = "举手🙋" * 1000
    assert read_votes(written(tmp_path, "votes.csv", f"{HEADER}{name},y,a\n")).cells == cells(
        [(name, "y", "a")]
    )


BAD_ROWS = [
    ("x,y,maybe", "row 2, column 'winner': 'maybe' is no known outcome"),
    ("x,y,", "row 2, column 'winner': is empty"),
    ("x,,a", "row 2, column 'model_b': is empty"),
    ('"",y,a', "row 2, column 'model_a': is empty"),
    ("x,x,a", "row 2, column 'model_b': 'x' is compared with itself"),
]


@pytest.mark.parametrize(("line", "says"), BAD_ROWS)
def test_a_bad_row_is_named_with_file_row_column_and_value(tmp_path: Path, line: str, says: str) -> None:
    path = written(tmp_path, "votes.csv", f"{HEADER}x,y,tie\n{line}\nx,y,worse still\n")
    with pytest.raises(RankingError) as caught:
        read_votes(path)
    assert str(caught.value).startswith(f"{path}: {says}")


@pytest.mark.parametrize("weight", ["nan", "inf", "-1", "much", ""])
def test_a_bad_weight_is_named(tmp_path: Path, weight: str) -> None:
    path = written(tmp_path, "votes.csv", f"model_a,model_b,winner,weight\nx,y,a,{weight}\n")
    with pytest.raises(RankingError, match="row 1, column 'weight'"):
        read_votes(path)


def test_the_bad_row_of_a_large_file_is_found_at_its_place(tmp_path: Path) -> None:
    duckdb.execute(
        "COPY (SELECT 'x' AS model_a, 'y' AS model_b, if(range = 299999, 'oops', 'tie') AS winner "
        f"FROM range(400000)) TO '{tmp_path}/votes.parquet'"
    )
    with pytest.raises(RankingError, match="row 300000, column 'winner': 'oops'"):
        read_votes(tmp_path / "votes.parquet")


def test_a_column_that_begins_late_in_json_lines_is_not_overlooked(tmp_path: Path) -> None:
    vote = '{"model_a": "x", "model_b": "y", "winner": "tie"}'
    path = written(tmp_path, "votes.jsonl", "\n".join([vote] * 30_000 + [vote[:-1] + ', "weight": 2}']))
    with pytest.raises(RankingError, match="row 1, column 'weight'"):
        read_votes(path)


def test_a_missing_column_is_named_beside_those_there_are(tmp_path: Path) -> None:
    path = written(tmp_path, "votes.csv", "model_a,model_b,result\nx,y,a\n")
    with pytest.raises(RankingError, match="no column 'winner'; its columns are: model_a, model_b, result"):
        read_votes(path)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("votes.csv", "", "is empty"),
        ("votes.csv", HEADER + "x,y\n", "Line: 2 Expected Number of Columns: 3 Found: 2"),
        ("votes.csv", HEADER.encode() + b"x,\xff,a\n", "cannot be read"),
        ("votes.csv", '"model_a,model_b,winner\nx,y,a\n', "the line that names the columns cannot be read"),
        ("votes.jsonl", '{"model_a":"x","model_b":"y","winner":"a"}\n{"model_a"\n', "Malformed JSON"),
        ("votes.json", "[1, 2]", "no column 'model_a'"),
        ("votes.parquet", "not parquet", "cannot be read"),
        ("votes.xlsx", "x", "ends in .csv, .tsv, .json, .jsonl, .ndjson, .parquet"),
    ],
)
def test_a_file_that_is_no_table_of_votes_is_refused(
    tmp_path: Path, name: str, content: Any, says: str
) -> None:
    path = written(tmp_path, name, content)
    with pytest.raises(RankingError) as caught:
        read_votes(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert says in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RankingError, match="there is no such file"):
        read_votes(tmp_path / "votes.csv")


def test_what_looks_at_more_than_sums_takes_votes_as_it_takes_cells(tmp_path: Path) -> None:
    lines = [f"{a},{b},{winner}" for a, b in ("xy", "yz", "xz") for winner in ("a", "b", "tie") * 20]
    votes = read_votes(written(tmp_path, "votes.csv", HEADER + "\n".join(lines)))
    cells_ = votes.cells
    for of in (
        lambda v: rank(v).as_dict(),
        lambda v: plan(v, "x", "y", difference=10).statement,
        lambda v: bootstrap(v, replicates=3).theta.tolist(),
        lambda v: audit(v).votes,
    ):
        assert of(votes) == of(cells_)


@pytest.mark.parametrize("kind", ["INTEGER", "BIGINT", "DOUBLE", "VARCHAR"])
def test_a_measure_that_is_missing_or_below_0_is_0_and_great_ones_do_not_overflow(
    tmp_path: Path, kind: str
) -> None:
    most = 2**31 - 1
    values = [(3, 1), (None, 5), (5, None), (-7, 5), (-1, -1), (0, 0), (None, None), (most, most - 1)]
    rows = ", ".join(
        f"('x', 'y', 'tie', {'NULL' if a is None else a}, {'NULL' if b is None else b})" for a, b in values
    )
    duckdb.execute(
        "COPY (SELECT model_a, model_b, winner, "
        f"emoji_a::{kind} AS emoji_a, emoji_b::{kind} AS emoji_b FROM (VALUES {rows}) "
        f"AS votes(model_a, model_b, winner, emoji_a, emoji_b)) TO '{tmp_path}/votes.parquet'"
    )
    (x,) = read_votes(tmp_path / "votes.parquet").rows(style=("emoji",)).features
    expected = [0.5, -1, 1, -1, 0, 0, 0, 1 / (2 * most - 1)]
    assert x / x[2] == pytest.approx(expected, abs=1e-9)


def test_more_contestants_than_have_a_place_each_are_counted_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, "votes.csv", as_csv())
    duckdb.execute(f"COPY (FROM '{tmp_path}/votes.csv') TO '{tmp_path}/votes.parquet'")
    monkeypatch.setattr(tallies, "DENSE", 2)
    assert read_votes(tmp_path / "votes.parquet").cells == cells(VOTES)


@pytest.mark.parametrize("dense", [1000, 0])
def test_every_way_to_count_weights_sums_and_skips_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dense: int
) -> None:
    monkeypatch.setattr(tallies, "DENSE", dense)
    content = (
        "model_a,model_b,winner,weight\n"
        "x,y,A ,2\ny,x,b,.5\nx,y,left,\nx,y,tie,-1\nx,x,tie,1\n,y,a,1\nx,only here,who?,1\n"
    )
    csv = written(tmp_path, "votes.csv", content)
    duckdb.execute(
        f"COPY (SELECT * FROM read_csv('{csv}', all_varchar = true)) TO '{tmp_path}/votes.parquet'"
    )
    for name in ("votes.csv", "votes.parquet"):
        votes = read_votes(tmp_path / name, skip_bad_rows=True)
        assert votes.cells == cells([("x", "y", "a"), ("y", "x", "b")], [2, 0.5])
        assert votes.skipped == {
            "no contestant": 1,
            "against itself": 1,
            "unknown outcome": 1,
            "bad weight": 2,
        }
        weight = votes.rows().weight
        assert weight is not None
        assert sorted(weight) == [0.5, 2]


def test_sums_of_weights_are_the_same_to_the_last_digit_whoever_adds_them_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "votes.parquet"
    duckdb.execute(
        "COPY (SELECT 'x' AS model_a, 'y' AS model_b, 'tie' AS winner, 1 / (1 + i * 7919 % 10007) AS weight "
        f"FROM range(600000) AS rows(i)) TO '{table}' (ROW_GROUP_SIZE 20000)"
    )
    weights = 0.0
    for weight in duckdb.execute(f"SELECT weight FROM '{table}'").fetchnumpy()["weight"].tolist():
        weights += weight
    frame = duckdb.execute(f"FROM '{table}'").df()
    assert read_votes(table).cells.weights[0, 2] == weights
    assert read_votes(frame).cells.weights[0, 2] == weights
    monkeypatch.setattr(tallies, "DENSE", 1)
    for _ in range(3):
        assert read_votes(table).cells.weights[0, 2] == weights


def test_whoever_waits_is_told_how_many_bytes_are_read_and_then_how_many_votes(tmp_path: Path) -> None:
    text = written(tmp_path, "votes.csv", as_csv())
    table = tmp_path / "votes.parquet"
    duckdb.execute(f"COPY (FROM '{text}') TO '{table}'")
    told: list[tuple[int, int]] = []
    votes = read_votes(text, table, progress=lambda done, of: told.append((done, of)))
    total = text.stat().st_size + table.stat().st_size
    assert told[0] == (text.stat().st_size, total)
    assert told[-1] == (total, total)
    told.clear()
    rank_slices(votes, ["exclude_ties"], progress=lambda done, of: told.append((done, of)))
    assert told == [(4, 8), (8, 8)]
