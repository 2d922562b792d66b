"""Votes one by one, as what a board is made of."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evenhand.ranking import (
    RankingError,
    Votes,
    audit,
    bootstrap,
    compare_models,
    composite,
    count_slices,
    draw_adaptively,
    draw_by_weight,
    exposure,
    fit_ties,
    meetings,
    plan,
    rank,
    read_votes,
    reweight_pairs,
)
from evenhand.ranking.composite import fit_composite
from evenhand.ranking.given import Given
from tests.ranking.test_degenerate import random_votes


@pytest.fixture
def votes(tmp_path: Path) -> Votes:
    columns = ["voter", "length_a", "length_b", "bold_a", "bold_b", "language"]
    return read_votes(
        random_votes(
            tmp_path,
            columns,
            lambda rng, n: (f"v{n % 150}", *rng.integers(0, 9, 4).tolist(), ("en", "fr")[n % 2]),
        )
    )


def test_rows_make_the_board_of_the_votes_they_are_of(votes: Votes) -> None:
    assert rank(votes.rows()) == rank(votes, cluster=False)
    assert rank(votes.rows(cluster="voter")) == rank(votes)
    assert rank(votes.rows(cluster="voter"), cluster=False) == rank(votes, cluster=False)
    assert rank(votes.rows(cluster="voter")).clusters == "voter"


def test_covariates_of_rows_are_chosen_by_name(votes: Votes) -> None:
    rows = votes.rows(style=("bold", "length"), cluster="voter")
    assert rank(rows, style=("bold", "length")) == rank(votes, style=("bold", "length"))
    assert rank(rows, style="length") == rank(votes, style="length")
    assert rank(rows) == rank(votes)


def test_a_plan_takes_rows_for_as_dependent_as_they_are(votes: Votes) -> None:
    by_voter = plan(votes, "a", "b")
    assert plan(votes.rows(cluster="voter"), "a", "b") == by_voter
    assert plan(votes.rows(), "a", "b") == plan(votes.cells, "a", "b") != by_voter


@pytest.mark.parametrize(
    "ask",
    [
        lambda given: exposure(given).votes,
        lambda given: meetings(given).wins,
        lambda given: fit_ties(given).theta,
        lambda given: compare_models(given, ("half", "drop"), folds=2).models[0].loss,
        lambda given: draw_adaptively(given, draw_by_weight(dict.fromkeys("abcd", 1))).probability,
        lambda given: reweight_pairs(given).weights,
        lambda given: composite([(given, 1.0)]).weights,
        lambda given: fit_composite([(given, 1.0)]).theta,
    ],
)
def test_what_asks_for_sums_takes_rows_and_sums_as_well(
    votes: Votes, ask: Callable[[Given], np.ndarray]
) -> None:
    assert np.array_equal(ask(votes.rows()), ask(votes))
    assert np.array_equal(ask(votes.cells), ask(votes))


def test_rows_are_counted_by_the_slices_and_days_that_they_have(votes: Votes) -> None:
    rows = votes.rows(slices=["english", "french", "exclude_ties"])
    assert count_slices(rows) == count_slices(votes, ["overall", "exclude_ties", "english", "french"])
    with pytest.raises(RankingError, match="do not tell which of them belong to the slice 'german'"):
        count_slices(rows, ["german"])
    with pytest.raises(RankingError, match=r"The rows have no days: see Votes.rows\(days=True\)"):
        count_slices(rows, days=True)
    day = np.arange(len(rows), dtype=np.int32) % 2
    counted = count_slices(replace(rows, day=day), ["french"], days=True)
    assert counted.of("french", 1, 1) == rows.within("french").take(day[rows.slices["french"]] == 1).cells()


def test_an_audit_asks_for_more_than_rows_say(votes: Votes) -> None:
    with pytest.raises(RankingError, match="give it what read_votes returned"):
        audit(votes.rows())  # type: ignore[arg-type]


@pytest.mark.parametrize("names", [("b", "a", "c", "d"), ("a", "a", "c", "d"), ("a", "b", "c")])
def test_names_that_are_not_in_order_or_not_each_once_are_refused(
    votes: Votes, names: tuple[str, ...]
) -> None:
    with pytest.raises(RankingError, match="must be named in ascending order, each once"):
        replace(votes.rows(), contestants=names)


def test_slices_of_rows_are_ranked(votes: Votes) -> None:
    rows = votes.rows(slices=["french"])
    assert rank(rows, slice="french") == rank(votes, slice="french", cluster=False)


def test_a_part_of_the_rows_has_a_board_of_its_own(votes: Votes) -> None:
    rows = votes.rows()
    half = rows.take(slice(0, len(rows) // 2))
    assert rank(half).votes == len(rows) // 2
    assert rank(half) == rank(half.cells(votes.contestants))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"style": True}, "style names 'length', and the rows have bold"),
        ({"cluster": "session"}, "cluster is 'session', and the rows have 'voter'"),
        ({"slice": "french"}, "do not tell which of them belong to the slice 'french'"),
        ({"scaling": "z-score", "style": "bold"}, "covariates of rows have their scale"),
    ],
)
def test_what_rows_do_not_have_is_said(votes: Votes, asked: dict[str, object], says: str) -> None:
    with pytest.raises(RankingError, match=says):
        rank(votes.rows(style=("bold",), cluster="voter"), **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"alpha": "0.05"}, "alpha is '0.05'; it must be a number between 0 and 1"),
        ({"alpha": None}, "alpha is None"),
        ({"seed": 1.5}, "seed is 1.5; it must be a whole number"),
        ({"anchor": "ada"}, "anchor is 'ada'; it must be a rating, or a contestant and its rating"),
        ({"anchor": ("ada", "x")}, "anchor is .*it must be a rating"),
        ({"style": 3}, "style is 3; it must be True, False, or names"),
        ({"style": [1]}, r"style is \[1\]"),
        ({"cluster": 3}, "cluster is 3; it must be True, False, or the name of a column"),
        ({"slice": 3}, r"slices is \[3\]; it must be a list of names"),
        ({"ties": True}, "ties is True; it must be 'half', 'drop', 'rao-kupper' or 'davidson'"),
        ({"scaling": "sd"}, "scaling is 'sd'; it must be 'rms' or 'z-score'"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_named(votes: Votes, asked: dict[str, object], says: str) -> None:
    with pytest.raises(RankingError, match=says):
        rank(votes.cells, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["votes.csv", [("x", "y", "a")], None])
def test_what_are_no_votes_is_said(kind: object) -> None:
    for ask in (rank, bootstrap):
        with pytest.raises(RankingError, match="read it with read_votes"):
            ask(kind)  # type: ignore[operator]


def test_votes_add_up_and_keep_their_voters(votes: Votes, tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text("model_a,model_b,winner,voter\n" + "new,a,a,z1\na,new,a,z2\n" * 40)
    more = read_votes(path)
    both = votes + more
    assert both.cells == votes.cells + more.cells
    assert both.voters == "voter"
    assert rank(both).clusters == "voter"
    assert len(np.unique(both.rows(cluster="voter").cluster)) == 152
    assert len(sum([votes, more])) == len(both)
    counted = votes + Votes(more.cells)
    assert (len(counted), counted.one_by_one) == (len(both), False)


def test_what_has_no_votes_has_no_say_in_what_a_sum_tells_of(votes: Votes, tmp_path: Path) -> None:
    for name, content in (("empty.json", "[]"), ("none.csv", "model_a,model_b,winner\n")):
        (tmp_path / name).write_text(content)
        empty = read_votes(tmp_path / name)
        for both in (empty + votes, votes + empty):
            assert (both.voters, len(both), both.one_by_one) == ("voter", len(votes), True)
        assert len(empty + empty) == 0
    with pytest.raises(TypeError):
        sum([votes], start=1)


def test_the_bootstrap_draws_voters_with_all_of_their_votes(tmp_path: Path) -> None:
    # Everybody votes four times, and always the same: that says as much as a quarter of the votes.
    sides = [("x", "y"), ("y", "z"), ("z", "x")]
    lines = []
    for voter in range(240):
        winner, loser = sides[voter % 3] if voter * 7 % 10 < 6 else reversed(sides[voter % 3])
        lines += [f"{winner},{loser},model_a,v{voter}", f"{loser},{winner},model_b,v{voter}"] * 2
    path = tmp_path / "votes.csv"
    path.write_text("model_a,model_b,winner,voter\n" + "\n".join(lines))
    votes = read_votes(path)
    drawn, single = bootstrap(votes, replicates=300), bootstrap(votes, replicates=300, cluster=False)
    assert (drawn.clusters, single.clusters) == ("voter", None)
    assert drawn.estimate == pytest.approx(single.estimate)
    assert drawn.theta.std(axis=0) / single.theta.std(axis=0) == pytest.approx(np.full(3, 2.0), rel=0.15)
    board = rank(votes)
    sandwich = {row.contestant: (row.upper or 0) - (row.lower or 0) for row in board.rows}
    widths = [sandwich[name] for name in drawn.contestants]
    assert drawn.upper - drawn.lower == pytest.approx(widths, rel=0.15)


def test_a_voter_who_is_not_known_is_nobody_else_and_the_same_nobody_at_every_reading(tmp_path: Path) -> None:
    path = random_votes(tmp_path, ["voter"], lambda rng, n: ("" if n % 3 == 0 else f"v{n % 50}",), number=600)
    votes = read_votes(path)
    voters = votes.rows(cluster="voter").cluster
    assert voters is not None
    assert voters[:5].tolist() == [50, 0, 1, 51, 2]
    assert len(np.unique(voters)) == 250
    one, other = (bootstrap(again, replicates=5) for again in (votes, read_votes(path)))
    assert one.clusters == "voter"
    assert np.array_equal(one.theta, other.theta)


def test_a_handful_of_voters_is_no_cluster_to_the_bootstrap_either(tmp_path: Path) -> None:
    votes = read_votes(random_votes(tmp_path, ["voter"], lambda rng, n: (f"v{n % 5}",)))
    assert bootstrap(votes, replicates=2).clusters is None
