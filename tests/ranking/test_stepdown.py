import math
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.ranking import Board, RankingError, rank, read_votes
from evenhand.ranking.intervals import critical_values, difference_sd, scales, z_scores
from evenhand.ranking.stepdown import largest_standing, rank_bounds_of, separations
from tests.ranking.test_published_board import carried
from tests.ranking.worlds import cells, row, simulated, tournament

Matrix = NDArray[np.float64]


def random_covariance(rng: np.random.Generator, size: int) -> Matrix:
    """A covariance whose rows sum to 0 and whose spreads differ."""
    root = rng.normal(size=(size, size)) * rng.uniform(0.3, 2.0, size)[:, None]
    root -= root.mean(axis=0)
    return root @ root.T


def by_the_book(theta: Matrix, covariance: Matrix, alpha: float, seed: int) -> NDArray[np.bool_]:
    """The step-down as the paper has it: hypothesis by hypothesis, all worlds, every step from the start."""
    size = len(theta)
    z, sd = z_scores(theta, covariance), difference_sd(covariance)
    critical = critical_values(covariance, alpha, seed)
    worlds = critical.by_world.T.astype(np.float64)
    above = np.zeros((size, size), dtype=np.bool_)
    c = critical.joint
    while True:
        rejected = [(i, j) for i in range(size) for j in range(size) if z[i, j] > c]
        if len(rejected) == above.sum():
            return above
        above[tuple(np.transpose(rejected))] = True
        standing = [(i, j) for i in range(size) for j in range(size) if i != j and not above[i, j]]
        largest = np.max([(worlds[i] - worlds[j]) / sd[i, j] for i, j in standing], axis=0)
        c = min(c, max(NormalDist().inv_cdf(1 - alpha), float(np.quantile(largest, 1 - alpha))))


@pytest.mark.parametrize("alpha", [0.05, 0.3])
def test_the_step_down_decides_as_the_one_by_the_book_does(alpha: float) -> None:
    rng = np.random.default_rng(1)
    gained = 0
    for case in range(40):
        size = 2 * int(rng.integers(2, 5))
        covariance = random_covariance(rng, size)
        critical, sd = critical_values(covariance, alpha, case), difference_sd(covariance)
        # Pairs far from each other, of which each is nearly told apart.
        theta = 100.0 * (np.arange(size) // 2) + rng.normal(0, 1e-3, size)
        for i in range(0, size, 2):
            theta[i] += rng.uniform(0.85, 1.01) * critical.joint * sd[i, i + 1]
        z = z_scores(theta, covariance)
        above = separations(z, critical, alpha)
        assert np.array_equal(above, by_the_book(theta, covariance, alpha, case))
        assert above[z > critical.joint].all()
        gained += above.sum() - (z > critical.joint).sum()
    assert gained >= 20  # else a single step would have passed this test


@pytest.mark.parametrize("alpha", [0.001, 0.05, 0.5, 0.99])
@pytest.mark.parametrize("standing", ["one", "half", "all"])
def test_a_quantile_from_the_worlds_that_matter_is_that_from_all_worlds(alpha: float, standing: str) -> None:
    covariance = random_covariance(np.random.default_rng(7), 5)
    critical = critical_values(covariance, alpha, 0)
    stands = {"one": np.zeros((5, 5)), "half": np.tri(5), "all": np.ones((5, 5))}[standing] > 0
    stands[3, 1] = True
    largest = largest_standing(critical, scales(covariance) * stands, critical.largest, alpha)
    hypotheses = [(i, j) for i, j in np.argwhere(stands) if i != j]
    sd = difference_sd(covariance)
    worlds = critical.by_world.T.astype(np.float64)
    full = np.max([(worlds[i] - worlds[j]) / sd[i, j] for i, j in hypotheses], axis=0)
    expected = np.quantile(np.maximum(full, 0.0), 1 - alpha)
    assert np.quantile(largest, 1 - alpha) == pytest.approx(expected, abs=1e-5)


def test_among_equals_one_board_in_twenty_tells_anybody_apart() -> None:
    rng = np.random.default_rng(2)
    covariance = random_covariance(rng, 6)
    critical = critical_values(covariance, 0.05, 0)
    worlds = rng.multivariate_normal(np.zeros(6), covariance, 4000)
    wrong = [separations(z_scores(world, covariance), critical, 0.05).any() for world in worlds]
    # The standard error is .0035 from these worlds, and .005 from those behind the critical value.
    assert 0.035 <= np.mean(wrong) <= 0.065


def test_no_pair_of_a_board_is_put_in_the_wrong_order_but_in_one_board_in_twenty() -> None:
    rng = np.random.default_rng(3)
    truth = np.array([0.0, 0.0, 0.0, 4.0, 4.1, 12.0])
    covariance = random_covariance(rng, 6)
    critical = critical_values(covariance, 0.05, 0)
    wrong = []
    for world in rng.multivariate_normal(truth, covariance, 3000):
        above = separations(z_scores(world, covariance), critical, 0.05)
        wrong.append((above & (truth[:, None] <= truth[None, :])).any())
    assert np.mean(wrong) <= 0.06


@pytest.mark.parametrize(
    "theta",
    [np.zeros(6), np.array([1.0, 0.4, 0.4, 0.0, -0.8, -1.0]), np.linspace(0.3, -0.3, 6)],
    ids=["all equal", "two equal", "close"],
)
def test_joint_bounds_hold_all_true_ranks_of_a_board_at_once(theta: Matrix) -> None:
    rng = np.random.default_rng(4)
    best = 1 + (theta[:, None] < theta[None, :]).sum(axis=1)
    held = []
    for seed in range(300):
        board = rank(simulated(rng, theta, np.full(6, 1 / 6), 900, ties=0.3), ranks="joint", seed=seed)
        held.append(
            all((r.rank_best or 9) <= best[int(r.contestant)] <= (r.rank_worst or 0) for r in board.rows)
        )
    assert np.mean(held) >= 0.94


def test_joint_bounds_of_a_small_board_follow_from_all_its_pairs() -> None:
    # a is above c and d, b above d.
    above = np.array([[0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]], dtype=np.bool_)
    best, worst = rank_bounds_of(above)
    assert (best.tolist(), worst.tolist()) == ([1, 1, 2, 3], [2, 3, 4, 4])


def bounds(board: Board) -> list[tuple[int | None, int | None]]:
    return [(r.rank_best, r.rank_worst) for r in board.rows]


def test_on_the_real_board_the_critical_value_of_all_pairs_is_434() -> None:
    board = rank(read_votes(carried()))
    fitted = board.fitted[0]
    critical = critical_values(fitted.covariance, 0.05, seed=0)
    assert critical.joint == pytest.approx(4.34, abs=0.06)
    # The same by other means: eigenvectors, another generator, all pairs at once.
    values, vectors = np.linalg.eigh(fitted.covariance)
    noise = np.random.default_rng(5).standard_normal((129, 1500))
    worlds = (vectors * np.sqrt(np.maximum(values, 0))) @ noise
    i, j = np.triu_indices(129, 1)
    sd = np.sqrt(np.diag(fitted.covariance)[i] + np.diag(fitted.covariance)[j] - 2 * fitted.covariance[i, j])
    largest = [np.abs((world[i] - world[j]) / sd).max() for world in worlds.T]
    assert critical.joint == pytest.approx(np.quantile(largest, 0.95), abs=0.12)


def test_on_the_real_board_joint_bounds_are_wider_than_those_of_each_row_and_say_so() -> None:
    votes = read_votes(carried())
    each, joint = rank(votes), rank(votes, ranks="joint")
    assert (each.method["ranks"], joint.method["ranks"]) == ("row", "joint")
    assert bounds(joint)[:5] == [(1, 1), (2, 2), (3, 3), (4, 8), (4, 8)]
    for (best, worst), (joint_best, joint_worst) in zip(bounds(each), bounds(joint), strict=True):
        assert (joint_best or 0) <= (best or 0) <= (worst or 0) <= (joint_worst or 0)
    assert [r.separated_from_next for r in each.rows] == [r.separated_from_next for r in joint.rows]


def test_a_row_that_is_separated_from_the_next_has_joint_bounds_above_it() -> None:
    rng = np.random.default_rng(6)
    theta = rng.normal(0, 0.6, 12)
    board = rank(simulated(rng, theta, np.full(12, 1 / 12), 6000, ties=0.2), ranks="joint")
    separated = [i for i, r in enumerate(board.rows[:-1]) if r.separated_from_next]
    assert separated
    for i in separated:
        assert (board.rows[i].rank_worst or 99) < 12
        assert (board.rows[i + 1].rank_best or 0) > 1


def test_equals_share_all_ranks_jointly_as_well() -> None:
    board = rank(
        tournament(("x", "y", 50, 50, 0), ("y", "z", 50, 50, 0), ("x", "z", 50, 50, 0)), ranks="joint"
    )
    assert bounds(board) == [(1, 3)] * 3
    assert [r.rank for r in board.rows] == [1, 1, 1]


def test_a_board_of_one_has_nobody_to_be_told_apart_from() -> None:
    board = rank(cells([], also=["x"]), ranks="joint")
    assert (row(board, "x").rank_best, board.method["ranks"]) == (None, "joint")


def test_two_contestants_are_told_apart_by_the_ordinary_test() -> None:
    # z = log(60/40) / √(1/60 + 1/40) = 1.986: beyond 1.96, and the step after it finds nothing more.
    board = rank(tournament(("x", "y", 60, 40, 0)), ranks="joint")
    assert math.log(1.5) / math.sqrt(1 / 60 + 1 / 40) > 1.96
    assert bounds(board) == [(1, 1), (2, 2)]


def test_ranks_in_another_way_are_refused() -> None:
    with pytest.raises(RankingError, match="'row' or 'joint'"):
        rank(tournament(("x", "y", 3, 2, 0)), ranks="both")  # type: ignore[arg-type]
