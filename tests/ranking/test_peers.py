"""The plain fit beside other libraries, where they compute the same thing: on the crowd's real votes."""

from pathlib import Path

import numpy as np
import pytest

from evenhand.ranking import read_votes
from evenhand.ranking.bradley_terry import fit
from tests.ranking.worlds import pair_sums

CROWD = Path(__file__).resolve().parents[3] / "shared" / "data" / "llmfao_votes.csv"


@pytest.fixture
def wins() -> np.ndarray:
    """Wins of the row over the column, ties as half a win each."""
    if not CROWD.is_file():
        pytest.skip(f"the crowd's votes are not there: {CROWD}")
    sums = pair_sums(read_votes(CROWD).cells)
    table = np.zeros((sums.size, sums.size))
    table[sums.first, sums.second] = sums.wins_first
    table[sums.second, sums.first] = sums.wins_second
    return table


@pytest.fixture
def theta() -> np.ndarray:
    """Ours, centred."""
    if not CROWD.is_file():
        pytest.skip(f"the crowd's votes are not there: {CROWD}")
    return fit(pair_sums(read_votes(CROWD).cells))


def test_choix_finds_the_same_ratings(wins: np.ndarray, theta: np.ndarray) -> None:
    choix = pytest.importorskip("choix", reason="choix is not installed; make test-engines runs this")
    theirs = choix.ilsr_pairwise_dense(wins, tol=1e-12)
    np.testing.assert_allclose(theta, theirs - theirs.mean(), atol=1e-6)


def test_evalica_finds_the_same_ratings(wins: np.ndarray, theta: np.ndarray) -> None:
    evalica = pytest.importorskip("evalica", reason="evalica is not installed; make test-engines runs this")
    rows, columns = np.nonzero(wins)
    names = [f"{number:03}" for number in range(len(wins))]
    result = evalica.bradley_terry(
        [names[i] for i in rows],
        [names[j] for j in columns],
        [evalica.Winner.X] * len(rows),
        weights=wins[rows, columns].tolist(),
        tolerance=1e-13,
        limit=1_000_000,
    )
    theirs = np.log(np.array([result.scores[name] for name in names]))
    np.testing.assert_allclose(theta, theirs - theirs.mean(), atol=1e-6)
