"""What must hold of every set of votes, through the functions that everybody calls."""

import csv
import json
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.ranking import Board, Cells, RankingError, Votes, rank, rank_slices, read_votes
from tests.ranking.worlds import Vote, assert_sound, cells, row, vote_lists

STYLE = ("length", "effort")
OUTCOMES = ("model_a", "model_b", "tie", "both_bad")
FIELDS = (
    "model_a",
    "model_b",
    "winner",
    "weight",
    "voter",
    "language",
    "length_a",
    "length_b",
    "effort_a",
    "effort_b",
)
MIRROR = {"model_a": "model_b", "model_b": "model_a", "tie": "tie", "both_bad": "both_bad"}
POINTS = 400 * 1e-6
"""A millionth of the scale."""


@dataclass(frozen=True)
class Told:
    """A vote with all that a file can tell of it."""

    a: str
    b: str
    winner: str
    weight: float
    voter: int
    language: str
    length: tuple[int, int]
    effort: tuple[float, float]

    def swapped(self) -> "Told":
        """The same vote, the other answer being called A."""
        return replace(
            self,
            a=self.b,
            b=self.a,
            winner=MIRROR[self.winner],
            length=self.length[::-1],
            effort=self.effort[::-1],
        )


def world(seed: int, number: int, contestants: int, voters: int, weighted: bool) -> list[Told]:
    """Simulate votes in which longer answers win more often, and voters have tastes of their own."""
    rng = np.random.default_rng(seed)
    names = "abcdef"[:contestants]
    strength, taste = rng.normal(0, 0.8, len(names)), rng.normal(0, 0.3, (voters, len(names)))
    votes = []
    for _ in range(number):
        i, j = (int(one) for one in rng.choice(len(names), 2, replace=False))
        voter = int(rng.integers(voters))
        length = (int(rng.integers(1, 400)), int(rng.integers(1, 400)))
        effort = (float(rng.choice([0.0, 0.5, 2.25, 1e6])), float(rng.choice([0.0, 0.5, 2.25, 1e6])))
        x = (length[0] - length[1]) / sum(length)
        p = 1 / (1 + math.exp(strength[j] - strength[i] + taste[voter, j] - taste[voter, i] - x))
        tied = 0.6 * p * (1 - p)
        winner = str(rng.choice(OUTCOMES, p=[p - tied, 1 - p - tied, 1.5 * tied, 0.5 * tied]))
        weight = float(rng.choice([0.0, 0.3, 1.0, 2.5])) if weighted else 1.0
        language = str(rng.choice(["English", "fr"]))
        votes.append(Told(names[i], names[j], winner, weight, voter, language, length, effort))
    return votes


def told_votes(least: int = 0, most: int = 200) -> st.SearchStrategy[list[Told]]:
    """Draw worlds of few votes and of many, of one voter and of many."""
    return st.builds(
        world,
        seed=st.integers(0, 2**32 - 1),
        number=st.integers(least, most),
        contestants=st.integers(2, 6),
        voters=st.sampled_from([1, 4, 30]),
        weighted=st.booleans(),
    )


def read(votes: Sequence[Told]) -> Votes:
    """Write votes to a file, read them, and hold them in memory from then on."""
    folder = Path(tempfile.mkdtemp(dir=_FOLDER.name))
    path = folder / "votes.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        for one in votes:
            writer.writerow(
                [one.a, one.b, one.winner, one.weight, one.voter, one.language, *one.length, *one.effort]
            )
    return read_votes(path)


_FOLDER = tempfile.TemporaryDirectory(prefix="evenhand-test-properties-")


def answer(votes: Votes | Cells, **options: Any) -> Board | str:
    """Return the board, or why there is none."""
    try:
        return rank(votes, **options)
    except RankingError as error:
        return str(error).rpartition("votes.csv: ")[-1]


def assert_same(one: Board | str, other: Board | str, name: Callable[[str], str] = lambda name: name) -> None:
    """Compare all that does not come of a simulation; `name` is what a contestant is called in the other."""
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
        return
    assert (one.status, one.fit, one.connected, one.clusters) == (
        other.status,
        other.fit,
        other.connected,
        other.clusters,
    )
    assert len(one.rows) == len(other.rows)
    for ours in one.rows:
        theirs = row(other, name(ours.contestant))
        assert (ours.votes, ours.wins, ours.losses, ours.ties) == (
            theirs.votes,
            theirs.wins,
            theirs.losses,
            theirs.ties,
        )
        assert (ours.rank, ours.preliminary, ours.reason) == (theirs.rank, theirs.preliminary, theirs.reason)
        assert ours.rating == pytest.approx(theirs.rating, abs=POINTS)
        assert ours.interval == theirs.interval
        # The ends of a profile interval are sought to a part of its length; and the flatter the top of the
        # likelihood is, the less exactly it is found.
        near = max(POINTS, (1e-3 if ours.interval == "profile" else 1e-5) * abs(ours.upper or 0))
        assert (ours.lower, ours.upper) == (
            pytest.approx(theirs.lower, abs=near),
            pytest.approx(theirs.upper, abs=near),
        )
    assert [c.name for c in one.coefficients] == [c.name for c in other.coefficients]
    for ours_of, theirs_of in zip(one.coefficients, other.coefficients, strict=True):
        for end in ("value", "lower", "upper"):
            assert getattr(ours_of, end) == pytest.approx(getattr(theirs_of, end), abs=1e-6, rel=1e-5)


WAYS: tuple[dict[str, Any], ...] = (
    {},
    {"style": STYLE},
    {"style": STYLE, "cluster": False},
    {"cluster": False},
)


@given(told_votes(), st.randoms(use_true_random=False), st.sampled_from(WAYS))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_does_not_matter(votes: list[Told], random: Any, way: dict[str, Any]) -> None:
    shuffled = list(votes)
    random.shuffle(shuffled)
    assert_same(answer(read(votes), **way), answer(read(shuffled), **way))


@given(told_votes(), st.permutations("abcdef"), st.sampled_from(WAYS))
@settings(max_examples=15, deadline=None)
def test_the_names_of_contestants_and_their_order_do_not_matter(
    votes: list[Told], names: list[str], way: dict[str, Any]
) -> None:
    new = dict(zip("abcdef", names, strict=True))
    renamed = [replace(one, a=new[one.a], b=new[one.b]) for one in votes]
    assert_same(answer(read(votes), **way), answer(read(renamed), **way), lambda name: new[name])


@given(told_votes(), st.integers(0, 2**32 - 1), st.sampled_from(WAYS))
@settings(max_examples=20, deadline=None)
def test_which_answer_is_called_a_does_not_matter(votes: list[Told], seed: int, way: dict[str, Any]) -> None:
    rng = np.random.default_rng(seed)
    swapped = [one.swapped() if rng.random() < 0.5 else one for one in votes]
    assert_same(answer(read(votes), **way), answer(read(swapped), **way))


@given(told_votes(least=60))
@settings(max_examples=10, deadline=None)
def test_with_all_sides_swapped_the_effect_of_the_position_changes_its_sign(votes: list[Told]) -> None:
    style = ("length", "position")
    one = answer(read(votes), style=style)
    other = answer(read([one.swapped() for one in votes]), style=style)
    if isinstance(other, Board):
        length, position = other.coefficients
        mirrored = replace(position, value=-position.value, lower=-position.upper, upper=-position.lower)
        other = replace(other, coefficients=(length, mirrored))
    assert_same(one, other)


@given(told_votes(), told_votes())
@settings(max_examples=12, deadline=None)
def test_cells_of_two_files_add_up_to_those_of_both_and_can_be_taken_away(
    some: list[Told], others: list[Told]
) -> None:
    one, other, both = read(some).cells, read(others).cells, read(some + others).cells
    for made, expected in ((one + other, both), (both - other, one), (other + one, both)):
        known = expected + cells([], also=made.contestants)
        assert made.contestants == known.contestants
        assert made.pairs.tolist() == known.pairs.tolist()
        assert made.votes.tolist() == known.votes.tolist()
        assert made.weights == pytest.approx(known.weights, rel=1e-9)
        assert made.squares == pytest.approx(known.squares, rel=1e-9)


@given(told_votes(), st.integers(0, 3))
@settings(max_examples=12, deadline=None)
def test_a_voter_taken_away_was_never_there(votes: list[Told], voter: int) -> None:
    theirs = [one for one in votes if one.voter == voter]
    left = read(votes).cells - read(theirs).cells
    never = read([one for one in votes if one.voter != voter]).cells + cells([], also=left.contestants)
    assert_same(answer(left), answer(never))


@given(told_votes(), st.sampled_from([1e-6, 0.37, 1e6]), st.sampled_from(WAYS))
@settings(max_examples=15, deadline=None)
def test_a_factor_in_all_weights_changes_nothing(
    votes: list[Told], factor: float, way: dict[str, Any]
) -> None:
    scaled = [replace(one, weight=one.weight * factor) for one in votes]
    assert_same(answer(read(votes), **way), answer(read(scaled), **way))


@given(told_votes(), st.sampled_from(["english", "french", "exclude_ties"]), st.booleans())
@settings(max_examples=15, deadline=None)
def test_a_slice_is_the_board_of_a_file_with_only_its_votes(
    votes: list[Told], name: str, cluster: bool
) -> None:
    belongs: dict[str, Callable[[Told], bool]] = {
        "english": lambda one: one.language == "English",
        "french": lambda one: one.language == "fr",
        "exclude_ties": lambda one: one.winner in ("model_a", "model_b"),
    }
    inside = [one for one in votes if belongs[name](one)]
    sliced = rank(read(votes), slice=name, cluster=cluster)
    alone = rank(read(inside), cluster=cluster)
    known = {r.contestant for r in alone.rows}
    assert {r.reason for r in sliced.rows if r.contestant not in known} <= {"no_votes"}
    assert_same(replace(sliced, rows=tuple(r for r in sliced.rows if r.contestant in known)), alone)


@given(told_votes(), st.sampled_from(WAYS), st.integers(0, 2**40))
@settings(max_examples=10, deadline=None)
def test_the_same_seed_gives_the_same_board(votes: list[Told], way: dict[str, Any], seed: int) -> None:
    source = read(votes)
    first, second = answer(source, seed=seed, **way), answer(read(votes), seed=seed, **way)
    assert first == second
    if isinstance(first, Board) and isinstance(second, Board):
        assert json.dumps(first.as_dict()) == json.dumps(second.as_dict())


@given(told_votes(), st.sampled_from(WAYS))
@settings(max_examples=12, deadline=None)
def test_a_board_is_the_same_after_saving_and_loading(votes: list[Told], way: dict[str, Any]) -> None:
    board = answer(read(votes), **way)
    if isinstance(board, str):
        return
    path = Path(_FOLDER.name) / "board.json"
    board.save(path)
    again = Board.load(path)
    assert again == board
    assert again.as_dict() == board.as_dict()
    for ours, theirs in zip(board.fitted, again.fitted, strict=True):
        assert ours.contestants == theirs.contestants
        assert np.array_equal(ours.theta, theirs.theta)
        assert np.array_equal(ours.covariance, theirs.covariance)
    if any(r.rank is not None for r in board.rows):
        assert again.probability_of_top(2) == board.probability_of_top(2)


@given(
    told_votes(),
    st.fixed_dictionaries(
        {},
        optional={
            "style": st.sampled_from([STYLE, ("position",), "length"]),
            "cluster": st.sampled_from([False, "voter", "winner"]),
            "scaling": st.sampled_from(["rms", "z-score"]),
            "ties": st.sampled_from(["half", "drop", "rao-kupper", "davidson"]),
            "anchor": st.sampled_from([0.0, -5e6, ("a", 1200.0)]),
            "alpha": st.sampled_from([1e-300, 1e-9, 0.5, 1 - 1e-12]),
            "ranks": st.sampled_from(["row", "joint"]),
            "slices": st.sampled_from([["overall"], ["english", "exclude_ties"], None]),
        },
    ),
)
@settings(max_examples=30, deadline=None)
def test_no_number_on_any_board_is_undefined(votes: list[Told], way: dict[str, Any]) -> None:
    try:
        boards = rank_slices(read(votes), **way)
    except RankingError:
        return
    for board in boards.values():
        assert_sound(board)


@given(vote_lists(), st.lists(st.text(min_size=1, max_size=30), min_size=5, max_size=5, unique=True))
@settings(max_examples=15, deadline=None)
def test_any_text_is_a_name(votes: list[Vote], names: list[str]) -> None:
    new = dict(zip("abcde", names, strict=True))
    renamed = [(new[a], new[b], outcome) for a, b, outcome in votes]
    assert_same(rank(cells(votes)), rank(cells(renamed)), lambda name: new[name])
