"""The public sets, each in its own columns: what they say of who won, of style, of slices and of voters."""

import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from evenhand.ranking import RankingError, Votes, read_votes
from tests.ranking.worlds import cells

TIED = [("x", "y", "a"), ("x", "y", "b"), ("y", "x", "tie")]


def lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def as_parquet(path: Path, rows: list[dict[str, Any]]) -> Path:
    lines(path.with_suffix(".jsonl"), rows)
    duckdb.execute(f"COPY (FROM '{path.with_suffix('.jsonl')}') TO '{path}'")
    return path


def metadata(tokens_a: int, tokens_b: int) -> dict[str, Any]:
    return {
        "sum_user_tokens": 3,
        "sum_assistant_a_tokens": tokens_a,
        "sum_assistant_b_tokens": tokens_b,
        "header_count_a": {"h1": 1, "h2": 2, "h3": 0, "h4": 0, "h5": 0, "h6": 0},
        "header_count_b": {"h1": 0, "h2": 1, "h3": 0, "h4": 0, "h5": 0, "h6": 0},
        "bold_count_a": {"**": 1, "__": 1},
        "bold_count_b": {"**": 0, "__": 0},
        "list_count_a": {"ordered": 0, "unordered": 0},
        "list_count_b": {"ordered": 0, "unordered": 0},
    }


ARENA = [
    {
        "model_a": "x",
        "model_b": "y",
        "winner": winner,
        "evaluation_session_id": f"s{number % 2}",
        "language": language,
        "is_code": number == 0,
        "conv_metadata": metadata(300, 100),
        "category_tag": {
            "criteria_v0.1": dict.fromkeys(
                [
                    "complexity",
                    "creativity",
                    "domain_knowledge",
                    "problem_solving",
                    "real_world",
                    "specificity",
                ],
                True,
            )
            | {"technical_accuracy": False},
            "creative_writing_v0.1": {"creative_writing": number == 1, "score": "yes"},
            "if_v0.1": {"if": True, "score": 3 + number},
            "math_v0.1": {"math": False},
        },
        "occupational_tags": {
            "business_and_management_and_financial_operations": True,
            "sales_and_retail": False,
        },
    }
    for number, (winner, language) in enumerate([("model_a", "en"), ("model_b", "English"), ("tie", "zh")])
]


@pytest.mark.parametrize("write", [lines, as_parquet])
def test_the_flags_of_the_55k_set_are_an_outcome(tmp_path: Path, write: Any) -> None:
    rows = [
        {
            "model_a": a,
            "model_b": b,
            "winner_model_a": flags[0],
            "winner_model_b": flags[1],
            "winner_tie": flags[2],
        }
        for (a, b, _), flags in zip(TIED, [(1, 0, 0), (0, 1, 0), (0, 0, 1)], strict=True)
    ]
    name = "votes.parquet" if write is as_parquet else "votes.jsonl"
    assert read_votes(write(tmp_path / name, rows)).cells == cells(TIED)


def test_flags_that_contradict_each_other_are_an_unknown_outcome(tmp_path: Path) -> None:
    row = {"model_a": "x", "model_b": "y", "winner_model_a": 1, "winner_model_b": 1, "winner_tie": 0}
    with pytest.raises(RankingError, match=r"'winner_model_a=1, winner_model_b=1, winner_tie=0' is no known"):
        read_votes(lines(tmp_path / "votes.jsonl", [row]))


def test_the_chosen_model_of_compar_ia_is_an_outcome(tmp_path: Path) -> None:
    rows = [
        {"model_a_name": "x", "model_b_name": "y", "chosen_model_name": "x", "both_equal": False},
        {"model_a_name": "x", "model_b_name": "y", "chosen_model_name": "y", "both_equal": False},
        {"model_a_name": "y", "model_b_name": "x", "chosen_model_name": None, "both_equal": True},
    ]
    assert read_votes(as_parquet(tmp_path / "votes.parquet", rows)).cells == cells(TIED)


def test_the_accepted_completion_is_an_outcome(tmp_path: Path) -> None:
    rows = [
        {"completionItems": [{"model": "x"}, {"model": "y"}], "acceptedIndex": 0},
        {"completionItems": [{"model": "x"}, {"model": "y"}], "acceptedIndex": 1},
    ]
    for path in (lines(tmp_path / "v.jsonl", rows), as_parquet(tmp_path / "v.parquet", rows)):
        assert read_votes(path).cells == cells(TIED[:2])


def test_votes_that_were_not_blind_do_not_count_and_are_told(tmp_path: Path) -> None:
    rows = [
        {
            "model_a": "x",
            "model_b": "y",
            "winner": "model_a",
            "anony": anony,
            "dedup_tag": {"sampled": sampled},
        }
        for anony, sampled in [(True, True), (False, True), (True, False), (None, None)]
    ]
    votes = read_votes(as_parquet(tmp_path / "votes.parquet", rows))
    assert votes.cells == cells([TIED[0], TIED[0]])
    assert votes.excluded == {"not_blind": 1, "duplicate_prompt": 1}
    assert len(votes.rows()) == 2


@pytest.mark.parametrize("write", [lines, as_parquet])
def test_style_is_measured_by_what_the_answers_differ_in(tmp_path: Path, write: Any) -> None:
    name = "votes.parquet" if write is as_parquet else "votes.jsonl"
    rows = read_votes(write(tmp_path / name, ARENA)).rows(style=("length", "headers", "bold", "lists"))
    # 200/400, 2/4 and 2/2 in every vote: a usual difference each.
    np.testing.assert_allclose(rows.features, [[1, 1, 1], [1, 1, 1], [1, 1, 1], [0, 0, 0]])


def test_measures_of_ones_own_stand_in_two_columns(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("model_a,model_b,winner,time_a,time_b\nx,y,a,3,1\nx,y,b,1,3\nx,y,b,0,0\nx,y,b,,2\n")
    rows = read_votes(path).rows(style=("time", "position"), scaling="rms")
    root = np.sqrt((0.25 + 0.25 + 0 + 1) / 4)
    np.testing.assert_allclose(rows.features[0], np.array([0.5, -0.5, 0, -1]) / root, rtol=1e-6)
    assert (rows.features[1] == 1).all()


def test_what_cannot_be_measured_is_said(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("model_a,model_b,winner\nx,y,a\n")
    with pytest.raises(RankingError, match="nothing to tell 'length' by: neither conv_metadata with sum"):
        read_votes(path).rows(style=("length",))


@pytest.mark.parametrize("write", [lines, as_parquet])
def test_votes_belong_to_the_slices_that_they_tell_of(tmp_path: Path, write: Any) -> None:
    name = "votes.parquet" if write is as_parquet else "votes.jsonl"
    names = [
        "hard_prompts",
        "coding",
        "english",
        "chinese",
        "instruction_following",
        "exclude_ties",
        "exclude_short",
        "creative_marketing",
    ]
    inside = read_votes(write(tmp_path / name, ARENA)).rows(slices=names).slices
    assert {name: inside[name].tolist() for name in names} == {
        "hard_prompts": [True, True, True],
        "coding": [True, False, False],
        "english": [True, True, False],
        "chinese": [False, False, True],
        "instruction_following": [False, True, True],
        "exclude_ties": [True, True, False],
        "exclude_short": [False, False, False],
        "creative_marketing": [False, True, False],
    }


def test_voters_are_told_apart_and_strangers_are_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("model_a,model_b,winner,judge\nx,y,a,ann\nx,y,b,bob\nx,y,b,ann\nx,y,b,\nx,y,a,\n")
    votes = read_votes(path)
    assert votes.voters == "judge"
    cluster = votes.rows(cluster="judge").cluster
    assert cluster is not None
    assert cluster[0] == cluster[2]
    assert len(set(cluster.tolist())) == 4


def test_bad_rows_are_skipped_and_counted_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(
        "model_a,model_b,winner,weight\nx,y,a,1\nx,,a,1\nx,x,a,1\nx,y,maybe,1\nx,y,b,nan\nx,y,tie,2\n"
    )
    votes = read_votes(path, skip_bad_rows=True)
    assert votes.cells == cells([("x", "y", "a"), ("x", "y", "tie")], [1, 2])
    assert votes.skipped == {
        "no contestant": 1,
        "against itself": 1,
        "unknown outcome": 1,
        "bad weight": 1,
    }
    assert len(votes.rows()) == 2


def test_several_files_are_read_as_one(tmp_path: Path) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text("model_a,model_b,winner\nx,y,a\n")
    second.write_text("left,right,winner,weight\nx,z,right,2\n")
    votes = read_votes(first, second)
    assert votes.cells == cells([("x", "y", "a"), ("x", "z", "b")], [1, 2])
    assert votes.rows().cells(votes.contestants) == votes.cells


def test_rows_say_what_cells_say(tmp_path: Path) -> None:
    path = tmp_path / "votes.parquet"
    duckdb.execute(
        "COPY (SELECT 'm' || (range % 7) AS model_a, 'm' || ((range * 3 + 1) % 7) AS model_b, "
        "['model_a', 'model_b', 'tie', 'both_bad'][1 + range % 4] AS winner, range % 3 AS weight "
        f"FROM range(5000) WHERE (range * 3 + 1) % 7 <> range % 7) TO '{path}'"
    )
    votes = read_votes(path)
    assert votes.rows().cells(votes.contestants) == votes.cells


def test_counts_per_pair_hold_no_single_votes() -> None:
    with pytest.raises(RankingError, match="no single votes"):
        Votes(cells(TIED)).rows()
