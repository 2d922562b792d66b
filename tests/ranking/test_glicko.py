"""Glicko-2 against its author's example, and against the published steps written out player by player."""

import math
from dataclasses import replace

import numpy as np
import pytest

from evenhand.ranking import RankingError
from evenhand.ranking.glicko import Glicko, glicko2
from evenhand.ranking.rows import SCORES, VoteRows
from tests.ranking.test_elo import simulated

UNIT = 173.7178


def game(winners: list[int], losers: list[int], size: int) -> VoteRows:
    number = len(winners)
    return VoteRows(
        size,
        np.array(winners),
        np.array(losers),
        np.arange(number, dtype=np.int32),
        np.zeros(number, dtype=np.uint8),
        np.empty((0, number), dtype=np.float32),
    )


def standing(rating: list[float], deviation: list[float]) -> Glicko:
    size = len(rating)
    return Glicko(np.array(rating), np.array(deviation), np.full(size, 0.06), np.ones(size, dtype=np.bool_))


EXAMPLE = standing([1500, 1400, 1550, 1700], [200, 30, 100, 300])


def test_glickmans_example_comes_out() -> None:
    after = glicko2(game([0, 2, 3], [1, 0, 0], 4), np.zeros(3, dtype=np.int64), before=EXAMPLE)
    # The example rounds on its way, hence one in the last place.
    assert after.rating[0] == pytest.approx(1464.06, abs=0.011)
    assert after.deviation[0] == pytest.approx(151.52, abs=0.005)
    assert after.volatility[0] == pytest.approx(0.05999, abs=1e-5)


def bisected(sigma: float, phi: float, v: float, delta: float, tau: float) -> float:
    """The volatility, where the published f is 0, by a method that cannot fail."""
    a = math.log(sigma**2)

    def f(x: float) -> float:
        e = math.exp(x)
        return e * (delta**2 - phi**2 - v - e) / (2 * (phi**2 + v + e) ** 2) - (x - a) / tau**2

    low, high = a - 30, a + 30
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) > 0 else (low, middle)
    return math.exp(low / 2)


def written_out(rows: VoteRows, periods: np.ndarray, tau: float) -> list[tuple[float, float, float]]:
    """(r, RD, σ) of each, by the published steps."""
    players = [(1500.0, 350.0, 0.06)] * rows.size
    seen: set[int] = set()
    weights = np.ones(len(rows)) if rows.weight is None else rows.weight
    for period in range(int(periods.min()), int(periods.max()) + 1):
        games: list[list[tuple[int, float, float]]] = [[] for _ in players]
        for n in np.flatnonzero(periods == period):
            a, b = int(rows.first[rows.pair[n]]), int(rows.second[rows.pair[n]])
            score = float(SCORES[rows.outcome[n]])
            games[a].append((b, score, weights[n]))
            games[b].append((a, 1 - score, weights[n]))
        after = []
        for one, (r, rd, sigma) in enumerate(players):
            mu, phi = (r - 1500) / UNIT, rd / UNIT
            if not games[one]:
                after.append((r, math.hypot(phi, sigma) * UNIT if one in seen else rd, sigma))
                continue
            seen.add(one)
            information = surprise = 0.0
            for other, score, weight in games[one]:
                g = 1 / math.sqrt(1 + 3 * (players[other][1] / UNIT) ** 2 / math.pi**2)
                expected = 1 / (1 + math.exp(-g * (mu - (players[other][0] - 1500) / UNIT)))
                information += weight * g**2 * expected * (1 - expected)
                surprise += weight * g * (score - expected)
            sigma = bisected(sigma, phi, 1 / information, surprise / information, tau)
            phi = 1 / math.sqrt(1 / (phi**2 + sigma**2) + information)
            after.append(((mu + phi**2 * surprise) * UNIT + 1500, phi * UNIT, sigma))
        players = after
    return players


@pytest.mark.parametrize("weighted", [False, True])
def test_several_periods_are_those_of_the_published_steps(*, weighted: bool) -> None:
    _, rows = simulated(300)
    rng = np.random.default_rng(2)
    periods = rng.choice([3, 4, 7, 9], 300)
    # Contestant 5 comes late, and 4 leaves early.
    among = np.stack([rows.first[rows.pair], rows.second[rows.pair]])
    periods[(among == 5).any(axis=0)] = 9
    periods[(among == 4).any(axis=0) & (periods > 4) & ~(among == 5).any(axis=0)] = 4
    if weighted:
        rows = replace(rows, weight=rng.uniform(0.2, 2, 300))
    after = glicko2(rows, periods, tau=1.0)
    for one, (r, rd, sigma) in enumerate(written_out(rows, periods, 1.0)):
        assert after.rating[one] == pytest.approx(r, abs=1e-4)
        assert after.deviation[one] == pytest.approx(rd, abs=1e-4)
        assert after.volatility[one] == pytest.approx(sigma, abs=1e-7)


def test_votes_within_a_period_are_simultaneous_and_periods_are_not() -> None:
    _, rows = simulated(200)
    periods = np.arange(200) // 50
    order = np.random.default_rng(0).permutation(200)
    shuffled = replace(rows, pair=rows.pair[order], outcome=rows.outcome[order])
    straight = glicko2(rows, periods)
    assert glicko2(shuffled, periods[order]).rating == pytest.approx(straight.rating)
    assert np.abs(glicko2(rows, 3 - periods).rating - straight.rating).max() > 1


def test_periods_can_be_rated_one_at_a_time() -> None:
    _, rows = simulated(200)
    periods = np.arange(200) // 100
    half = glicko2(rows.take(slice(0, 100)), periods[:100])
    both = glicko2(rows.take(slice(100, 200)), periods[100:], before=half)
    assert both.rating == pytest.approx(glicko2(rows, periods).rating)


def test_an_upset_after_long_peace_raises_the_volatility() -> None:
    rows = game([1] * 20, [0] * 20, 2)
    before = standing([2500, 1500], [30, 30])
    after = glicko2(rows, np.zeros(20, dtype=np.int64), before=before, tau=1.2)
    assert (after.volatility > 0.07).all()


def test_whoever_has_no_votes_stays_where_contestants_start() -> None:
    rows = game([0], [1], 3)
    after = glicko2(rows, np.array([5]))
    assert (after.rating[2], after.deviation[2], after.volatility[2]) == (1500, 350, 0.06)
    assert after.entered.tolist() == [True, True, False]
    nothing = glicko2(rows.take(slice(0, 0)), np.empty(0, dtype=np.int64))
    assert nothing.rating.tolist() == [1500] * 3


def test_votes_that_weigh_nothing_change_nothing() -> None:
    rows = replace(game([0], [1], 2), weight=np.zeros(1))
    after = glicko2(rows, np.zeros(1, dtype=np.int64))
    assert (after.rating.tolist(), after.deviation.tolist()) == ([1500, 1500], [350, 350])
    assert not after.entered.any()


def test_input_that_makes_no_sense_is_refused() -> None:
    rows = game([0, 1], [1, 0], 2)
    with pytest.raises(RankingError, match="Every one of the 2 votes"):
        glicko2(rows, np.zeros(3, dtype=np.int64))
    with pytest.raises(RankingError, match="whole number"):
        glicko2(rows, np.array([0.5, 1.0]))  # type: ignore[arg-type]
    with pytest.raises(RankingError, match="tau is 0"):
        glicko2(rows, np.zeros(2, dtype=np.int64), tau=0)
    with pytest.raises(RankingError, match="4 contestants stood before"):
        glicko2(rows, np.zeros(2, dtype=np.int64), before=EXAMPLE)
    with pytest.raises(RankingError, match="negative: leave out the votes whose day is not known"):
        glicko2(rows, np.array([-1, 3]))
