import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.ranking import (
    Cells,
    RankingError,
    Votes,
    bradley_terry,
    penalised,
    rank,
    rank_slices,
    read_votes,
)
from evenhand.ranking.board import SCALE, Ties
from evenhand.ranking.bradley_terry import Matrix
from evenhand.ranking.ties import fit_ties
from tests.ranking.test_degenerate import random_votes
from tests.ranking.worlds import Vote, assert_sound, cells, row, tournament, vote_lists

OLD = tournament(("a", "b", 40, 20, 10), ("b", "c", 35, 25, 5), ("a", "c", 45, 15, 10))
"""An established board."""


def test_no_contestants_make_an_empty_board() -> None:
    board = rank(cells([]))
    assert (board.rows, board.status, board.votes, board.connected) == ((), "empty", 0, True)


def test_a_contestant_without_votes_has_no_rating_and_says_why() -> None:
    board = rank(cells([], also=["x"]))
    assert board.status == "empty"
    assert row(board, "x").reason == "no_votes"
    assert (row(board, "x").rating, row(board, "x").rank, row(board, "x").lower) == (None, None, None)


def test_votes_of_no_weight_are_no_votes() -> None:
    board = rank(cells([("x", "y", "a")], [0.0]))
    assert board.status == "empty"
    assert [r.reason for r in board.rows] == ["no_votes", "no_votes"]


def test_one_vote_makes_a_preliminary_board_by_the_penalised_fit() -> None:
    board = rank(cells([("x", "y", "a")]))
    first, second = board.rows
    assert (board.status, board.fit, board.connected) == ("preliminary", "firth", True)
    assert (first.contestant, first.rank, first.rank_best, first.rank_worst) == ("x", 1, 1, 2)
    assert first.rating is not None
    assert second.rating is not None
    assert first.rating - second.rating == pytest.approx(400 * math.log10(3))
    assert first.preliminary
    assert first.interval == "profile"


def test_forty_wins_and_no_loss_have_finite_intervals_and_a_clear_order() -> None:
    board = rank(tournament(("x", "y", 40, 0, 0)))
    first, second = board.rows
    assert board.fit == "firth"
    assert first.separated_from_next
    assert (second.rank_best, second.rank_worst) == (2, 2)
    assert first.lower is not None
    assert second.upper is not None
    assert first.lower > second.upper


def test_nothing_but_ties_share_the_first_place_with_an_honest_interval() -> None:
    board = rank(tournament(("x", "y", 0, 0, 100)))
    assert [r.rating for r in board.rows] == pytest.approx([1000, 1000])
    assert [(r.contestant, r.rank, r.rank_best, r.rank_worst) for r in board.rows] == [
        ("x", 1, 1, 2),
        ("y", 1, 1, 2),
    ]
    assert board.status == "preliminary"
    assert board.rows[0].upper is not None
    assert board.rows[0].upper > 1020  # a hundred votes that agree are not certainty


def test_islands_have_ratings_of_their_own_and_no_joint_order() -> None:
    board = rank(OLD + tournament(("x", "y", 40, 30, 0)) + cells([], also=["idle"]))
    assert not board.connected
    assert board.status == "preliminary"
    assert [(r.contestant, r.component) for r in board.rows] == [
        ("a", 0),
        ("b", 0),
        ("c", 0),
        ("x", 1),
        ("y", 1),
        ("idle", 2),
    ]
    assert [r.reason for r in board.rows] == ["not_connected"] * 5 + ["no_votes"]
    assert {r.rank for r in board.rows} == {None}
    assert not any(r.separated_from_next for r in board.rows)
    for names in ("abc", "xy"):
        ratings = [row(board, name).rating or 0 for name in names]
        assert sum(ratings) / len(names) == pytest.approx(1000)


def test_an_island_without_the_anchor_has_no_rating() -> None:
    board = rank(OLD + tournament(("x", "y", 40, 30, 0)), anchor=("x", 1200))
    assert row(board, "x").rating == 1200
    assert row(board, "a").rating is None
    assert row(board, "a").reason == "not_connected"


def test_a_board_with_enough_votes_is_established_by_newtons_fit() -> None:
    board = rank(OLD)
    assert (board.status, board.fit) == ("established", "newton")
    assert [r.contestant for r in board.rows] == ["a", "b", "c"]
    assert {r.interval for r in board.rows} == {"sandwich"}
    assert (row(board, "a").wins, row(board, "a").losses, row(board, "a").ties) == (85, 35, 20)
    assert board.votes == 205


def test_a_newcomer_is_preliminary_and_the_others_are_not() -> None:
    board = rank(OLD + cells([("new", "a", "a")]))
    assert (board.status, board.fit) == ("preliminary", "firth")
    assert [r.contestant for r in board.rows if r.preliminary] == ["new"]
    assert (row(board, "new").rank_best, row(board, "new").rank_worst) == (1, 4)
    settled, before = row(board, "c"), row(rank(OLD, anchor=("a", 1000)), "c")
    assert settled.interval == "sandwich"
    again = row(rank(OLD + cells([("new", "a", "a")]), anchor=("a", 1000)), "c")
    assert again.rating == pytest.approx(before.rating, abs=2)
    assert again.lower == pytest.approx(before.lower, abs=3)


def test_a_pair_that_only_ever_won_is_preliminary_however_many_votes_it_has() -> None:
    upper = tournament(("x", "y", 50, 50, 0), ("x", "a", 50, 0, 0), ("y", "b", 50, 0, 0))
    board = rank(OLD + upper)
    assert {r.contestant for r in board.rows if r.preliminary} == {"x", "y"}


def test_of_two_groups_of_equal_size_without_a_way_back_both_are_preliminary() -> None:
    board = rank(tournament(("x", "y", 50, 50, 0), ("v", "w", 50, 50, 0), ("x", "v", 50, 0, 0)))
    assert [r.preliminary for r in board.rows] == [True] * 4


def test_a_named_anchor_has_its_rating_for_certain() -> None:
    board = rank(OLD, anchor=("b", 1114))
    assert (row(board, "b").rating, row(board, "b").lower, row(board, "b").upper) == (1114, 1114, 1114)
    assert board.method["anchored_at"] == "b"


def test_the_mean_of_all_ratings_is_the_anchor() -> None:
    assert sum(r.rating or 0 for r in rank(OLD, anchor=1500).rows) / 3 == pytest.approx(1500)


@pytest.mark.parametrize(
    ("anchor", "says"),
    [
        (("nobody", 1000.0), "'nobody' is not among the contestants"),
        (("idle", 1000.0), "'idle' has no votes"),
        (("a", float("nan")), "must be a number"),
    ],
)
def test_an_anchor_that_holds_nothing_is_refused(anchor: tuple[str, float], says: str) -> None:
    with pytest.raises(RankingError, match=says):
        rank(OLD + cells([], also=["idle"]), anchor=anchor)


@pytest.mark.parametrize("alpha", [0.0, 1.0, float("nan")])
def test_a_confidence_of_none_or_all_is_refused(alpha: float) -> None:
    with pytest.raises(RankingError, match="between 0 and 1"):
        rank(OLD, alpha=alpha)


def test_more_confidence_makes_wider_intervals() -> None:
    wide, narrow = row(rank(OLD, alpha=0.01), "a"), row(rank(OLD, alpha=0.2), "a")
    assert None not in (wide.upper, wide.lower, narrow.upper, narrow.lower)
    assert (wide.upper or 0) - (wide.lower or 0) > 1.9 * ((narrow.upper or 0) - (narrow.lower or 0))


@given(vote_lists(), st.sampled_from([0.001, 7.0]))
@settings(max_examples=40, deadline=None)
def test_scaling_all_weights_leaves_the_board_as_it_is(votes: list[Vote], factor: float) -> None:
    plain, scaled = rank(cells(votes)), rank(cells(votes, [factor] * len(votes)))
    assert [r.contestant for r in plain.rows] == [r.contestant for r in scaled.rows]
    for one, other in zip(plain.rows, scaled.rows, strict=True):
        assert one.rating == pytest.approx(other.rating, abs=1e-4)
        assert one.lower == pytest.approx(other.lower, abs=1e-1)
        assert (one.rank, one.preliminary) == (other.rank, other.preliminary)


@pytest.mark.parametrize("weight", [1.0, 0.1, 0.37, 0.7, 1e-6, 3.3e6])
def test_thirty_votes_of_one_weight_are_enough_whatever_the_weight(weight: float) -> None:
    votes: list[Vote] = [("x", "y", "a"), ("x", "y", "b"), ("y", "x", "tie")] * 10
    assert rank(cells(votes, [weight] * 30)).status == "established"
    assert rank(cells(votes[1:], [weight] * 29)).status == "preliminary"


@given(vote_lists())
@settings(max_examples=60, deadline=None)
def test_every_board_is_plain_json_with_ordered_bounds(votes: list[Vote]) -> None:
    board = rank(cells(votes, also=["z"]))
    assert_sound(board)


@given(vote_lists(min_size=1))
@settings(max_examples=40, deadline=None)
def test_a_new_contestants_name_moves_nobodys_rating(votes: list[Vote]) -> None:
    renamed = [("x" if a == "a" else a, "x" if b == "a" else b, outcome) for a, b, outcome in votes]
    before = {("x" if r.contestant == "a" else r.contestant): r.rating for r in rank(cells(votes)).rows}
    after = {r.contestant: r.rating for r in rank(cells(renamed)).rows}
    if rank(cells(votes)).connected:
        assert after == pytest.approx(before, abs=1e-4)


def test_a_board_says_how_it_was_computed() -> None:
    content = rank(OLD, alpha=0.1, seed=3).as_dict()
    assert content["method"] == {
        "model": "bradley-terry",
        "fit": "newton",
        "ties": "half",
        "tie_parameter": None,
        "anchor": 1000.0,
        "anchored_at": None,
        "alpha": 0.1,
        "seed": 3,
        "ranks": "row",
        "slice": "overall",
        "clusters": None,
        "style": [],
    }
    assert isinstance(content["contestants"], list)
    assert content["contestants"][0]["name"] == "a"


def test_many_young_contestants_are_profiled_only_as_far_as_the_work_is_bounded() -> None:
    pairs = [(f"{i:03}", f"{i + 1:03}", "a") for i in range(120)]
    board = rank(cells([*pairs, ("120", "000", "tie"), ("000", "001", "b")]))
    kinds = [r.interval for r in board.rows]
    assert set(kinds) == {"profile", "model"}
    assert 0 < kinds.count("profile") < 20


def test_cells_without_pairs_can_be_added_to_a_board() -> None:
    assert rank(OLD + Cells.from_sums([])).rows == rank(OLD).rows


def test_dropped_ties_are_no_votes() -> None:
    votes = tournament(("x", "y", 60, 40, 50), ("y", "z", 50, 50, 100), ("x", "z", 55, 45, 10))
    dropped = rank(votes, ties="drop")
    without = rank(tournament(("x", "y", 60, 40, 0), ("y", "z", 50, 50, 0), ("x", "z", 55, 45, 0)))
    assert [row.rating for row in dropped.rows] == [row.rating for row in without.rows]
    assert dropped.votes == 300
    assert dropped.method["ties"] == "drop"


@pytest.mark.parametrize("model", ["rao-kupper", "davidson"])
def test_a_model_that_knows_of_ties_rates_with_intervals_and_says_so(model: Ties) -> None:
    votes = tournament(("x", "y", 60, 40, 50), ("y", "z", 50, 50, 100), ("x", "z", 55, 45, 10))
    board = rank(votes, ties=model)
    fitted = fit_ties(votes, model)
    rated = {row.contestant: row for row in board.rows}
    for name, theta, sd in zip(fitted.contestants, fitted.theta, fitted.theta_sd, strict=True):
        assert rated[name].rating == pytest.approx(1000 + SCALE * theta)
        assert rated[name].upper == pytest.approx(1000 + SCALE * (theta + 1.959964 * sd), abs=1e-4)
    assert (board.method["model"], board.method["tie_parameter"]) == (model, fitted.parameter)


def test_a_model_that_knows_of_ties_takes_no_style() -> None:
    with pytest.raises(RankingError, match="takes neither style nor clusters"):
        rank(OLD, ties="rao-kupper", style=True)
    with pytest.raises(RankingError, match="it must be 'half', 'drop'"):
        rank(OLD, ties="grounded")  # type: ignore[arg-type]


def test_a_board_that_starts_from_an_earlier_one_is_the_same_board() -> None:
    votes = OLD + tournament(("a", "b", 3, 4, 1))
    fresh, warm = rank(votes), rank(votes, start=rank(OLD))
    assert [r.contestant for r in warm.rows] == [r.contestant for r in fresh.rows]
    for one, other in zip(warm.rows, fresh.rows, strict=True):
        assert (one.rating, one.lower, one.upper) == pytest.approx((other.rating, other.lower, other.upper))
        assert (one.rank_best, one.rank_worst) == (other.rank_best, other.rank_worst)


def counted_steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that every step of a fit makes longer, by the size of what it solves."""
    steps: list[int] = []
    solve = bradley_terry.solve

    def counting(matrix: Matrix, right: Matrix) -> Matrix:
        steps.append(len(matrix))
        return solve(matrix, right)

    for module in (bradley_terry, penalised):
        monkeypatch.setattr(module, "solve", counting)
    return steps


@pytest.mark.parametrize("votes", [OLD, cells([("a", "b", "a"), ("b", "c", "tie"), ("c", "new", "a")])])
def test_an_earlier_board_saves_steps(votes: Cells, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = counted_steps(monkeypatch)
    board, first = rank(votes), len(steps)
    rank(votes, start=board)
    assert len(steps) - first == 1 < first


def test_a_start_that_knows_neither_all_contestants_nor_none_but_these_will_do() -> None:
    start = rank(tournament(("a", "b", 40, 20, 10), ("a", "gone", 40, 20, 10)))
    assert rank(OLD, start=start).rows[0].rating == pytest.approx(rank(OLD).rows[0].rating)


def test_slices_start_from_their_own_earlier_boards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    votes = read_votes(random_votes(tmp_path))
    names = ["overall", "exclude_ties"]
    steps = counted_steps(monkeypatch)
    boards, first = rank_slices(votes, names), len(steps)
    again = rank_slices(votes, names, start=boards)
    assert len(steps) - first == len(names) < first - len(names)
    for name in names:
        assert again[name].rows[0].rating == pytest.approx(boards[name].rows[0].rating)


def test_a_board_is_no_mapping_of_boards_to_start_slices_from() -> None:
    with pytest.raises(RankingError, match="earlier boards by name; this is Board"):
        rank_slices(OLD, start=rank(OLD))  # type: ignore[arg-type]
    with pytest.raises(RankingError, match="must be an earlier board"):
        rank(OLD, start="yesterday")  # type: ignore[arg-type]


def test_counts_per_pair_tell_of_the_overall_board_alone() -> None:
    for votes in (OLD, Votes(OLD)):
        assert rank_slices(votes) == {"overall": rank(OLD)}
    with pytest.raises(RankingError, match="slices and days need those"):
        rank_slices(OLD, ["english"])
