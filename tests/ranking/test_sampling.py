"""What a draw prefers, against the draw that the arena makes and against worlds without a model."""

import math
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.battles.draw import Ticket, draw
from evenhand.ranking import Cells, RankingError
from evenhand.ranking.bradley_terry import PairSums, fit
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.sampling import (
    FLOOR,
    PairDraw,
    draw_adaptively,
    draw_by_weight,
    exposure,
    inverse_probability_weights,
    reweight_pairs,
    score_variance,
    standard_error_reduction,
)
from tests.ranking.worlds import cells, pair_sums, tournament

weight_lists = st.lists(st.integers(1, 1000), min_size=2, max_size=7)


def by_name(drawn: PairDraw) -> dict[tuple[str, str], float]:
    return {
        (drawn.contestants[i], drawn.contestants[j]): float(p)
        for (i, j), p in zip(drawn.pairs, drawn.probability, strict=True)
    }


@settings(deadline=None)
@given(weight_lists)
def test_a_pair_is_two_contestants_drawn_one_after_the_other(weights: list[int]) -> None:
    total = sum(weights)
    found = by_name(draw_by_weight({str(i): weight for i, weight in enumerate(weights)}))
    for i, j in combinations(range(len(weights)), 2):
        exactly = sum(
            Fraction(weights[one], total) * Fraction(weights[other], total - weights[one])
            for one, other in ((i, j), (j, i))
        )
        assert found[str(i), str(j)] == pytest.approx(float(exactly))
    assert sum(found.values()) == pytest.approx(1)


def test_the_probability_is_what_the_arenas_draw_records_and_how_often_it_draws() -> None:
    weights = [5, 1, 3, 1]
    ids = [UUID(int=i) for i in range(4)]
    found = by_name(draw_by_weight(dict(zip(map(str, ids), weights, strict=True))))
    times = dict.fromkeys(found, 0)
    for counter in range(4_000):
        drawn = draw(b"seed", Ticket("arena", date(2026, 1, 1), counter, "nonce", "digest"), ids, weights)
        pair = (str(min(drawn.first, drawn.second)), str(max(drawn.first, drawn.second)))
        assert drawn.probability == pytest.approx(found[pair])
        times[pair] += 1
    for pair, number in times.items():
        p = found[pair]
        assert abs(number / 4_000 - p) < 4 * math.sqrt(p * (1 - p) / 4_000)


def test_a_contestant_of_weight_0_is_named_and_never_drawn() -> None:
    drawn = draw_by_weight({"b": 2, "a": 1, "gone": 0})
    assert by_name(drawn) == {("a", "b"): pytest.approx(1)}
    assert drawn.contestants == ("a", "b", "gone")
    assert drawn.exposure == pytest.approx([1, 1, 0])


def test_next_to_a_giant_the_chances_of_the_others_are_not_lost_to_rounding() -> None:
    found = by_name(draw_by_weight({"giant": 10**18, "one": 1, "two": 2}))
    assert found["giant", "one"] == pytest.approx(1 / 3)
    assert found["giant", "two"] == pytest.approx(2 / 3)
    assert found["one", "two"] == pytest.approx(2 / 10**18 * 2 / 10**18, rel=0.01)


def test_exposure_is_the_chance_to_take_part() -> None:
    # The second of three equal ones takes part in two of three pairs.
    assert draw_by_weight({"a": 1, "b": 1, "c": 1}).exposure == pytest.approx([2 / 3] * 3)


@pytest.mark.parametrize("weights", [{}, {"a": 1}, {"a": 1, "b": 0}])
def test_fewer_than_two_are_no_pair(weights: dict[str, int]) -> None:
    with pytest.raises(RankingError, match="no pair to draw"):
        draw_by_weight(weights)


@pytest.mark.parametrize("weight", [-1, 0.5, True])
def test_weights_are_whole_numbers(weight: int) -> None:
    with pytest.raises(RankingError, match="The weight of 'b' is"):
        draw_by_weight({"a": 1, "b": weight})


EQUAL = draw_by_weight({"a": 1, "b": 1, "c": 1})
THREE = (("a", "b", 30, 10, 8), ("a", "c", 200, 100, 0), ("b", "c", 5, 3, 1))


def test_the_adaptive_rule_is_the_papers_with_one_vote_that_is_half_won_and_half_lost_in_mind() -> None:
    found = by_name(draw_adaptively(tournament(*THREE), EQUAL, 0.3))
    gains = {}
    for a, b, wins, losses, ties in THREE:
        n = wins + losses + ties
        scores = [1.0] * (2 * wins + 1) + [0.0] * (2 * losses + 1) + [0.5] * 2 * ties
        sigma = np.var(scores)
        gains[a, b] = math.sqrt(sigma / n) - math.sqrt(sigma / (n + 1))
    for pair, gain in gains.items():
        assert found[pair] == pytest.approx(0.7 * gain / sum(gains.values()) + 0.3 / 3)


def test_the_rule_prefers_pairs_of_few_votes_and_pairs_that_voters_disagree_on() -> None:
    few = by_name(draw_adaptively(tournament(*THREE), EQUAL))
    assert few["b", "c"] > few["a", "b"] > few["a", "c"]
    split = tournament(("a", "b", 50, 50, 0), ("a", "c", 95, 5, 0), ("b", "c", 10, 10, 80))
    found = by_name(draw_adaptively(split, EQUAL))
    assert found["a", "b"] > found["a", "c"]
    assert found["a", "b"] > found["b", "c"]


def test_who_is_called_first_does_not_matter_to_the_rule() -> None:
    turned = tournament(*((b, a, losses, wins, ties) for a, b, wins, losses, ties in THREE))
    straight = by_name(draw_adaptively(tournament(*THREE), EQUAL))
    assert by_name(draw_adaptively(turned, EQUAL)) == pytest.approx(straight)
    renamed = tournament(
        *((a.replace("a", "z"), b, wins, losses, ties) for a, b, wins, losses, ties in THREE)
    )
    found = by_name(draw_adaptively(renamed, draw_by_weight({"z": 1, "b": 1, "c": 1})))
    assert found["b", "z"] == pytest.approx(straight["a", "b"])
    assert found["b", "c"] == pytest.approx(straight["b", "c"])


def test_a_pair_that_nobody_wants_to_see_again_keeps_its_floor() -> None:
    votes = Cells.from_sums(
        (a, b, outcome, n, n, n)
        for a, b, n in (("a", "b", 10**6), ("a", "c", 1), ("b", "c", 1))
        for outcome in ("a", "b")
    )
    declared = draw_by_weight({"a": 3, "b": 2, "c": 1})
    found = by_name(draw_adaptively(votes, declared))
    least = FLOOR * by_name(declared)["a", "b"]
    assert least < found["a", "b"] < 1.001 * least
    assert sum(found.values()) == pytest.approx(1)
    assert by_name(draw_adaptively(votes, declared, 1.0)) == pytest.approx(by_name(declared))


def test_pairs_that_have_never_met_come_first_and_are_equal() -> None:
    votes = tournament(("a", "b", 1, 0, 0), ("x", "y", 7, 7, 0))
    declared = draw_by_weight({"a": 1, "b": 1, "c": 1, "d": 1})
    found = by_name(draw_adaptively(votes, declared, 0.1))
    assert found["a", "b"] == pytest.approx(0.1 / 6)
    assert found["c", "d"] == found["a", "c"] == pytest.approx(0.9 / 5 + 0.1 / 6)
    nothing = draw_adaptively(Cells.from_sums([]), declared, 0.1)
    assert nothing.probability == pytest.approx(np.full(6, 1 / 6))


def test_votes_on_whoever_is_not_drawn_any_more_count_for_no_other_pair() -> None:
    votes = tournament(("a", "aa", 900, 900, 0), ("a", "c", 20, 20, 0), ("b", "c", 20, 20, 0))
    declared = draw_by_weight({"a": 1, "aa": 0, "b": 1, "c": 1})
    found = by_name(draw_adaptively(votes, declared, 0.3))
    assert found["a", "b"] == pytest.approx(0.7 + 0.1)  # the only pair that has never met


def test_a_pair_whose_votes_all_agree_is_not_taken_to_be_certain() -> None:
    assert score_variance(tournament(("a", "b", 3, 0, 0)))[0] == pytest.approx(np.var([1] * 7 + [0]))
    assert score_variance(tournament(("a", "b", 0, 0, 3)))[0] == pytest.approx(np.var([0.5] * 6 + [0, 1]))


def test_the_reduction_keeps_its_digits_where_votes_are_many() -> None:
    assert standard_error_reduction([0.25], [10**12])[0] == pytest.approx(0.25 * 10**-18, rel=1e-9)
    assert standard_error_reduction([1.0], [1])[0] == pytest.approx(1 - math.sqrt(0.5))
    assert standard_error_reduction([1.0], [0])[0] == math.inf


@pytest.mark.parametrize("floor", [0.0, -0.1, 1.1, math.nan])
def test_a_floor_lies_above_0(floor: float) -> None:
    with pytest.raises(RankingError, match="floor is"):
        draw_adaptively(tournament(*THREE), EQUAL, floor)


def test_exposure_that_is_even_counts_in_full_and_uneven_exposure_for_less() -> None:
    even = exposure(tournament(("a", "b", 5, 5, 0), ("a", "c", 0, 10, 0), ("b", "c", 0, 0, 10)))
    assert (even.effective_contestants, even.effective_pairs, even.evenness) == pytest.approx((3, 3, 1))
    assert even.votes.tolist() == [20, 20, 20]
    uneven = exposure(cells([("a", "b", "a")] * 9 + [("c", "d", "tie")], also=["e"]))
    assert (uneven.pairs_met, uneven.pairs_possible) == (2, 10)
    assert uneven.effective_pairs == pytest.approx(100 / 82)
    assert uneven.effective_contestants == pytest.approx(20**2 / (81 + 81 + 1 + 1))
    assert uneven.votes.tolist() == [9, 9, 1, 1, 0]


def test_without_votes_nothing_is_exposed() -> None:
    for nothing in (cells([]), cells([], also=["a"]), cells([], also=["a", "b"])):
        found = exposure(nothing)
        assert (found.pairs_met, found.effective_contestants, found.effective_pairs, found.evenness) == (
            0,
            0,
            0,
            0,
        )


def test_inverse_probability_weights_have_mean_1_and_say_what_they_cost() -> None:
    found = inverse_probability_weights([0.1, 0.2, 0.4])
    assert found.weight == pytest.approx(np.array([4, 2, 1]) * 3 / 7)
    assert (found.clipped, found.effective_votes) == (0, pytest.approx(49 / 21))
    even = inverse_probability_weights(np.full(10, 0.3))
    assert (even.weight.tolist(), even.effective_votes) == ([1.0] * 10, pytest.approx(10))


def test_a_clipped_weight_stands_at_the_bound_and_is_counted() -> None:
    p = np.array([0.001] + [0.1] * 9)
    found = inverse_probability_weights(p, clip=3)
    bound = 3 * np.mean(1 / p)
    assert found.clipped == 1
    assert found.weight[0] / found.weight[1] == pytest.approx(bound / 10)
    assert found.weight.mean() == pytest.approx(1)
    assert found.effective_votes > inverse_probability_weights(p).effective_votes


def test_no_votes_have_no_weights() -> None:
    found = inverse_probability_weights([])
    assert (len(found.weight), found.clipped, found.effective_votes) == (0, 0, 0)


@pytest.mark.parametrize("wrong", [0.0, -0.1, 1.5, math.nan, math.inf])
def test_a_probability_that_is_none_is_named(wrong: float) -> None:
    with pytest.raises(RankingError, match="The probability of vote 2 is"):
        inverse_probability_weights([0.5, wrong])


@pytest.mark.parametrize("clip", [1.0, 0.0, math.nan, math.inf])
def test_a_bound_that_makes_no_sense_is_refused(clip: float) -> None:
    with pytest.raises(RankingError, match="clip is"):
        inverse_probability_weights([0.5], clip=clip)


# The four go round in circles, so no ratings fit, and what a fit answers depends on who meets whom.
CIRCLES = np.array([0.9, 0.2, 0.6, 0.85, 0.3, 0.7])


def test_weighted_by_the_draw_the_ratings_are_those_of_all_pairs_alike() -> None:
    rng = np.random.Generator(np.random.Philox(5))
    drawn = draw_by_weight({"a": 12, "b": 5, "c": 2, "d": 1})
    met = rng.choice(6, 200_000, p=drawn.probability)
    lost = rng.random(len(met)) > CIRCLES[met]
    rows = VoteRows(
        4,
        *drawn.pairs.T,
        met.astype(np.int32),
        lost.astype(np.uint8),
        np.empty((0, len(met)), dtype=np.float32),
    )
    inverse = inverse_probability_weights(drawn.probability[met])
    weighted = replace(rows, weight=inverse.weight)
    alike = fit(PairSums(4, *drawn.pairs.T, CIRCLES, 1 - CIRCLES, np.ones((6, 3))))
    assert fit(pair_sums(weighted.cells("abcd"))) == pytest.approx(alike, abs=0.05)
    assert np.abs(fit(pair_sums(rows.cells("abcd"))) - alike).max() > 0.3


def test_reweighted_pairs_count_alike_from_the_least_number_on() -> None:
    votes = tournament(("a", "b", 60, 30, 10), ("a", "c", 600, 300, 100), ("b", "c", 5, 5, 0))
    found = reweight_pairs(votes)
    assert found.weights.sum(axis=1) == pytest.approx([1, 1, 10 / 50])
    assert found.squares.sum(axis=1) == pytest.approx([1 / 100, 1 / 1000, 10 / 50**2])
    assert found.votes.tolist() == votes.votes.tolist()
    assert found.weights[0] == pytest.approx(found.weights[1])


def test_weights_that_votes_have_are_kept_within_their_pair() -> None:
    votes = cells([("a", "b", "a"), ("a", "b", "b")], [3.0, 0.5])
    found = reweight_pairs(votes, least=1)
    assert found.weights[0] == pytest.approx([1.5, 0.25, 0, 0])
    assert found.squares[0] == pytest.approx([9 / 4, 0.25 / 4, 0, 0])


def test_reweighting_nothing_is_nothing_and_contestants_stay() -> None:
    assert reweight_pairs(cells([], also=["a"])) == cells([], also=["a"])
    with pytest.raises(RankingError, match="least is 0"):
        reweight_pairs(cells([]), 0)
