"""Steps towards a solution, where they get there."""

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.ranking import bradley_terry
from evenhand.ranking.bradley_terry import solve
from evenhand.ranking.conjugate import conjugate_gradients

Numbers = NDArray[np.float64]


def laplacian(weights: Numbers) -> Numbers:
    """That of a graph whose edges weigh so much, (size, size)."""
    both = weights + weights.T
    matrix: Numbers = np.diag(both.sum(axis=1)) - both
    return matrix


def met_many(size: int, seed: int = 0) -> Numbers:
    """Contestants of whom some have met a thousand times as often as others."""
    rng = np.random.default_rng(seed)
    often = 10.0 ** rng.uniform(0, 3, size)
    return laplacian(np.triu(rng.random((size, size)) * np.outer(often, often), 1))


def chain(size: int) -> Numbers:
    """Contestants who each met the next one alone."""
    return laplacian(np.eye(size, k=1))


def some_right_side(size: int) -> Numbers:
    right = np.random.default_rng(1).normal(size=size)
    return right - right.mean()


@pytest.mark.parametrize("seed", range(5))
def test_among_those_who_met_many_others_it_is_what_elimination_finds(seed: int) -> None:
    matrix, right = met_many(60, seed), some_right_side(60)
    found = conjugate_gradients(matrix, right)
    assert found is not None
    exact = np.linalg.pinv(matrix) @ right
    assert found == pytest.approx(exact, abs=1e-11 * np.abs(exact).max())


def test_rounding_in_the_sum_of_a_right_side_that_is_next_to_nothing_does_no_harm() -> None:
    matrix, right = met_many(60), some_right_side(60) * 1e-12 + 1e-13
    found = conjugate_gradients(matrix, right)
    assert found == pytest.approx(np.linalg.pinv(matrix) @ right, abs=1e-18)


def test_nothing_is_the_solution_where_nothing_is_asked() -> None:
    assert conjugate_gradients(met_many(5), np.zeros(5)) == pytest.approx(np.zeros(5), abs=0)


def test_along_a_chain_it_gives_up_and_elimination_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bradley_terry, "MANY", 2)
    matrix, right = chain(200), some_right_side(200)
    assert conjugate_gradients(matrix, right) is None
    found = solve(matrix, right[:, None])[:, 0]
    assert matrix @ found == pytest.approx(right, abs=1e-10)


def test_of_somebody_who_met_nobody_it_finds_nothing() -> None:
    matrix = np.zeros((3, 3))
    matrix[:2, :2] = [[1, -1], [-1, 1]]
    assert conjugate_gradients(matrix, np.array([1.0, -1.0, 0.0])) is None


def test_all_columns_are_solved_by_steps_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bradley_terry, "MANY", 2)
    matrix = met_many(60)
    right = np.stack([some_right_side(60), -2.0 * some_right_side(60)], axis=1)
    first, second = solve(matrix, right).T
    assert second == pytest.approx(-2.0 * first)
    assert first == pytest.approx(np.linalg.pinv(matrix) @ right[:, 0], rel=1e-9, abs=1e-15)
