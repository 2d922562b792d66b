"""Votes that are hardly any, or hostile: each has a defined answer or an error that says what happened."""

import contextlib
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from evenhand.ranking import (
    Board,
    Cells,
    RankingError,
    SlicedCells,
    Votes,
    count_slices,
    intervals,
    rank,
    rank_slices,
    read_votes,
)
from evenhand.ranking.audit.report import audit
from evenhand.ranking.bootstrap import bootstrap
from evenhand.ranking.composite import composite
from evenhand.ranking.holdout import compare_models
from evenhand.ranking.intervals import critical_values, normal_quantile, scales
from evenhand.ranking.pairwise import difference, expected_scores, meetings
from evenhand.ranking.planner import plan
from evenhand.ranking.sampling import draw_adaptively, draw_by_weight, exposure, reweight_pairs
from evenhand.ranking.stepdown import separations
from evenhand.ranking.ties import fit_ties
from tests.ranking.worlds import cells, row, tournament

EMOJI = "🙋" * 2500
"""10 kB."""
NAMES = ("", "\0", "\n", '"', "'; DROP TABLE votes_0; --", "<script>", EMOJI, " ", "‮")
SETTLED = (("a", "b", 40, 30, 10), ("b", "c", 35, 25, 5))

DEGENERATE: dict[str, Cells] = {
    "no votes": cells([]),
    "no votes on some": cells([], also=["a", "b"]),
    "one contestant": cells([], also=["a"]),
    "one win": cells([("a", "b", "a")]),
    "one tie": cells([("a", "b", "tie")]),
    "one both bad": cells([("a", "b", "both_bad")]),
    "all wins": tournament(("a", "b", 40, 0, 0), ("b", "c", 40, 0, 0), ("a", "c", 40, 0, 0)),
    "all ties": tournament(("a", "b", 0, 0, 50), ("b", "c", 0, 0, 50)),
    "all both bad": cells([("a", "b", "both_bad")] * 50 + [("b", "c", "both_bad")] * 50),
    "a circle of wins": tournament(("a", "b", 40, 0, 0), ("b", "c", 40, 0, 0), ("c", "a", 40, 0, 0)),
    "two islands": tournament(("a", "b", 40, 30, 5), ("c", "d", 40, 30, 5)),
    "two islands and one idle": tournament(("a", "b", 40, 30, 5), ("c", "d", 4, 3, 5))
    + cells([], also=["z"]),
    "weights of 0": cells([("a", "b", "a"), ("b", "c", "b")], [0.0, 0.0]),
    "weights of 0 for one": cells(
        [("a", "b", "a"), ("a", "b", "b")] * 40 + [("b", "c", "a")], [1.0] * 80 + [0]
    ),
    "weights all but 0": cells([("a", "b", "a"), ("a", "b", "b"), ("b", "c", "tie")] * 40, [1e-98] * 120),
    "weights beyond measure": cells([("a", "b", "a"), ("a", "b", "b"), ("b", "c", "tie")] * 40, [1e98] * 120),
    "a hundred thousand to one": tournament(("a", "b", 10**5, 1, 0), ("b", "c", 10**5, 1, 0)),
    "hostile names": tournament(*((one, "b", 20, 10, 3) for one in NAMES), ("b", "a", 10, 10, 0)),
}


def asked(board: Board, votes: Cells, folder: Path) -> Sequence[Callable[[], Any]]:
    """Everything that can be asked of votes and of their board."""
    names = dict.fromkeys(votes.contestants, 1)
    return [
        lambda: rank(votes, ranks="joint").as_dict(),
        lambda: rank(votes, anchor=("b", 1000.0)).as_dict(),
        lambda: rank(votes, alpha=1e-12).as_dict(),
        lambda: rank(votes, ties="drop").as_dict(),
        lambda: rank(votes, ties="rao-kupper").as_dict(),
        lambda: rank(votes, ties="davidson").as_dict(),
        lambda: rank(votes, style=True),
        lambda: rank(votes, cluster="voter"),
        lambda: rank(votes, slice="coding"),
        lambda: rank(reweight_pairs(votes)).as_dict(),
        lambda: rank(composite([(votes, 0.5), (tournament(*SETTLED), 0.5)])).as_dict(),
        lambda: board.plot().svg.encode(),
        lambda: board.overlap_ranks(),
        lambda: board.probability_of_top(1),
        lambda: board.probability_of_top(10**30),
        lambda: board.save(folder / "board.json"),
        lambda: vars(expected_scores(board)),
        lambda: vars(difference(board, "a", "b")),
        lambda: meetings(votes).score.filled(0.0),
        lambda: vars(exposure(votes)),
        lambda: bootstrap(votes, replicates=5, threads=1).rating,
        lambda: [vars(one) for one in compare_models(votes).models],
        lambda: fit_ties(votes, "rao-kupper").covariance,
        lambda: fit_ties(votes, "grounded").covariance,
        lambda: plan(votes, "a", "b").statement,
        lambda: plan(votes, "a", "b", difference=50.0).statement,
        lambda: vars(draw_adaptively(votes, draw_by_weight(names))),
        lambda: audit(votes).as_dict(),
        lambda: audit(votes).to_text() + audit(votes).to_html(),
    ]


def numbers(value: Any) -> list[float]:
    """Return all numbers within a value."""
    if isinstance(value, dict):
        return numbers(list(value.values()))
    if isinstance(value, list | tuple):
        return [number for one in value for number in numbers(one)]
    if isinstance(value, np.ndarray):
        return value.astype(np.float64).ravel().tolist() if value.dtype.kind in "fiub" else []
    return [float(value)] if isinstance(value, float) else []


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("world", DEGENERATE)
def test_hardly_any_votes_have_an_answer_or_an_error_that_says_why(world: str, tmp_path: Path) -> None:
    votes = DEGENERATE[world]
    board = rank(votes)
    json.dumps(board.as_dict(), allow_nan=False)
    assert len(board.rows) == len(votes.contestants)
    for ask in asked(board, votes, tmp_path):
        with contextlib.suppress(RankingError):
            assert all(math.isfinite(number) for number in numbers(ask()))


@pytest.mark.parametrize("world", ["one win", "hostile names", "two islands and one idle", "all ties"])
def test_a_degenerate_board_is_the_same_after_saving_and_loading(world: str, tmp_path: Path) -> None:
    board = rank(DEGENERATE[world])
    board.save(tmp_path / "board.json")
    again = Board.load(tmp_path / "board.json")
    assert again == board
    assert [one.theta.tolist() for one in again.fitted] == [one.theta.tolist() for one in board.fitted]


# Weights.


def test_the_square_of_a_light_vote_survives_when_a_heavy_one_is_taken_away() -> None:
    light, heavy = ("a", "b", "a"), ("a", "b", "a")
    left = cells([heavy, light], [1.0, 1e-9]) - cells([heavy], [1.0])
    assert left.votes.tolist() == [[1, 0, 0, 0]]
    assert left.squares[0, 0] == pytest.approx(left.weights[0, 0] ** 2, rel=1e-6)
    board = rank(left)
    json.dumps(board.as_dict(), allow_nan=False)
    assert (row(board, "a").rating or 0) - (row(board, "b").rating or 0) == pytest.approx(400 * math.log10(3))


@pytest.mark.parametrize("weight", [1e-300, 1e160, 1.7e308])
def test_weights_whose_squares_no_number_holds_are_refused(weight: float, tmp_path: Path) -> None:
    with pytest.raises(RankingError, match="scale all of them alike"):
        cells([("a", "b", "a")] * 3, [weight] * 3)
    path = tmp_path / "votes.csv"
    path.write_text("model_a,model_b,winner,weight\n" + f"a,b,tie,{weight}\n" * 3)
    with pytest.raises(RankingError, match="scale all of them alike"):
        read_votes(path)


def test_weights_too_far_apart_for_double_precision_are_refused() -> None:
    votes = [("a", "b", "a"), ("a", "b", "b")] * 40 + [("b", "c", "a"), ("b", "c", "b")] * 40
    with pytest.raises(RankingError, match="too far apart"):
        rank(cells(votes, [1e12] * 80 + [1e-12] * 80))
    # Six orders of magnitude are none of that: as far as c is concerned its votes are like any others.
    far, alike = (rank(cells(votes, [1.0] * 80 + [w] * 80), anchor=("b", 0)) for w in (1e-6, 1.0))
    assert row(far, "c").lower == pytest.approx(row(alike, "c").lower, rel=1e-4)


# Options.


@pytest.mark.parametrize("alpha", [1e-17, 1e-300, 5e-324])
def test_a_confidence_next_to_certainty_has_wide_intervals(alpha: float) -> None:
    board = rank(tournament(*SETTLED), alpha=alpha)
    usual = rank(tournament(*SETTLED))
    json.dumps(board.as_dict(), allow_nan=False)
    for one in board.rows:
        assert one.lower is not None
        assert one.lower < (row(usual, one.contestant).lower or 0)


def test_the_quantile_far_out_keeps_its_digits() -> None:
    # Φ(-8.222082216) = 1e-16, from tables of the normal distribution.
    assert normal_quantile(2e-16) == pytest.approx(8.222082216, abs=1e-8)
    assert normal_quantile(2e-16, 1) < normal_quantile(2e-16, 10) == pytest.approx(8.493793224, abs=1e-8)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(RankingError, match="seed is -1"):
        rank(tournament(*SETTLED), seed=-1)


@pytest.mark.parametrize("votes", [None, "votes.csv", [("a", "b", "a")]])
def test_votes_that_were_not_read_are_refused_by_their_kind(votes: Any) -> None:
    with pytest.raises(RankingError, match=f"this is {type(votes).__name__}"):
        rank(votes)


# Files.

HEADER = "model_a,model_b,winner"


def written(folder: Path, text: str, name: str = "votes.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def random_votes(
    folder: Path,
    columns: Sequence[str] = (),
    values: Callable[[np.random.Generator, int], Sequence[object]] = lambda rng, n: (),
    *,
    names: str = "abcd",
    number: int = 300,
    name: str = "votes.csv",
) -> Path:
    rng = np.random.default_rng(5)
    lines = [",".join([HEADER, *columns])]
    for n in range(number):
        i, j = rng.choice(len(names), 2, replace=False)
        outcome = rng.choice(["model_a", "model_b", "tie"])
        lines.append(",".join([names[i], names[j], outcome, *map(str, values(rng, n))]))
    return written(folder, "\n".join(lines) + "\n", name)


def test_a_header_alone_has_boards_of_every_kind(tmp_path: Path) -> None:
    votes = read_votes(written(tmp_path, f"{HEADER},voter,language,length_a,length_b,timestamp\n"))
    boards = rank_slices(votes, style="length", scaling="z-score")
    assert {"overall", "exclude_ties", "english"} <= set(boards)
    assert {board.status for board in boards.values()} == {"empty"}
    audit(votes)


def test_a_slice_without_votes_is_an_empty_board(tmp_path: Path) -> None:
    votes = read_votes(random_votes(tmp_path, ["language", "turn"], lambda rng, n: ("Klingon", 1)))
    boards = rank_slices(votes, ["overall", "english", "multi_turn"])
    assert [board.status for board in boards.values()] == ["established", "empty", "empty"]


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RankingError, match="two columns 'winner'"):
        read_votes(written(tmp_path, f"{HEADER},winner\na,b,tie,model_a\n"))


def test_files_with_different_columns_are_read_together(tmp_path: Path) -> None:
    one = written(tmp_path, f"{HEADER},voter\nx,y,model_a,v\n", "one.csv")
    other = written(tmp_path, '{"left": "y", "right": "x", "winner": "left", "weight": 2}\n', "other.jsonl")
    votes = read_votes(one, other)
    assert votes.cells == cells([("x", "y", "a"), ("y", "x", "a")], [1, 2])
    assert votes.voters is None
    with pytest.raises(RankingError, match=r"other\.jsonl: has no column 'voter'"):
        rank(votes, cluster="voter")


def test_names_with_quotes_and_line_breaks_keep_them(tmp_path: Path) -> None:
    path = written(tmp_path, f'{HEADER}\n"a\n""x""","b,c\0",tie\n"a\n""x""","b,c\0",model_b\n')
    votes = read_votes(path)
    assert votes.contestants == ('a\n"x"', "b,c\0")
    assert len(votes.rows()) == 2
    assert rank(votes).rows[0].contestant == "b,c\0"


def test_columns_in_another_case_are_other_columns(tmp_path: Path) -> None:
    with pytest.raises(RankingError, match="no column 'model_a'; its columns are: Model_A, MODEL_B, Winner"):
        read_votes(written(tmp_path, "Model_A,MODEL_B,Winner\na,b,tie\n"))


def test_a_table_of_enumerations_and_null_structs_is_read(tmp_path: Path) -> None:
    path = tmp_path / "votes.parquet"
    duckdb.execute(
        "COPY (SELECT v.a::ENUM('x', 'y') AS model_a, v.b::ENUM('x', 'y') AS model_b, "
        "v.w::ENUM('model_a', 'tie') AS winner, "
        "NULL::STRUCT(sum_assistant_a_tokens INTEGER, sum_assistant_b_tokens INTEGER) AS conv_metadata, "
        "NULL::STRUCT(math_v0_1 STRUCT(math BOOLEAN)) AS category_tag "
        "FROM (VALUES ('x', 'y', 'tie'), ('y', 'x', 'model_a')) v(a, b, w)) "
        f"TO '{path}'"
    )
    votes = read_votes(path)
    assert votes.cells == cells([("x", "y", "tie"), ("y", "x", "a")])
    with pytest.raises(RankingError, match="the same for both answers in every vote"):
        rank(votes, style="length")


def test_a_name_too_long_for_a_file_is_no_file() -> None:
    with pytest.raises(RankingError, match="cannot be read"):
        read_votes("x" * 5000 + ".csv")


def test_votes_whose_file_is_gone_are_missed_by_name(tmp_path: Path) -> None:
    path = random_votes(tmp_path)
    votes = read_votes(path)
    path.unlink()
    with pytest.raises(RankingError, match="cannot be read a second time"):
        rank(votes, style="position")


@pytest.mark.parametrize("line", ["a,b,tie\na,b,tie", "a,somebody,tie", "a,b,maybe"])
def test_votes_whose_file_has_changed_are_not_ranked(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, f"{HEADER}\na,b,tie\n")
    votes = read_votes(path)
    written(tmp_path, f"{HEADER}\n{line}\n")
    with pytest.raises(RankingError, match=r"read them again|read a second time"):
        rank(votes, style="position")


@pytest.mark.parametrize(
    "counts", ["9" * 30, "9" * 400, "9" * 5000, "-1", "1.5", "true", '"1"', "null", "[" * 100_000]
)
def test_counts_that_are_none_are_refused(tmp_path: Path, counts: str) -> None:
    path = written(tmp_path, f'{{"models": ["a", "b"], "X": [[0, 1]], "Y": [[1, 2, 3, {counts}]]}}', "c.json")
    with pytest.raises(RankingError):
        read_votes(path)


# Style.


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        ("5", "5", "the same for both answers"),
        ("0", "0", "the same for both answers"),
        ("nan", "-7", "the same for both answers"),
        ("words", "more", "the same for both answers"),
        ("-inf", "inf", "the same for both answers"),
        ("5e-324", "5e-324", "the same for both answers"),
    ],
)
def test_measures_that_never_differ_are_refused(tmp_path: Path, a: str, b: str, says: str) -> None:
    votes = read_votes(random_votes(tmp_path, ["m_a", "m_b"], lambda rng, n: (a, b)))
    with pytest.raises(RankingError, match=says):
        rank(votes, style="m")


def test_a_covariate_that_follows_another_is_refused(tmp_path: Path) -> None:
    path = random_votes(
        tmp_path, ["m_a", "m_b", "k_a", "k_b"], lambda rng, n: (n % 7, n % 5, 3 * (n % 7), 3 * (n % 5))
    )
    rank(read_votes(path), style="m")
    with pytest.raises(RankingError, match="do not tell the covariates apart"):
        rank(read_votes(path), style=("m", "k"))


def test_those_who_lost_everything_stand_beside_a_board_with_style(tmp_path: Path) -> None:
    path = random_votes(tmp_path, ["m_a", "m_b"], lambda rng, n: rng.integers(1, 99, 2))
    path.write_text(path.read_text() + "z,a,model_b,3,4\n")
    styled = rank(read_votes(path), style="m")
    assert (row(styled, "z").rating, row(styled, "z").reason) == (None, "not_connected")
    without = rank(
        read_votes(random_votes(tmp_path, ["m_a", "m_b"], lambda rng, n: rng.integers(1, 99, 2))), style="m"
    )
    for name in "abcd":
        assert row(styled, name).rating == pytest.approx(row(without, name).rating, abs=1e-6)


@pytest.mark.parametrize("factor", [1.0, 1000.0])
def test_a_newcomers_interval_with_style_takes_what_the_model_expects_for_what_was_seen(
    tmp_path: Path, factor: float
) -> None:
    def values(rng: np.random.Generator, n: int) -> tuple[object, ...]:
        return *rng.integers(1, 99, 2), factor * rng.choice([0.5, 1.0, 2.0])

    path = random_votes(tmp_path, ["m_a", "m_b", "weight"], values)
    weight = 2 * factor
    path.write_text(path.read_text() + f"new,a,model_a,90,4,{weight}\nnew,b,model_b,4,90,{weight}\n")
    votes = read_votes(path)
    board = rank(votes, style="m")
    assert [r.contestant for r in board.rows if r.preliminary] == ["new"]

    fitted, beta = board.fitted[0], board.coefficients[0].value
    rows = votes.rows(style=["m"])
    assert rows.weight is not None
    bread, meat = np.zeros((2, 6, 6))
    for n in range(len(rows)):
        i, j = rows.first[rows.pair[n]], rows.second[rows.pair[n]]
        direction = np.append(np.eye(5)[i] - np.eye(5)[j], rows.features[0, n])
        p = 1 / (1 + math.exp(-(direction @ np.append(fitted.theta, beta))))
        y = (1.0, 0.0, 0.5, 0.5)[rows.outcome[n]]
        young = "new" in (votes.contestants[i], votes.contestants[j])
        outer = np.outer(direction, direction)
        bread += rows.weight[n] * p * (1 - p) * outer
        meat += rows.weight[n] ** 2 * (p * (1 - p) if young else (y - p) ** 2) * outer
    inverse = np.linalg.pinv(bread)
    expected = inverse @ meat @ inverse
    assert fitted.covariance == pytest.approx(expected[:5, :5], rel=1e-4, abs=1e-5)
    reach = normal_quantile(0.05) * math.sqrt(expected[5, 5])
    assert board.coefficients[0].upper - beta == pytest.approx(reach, rel=1e-4)


def test_islands_with_style_have_ratings_of_their_own(tmp_path: Path) -> None:
    values = lambda rng, n: rng.integers(1, 99, 2)  # noqa: E731
    one = random_votes(tmp_path, ["m_a", "m_b"], values, names="ab", name="one.csv")
    other = random_votes(tmp_path, ["m_a", "m_b"], values, names="cd", name="other.csv")
    board = rank(read_votes(one, other), style="m")
    assert not board.connected
    assert {r.reason for r in board.rows} == {"not_connected"}
    assert all(r.rating is not None and r.lower is not None for r in board.rows)


# Clusters.


@pytest.mark.parametrize("voters", [1, 2, 9])
def test_voters_too_few_to_tell_how_they_differ_leave_votes_independent(tmp_path: Path, voters: int) -> None:
    votes = read_votes(random_votes(tmp_path, ["voter"], lambda rng, n: (f"v{n % voters}",)))
    board, alone = rank(votes), rank(votes, cluster=False)
    assert board.clusters is None
    assert board.rows == alone.rows
    for one in board.rows:
        assert one.lower is not None
        assert one.upper is not None
        assert one.upper - one.lower > 40


def test_fewer_voters_than_contestants_have_a_board_with_intervals_of_some_width(tmp_path: Path) -> None:
    path = random_votes(
        tmp_path, ["voter"], lambda rng, n: (n % 10,), names="abcdefghijklmnopqrst", number=1500
    )
    board = rank(read_votes(path))
    assert board.clusters == "voter"
    assert all((r.upper or 0) - (r.lower or 0) > 20 for r in board.rows)
    assert [r.rank is not None for r in board.rows] == [True] * 20


def test_every_vote_of_its_own_voter_is_independent(tmp_path: Path) -> None:
    votes = read_votes(random_votes(tmp_path, ["voter"], lambda rng, n: (n,)))
    board, alone = rank(votes), rank(votes, cluster=False)
    assert board.clusters == "voter"
    for one in board.rows:
        assert one.lower == pytest.approx(row(alone, one.contestant).lower, abs=0.2)


def test_a_board_says_that_it_has_no_clusters_where_the_penalised_fit_takes_votes_as_independent(
    tmp_path: Path,
) -> None:
    path = random_votes(tmp_path, ["voter"], lambda rng, n: (n % 30,))
    assert rank(read_votes(path)).clusters == "voter"
    path.write_text(path.read_text() + "young,a,tie,3\n")
    board = rank(read_votes(path))
    assert (board.fit, board.clusters) == ("firth", None)


def test_one_voter_has_a_board_in_every_slice(tmp_path: Path) -> None:
    votes = read_votes(random_votes(tmp_path, ["voter", "language"], lambda rng, n: ("v", "English")))
    assert {board.status for board in rank_slices(votes).values()} >= {"established"}


# Days.


@pytest.mark.parametrize(
    "time",
    ["9999999-99-99", "-5", "1e300", "inf", "nan", "290000-01-01", "0001-01-01 (BC)", "x", '""', "9" * 40],
)
def test_times_out_of_range_are_days_that_are_not_known(tmp_path: Path, time: str) -> None:
    votes = read_votes(random_votes(tmp_path, ["timestamp"], lambda rng, n: (time,), number=60))
    assert votes.rows(days=True).day.tolist() == [-1] * 60  # type: ignore[union-attr]
    json.dumps(audit(votes).as_dict(), allow_nan=False)


# Files that were saved, and have been changed since.


def test_cells_are_loaded_from_one_file_of_cells_alone(tmp_path: Path) -> None:
    counted = count_slices(read_votes(random_votes(tmp_path)))
    other = count_slices(read_votes(written(tmp_path, f"{HEADER}\nx,y,tie\n")))
    other.save(tmp_path / "cells1.parquet")
    counted.save(tmp_path / "cells[1].parquet")
    assert SlicedCells.load(tmp_path / "cells[1].parquet") == counted
    with pytest.raises(RankingError, match="there is no such file"):
        SlicedCells.load(tmp_path)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("model_b", "'nobody'"),
        ("outcome", "'lost'"),
        ("slice", "'nowhere'"),
        ("day", "-7"),
        ("votes", "NULL::DOUBLE"),
        ("weight", "'nan'::DOUBLE"),
        ("votes", "'many'"),
    ],
)
def test_cells_of_nothing_known_are_not_loaded(tmp_path: Path, column: str, value: str) -> None:
    line = {"slice": "'overall'", "day": "0", "model_a": "'a'", "model_b": "'b'", "outcome": "'a'"}
    line |= {"votes": "1.0", "weight": "1.0", "square": "1.0", column: value}
    duckdb.execute(
        f"COPY (SELECT {', '.join(f'{sql} AS {name}' for name, sql in line.items())}) "
        f"TO '{tmp_path}/cells.parquet' (FORMAT parquet, KV_METADATA "
        """{slices: '["overall"]', contestants: '["a", "b"]'})"""
    )
    with pytest.raises(RankingError, match="is no file of cells"):
        SlicedCells.load(tmp_path / "cells.parquet")


@pytest.mark.parametrize(
    ("key", "value"),
    [("rating", "high"), ("rating", float("inf")), ("name", 3), ("rank", "first"), ("lower", [])],
)
def test_a_board_with_a_row_that_is_none_is_not_loaded(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "board.json"
    rank(tournament(*SETTLED)).save(path)
    document = json.loads(path.read_text())
    document["contestants"][0][key] = value
    path.write_text(json.dumps(document))
    with pytest.raises(RankingError, match="is damaged"):
        Board.load(path)


def test_a_board_with_a_fit_that_is_not_finite_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "board.json"
    rank(tournament(*SETTLED)).save(path)
    document = json.loads(path.read_text())
    document["fitted"][0]["theta"][0] = float("nan")
    path.write_text(json.dumps(document))
    with pytest.raises(RankingError, match="is damaged"):
        Board.load(path)


def test_more_votes_than_can_be_counted_are_refused() -> None:
    with pytest.raises(RankingError, match="cannot be counted"):
        Cells.from_sums([("a", "b", "a", 1e300, 1.0, 1.0)])


# Many contestants.


@pytest.mark.parametrize("uneven", [1.0, 30.0])
@pytest.mark.parametrize("alpha", [0.05, 0.6])
def test_critical_values_from_the_worlds_that_matter_are_those_from_all(uneven: float, alpha: float) -> None:
    size = 80
    rng = np.random.default_rng(1)
    root = rng.normal(size=(size, size + 5)) * np.geomspace(1, uneven, size)[:, None]
    root -= root.mean(axis=0)
    covariance = root @ root.T / size * 0.01
    found = critical_values(covariance, alpha, seed=4)
    scale, worlds = scales(covariance), found.by_world.T
    z = np.abs(worlds[:, None, :] - worlds[None, :, :]) * scale[:, :, None]
    by_row = z.max(axis=1)
    one, all_rows, all_pairs = (normal_quantile(alpha, n) for n in (1, size - 1, size * (size - 1) // 2))
    expected = np.quantile(by_row, 1 - alpha, axis=1).astype(np.float64)
    assert found.rows.tolist() == np.clip(expected, one, all_rows).tolist()
    assert found.joint == np.clip(np.quantile(by_row.max(axis=0), 1 - alpha), one, all_pairs)
    assert (found.bounds >= by_row).all()
    assert (found.largest >= by_row.max(axis=0)).all()


def test_a_board_of_several_hundred_contestants_with_newcomers_is_whole() -> None:
    rng = np.random.default_rng(2)
    size = 400
    theta = rng.normal(0, 0.7, size)
    first = np.concatenate([np.arange(1, size), rng.integers(1, size, 40_000)])
    second = np.concatenate(
        [np.arange(size - 1), (first[size - 1 :] + rng.integers(1, size - 1, 40_000)) % size]
    )
    kept = first != second
    first, second = first[kept], second[kept]
    won = rng.random(len(first)) < 1 / (1 + np.exp(theta[second] - theta[first]))
    sums = np.zeros((3, len(first), 4))
    sums[:, np.arange(len(first)), np.where(won, 0, 1)] = 1.0
    votes = Cells([f"{i:04}" for i in range(size)], first, second, sums) + cells([("new", "0001", "a")])
    board = rank(votes)
    json.dumps(board.as_dict(), allow_nan=False)
    assert [r.rank is not None for r in board.rows] == [True] * (size + 1)
    assert row(board, "new").interval == "profile"
    rated = {r.contestant: r.rating or 0.0 for r in board.rows}
    ours = np.array([rated[f"{i:04}"] for i in range(size)])
    assert np.corrcoef(ours, theta)[0, 1] > 0.95


def test_votes_can_be_counted_without_contestants() -> None:
    assert len(Votes(cells([]))) == 0


def test_a_large_board_has_fewer_worlds_behind_its_critical_values(monkeypatch: pytest.MonkeyPatch) -> None:
    covariance = np.eye(40) - 1 / 40
    usual = critical_values(covariance, 0.05, seed=3)
    monkeypatch.setattr(intervals, "WORK", 600 * 40**2)
    fewer = critical_values(covariance, 0.05, seed=3)
    assert (usual.by_world.shape, fewer.by_world.shape) == ((2000, 40), (600, 40))
    assert fewer.joint == pytest.approx(usual.joint, abs=0.2)
    assert fewer.rows == pytest.approx(usual.rows, abs=0.3)
    z = np.linspace(6, -6, 40)
    assert separations(z[:, None] - z, fewer, 0.05).any()
