"""Student's t, and what boards of few voters make of it."""

import math
from itertools import product
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from evenhand.ranking import Board, difference, expected_scores, plan, rank, read_votes
from evenhand.ranking.student import as_normal, of_pairs, t_quantiles
from tests.ranking.test_degenerate import random_votes


@pytest.mark.parametrize(
    ("freedom", "tabled", "within"),
    [(5, 2.5706, 3e-3), (11, 2.2010, 4e-4), (30, 2.0423, 1e-4), (120, 1.9799, 1e-4), (1e12, 1.9600, 1e-4)],
)
def test_quantiles_are_those_of_the_tables(freedom: float, tabled: float, within: float) -> None:
    assert t_quantiles(1.959964, np.array([freedom])) == pytest.approx([tabled], rel=within)


@pytest.mark.parametrize(("freedom", "exact", "beyond"), [(2.0, 4.3027, 1.05), (1.0, 12.7062, 1.4)])
def test_of_the_fewest_degrees_of_freedom_they_are_on_the_wide_side(
    freedom: float, exact: float, beyond: float
) -> None:
    assert exact < t_quantiles(1.959964, np.array([freedom]))[0] < beyond * exact


def test_far_out_they_are_those_of_the_tables_as_well() -> None:
    # The quantile of t with ten degrees of freedom at 1 - .00005, two-sided .0001.
    assert t_quantiles(3.8906, np.array([10.0])) == pytest.approx([6.211], rel=6e-3)


def test_a_quantile_is_as_unlikely_as_the_normal_one_it_was_made_from() -> None:
    freedom = np.array([3.0, 12.0, 400.0])
    for normal in (0.1, 1.96, 4.3, 8.0):
        assert as_normal(t_quantiles(normal, freedom), freedom) == pytest.approx(np.full(3, normal))
    assert as_normal(np.array([-2.2]), np.array([11.0])) == -as_normal(np.array([2.2]), np.array([11.0]))


def test_a_deviate_beyond_all_bounds_stays_a_number() -> None:
    assert np.isfinite(t_quantiles(38.0, np.array([0.5]))).all()


def test_a_pair_has_the_fewer_degrees_of_freedom_of_the_two() -> None:
    assert of_pairs(np.array([4.0, 9.0])).tolist() == [[4.0, 4.0], [4.0, 9.0]]


@pytest.fixture
def twelve(tmp_path: Path) -> Board:
    """A board of a dozen voters."""
    return rank(read_votes(random_votes(tmp_path, ["voter"], lambda rng, n: (f"v{n % 12}",))))


def test_a_board_of_a_dozen_voters_has_wider_intervals_than_its_standard_errors_say(twelve: Board) -> None:
    fitted = twelve.fitted[0]
    assert fitted.freedom is not None
    assert ((fitted.freedom > 5) & (fitted.freedom < 11)).all()
    for row in twelve.rows:
        assert row.lower is not None
        assert row.upper is not None
        i = int(fitted.places([row.contestant])[0])
        reach = 173.7178 * np.sqrt(fitted.covariance[i, i]) * t_quantiles(1.959964, fitted.freedom[i : i + 1])
        assert row.upper - row.lower == pytest.approx(2 * float(reach[0]), rel=1e-5)


def test_so_have_its_differences_and_expected_scores_and_its_ranks_are_less_sure(twelve: Board) -> None:
    fitted = twelve.fitted[0]
    one, other = fitted.contestants[:2]
    gap = difference(twelve, one, other)
    sd = (gap.points / gap.z) if gap.z else 0.0
    assert (gap.upper - gap.lower) / 2 > 2.2 * abs(sd)
    table = expected_scores(twelve, [one, other])
    assert table.upper[0, 1] - table.score[0, 1] > 2.1 * table.error[0, 1]
    # Wallace's formula, written out for every pair.
    assert fitted.freedom is not None
    for i, j in product(range(len(fitted.theta)), repeat=2):
        nu = min(fitted.freedom[i], fitted.freedom[j])
        spread = fitted.covariance[i, i] + fitted.covariance[j, j] - 2 * fitted.covariance[i, j]
        t = (fitted.theta[i] - fitted.theta[j]) / math.sqrt(spread) if i != j else 0.0
        normal = (8 * nu + 1) / (8 * nu + 3) * math.sqrt(nu * math.log(1 + t * t / nu))
        assert fitted.z_scores()[i, j] == pytest.approx(math.copysign(normal, t))
        assert i == j or normal < abs(t)


def test_a_plan_is_as_unsure_of_the_order_as_the_board(tmp_path: Path) -> None:
    votes = read_votes(random_votes(tmp_path, ["voter"], lambda rng, n: (f"v{n % 12}",)))
    fitted = rank(votes).fitted[0]
    z = difference(rank(votes), "a", "b").z
    # A level at which the normal distribution would tell the two apart, and Student's t does not.
    alpha = 2 * NormalDist().cdf(-0.97 * abs(z))
    gap = difference(rank(votes, alpha=alpha), "a", "b")
    assert gap.lower < 0 < gap.upper
    found = plan(votes, "a", "b", alpha=alpha)
    assert (found.z, found.told_apart) == (pytest.approx(z), False)
    unlikely = abs(float(fitted.z_scores()[tuple(fitted.places(["a", "b"]))]))
    assert found.order_probability == pytest.approx(NormalDist().cdf(unlikely))
    assert found.direct.assurance is not None
    assert found.direct.assurance < found.order_probability
    assert not plan(votes, "a", "b", alpha=2 * NormalDist().cdf(-0.9 * unlikely)).direct.votes


def test_a_saved_board_keeps_its_degrees_of_freedom(twelve: Board, tmp_path: Path) -> None:
    twelve.save(tmp_path / "board.json")
    again = Board.load(tmp_path / "board.json")
    assert again.fitted[0].freedom == pytest.approx(twelve.fitted[0].freedom)
    names = twelve.fitted[0].contestants[:2]
    assert difference(again, *names) == difference(twelve, *names)
