"""Slices that are counted together have the sums that each has alone."""

from dataclasses import replace

import numpy as np
import pytest

from evenhand.ranking import rank, rank_slices, sample, slice_counts
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.slice_counts import cells_of_slices

KNOWN = ("hard_prompts", "coding", "math")
NAMES = tuple(f"slice {number}" for number in range(19))


def some_votes(contestants: int, votes: int, *, weighted: bool = False) -> VoteRows:
    """Votes on pairs in both orders, each in about half of the slices; the last slice has none."""
    rng = np.random.default_rng(7)
    first, second = np.nonzero(~np.eye(contestants, dtype=np.bool_))
    slices = {name: rng.random(votes) < 0.5 for name in NAMES}
    slices[NAMES[-1]][:] = False
    return VoteRows(
        contestants,
        first,
        second,
        rng.integers(len(first), size=votes).astype(np.int32),
        rng.integers(4, size=votes).astype(np.uint8),
        np.empty((0, votes), dtype=np.float32),
        rng.random(votes) if weighted else None,
        slices=slices,
        contestants=tuple(f"{number:03}" for number in range(contestants)),
    )


def known_slices(rows: VoteRows) -> VoteRows:
    """The same votes, in slices that there are boards of."""
    return replace(rows, slices=dict(zip(KNOWN, rows.slices.values(), strict=False)))


def assert_each_is_what_it_is_alone(rows: VoteRows, at_once: int = 1000) -> None:
    together = list(cells_of_slices(rows.cells(), rows.chunks(at_once), NAMES))
    assert len(together) == len(NAMES)
    for name, cells in zip(NAMES, together, strict=True):
        assert cells == rows.cells(name=name)


@pytest.mark.parametrize(("contestants", "votes"), [(2, 3000), (2, 1), (5, 0), (30, 5000)])
def test_counts_of_slices_are_those_of_each_alone(contestants: int, votes: int) -> None:
    assert_each_is_what_it_is_alone(some_votes(contestants, votes))


def test_so_many_votes_on_one_pair_that_few_counts_share_a_number_are_counted_right() -> None:
    rows = some_votes(2, 600_000)
    assert np.bincount(rows.pair * 4 + rows.outcome).max() > 2**16
    assert_each_is_what_it_is_alone(rows, at_once=len(rows))


def assert_boards_are_those_of_each_slice_alone(rows: VoteRows) -> None:
    boards = rank_slices(rows)
    assert [*boards] == ["overall", *KNOWN]
    for name, board in boards.items():
        alone = rows if name == "overall" else rows.within(name)
        assert [one.votes for one in board.rows] == [one.votes for one in rank(alone).rows]
        assert [one.rating for one in board.rows] == pytest.approx(
            [one.rating for one in rank(alone).rows], abs=1e-6
        )


def test_boards_of_weighted_slices_are_those_of_each_alone() -> None:
    assert_boards_are_those_of_each_slice_alone(known_slices(some_votes(6, 4000, weighted=True)))


def test_where_too_many_counts_would_be_held_slices_are_counted_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slice_counts, "MOST", 10)
    monkeypatch.setattr(sample, "cells_of_slices", None)
    assert_boards_are_those_of_each_slice_alone(known_slices(some_votes(6, 4000)))
