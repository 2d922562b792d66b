"""Plans against closed forms for two contestants, and against what happens when the votes come in."""

import math
from collections.abc import Callable
from itertools import count
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.ranking import Cells, RankingError
from evenhand.ranking.bradley_terry import fit
from evenhand.ranking.intervals import covariance
from evenhand.ranking.planner import plan
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.sampling import PairDraw, draw_by_weight
from tests.ranking.worlds import cells, pair_sums, simulated, tournament

SCALE = 400 / math.log(10)
C = NormalDist().inv_cdf(0.975)
Z = NormalDist().inv_cdf(0.8)
Vector = NDArray[np.float64]


def least(enough: Callable[[int], bool]) -> int:
    return next(n for n in count(1) if enough(n))


@pytest.mark.parametrize("difference", [10.0, 50.0, 200.0])
def test_before_there_are_votes_it_is_the_textbooks_number_for_two(difference: float) -> None:
    found = plan(cells([], also=["a", "b"]), "a", "b", difference=difference)
    delta = difference / SCALE
    p = 1 / (1 + math.exp(-delta))
    assert found.direct.votes == pytest.approx((C + Z) ** 2 / (p * (1 - p) * delta**2), rel=1.1e-3, abs=1)
    assert (found.z, found.difference, found.order_probability) == (None, None, 0.5)
    assert (found.direct.assurance, found.drawn.votes) == (None, None)


@pytest.mark.parametrize(("wins", "losses", "ties"), [(55, 45, 0), (57, 43, 60), (120, 100, 7)])
def test_for_two_with_votes_it_is_the_least_number_of_the_closed_form(
    wins: int, losses: int, ties: int
) -> None:
    n_0 = wins + losses + ties
    p = (wins + ties / 2) / n_0
    delta = math.log(p / (1 - p))
    of_one = (wins * (1 - p) ** 2 + losses * p**2 + ties * (0.5 - p) ** 2) / n_0  # variance of a score

    def enough(n: int) -> bool:
        information = (n_0 + n) * p * (1 - p)
        sd = math.sqrt((n_0 + n) * of_one) / information
        return delta - C * sd >= Z * math.sqrt(n * of_one) / information

    found = plan(tournament(("a", "b", wins, losses, ties)), "a", "b")
    z = delta / (math.sqrt(n_0 * of_one) / (n_0 * p * (1 - p)))
    assert found.z == pytest.approx(z)
    assert found.difference == pytest.approx(SCALE * delta)
    assert found.order_probability == pytest.approx(NormalDist().cdf(z))
    assert found.direct.votes == pytest.approx(least(enough), rel=1.1e-3)
    assert found.drawn == found.direct  # there is no other pair


def test_a_stated_difference_pulls_the_estimate_towards_itself() -> None:
    # Today's estimate is 17.4 points, what is planned for 60.
    n_0, p_0 = 200, 0.525
    delta_0, delta = math.log(p_0 / (1 - p_0)), 60 / SCALE
    p = 1 / (1 + math.exp(-delta))
    old, each = n_0 * p_0 * (1 - p_0), p * (1 - p)

    def enough(n: int) -> bool:
        information = old + n * each
        mean = (old * delta_0 + n * each * delta) / information
        return mean - C / math.sqrt(information) >= Z * math.sqrt(n * each) / information

    votes = tournament(("a", "b", 105, 95, 0))
    found = plan(votes, "a", "b", difference=60)
    assert found.assumed == pytest.approx(60)
    assert found.direct.votes == pytest.approx(least(enough), rel=1e-3, abs=1)
    turned = plan(votes, "b", "a", difference=60)
    assert turned.assumed == pytest.approx(-60)
    assert turned.direct == found.direct


def test_the_doubt_in_todays_estimate_is_in_the_assurance() -> None:
    found = plan(tournament(("a", "b", 60, 50, 0)), "a", "b")
    p, n = 6 / 11, found.direct.votes
    assert n is not None
    old, new = 110 * p * (1 - p), n * p * (1 - p)
    # With a flat prior the end is scattered around today's estimate by new / (old + new) of the old doubt
    # and by the new votes.
    scatter = math.sqrt((new / (old + new)) ** 2 / old + new / (old + new) ** 2)
    chance = NormalDist().cdf((math.log(1.2) - C / math.sqrt(old + new)) / scatter)
    assert found.direct.assurance == pytest.approx(chance)
    assert found.direct.assurance < found.power
    assert found.direct.assurance < found.order_probability


def reached(
    rng: np.random.Generator,
    before: Cells,
    draw: PairDraw,
    votes: int,
    truth: Vector,
    ties: float,
    pair: tuple[int, int],
) -> float:
    """How often the two are told apart in the order i, j after so many votes more."""
    i, j = pair
    size, times, runs = len(truth), 0, 400
    for _ in range(runs):
        first, second = draw.pairs[rng.choice(len(draw.pairs), votes, p=draw.probability)].T
        p = 1 / (1 + np.exp(truth[second] - truth[first]))
        tied, chance = ties * 4 * p * (1 - p), rng.random(votes)
        outcome = np.where(chance < p - tied / 2, 0, np.where(chance < p + tied / 2, 2, 1))
        table = np.bincount((first * size + second) * 4 + outcome, minlength=size**2 * 4).reshape(-1, 4)
        met = np.flatnonzero(table.sum(axis=1))
        new = Cells(
            before.contestants, met // size, met % size, np.stack([table[met].astype(np.float64)] * 3)
        )
        sums = pair_sums(before + new)
        theta = fit(sums)
        spread = covariance(sums, theta, np.zeros(size, dtype=np.bool_))
        sd = math.sqrt(spread[i, i] + spread[j, j] - 2 * spread[i, j])
        times += (theta[i] - theta[j]) / sd > C
    return times / runs


def only(votes: Cells, i: int, j: int) -> PairDraw:
    return PairDraw(votes.contestants, np.array([[min(i, j), max(i, j)]]), np.ones(1))


def board(seed: int, ties: float) -> tuple[np.random.Generator, Cells, Vector, int, int]:
    """Six contestants, and two of them that are not told apart, the better one first."""
    rng = np.random.Generator(np.random.Philox(seed))
    votes = simulated(rng, rng.normal(0, 0.4, 6), np.full(6, 1 / 6), 1200, ties)
    theta = fit(pair_sums(votes))
    order = np.argsort(-theta)
    gaps = -np.diff(theta[order])
    at = int(np.argmin(np.abs(gaps - 0.15)))
    return rng, votes, theta, int(order[at]), int(order[at + 1])


@pytest.mark.parametrize("ties", [0.0, 0.35])
@pytest.mark.parametrize("direct", [True, False])
def test_as_many_votes_as_planned_tell_them_apart_as_often_as_planned(*, direct: bool, ties: float) -> None:
    rng, votes, theta, i, j = board(21, ties)
    draw = draw_by_weight({name: 1 + number for number, name in enumerate(votes.contestants)})
    found = plan(votes, votes.contestants[i], votes.contestants[j], draw=draw)
    need = found.direct if direct else found.drawn
    assert not found.told_apart
    assert need.votes is not None
    how = only(votes, i, j) if direct else draw
    # The standard error of 400 runs is .02.
    assert reached(rng, votes, how, need.votes, theta, ties, (i, j)) == pytest.approx(0.8, abs=0.06)


def test_a_newcomer_without_votes_is_told_apart_as_often_as_planned() -> None:
    rng, votes, theta, i, _ = board(22, 0.35)
    votes += cells([], also=["new"])
    draw = draw_by_weight({**dict.fromkeys(votes.contestants, 1), "new": 5})
    found = plan(votes, "new", votes.contestants[i], draw=draw, difference=40, power=0.9)
    truth = np.append(theta, theta[i] + 40 / SCALE)
    assert found.drawn.votes is not None
    assert reached(rng, votes, draw, found.drawn.votes, truth, 0.35, (6, i)) == pytest.approx(0.9, abs=0.05)
    assert found.direct.votes is not None
    direct = reached(rng, votes, only(votes, i, 6), found.direct.votes, truth, 0.35, (6, i))
    assert direct == pytest.approx(0.9, abs=0.05)


def test_the_assurance_is_how_often_they_are_told_apart_when_the_truth_is_in_doubt() -> None:
    rng, votes, theta, i, j = board(23, 0.0)
    found = plan(votes, votes.contestants[i], votes.contestants[j])
    spread = covariance(pair_sums(votes), theta, np.zeros(6, dtype=np.bool_))
    root = np.linalg.cholesky(spread + 1 / 6)
    assert found.direct.votes is not None
    one_each = found.direct.votes
    times = 0
    for _ in range(400):
        truth = theta + root @ rng.standard_normal(6)
        p = 1 / (1 + math.exp(truth[j] - truth[i]))
        won = rng.binomial(one_each, p)
        table = np.array([[won, one_each - won, 0, 0]], dtype=np.float64)
        sums = pair_sums(
            votes + Cells(votes.contestants, np.array([i]), np.array([j]), np.stack([table] * 3))
        )
        after = fit(sums)
        v = covariance(sums, after, np.zeros(6, dtype=np.bool_))
        times += (after[i] - after[j]) / math.sqrt(v[i, i] + v[j, j] - 2 * v[i, j]) > C
    assert found.direct.assurance == pytest.approx(times / 400, abs=0.075)


def test_which_of_the_two_is_named_first_turns_the_sign_and_nothing_else() -> None:
    _, votes, _, i, j = board(24, 0.35)
    names = votes.contestants[i], votes.contestants[j]
    one, other = plan(votes, *names), plan(votes, *names[::-1])
    assert one.difference is not None
    assert other.difference == pytest.approx(-one.difference)
    assert (one.direct.votes, one.drawn.votes) == (other.direct.votes, other.drawn.votes)
    assert one.order_probability == pytest.approx(other.order_probability)


def test_more_power_and_a_stricter_level_take_more_votes() -> None:
    _, votes, _, i, j = board(25, 0.0)
    names = votes.contestants[i], votes.contestants[j]
    numbers = [
        plan(votes, *names, power=power, alpha=alpha).drawn.votes or 0
        for power, alpha in ((0.5, 0.05), (0.8, 0.05), (0.8, 0.01), (0.95, 0.01))
    ]
    assert numbers == sorted(set(numbers))


def test_a_common_weight_of_all_votes_changes_nothing() -> None:
    once = [("a", "b", "a")] * 55 + [("a", "b", "b")] * 45 + [("a", "c", "a")] * 40 + [("b", "c", "a")] * 40
    once += [("c", "a", "a")] * 30 + [("c", "b", "a")] * 30
    plain = plan(cells(once), "a", "b", draw=draw_by_weight({"a": 1, "b": 1, "c": 3}))
    tripled = plan(cells(once, [3.0] * len(once)), "a", "b", draw=draw_by_weight({"a": 1, "b": 1, "c": 3}))
    assert plain.direct.votes
    assert (tripled.direct.votes, tripled.drawn.votes) == (plain.direct.votes, plain.drawn.votes)
    assert tripled.z == pytest.approx(plain.z)


def test_voters_who_vote_twice_alike_need_twice_the_votes() -> None:
    rng = np.random.Generator(np.random.Philox(3))
    votes = 600
    pair = np.tile(np.arange(3, dtype=np.int32), votes // 3)
    outcome = (rng.random(votes) > np.array([0.55, 0.6, 0.57])[pair]).astype(np.uint8)
    first, second = np.array([0, 0, 1]), np.array([1, 2, 2])
    empty = np.empty((0, 2 * votes), dtype=np.float32)
    twice = VoteRows(
        3, first, second, np.repeat(pair, 2), np.repeat(outcome, 2), empty,
        cluster=np.repeat(np.arange(votes, dtype=np.int32), 2),
    )  # fmt: skip
    single = VoteRows(3, first, second, pair, outcome, empty[:, :votes])
    one = plan(single.cells("abc"), "a", "b")
    both = plan(twice.cells("abc"), "a", "b", rows=twice)
    assert both.z == pytest.approx(one.z, rel=1e-3)
    assert both.direct.votes == pytest.approx(2 * (one.direct.votes or 0), rel=0.01)


def test_clusters_too_few_to_measure_by_are_refused() -> None:
    rows = VoteRows(
        2,
        np.array([0]),
        np.array([1]),
        np.zeros(100, dtype=np.int32),
        (np.arange(100) % 3 == 0).astype(np.uint8),
        np.empty((0, 100), dtype=np.float32),
        cluster=np.zeros(100, dtype=np.int32),
    )
    with pytest.raises(RankingError, match="too few clusters"):
        plan(rows.cells("ab"), "a", "b", rows=rows)


def test_whoever_is_told_apart_already_needs_no_votes() -> None:
    found = plan(tournament(("a", "b", 70, 30, 0)), "a", "b", difference=1)
    assert found.told_apart
    assert (found.direct.votes, found.drawn.votes) == (0, 0)
    assert "told apart already" in found.statement
    assert "a is 147.2 points ahead of b" in found.statement


def test_equals_are_never_told_apart_unless_a_difference_is_stated() -> None:
    level = tournament(("a", "b", 40, 40, 10), ("a", "c", 10, 10, 0), ("b", "c", 10, 10, 0))
    found = plan(level, "a", "b")
    assert (found.difference, found.z, found.order_probability) == (0, 0, 0.5)
    assert (found.direct.votes, found.direct.never) == (found.drawn.votes, found.drawn.never)
    assert (found.direct.votes, found.direct.never) == (None, "no_difference")
    assert "no number of votes tells them apart" in found.statement
    assert plan(level, "a", "b", difference=0).direct.never == "no_difference"
    assert plan(level, "a", "b", difference=20).direct.votes is not None


def test_a_draw_that_says_nothing_of_the_two_never_tells_them_apart() -> None:
    votes = tournament(("a", "b", 55, 45, 0), ("c", "b", 50, 50, 0), ("c", "d", 50, 50, 0))
    found = plan(votes, "a", "b", draw=draw_by_weight({"c": 1, "d": 1}))
    assert found.direct.votes is not None
    assert (found.drawn.votes, found.drawn.never) == (None, "out_of_reach")
    assert "or no number of votes as votes are drawn" in found.statement


def test_a_chain_of_which_only_one_half_grows_comes_no_further_than_the_other_half() -> None:
    # a and c are compared through b alone, and b and c are not drawn any more.
    votes = tournament(("a", "b", 55, 45, 0), ("b", "c", 50, 50, 0))
    draw = draw_by_weight({"a": 1, "b": 1})
    found = plan(votes, "a", "c", draw=draw)
    assert (found.drawn.votes, found.drawn.never) == (None, "out_of_reach")
    # b and c stay equal, ± 34.7 points, so a must end 68 points ahead of b. It is 34.9 now, and half of what
    # a stated difference adds to that goes to b and c, who as likely were misjudged.
    assert plan(votes, "a", "c", draw=draw, difference=95).drawn.votes is None
    assert plan(votes, "a", "c", draw=draw, difference=110).drawn.votes is not None


def test_votes_elsewhere_are_counted_and_tell_nothing() -> None:
    votes = tournament(("a", "b", 55, 45, 0)) + tournament(("x", "y", 5, 6, 0))
    alone = plan(votes, "a", "b", draw=draw_by_weight({"a": 1, "b": 1}))
    spread = plan(votes, "a", "b", draw=draw_by_weight(dict.fromkeys("abxyz", 1)))
    assert spread.drawn.votes == pytest.approx(10 * (alone.drawn.votes or 0), rel=2e-3)
    until_now = plan(votes, "a", "b")
    assert until_now.drawn.votes == pytest.approx(1.11 * (alone.drawn.votes or 0), rel=2e-3)


def test_islands_that_the_draw_joins_can_be_planned_for() -> None:
    votes = tournament(("a", "b", 55, 45, 0)) + tournament(("x", "y", 50, 60, 0))
    with pytest.raises(RankingError, match="No chain of comparisons joins 'a' and 'x'"):
        plan(votes, "a", "x")
    found = plan(votes, "a", "x", difference=50)
    assert found.direct.votes is not None
    assert found.drawn.never == "out_of_reach"  # as votes have been drawn, the two groups never meet
    joined = plan(votes, "a", "x", difference=50, draw=draw_by_weight(dict.fromkeys("abxy", 1)))
    assert joined.drawn.votes is not None
    assert joined.drawn.votes > found.direct.votes
    assert "No chain of comparisons joins a and x yet." in joined.statement


def test_an_undefeated_contestant_is_planned_for_by_the_penalised_fit() -> None:
    votes = tournament(("a", "b", 2, 0, 0), ("b", "c", 20, 20, 0), ("a", "c", 1, 0, 1))
    found = plan(votes, "a", "b")
    assert found.difference is not None
    assert math.isfinite(found.difference)
    assert found.direct.votes is not None
    assert found.drawn.votes is not None


def test_nothing_but_ties_is_no_difference() -> None:
    found = plan(tournament(("a", "b", 0, 0, 50)), "a", "b", difference=30)
    assert found.z == 0
    # Agreement is not certainty: as if every vote decided.
    assert found.direct.votes == pytest.approx((C + Z) ** 2 * 4 / (30 / SCALE) ** 2, rel=0.1)


def test_the_statement_says_the_numbers() -> None:
    found = plan(tournament(("a", "b", 45, 55, 0), ("b", "c", 30, 30, 0)), "a", "b")
    assert found.statement == (
        "b is 34.9 points ahead of a (z = 1.00); that it is the better one has a probability of 84.1 %. "
        "If the difference is 34.9 points, then with a probability of 80 % they are told apart at 95 % after "
        f"{found.direct.votes} more votes between the two, or {found.drawn.votes:,} more votes as votes are "
        "drawn. That takes the difference for true. Allowing for the doubt in it, so many votes between the "
        "two tell them apart, in this order, with a probability of "
        f"{100 * (found.direct.assurance or 0):.3g} %."
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": 0.0}, "alpha is 0.0"),
        ({"alpha": math.nan}, "alpha is nan"),
        ({"power": 0.4}, "power is 0.4"),
        ({"power": 1.0}, "power is 1.0"),
        ({"difference": -1.0}, "The difference is -1.0"),
        ({"difference": math.inf}, "The difference is inf"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(RankingError, match=message):
        plan(tournament(("a", "b", 5, 4, 0)), "a", "b", **options)  # type: ignore[arg-type]


def test_contestants_must_be_two_and_known() -> None:
    votes = tournament(("a", "b", 5, 4, 0))
    with pytest.raises(RankingError, match="'x' is not among the contestants"):
        plan(votes, "a", "x")
    with pytest.raises(RankingError, match="'a' cannot be told apart from itself"):
        plan(votes, "a", "a")
