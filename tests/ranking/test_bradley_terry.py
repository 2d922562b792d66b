import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.ranking import Cells, RankingError, bradley_terry, penalised
from evenhand.ranking.bradley_terry import (
    PairSums,
    Vector,
    by_halves,
    climb,
    derivatives,
    fit,
    information,
    inverse,
    log_likelihood,
)
from evenhand.ranking.penalised import PenalisedLikelihood, fit_penalised
from tests.ranking.worlds import pair_sums, simulated, tournament

STEP = 1e-5


@pytest.fixture
def sums() -> PairSums:
    rng = np.random.default_rng(7)
    return pair_sums(simulated(rng, rng.normal(0, 1, 6), np.full(6, 1 / 6), 120, ties=0.3))


@pytest.fixture
def theta() -> NDArray[np.float64]:
    return np.random.default_rng(8).normal(0, 1, 6)


def gradient(sums: PairSums, theta: Vector) -> Vector:
    return derivatives(sums, theta)[0]


def test_the_gradient_is_the_slope_of_the_likelihood(sums: PairSums, theta: NDArray[np.float64]) -> None:
    slopes = [
        (log_likelihood(sums, theta + e) - log_likelihood(sums, theta - e)) / (2 * STEP)
        for e in STEP * np.eye(6)
    ]
    assert gradient(sums, theta) == pytest.approx(slopes, abs=1e-6)


def test_the_information_is_minus_the_slope_of_the_gradient(
    sums: PairSums, theta: NDArray[np.float64]
) -> None:
    slopes = [(gradient(sums, theta - e) - gradient(sums, theta + e)) / (2 * STEP) for e in STEP * np.eye(6)]
    assert information(sums, theta) == pytest.approx(np.array(slopes), abs=1e-6)
    assert np.array_equal(derivatives(sums, theta)[1], information(sums, theta))


def test_the_penalised_score_is_the_slope_of_the_penalised_likelihood(
    sums: PairSums, theta: NDArray[np.float64]
) -> None:
    likelihood = PenalisedLikelihood(sums)
    slopes = [
        (likelihood.height(theta + e) - likelihood.height(theta - e)) / (2 * STEP) for e in STEP * np.eye(6)
    ]
    assert likelihood.score(theta)[0] == pytest.approx(slopes, abs=1e-6)


def test_the_penalty_is_half_the_logarithm_of_the_determinant_of_the_information(
    sums: PairSums, theta: NDArray[np.float64]
) -> None:
    own = np.linalg.eigvalsh(information(sums, theta))[1:]
    height = log_likelihood(sums, theta) + 0.5 * np.log(own).sum()
    assert PenalisedLikelihood(sums).height(theta) == pytest.approx(height, abs=1e-9)


def test_where_the_information_is_beyond_double_precision_the_penalised_likelihood_is_nothing(
    sums: PairSums,
) -> None:
    assert PenalisedLikelihood(sums).height(np.linspace(-9000.0, 9000.0, 6)) == -math.inf


def test_the_pseudo_inverse_is_that_of_the_laplacian(sums: PairSums, theta: NDArray[np.float64]) -> None:
    matrix = information(sums, theta)
    assert inverse(matrix) == pytest.approx(np.linalg.pinv(matrix), abs=1e-9)


def test_the_fit_solves_the_likelihood_equations(sums: PairSums) -> None:
    fitted = fit(sums)
    assert np.abs(gradient(sums, fitted)).max() < 1e-9
    assert fitted.sum() == pytest.approx(0, abs=1e-12)


def test_two_contestants_differ_by_the_log_odds_of_their_wins_a_tie_being_half_of_one() -> None:
    fitted = fit(pair_sums(tournament(("x", "y", 30, 10, 8))))
    assert fitted[0] - fitted[1] == pytest.approx(math.log(34 / 14), abs=1e-12)


def test_a_step_that_overshoots_is_halved() -> None:
    # Newton's steps on -√(1 + x²) from 3 leap to -27, and on to infinity.
    found = climb(lambda x: -x * (1 + x**2), lambda x: -float(np.sqrt(1 + x**2)[0]), np.array([3.0]))
    assert found == pytest.approx([0.0], abs=1e-9)


def test_steps_that_do_not_settle_are_an_error() -> None:
    with pytest.raises(RankingError, match="does not converge"):
        climb(lambda x: np.ones(1), lambda x: float(x[0]), np.zeros(1))


def test_contestants_who_hardly_ever_beat_the_next_better_are_rated_exactly() -> None:
    lines = ((f"{i}", f"{i + 1}", *cell) for i in range(6) for cell in (("a", 99_999), ("b", 1)))
    steep = Cells.from_sums((a, b, outcome, n, n, n) for a, b, outcome, n in lines)
    fitted = fit(pair_sums(steep))
    assert -np.diff(fitted) == pytest.approx(np.full(6, math.log(99_999)), abs=1e-8)


@pytest.mark.parametrize(("wins", "losses"), [(1, 0), (0, 1), (10, 0), (3, 2)])
def test_the_penalty_gives_two_contestants_half_a_win_each(wins: int, losses: int) -> None:
    fitted = fit_penalised(pair_sums(tournament(("x", "y", wins, losses, 0))))
    assert fitted[0] - fitted[1] == pytest.approx(math.log((wins + 0.5) / (losses + 0.5)), abs=1e-9)


def test_the_penalised_fit_is_the_optimum_that_a_search_without_derivatives_finds() -> None:
    votes = tournament(("a", "b", 3, 0, 0), ("b", "c", 2, 1, 1), ("c", "d", 0, 1, 0), ("a", "d", 1, 0, 0))
    sums = pair_sums(votes)
    best = _pattern_search(sums)
    assert fit_penalised(sums) == pytest.approx(best - best.mean(), abs=1e-6)


def _pattern_search(sums: PairSums) -> NDArray[np.float64]:
    """Climb along one coordinate at a time with ever smaller steps."""
    at, step = np.zeros(sums.size), 1.0
    top = PenalisedLikelihood(sums).height(at)
    while step > 1e-8:
        tries = [at + sign * step * unit for unit in np.eye(sums.size) for sign in (1, -1)]
        heights = [PenalisedLikelihood(sums).height(point) for point in tries]
        if max(heights) > top:
            top, at = max(heights), tries[int(np.argmax(heights))]
        else:
            step /= 2
    return at


def test_a_common_factor_in_the_weights_does_not_move_the_normalised_sums() -> None:
    sums = pair_sums(tournament(("x", "y", 3, 1, 0)))
    tenfold = PairSums(
        sums.size, sums.first, sums.second, 10 * sums.wins_first, 10 * sums.wins_second, 100 * sums.squares
    )
    assert tenfold.normalised().wins_first == pytest.approx(sums.wins_first)
    assert sums.normalised().wins_first == pytest.approx(sums.wins_first)


@pytest.mark.parametrize("fitting", [fit, fit_penalised])
def test_a_start_so_far_off_that_nothing_shows_the_way_leads_to_the_same_fit(
    fitting: Callable[[PairSums, Vector | None], Vector],
) -> None:
    sums = pair_sums(tournament(("x", "y", 3, 1, 0), ("y", "z", 2, 2, 1), ("x", "z", 2, 1, 0)))
    far = np.array([-800.0, 0.0, 800.0])
    assert fitting(sums, far) == pytest.approx(fitting(sums, None))
    assert fitting(sums, np.array([5.0, 6.0, 7.0])) == pytest.approx(fitting(sums, None))


def test_an_inverse_by_halves_is_the_inverse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bradley_terry, "WHOLE", 2)
    root = np.random.default_rng(0).normal(size=(23, 30))
    matrix = root @ root.T
    logs: list[float] = []
    assert by_halves(matrix, logs) @ matrix == pytest.approx(np.eye(23), abs=1e-10)
    assert len(logs) > 1
    assert sum(logs) == pytest.approx(np.linalg.slogdet(matrix)[1])


def test_a_penalised_fit_that_was_approached_is_the_same_in_fewer_inversions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(3)
    votes = simulated(rng, rng.normal(0, 0.7, 30), np.full(30, 1 / 30), 4000, 0.3)
    sums = pair_sums(votes + tournament(("new", "000", 1, 0, 0)))
    inversions = 0

    def counting(matrix: NDArray[np.float64], logs: list[float] | None) -> NDArray[np.float64]:
        nonlocal inversions
        inversions += 1
        return by_halves(matrix, logs)

    monkeypatch.setattr(bradley_terry, "by_halves", counting)
    plain = fit_penalised(sums)
    before, inversions = inversions, 0
    monkeypatch.setattr(penalised, "LARGE", 2)
    assert fit_penalised(sums) == pytest.approx(plain, abs=1e-9)
    assert 0 < inversions < before
