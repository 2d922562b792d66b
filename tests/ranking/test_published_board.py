"""The fit against ratings that others published for the same 1,670,250 votes."""

import csv
from importlib.metadata import distribution
from pathlib import Path
from statistics import median

import pytest

from evenhand.ranking import rank, read_votes
from tests.ranking.worlds import row

DATA = Path(__file__).parents[3] / "shared" / "data"
ANCHOR = ("mixtral-8x7b-instruct-v0.1", 1114.0)
PUBLISHED_HERE = {
    "chatgpt-4o-latest": 1316.79,
    "gemini-1.5-pro-exp-0801": 1298.22,
    "gpt-4o-2024-05-13": 1285.75,
    "gpt-4o-mini-2024-07-18": 1274.87,
}
"""The first four of the ratings that LMSYS published on 2024-08-22."""


def carried() -> Path:
    return Path(str(distribution("leaderbot").locate_file("leaderbot/data/chatbotarena_20240814.json")))


def test_the_leaders_of_the_published_board_come_out_of_the_votes_that_the_package_carries() -> None:
    board = rank(read_votes(carried()), anchor=ANCHOR)
    assert (len(board.rows), board.votes, board.status) == (129, 1_670_250, "established")
    assert [r.contestant for r in board.rows[:4]] == list(PUBLISHED_HERE)
    for name, rating in PUBLISHED_HERE.items():
        assert row(board, name).rating == pytest.approx(rating, abs=2.0)


def test_rank_intervals_of_the_real_board_are_as_wide_as_the_votes_allow() -> None:
    board = rank(read_votes(carried()))
    assert [(r.rank_best, r.rank_worst) for r in board.rows[:5]] == [(1, 1), (2, 2), (3, 3), (4, 5), (4, 8)]
    assert [r.separated_from_next for r in board.rows[:4]] == [True, True, True, False]


def test_all_129_published_ratings_are_met() -> None:
    counts, published = DATA / "arena_votes_20240814_counts.json", DATA / "board_20240822_published.csv"
    if not published.is_file():
        pytest.skip(f"the published board is not there: {DATA}")
    board = rank(read_votes(counts), anchor=ANCHOR)
    with published.open(newline="") as file:
        ratings = {line["model"]: float(line["rating"]) for line in csv.DictReader(file)}
    assert len(ratings) == 129
    off = [abs((row(board, name).rating or 0) - rating) for name, rating in ratings.items()]
    assert median(off) <= 0.15
    assert max(off) <= 2.0


def test_votes_one_by_one_of_a_real_crowd_make_a_board() -> None:
    path = DATA / "llmfao_votes.csv"
    if not path.is_file():
        pytest.skip(f"the crowd's votes are not there: {DATA}")
    board = rank(read_votes(path))
    assert (len(board.rows), board.votes, board.status) == (59, 8931, "established")
    assert board.rows[0].contestant == "GPT 4"
