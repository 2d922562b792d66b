"""Votes that swap places: against dropping them one by one, set by set, and by the board's own engine."""

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.ranking import Cells, Votes, rank, read_votes
from evenhand.ranking.audit.droppable import PlainVotes, StyledVotes, voters_of, votes_of
from evenhand.ranking.audit.dropping import dropping
from evenhand.ranking.audit.fewest import estimate, fewest
from evenhand.ranking.audit.subject import Subject, subject_of
from evenhand.ranking.bradley_terry import fit
from evenhand.ranking.joint import fit_joint
from tests.ranking.audit.worlds import spread, world
from tests.ranking.test_published_board import carried
from tests.ranking.worlds import cells, tournament


def audited(votes: Votes | Cells, style: tuple[str, ...] = ()) -> Subject:
    return subject_of(Votes(votes) if isinstance(votes, Cells) else votes, style)


def without(subject: Subject, votes: PlainVotes, dropped: NDArray[np.int64]) -> Cells:
    """The cells without votes that were dropped from them, counted anew."""
    left = subject.cells.votes.astype(float).copy()
    for kind, number in enumerate(dropped):
        column = {1.0: 0, 0.0: 1}.get(float(votes.y[kind]))
        if column is not None:
            left[votes.pair[kind], column] -= number
        else:
            tie = min(number, left[votes.pair[kind], 2])
            left[votes.pair[kind], 2] -= tie
            left[votes.pair[kind], 3] -= number - tie
    first, second = subject.cells.pairs.T
    return Cells(subject.names, first, second, np.stack([left] * 3))


def test_the_effect_of_a_vote_is_the_slope_of_the_refit() -> None:
    subject = audited(world(3_000, spread(6), weights=True, seed=3).cells)
    votes = votes_of(subject)
    assert isinstance(votes, PlainVotes)
    a, b = subject.order[:2]
    nothing = np.zeros(len(votes.available))
    effects = votes.effects(votes.start, nothing.astype(np.int64), a, b)
    for kind in range(0, len(effects), 5):
        gaps = []
        for step in (-0.01, 0.01):
            dropped = nothing.copy()
            dropped[kind] = step
            gaps.append(votes.refit(dropped, votes.start).gap(a, b))  # type: ignore[arg-type, union-attr]
        assert effects[kind] == pytest.approx((gaps[1] - gaps[0]) / 0.02, rel=1e-4, abs=1e-9)


def test_the_effect_of_a_vote_under_style_control_is_that_of_leaving_it_out() -> None:
    subject = audited(world(4_000, spread(5), style=0.5, seed=2), ("x",))
    votes, rows = votes_of(subject), subject.rows
    assert isinstance(votes, StyledVotes)
    assert rows is not None
    a, b = subject.order[:2]
    effects = votes.effects(votes.start, np.zeros(len(rows), dtype=np.int64), a, b)
    for vote in range(0, 4_000, 401):
        kept = np.arange(len(rows)) != vote
        theta = fit_joint(rows.take(kept)).theta
        change = theta[a] - theta[b] - (subject.theta[a] - subject.theta[b])
        assert effects[vote] == pytest.approx(change, rel=0.02, abs=2e-7)


def smallest_by_trying_all(subject: Subject, votes: PlainVotes, a: int, b: int, most: int) -> int | None:
    """Try every choice of up to `most` votes."""
    choices = [
        choice
        for choice in product(*(range(min(most, int(number)) + 1) for number in votes.available))
        if sum(choice) <= most
    ]
    for choice in sorted(choices, key=sum):
        left = votes.refit(np.array(choice), votes.start)
        if left is not None and left.gap(a, b) < -1e-8:
            return sum(choice)
    return None


@pytest.mark.parametrize("seed", range(8))
def test_in_small_arenas_it_finds_the_smallest_number_that_there_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs = [(a, b, *(int(n) for n in rng.integers(2, 6, 3))) for a, b in ("xy", "xz", "yz")]
    subject = audited(tournament(*pairs))
    votes = votes_of(subject)
    assert isinstance(votes, PlainVotes)
    a, b = subject.order[:2]
    found = fewest(votes, a, b)
    best = smallest_by_trying_all(subject, votes, a, b, 4)
    assert (found.number if found is not None and found.number <= 4 else None) == best


def test_the_board_without_those_votes_has_the_other_order() -> None:
    subject = audited(world(5_000, spread(8), seed=5).cells)
    votes = votes_of(subject)
    assert isinstance(votes, PlainVotes)
    for a, b in zip(subject.order, subject.order[1:], strict=False):
        drop = fewest(votes, a, b)
        assert drop is not None
        assert int(drop.dropped.sum()) == drop.number
        ranks = {row.contestant: row.rank for row in rank(without(subject, votes, drop.dropped)).rows}
        assert ranks[subject.names[b]] < ranks[subject.names[a]]  # type: ignore[operator]


def test_one_vote_fewer_of_the_same_choice_would_not_do() -> None:
    subject = audited(world(5_000, spread(8), seed=6).cells)
    votes = votes_of(subject)
    a, b = subject.order[:2]
    drop = fewest(votes, a, b)
    assert drop is not None
    assert 1 < drop.number <= (estimate(votes, a, b) or 0) + 1
    for kind in np.flatnonzero(drop.dropped):
        fewer = drop.dropped.copy()
        fewer[kind] -= 1
        assert votes.refit(fewer, votes.start).gap(a, b) >= -1e-8  # type: ignore[union-attr]


def test_far_from_equal_the_choice_is_made_anew_and_gets_smaller() -> None:
    subject = audited(world(1_500, spread(8, 1.0, 3), seed=3).cells)
    votes, (a, *_, b) = votes_of(subject), subject.order[:3]
    order = np.argsort(votes.effects(votes.start, np.zeros(len(votes.available), dtype=np.int64), a, b))
    dropped, once = np.zeros(len(votes.available), dtype=np.int64), 0
    for kind in np.repeat(order, votes.available[order]):
        dropped[kind] += 1
        once += 1
        left = votes.refit(dropped, votes.start)
        if left is not None and left.gap(a, b) < 0:
            break
    drop = fewest(votes, a, b)
    assert drop is not None
    assert drop.number < 0.9 * once


def test_under_style_control_the_fit_without_them_has_the_other_order() -> None:
    subject = audited(world(3_000, spread(5, 0.3), style=0.5, seed=1), ("x",))
    a, b = subject.order[:2]
    drop = fewest(votes_of(subject), a, b)
    assert drop is not None
    assert subject.rows is not None
    theta = fit_joint(subject.rows.take(drop.dropped == 0)).theta
    assert theta[b] > theta[a]


def test_votes_of_different_weight_are_dropped_one_by_one() -> None:
    simulated = world(2_000, spread(5), weights=True, seed=4)
    subject = audited(simulated)
    a, b = subject.order[:2]
    exact = fewest(votes_of(subject), a, b)
    counted = fewest(votes_of(audited(simulated.cells)), a, b)
    assert exact is not None
    assert counted is not None
    assert 1 < exact.number < counted.number  # the heavy ones first, which sums do not show


def test_a_voter_who_makes_the_order_is_found() -> None:
    simulated = world(6_000, np.array([-0.1, 0.0, 0.05, -0.4]), voters=200, heavy=0.1, seed=7)
    subject = audited(simulated)
    assert subject.names[subject.order[0]] == "a"
    swap = dropping(subject, 0.05, 0).figures["swaps"][0]  # type: ignore[index]
    assert swap["voters"] == 1
    assert subject.rows is not None
    kept = subject.rows.take(subject.rows.cluster != 0)
    assert swap["votes_of_voters"] == len(subject.rows) - len(kept)
    assert rank(kept.cells(subject.names)).rows[0].contestant == "c"


@pytest.mark.parametrize("style", [(), ("x",)])
def test_without_those_voters_the_fit_has_the_other_order(style: tuple[str, ...]) -> None:
    subject = audited(world(3_000, spread(5, 0.3), style=0.4, voters=150, seed=8), style)
    a, b = subject.order[:2]
    voters, number = voters_of(subject)
    drop = fewest(voters, a, b)
    assert drop is not None
    assert subject.rows is not None
    assert number.sum() == 3_000
    rows = subject.rows.take(drop.dropped[subject.rows.cluster] == 0)
    theta = fit_joint(rows).theta
    assert theta[b] > theta[a]


def test_one_who_would_never_have_won_without_them_stands_behind() -> None:
    # With eight wins fewer they are equal; the ninth leaves x without any, where the first order saw no end.
    votes = votes_of(audited(tournament(("x", "y", 9, 1, 0))))
    assert estimate(votes, 0, 1) is None
    drop = fewest(votes, 0, 1)
    assert drop is not None
    assert drop.dropped.tolist() == [9, 0]


def test_where_dropping_turns_nothing_no_number_is_given() -> None:
    # Without their only meeting nobody can tell x from y, and with it x is ahead.
    subject = audited(cells([("x", "y", "tie"), ("x", "y", "a"), ("x", "y", "tie")]))
    finding = dropping(subject, 0.05, 0)
    assert finding.figures["swaps"][0]["votes"] is None  # type: ignore[index]
    assert finding.answer == "No set of votes was found whose dropping puts y ahead of x."


def test_one_who_needs_fewer_votes_to_pass_the_first_than_the_second_is_named() -> None:
    # y is sure of its place just behind x; z is a little behind both, by few votes.
    votes = tournament(
        ("x", "y", 530, 470, 0), ("x", "w", 600, 400, 0), ("y", "w", 570, 430, 0), ("z", "w", 13, 10, 0)
    )
    subject = audited(votes)
    assert [subject.names[i] for i in subject.order[:2]] == ["x", "y"]
    finding = dropping(subject, 0.05, 0)
    first = finding.figures["first_place"]
    assert first["behind"] == "z"  # type: ignore[index]
    assert first["votes"] < finding.figures["swaps"][0]["votes"]  # type: ignore[index]
    assert "z would pass the first even sooner" in " ".join(finding.details)


def test_on_the_real_votes_489_swap_first_and_second_to_first_order_and_fewer_by_a_better_choice() -> None:
    subject = audited(read_votes(carried()))
    votes = votes_of(subject)
    assert isinstance(votes, PlainVotes)
    a, b = subject.order[:2]
    assert estimate(votes, a, b) == 489
    drop = fewest(votes, a, b)
    assert drop is not None
    assert drop.number <= 462
    left = without(subject, votes, drop.dropped)
    assert left.votes.sum() == 1_670_250 - drop.number
    sums = audited(left).sums
    theta = fit(sums)
    assert theta[b] > theta[a]
