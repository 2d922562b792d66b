import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.ranking import Cells, RankingError, rank
from evenhand.ranking.bradley_terry import fit
from evenhand.ranking.composite import composite, composite_rows, fit_composite
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.ties import fit_ties
from tests.ranking.worlds import cells, pair_sums, simulated, tournament

Array = NDArray[np.float64]


def arena(seed: int, votes: int, slope: float = 1.0) -> Cells:
    rng = np.random.default_rng(seed)
    return simulated(rng, slope * np.array([-0.6, -0.1, 0.2, 0.5]), np.full(4, 0.25), votes, ties=0.3)


def per_vote(sets: list[tuple[Cells, float]]) -> list[tuple[int, int, float, float]]:
    """Return each vote as (a, b, score of a, weight in the composite), the names of all sets being alike."""
    scores = {"a": 1.0, "b": 0.0}
    return [
        (int(s.a), int(s.b), scores.get(s.outcome, 0.5), share * s.weight / s.votes / part.weights.sum())
        for part, share in sets
        for s in part.sums()
        for _ in range(s.votes)
    ]


def test_the_composite_minimises_the_declared_sum_of_mean_losses_and_its_sandwich_knows_the_weights() -> None:
    sets = [(arena(1, 900), 0.5), (arena(2, 300, slope=2.0), 0.3), (arena(3, 120, slope=-1.0), 0.2)]
    fitted = fit_composite(sets)
    a, b, y, v = (np.array(column) for column in zip(*per_vote(sets), strict=True))
    difference = np.eye(4)[a] - np.eye(4)[b]
    theta = fitted.theta
    p = 1 / (1 + np.exp(-difference @ theta))
    # The slope of L, each set's loss over its votes times its share, is 0.
    assert difference.T @ (v * (y - p)) == pytest.approx(np.zeros(4), abs=1e-12)
    bread = np.linalg.pinv((difference * (v * p * (1 - p))[:, None]).T @ difference, rcond=1e-9)
    scores = difference * (v * (y - p))[:, None]
    assert fitted.covariance == pytest.approx(bread @ scores.T @ scores @ bread, abs=1e-10)
    assert theta.sum() == pytest.approx(0, abs=1e-12)


def test_a_composite_is_cells_with_other_weights_so_whatever_ranks_cells_ranks_it() -> None:
    sets = [(arena(1, 400), 2.0), (arena(2, 100), 1.0)]
    joined, fitted = composite(sets), fit_composite(sets)
    by_hand = Cells.from_sums(
        s._replace(weight=factor * s.weight, square=factor**2 * s.square)
        for (part, _), factor in zip(sets, (500 * 2 / 3 / 400, 500 / 3 / 100), strict=True)
        for s in part.sums()
    )
    assert joined.weights == pytest.approx(by_hand.weights)
    assert joined.squares == pytest.approx(by_hand.squares)
    assert joined.weights.sum() == pytest.approx(joined.votes.sum())
    board = {row.contestant: row.rating for row in rank(joined).rows}
    in_points = 1000 + 400 / np.log(10) * fitted.theta
    assert [board[name] for name in fitted.contestants] == pytest.approx(list(in_points))
    assert fit_ties(joined).contestants == fitted.contestants


def test_a_set_is_worth_its_share_however_many_votes_it_has() -> None:
    small = arena(4, 200)
    large = Cells.from_sums(
        s._replace(votes=50 * s.votes, weight=50 * s.weight, square=50 * s.square) for s in small.sums()
    )
    other = arena(5, 500, slope=-1.0)
    one, same = fit_composite([(small, 1.0), (other, 1.0)]), fit_composite([(large, 3.0), (other, 3.0)])
    assert same.theta == pytest.approx(one.theta, abs=1e-9)
    assert (np.diag(same.covariance) < np.diag(one.covariance)).all()


def test_a_single_set_is_that_set() -> None:
    votes = arena(6, 300)
    assert fit_composite([(votes, 7.0)]).theta == pytest.approx(fit(pair_sums(votes)), abs=1e-9)
    assert composite([(votes, 7.0)]).weights == pytest.approx(votes.weights)


def test_intervals_of_a_composite_hold_the_truth() -> None:
    truth, held = np.array([-0.6, -0.1, 0.2, 0.5]), []
    for seed in range(300):
        fitted = fit_composite([(arena(1000 + seed, 600), 0.4), (arena(5000 + seed, 150), 0.6)])
        held.append(np.abs(fitted.theta - truth) <= 1.96 * np.sqrt(np.diag(fitted.covariance)))
    assert 0.93 <= np.mean(held) <= 0.97


def test_sets_may_have_contestants_of_their_own() -> None:
    fitted = fit_composite([(tournament(("x", "y", 3, 1, 0)), 1), (tournament(("y", "z", 4, 2, 0)), 1)])
    assert fitted.contestants == ("x", "y", "z")
    assert -np.diff(fitted.theta) == pytest.approx([np.log(3), np.log(2)], abs=1e-9)


def rows(outcome: list[int], slices: dict[str, list[bool]], weight: list[float] | None = None) -> VoteRows:
    return VoteRows(
        size=2,
        first=np.array([0]),
        second=np.array([1]),
        pair=np.zeros(len(outcome), dtype=np.int32),
        outcome=np.array(outcome, dtype=np.uint8),
        features=np.empty((0, len(outcome)), dtype=np.float32),
        weight=None if weight is None else np.array(weight),
        cluster=np.arange(len(outcome), dtype=np.int32),
        slices={name: np.array(inside) for name, inside in slices.items()},
    )


def test_a_vote_of_two_slices_is_one_vote_with_both_weights() -> None:
    votes = rows(
        [0, 0, 1, 2, 1],
        {"hard": [True, True, True, False, False], "code": [False, True, True, True, False]},
        [1.0, 1.0, 2.0, 1.0, 1.0],
    )
    joined = composite_rows(votes, {"hard": 1.0, "code": 3.0})
    # hard: 1/4 of the loss over weight 4; code: 3/4 over weight 4; the vote in neither is left out.
    hard, code = 4 * 0.25 / 4, 4 * 0.75 / 4
    assert joined.weight == pytest.approx([hard, hard + code, 2 * (hard + code), code])
    assert joined.cluster is not None
    assert joined.cluster.tolist() == [0, 1, 2, 3]
    sums = joined.cells(["x", "y"])
    assert sums.squares[0] == pytest.approx(
        [hard**2 + (hard + code) ** 2, (2 * (hard + code)) ** 2, code**2, 0]
    )


def test_slices_that_do_not_overlap_are_as_sets() -> None:
    votes = rows([0, 0, 1, 2, 1], {"p": [True, True, True, False, False], "q": [False] * 3 + [True] * 2})
    by_rows = composite_rows(votes, {"p": 2.0, "q": 1.0}).cells(["x", "y"])
    parts = [(votes.within(name).cells(["x", "y"]), share) for name, share in (("p", 2.0), ("q", 1.0))]
    by_sets = composite(parts)
    assert by_rows.weights == pytest.approx(by_sets.weights)
    assert by_rows.squares == pytest.approx(by_sets.squares)


def test_a_set_without_a_share_gives_but_its_contestants() -> None:
    joined = composite([(tournament(("x", "y", 3, 1, 0)), 1), (tournament(("x", "z", 1, 1, 0)), 0)])
    assert joined.contestants == ("x", "y", "z")
    assert int(joined.votes.sum()) == 4
    empty = composite([(tournament(("x", "y", 3, 1, 0)), 1), (Cells.from_sums([], ["n"]), 0)])
    assert empty.contestants == ("n", "x", "y")


def test_shares_that_make_no_sense_are_an_error() -> None:
    votes = tournament(("x", "y", 3, 1, 0))
    for share in (-1.0, float("nan"), float("inf")):
        with pytest.raises(RankingError, match=r"The share of set 1 is .*; it must be a number"):
            composite([(votes, share)])
    for none in ([], [(votes, 0.0)]):
        with pytest.raises(RankingError, match="above 0"):
            composite(none)
    with pytest.raises(RankingError, match="no votes in set 2"):
        composite([(votes, 1.0), (Cells.from_sums([]), 1.0)])
    with pytest.raises(RankingError, match="the slice 'math'"):
        composite_rows(rows([0], {"code": [True]}), {"math": 1.0})
    with pytest.raises(RankingError, match="no votes in slice 'code'"):
        composite_rows(rows([0], {"code": [False]}), {"code": 1.0})


def test_sets_that_do_not_join_all_contestants_have_a_board_but_no_joint_fit() -> None:
    sets = [(tournament(("v", "w", 3, 1, 0)), 1.0), (tournament(("x", "y", 2, 1, 0)), 1.0)]
    with pytest.raises(RankingError, match="2 groups"):
        fit_composite(sets)
    assert not rank(composite(sets)).connected
    with pytest.raises(RankingError, match="groups"):
        fit_composite([(cells([("x", "y", "a")]), 1.0)])
