import numpy as np

from evenhand.ranking.connectivity import islands, strong_components


def test_islands_are_the_groups_that_comparisons_join_largest_first() -> None:
    assert islands(np.array([[0, 4], [1, 2], [2, 5]]), 6) == [[1, 2, 5], [0, 4], [3]]


def test_a_circle_of_wins_is_one_strong_component() -> None:
    assert strong_components(np.array([[0, 1], [1, 2], [2, 0]]), 3) == [[0, 1, 2]]


def test_a_chain_of_wins_is_as_many_components_as_contestants() -> None:
    assert strong_components(np.array([[0, 1], [1, 2]]), 3) == [[0], [1], [2]]


def test_one_upset_joins_all_that_lie_between() -> None:
    edges = np.array([[0, 1], [1, 2], [2, 3], [2, 0]])
    assert strong_components(edges, 4) == [[0, 1, 2], [3]]


def test_no_contestants_are_no_components() -> None:
    assert islands(np.empty((0, 2), dtype=np.int64), 0) == []


def test_a_long_chain_needs_no_deep_recursion() -> None:
    chain = np.array([[i, i + 1] for i in range(5000)])
    assert len(strong_components(chain, 5001)) == 5001
    assert len(islands(chain, 5001)) == 1
