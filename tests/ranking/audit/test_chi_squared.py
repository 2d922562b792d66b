import math

import numpy as np
import pytest

from evenhand.ranking.audit.chi_squared import holm, survival


@pytest.mark.parametrize(
    ("x", "df", "p"),
    # Critical values as the tables print them (Abramowitz & Stegun, table 26.8).
    [
        (3.84146, 1, 0.05),
        (5.99146, 2, 0.05),
        (11.0705, 5, 0.05),
        (18.3070, 10, 0.05),
        (124.342, 100, 0.05),
        (6.63490, 1, 0.01),
        (29.5883, 10, 0.001),
        (0.0157908, 1, 0.9),
        (70.0649, 100, 0.99),
    ],
)
def test_the_tail_is_that_of_the_printed_tables(x: float, df: float, p: float) -> None:
    assert survival(x, df) == pytest.approx(p, rel=2e-5)


@pytest.mark.parametrize("x", [0.001, 0.5, 2.0, 9.0, 60.0, 600.0])
def test_with_one_degree_of_freedom_it_is_the_tail_of_the_normal_and_with_two_of_the_exponential(
    x: float,
) -> None:
    assert survival(x, 1) == pytest.approx(math.erfc(math.sqrt(x / 2)), rel=1e-12)
    assert survival(x, 2) == pytest.approx(math.exp(-x / 2), rel=1e-12)


@pytest.mark.parametrize("half", [3, 50, 400])
def test_with_even_degrees_of_freedom_it_is_the_sum_of_a_poisson_distribution(half: int) -> None:
    for x in (0.5 * half, 2.0 * half, 3.0 * half):
        logs = np.array([k * math.log(x / 2) - x / 2 - math.lgamma(k + 1) for k in range(half)])
        assert survival(x, 2 * half) == pytest.approx(np.exp(logs).sum(), rel=1e-9)


def test_between_whole_degrees_of_freedom_it_lies_between() -> None:
    assert survival(7.0, 4) < survival(7.0, 4.5) < survival(7.0, 5)


def test_with_thousands_of_degrees_of_freedom_it_is_close_to_the_normal() -> None:
    df = 8000
    for z in (-3.0, 0.0, 1.0, 4.0):
        # Wilson & Hilferty, The distribution of chi-square, 1931.
        x = df * (1 - 2 / (9 * df) + z * math.sqrt(2 / (9 * df))) ** 3
        assert survival(x, df) == pytest.approx(math.erfc(z / math.sqrt(2)) / 2, rel=1e-3)


def test_beyond_all_numbers_it_is_nothing_and_before_all_of_them_everything() -> None:
    assert survival(1e6, 3) == 0.0
    assert survival(0.0, 3) == survival(-1.0, 3) == 1.0
    assert survival(1e-300, 3) == 1.0


def test_holm_multiplies_the_smallest_by_all_and_never_turns_the_order() -> None:
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06])
    np.testing.assert_allclose(holm([0.9, 0.8]), [1.0, 1.0])
    assert len(holm([])) == 0
