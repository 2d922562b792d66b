"""Whatever is shared out among threads comes out the same on one and on four, to the last digit."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from evenhand.ranking import products, rank, rank_slices, standings, threads
from evenhand.ranking.passes import Passes
from evenhand.ranking.products import lower_product, product, symmetric_product
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.threads import in_order


def some_votes(number: int = 3000) -> VoteRows:
    """Votes on six contestants with two covariates, some of them in slices."""
    rng = np.random.default_rng(11)
    first, second = np.nonzero(~np.eye(6, dtype=np.bool_))
    return VoteRows(
        6,
        first,
        second,
        rng.integers(len(first), size=number).astype(np.int32),
        rng.integers(4, size=number).astype(np.uint8),
        rng.normal(size=(2, number)).astype(np.float32),
        slices={name: rng.random(number) < 0.5 for name in ("coding", "math", "expert")},
        contestants=tuple("abcdef"),
        covariates=("length", "lists"),
    )


@pytest.fixture(params=[1, 4])
def on_threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (threads, standings):
        monkeypatch.setattr(module, "THREADS", request.param)


def on_each(monkeypatch: pytest.MonkeyPatch, work: Any) -> list[Any]:
    """What comes of some work on one thread, and on four."""
    results = []
    for number in (1, 4):
        for module in (threads, standings):
            monkeypatch.setattr(module, "THREADS", number)
        results.append(work())
    return results


@pytest.mark.usefixtures("on_threads")
def test_results_come_in_the_order_of_the_items() -> None:
    assert [*in_order(lambda item: item * item, range(20))] == [item * item for item in range(20)]


@pytest.mark.usefixtures("on_threads")
def test_no_more_items_are_taken_than_are_worked_on() -> None:
    items = iter(range(100))
    results = in_order(lambda item: item, items)
    assert next(results) == 0
    assert next(items) <= threads.THREADS + 1
    assert next(results) == 1


@pytest.mark.usefixtures("on_threads")
def test_an_error_in_a_thread_is_raised_where_its_result_would_come() -> None:
    results = in_order(lambda item: 1 / item, [2, 1, 0, 4])
    assert [next(results), next(results)] == [0.5, 1.0]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_a_large_product_is_the_same_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "ROWS", 7)
    rng = np.random.default_rng(0)
    left, right = rng.normal(size=(40, 30)), rng.normal(size=(30, 20))
    one, four = on_each(monkeypatch, lambda: product(left, right))
    assert one.tolist() == four.tolist()
    assert one == pytest.approx(left @ right, abs=1e-12)


def test_a_triangular_matrix_is_multiplied_as_any_other_on_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(0)
    lower, right = np.tril(rng.normal(size=(150, 150))), rng.normal(size=(150, 20))
    few = lower_product(lower, right)
    monkeypatch.setattr(products, "ROWS", 7)
    one, four = on_each(monkeypatch, lambda: lower_product(lower, right))
    assert one.tolist() == four.tolist()
    for found in (few, one):
        assert found == pytest.approx(lower @ right, abs=1e-12)


def test_a_symmetric_product_is_the_whole_one_on_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(0)
    left = rng.normal(size=(40, 30))
    monkeypatch.setattr(products, "ROWS", 7)
    one, four = on_each(monkeypatch, lambda: symmetric_product(left, left.T))
    assert one.tolist() == four.tolist()
    assert one == pytest.approx(left @ left.T, abs=1e-12)


def test_a_pass_is_the_same_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def hundreds(rows: VoteRows) -> Iterator[VoteRows]:
        return (rows.take(slice(start, start + 100)) for start in range(0, len(rows), 100))

    monkeypatch.setattr(VoteRows, "chunks", hundreds)
    passes, theta, beta = Passes(some_votes()), np.linspace(-1, 1, 6), np.array([0.2, -0.1])
    one, four = on_each(monkeypatch, lambda: passes(theta, beta, meat=True))
    assert one.loss == four.loss
    for name in ("residual", "slope"):
        assert getattr(one, name).tolist() == getattr(four, name).tolist()
    for name in ("plain", "tilted", "spread"):
        assert getattr(one.meat, name).tolist() == getattr(four.meat, name).tolist()
    first, second = on_each(monkeypatch, lambda: passes.score(theta, beta))
    assert first.tolist() == second.tolist()


def test_boards_of_slices_are_the_same_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    votes = some_votes()
    one, four = on_each(monkeypatch, lambda: rank_slices(votes))
    assert [*one] == ["overall", "expert", "coding", "math"]
    assert one == four


def test_style_control_is_the_same_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    one, four = on_each(monkeypatch, lambda: rank(some_votes(), style=("length", "lists")))
    assert one == four
