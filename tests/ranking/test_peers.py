"""The plain fit beside other libraries, where they compute the same thing: on real votes."""

import choix
import evalica
import numpy as np
import pytest

from evenhand.ranking import read_votes
from evenhand.ranking.bradley_terry import PairSums, fit
from tests.ranking.test_published_board import DATA, carried

CROWD = DATA / "llmfao_votes.csv"


@pytest.fixture(scope="module", params=["1.67 million votes, counted", "votes of a crowd"])
def sums(request: pytest.FixtureRequest) -> PairSums:
    """Real votes: those that the project carries, and a file that is tested with where it is."""
    file = carried() if "counted" in request.param else CROWD
    if not file.is_file():
        pytest.skip(f"the crowd's votes are not there: {file}")
    return PairSums.of(read_votes(file).cells)


def test_choix_finds_the_same_ratings(sums: PairSums) -> None:
    wins = np.zeros((sums.size, sums.size))
    wins[sums.first, sums.second] = sums.wins_first
    wins[sums.second, sums.first] = sums.wins_second
    theirs = choix.ilsr_pairwise_dense(wins, tol=1e-12)
    np.testing.assert_allclose(fit(sums), theirs - theirs.mean(), atol=1e-6)


def test_evalica_finds_the_same_ratings(sums: PairSums) -> None:
    names = [f"{number:03}" for number in range(sums.size)]
    winners = np.concatenate([sums.first, sums.second])
    losers = np.concatenate([sums.second, sums.first])
    result = evalica.bradley_terry(
        [names[i] for i in winners],
        [names[j] for j in losers],
        [evalica.Winner.X] * len(winners),
        weights=np.concatenate([sums.wins_first, sums.wins_second]).tolist(),
        tolerance=1e-13,
        limit=1_000_000,
    )
    theirs = np.log(np.array([result.scores[name] for name in names]))
    np.testing.assert_allclose(fit(sums), theirs - theirs.mean(), atol=1e-6)
