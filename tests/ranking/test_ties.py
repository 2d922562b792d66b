import itertools
import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from evenhand.ranking import OUTCOMES, Cells, RankingError, rank
from evenhand.ranking.bradley_terry import climb, fit
from evenhand.ranking.intervals import covariance
from evenhand.ranking.pair_counts import read_pair_counts
from evenhand.ranking.tie_models import DAVIDSON, GROUNDED, RAO_KUPPER, TIE_MODELS, TieModel, TieModelName
from evenhand.ranking.ties import _Likelihood, fit_ties
from tests.ranking.test_published_board import carried
from tests.ranking.worlds import Vote, cells, pair_sums

Array = NDArray[np.float64]

NAMES: tuple[TieModelName, ...] = ("rao-kupper", "davidson", "grounded")
MODELS = pytest.mark.parametrize("model", [RAO_KUPPER, DAVIDSON, GROUNDED], ids=NAMES)
STEP = 1e-5


def shares(name: str, theta_a: Array, theta_b: Array, parameter: float) -> Array:
    """Return the probabilities as the papers write them: of a, b, tie and, if grounded, both bad."""
    a, b = np.exp(theta_a), np.exp(theta_b)
    if name == "rao-kupper":
        wide = np.exp(parameter)
        wins = a / (a + wide * b), b / (b + wide * a)
        return np.stack([*wins, (wide**2 - 1) * a * b / (a + wide * b) / (b + wide * a)], axis=-1)
    if name == "davidson":
        tied = parameter * np.sqrt(a * b)
        return np.stack([a, b, tied], axis=-1) / (a + b + tied)[..., None]
    wide = 1 + np.exp(parameter)
    won, lost, bad = a / (a + wide * b + 1), b / (b + wide * a + 1), 1 / (1 + a + b)
    return np.stack([won, lost, 1 - won - lost - bad, bad], axis=-1)


def observed(name: str, table: Array) -> Array:
    return table if name == "grounded" else np.stack([*table.T[:2], table[:, 2] + table[:, 3]], axis=1)


def world(name: str, seed: int, size: int, votes: int, parameter: float, level: float = 0.0) -> Cells:
    """Simulate votes from a model; θ run from level - 1 to level + 1."""
    rng = np.random.default_rng(seed)
    theta = level + np.linspace(-1, 1, size)
    first = rng.integers(size, size=votes)
    second = (first + rng.integers(1, size, votes)) % size
    p = shares(name, theta[first], theta[second], parameter)
    outcome = (rng.random(votes)[:, None] > p.cumsum(axis=1)).sum(axis=1).clip(max=p.shape[1] - 1)
    one = np.zeros((3, votes, 4))
    one[:, np.arange(votes), outcome] = 1.0
    return Cells([f"{i:02}" for i in range(size)], first, second, one)


@pytest.fixture
def votes() -> Cells:
    """Votes with weights, in which all outcomes occur."""
    rng = np.random.default_rng(21)
    a, b = rng.integers(4, size=200), rng.integers(1, 4, size=200)
    outcomes = rng.choice(OUTCOMES, 200, p=[0.4, 0.3, 0.2, 0.1])
    names = np.array(["w", "x", "y", "z"])
    return Cells.from_votes(names[a], names[(a + b) % 4], outcomes, rng.uniform(0.5, 2.0, 200).tolist())


@MODELS
def test_probabilities_are_those_of_the_papers(model: TieModel) -> None:
    rng = np.random.default_rng(1)
    a, b, parameter = rng.normal(0, 2, 50), rng.normal(0, 2, 50), 0.7
    found = np.exp(model.log_probabilities(a, b, model.internal(parameter)))
    assert found == pytest.approx(shares(model.name, a, b, parameter), abs=1e-12)
    assert found.sum(axis=1) == pytest.approx(np.ones(50))


@MODELS
def test_the_parameter_comes_back_from_the_scale_it_is_fitted_on(model: TieModel) -> None:
    x = model.internal(0.3)
    value, slope = model.natural(x)
    assert value == pytest.approx(0.3, abs=1e-15)
    assert slope == pytest.approx((model.natural(x + STEP)[0] - model.natural(x - STEP)[0]) / (2 * STEP))


@MODELS
def test_score_and_information_are_the_slopes_of_the_likelihood(model: TieModel, votes: Cells) -> None:
    likelihood = _Likelihood(model, votes)
    u = np.random.default_rng(2).normal(0, 1, 5)
    derivatives = likelihood.derivatives(u)
    units = STEP * np.eye(5)
    slopes = [(likelihood.height(u + e) - likelihood.height(u - e)) / (2 * STEP) for e in units]
    assert likelihood.score(derivatives) == pytest.approx(slopes, abs=1e-5)

    def score(at: Array) -> Array:
        return likelihood.score(likelihood.derivatives(at))

    bends = np.array([(score(u - e) - score(u + e)) / (2 * STEP) for e in units])
    assert likelihood.curvature(derivatives) == pytest.approx(bends, abs=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_the_fit_is_the_optimum_that_a_search_without_derivatives_finds(
    name: TieModelName, votes: Cells
) -> None:
    table, (first, second) = observed(name, votes.weights), votes.pairs.T

    def height(u: Array) -> float:
        if name != "grounded" and u[-1] <= 0:
            return -math.inf
        return float((table * np.log(shares(name, u[first], u[second], u[-1]))).sum())

    at, step = np.append(np.zeros(4), 0.5), 1.0
    top = height(at)
    while step > 1e-7:
        # One contestant at a time, and all at once: only the grounded model notices that.
        moves = [*np.eye(5), np.append(np.ones(4), 0.0)]
        tries = [at + sign * step * move for move in moves for sign in (1, -1)]
        heights = [height(one) for one in tries]
        if max(heights) > top:
            top, at = max(heights), tries[int(np.argmax(heights))]
        else:
            step /= 2
    centre = 0.0 if name == "grounded" else at[:-1].mean()
    fitted = fit_ties(votes, name)
    assert fitted.theta == pytest.approx(at[:-1] - centre, abs=1e-4)
    assert fitted.parameter == pytest.approx(at[-1], abs=1e-4)
    assert fitted.log_likelihood == pytest.approx(top, abs=1e-7)


@pytest.mark.parametrize("name", NAMES)
def test_between_two_contestants_every_outcome_is_predicted_as_often_as_it_was_seen(
    name: TieModelName,
) -> None:
    counts = {"a": 50, "b": 20, "tie": 18, "both_bad": 12}
    one = Cells.from_sums(("x", "y", outcome, n, n, n) for outcome, n in counts.items())
    found = fit_ties(one, name).probabilities("x", "y")
    assert found["a"] == pytest.approx(0.5)
    assert found["b"] == pytest.approx(0.2)
    assert found["tie"] == pytest.approx(0.18 if name == "grounded" else 0.3)
    assert found.get("both_bad", 0.12) == pytest.approx(0.12)
    assert fit_ties(one, name).probabilities("y", "x")["a"] == pytest.approx(0.2)


def test_the_covariance_of_two_contestants_is_that_of_their_log_odds() -> None:
    one = Cells.from_sums(("x", "y", outcome, n, n, n) for outcome, n in (("a", 50), ("b", 20), ("tie", 30)))
    fitted = fit_ties(one, "davidson")
    v = fitted.covariance
    # θ_x - θ_y = log 50/20, log ν = log 30 - ½ log (50 · 20).
    assert fitted.theta[0] - fitted.theta[1] == pytest.approx(math.log(50 / 20), abs=1e-10)
    assert v[0, 0] + v[1, 1] - 2 * v[0, 1] == pytest.approx(1 / 50 + 1 / 20, abs=1e-10)
    assert (fitted.parameter_sd or 0) / fitted.parameter == pytest.approx(
        math.sqrt(1 / 30 + 1 / 200 + 1 / 80), abs=1e-10
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_covariance_is_the_sandwich_written_out_over_the_cells(name: TieModelName, votes: Cells) -> None:
    fitted = fit_ties(votes, name)
    at, h = np.append(fitted.theta, fitted.parameter), 1e-4
    units = h * np.eye(5)

    def terms(u: Array) -> Array:
        return np.log(shares(name, u[votes.pairs[:, 0]], u[votes.pairs[:, 1]], u[-1]))

    weights, squares = observed(name, votes.weights), observed(name, votes.squares)
    scores = np.array([(terms(at + e) - terms(at - e)) / (2 * h) for e in units])
    bends = np.array(
        [
            [(terms(at + d + e) - terms(at + d - e) - terms(at - d + e) + terms(at - d - e)) for d in units]
            for e in units
        ]
    ) / (4 * h * h)
    information = -(bends * weights).sum(axis=(2, 3))
    meat = np.einsum("ipk,jpk,pk->ij", scores, scores, squares)
    bread = np.linalg.pinv(information, rcond=1e-6)
    assert fitted.covariance == pytest.approx(bread @ meat @ bread, rel=1e-4, abs=1e-6)
    if name != "grounded":
        assert fitted.covariance[:-1, :-1].sum(axis=1) == pytest.approx(np.zeros(4), abs=1e-10)


@pytest.mark.parametrize(
    ("name", "parameter", "level"), [("rao-kupper", 0.7, 0.0), ("davidson", 1.1, 0.0), ("grounded", 0.0, 0.6)]
)
def test_intervals_hold_the_truth_in_95_of_100_cases(
    name: TieModelName, parameter: float, level: float
) -> None:
    truth, held, held_parameter, runs = level + np.linspace(-1, 1, 6), [], [], 200
    for seed in range(runs):
        fitted = fit_ties(world(name, seed, 6, 600, parameter, level), name)
        held.append(np.abs(fitted.theta - truth) <= 1.96 * fitted.theta_sd)
        held_parameter.append(abs(fitted.parameter - parameter) <= 1.96 * (fitted.parameter_sd or 0))
    assert 0.93 <= np.mean(held) <= 0.97
    assert 0.92 <= np.mean(held_parameter) <= 0.98


@pytest.mark.parametrize("name", NAMES)
def test_sides_and_common_factors_of_the_weights_do_not_matter(name: TieModelName, votes: Cells) -> None:
    swapped = {"a": "b", "b": "a"}
    turned = Cells.from_sums(
        (s.b, s.a, swapped.get(s.outcome, s.outcome), s.votes, 3 * s.weight, 9 * s.square)
        for s in votes.sums()
    )
    one, other = fit_ties(votes, name), fit_ties(turned, name)
    assert other.theta == pytest.approx(one.theta, abs=1e-8)
    assert other.parameter == pytest.approx(one.parameter, abs=1e-8)
    assert other.covariance == pytest.approx(one.covariance, abs=1e-8)


@pytest.mark.parametrize("name", ["rao-kupper", "davidson"])
def test_both_bad_is_a_tie_to_a_model_that_is_not_grounded(name: TieModelName, votes: Cells) -> None:
    as_ties = Cells.from_sums(s._replace(outcome=s.outcome.replace("both_bad", "tie")) for s in votes.sums())
    assert fit_ties(votes, name).theta == pytest.approx(fit_ties(as_ties, name).theta, abs=1e-12)


def test_davidson_expects_of_each_contestant_as_many_points_as_it_has(votes: Cells) -> None:
    fitted = fit_ties(votes, "davidson")
    p = np.exp(fitted.log_probabilities(*votes.pairs.T))
    total, table = votes.weights.sum(axis=1), observed("davidson", votes.weights)
    excess = table[:, 0] + table[:, 2] / 2 - total * (p[:, 0] + p[:, 2] / 2)
    of_contestant = np.bincount(votes.pairs[:, 0], excess, 4) - np.bincount(votes.pairs[:, 1], excess, 4)
    assert of_contestant == pytest.approx(np.zeros(4), abs=1e-8)


def test_the_line_is_where_half_the_battles_with_a_hopeless_one_are_won() -> None:
    values = GROUNDED.log_probabilities(np.array([0.0, 1.0, 0.0]), np.array([-40.0, -40.0, 0.0]), 0.5)
    p = np.exp(values)
    assert p[0] == pytest.approx([0.5, 0, 0, 0.5], abs=1e-12)
    assert p[1, 0] == pytest.approx(1 / (1 + math.exp(-1)), abs=1e-12)
    assert p[2, 3] == pytest.approx(1 / 3)


def test_acceptance_is_the_share_of_wins_against_a_hopeless_one(votes: Cells) -> None:
    fitted = fit_ties(votes, "grounded")
    theta = fitted.theta
    won = shares("grounded", theta, np.full(4, -40.0), fitted.parameter)[:, 0]
    assert fitted.acceptance() == pytest.approx(won, abs=1e-12)
    with pytest.raises(RankingError, match="no line"):
        fit_ties(votes, "davidson").acceptance()


def test_a_contestant_far_above_and_ties_of_one_in_a_million_are_fitted_exactly() -> None:
    one = Cells.from_sums(
        ("x", "y", outcome, n, n, n) for outcome, n in (("a", 999_989), ("b", 10), ("tie", 1))
    )
    for name in ("rao-kupper", "davidson"):
        found = fit_ties(one, name).probabilities("x", "y")  # type: ignore[arg-type]
        assert found["b"] == pytest.approx(1e-5, rel=1e-6)
        assert found["tie"] == pytest.approx(1e-6, rel=1e-6)


@pytest.mark.parametrize("name", ["rao-kupper", "davidson"])
def test_without_ties_the_fit_is_bradley_terry(name: TieModelName) -> None:
    lines = (("x", "y", 3, 1), ("y", "z", 2, 2), ("x", "z", 4, 1))
    some = Cells.from_sums(
        (a, b, outcome, n, n, n) for a, b, won, lost in lines for outcome, n in (("a", won), ("b", lost))
    )
    fitted, sums = fit_ties(some, name), pair_sums(some)
    theta = fit(sums)
    assert fitted.at_limit
    assert (fitted.parameter, fitted.parameter_sd) == (0.0, None)
    assert fitted.theta == pytest.approx(theta)
    assert fitted.covariance[:-1, :-1] == pytest.approx(covariance(sums, theta, np.zeros(3, dtype=np.bool_)))
    found = fitted.probabilities("x", "y")
    assert found["a"] == pytest.approx(1 / (1 + math.exp(theta[1] - theta[0])))
    assert found["tie"] == 0
    assert math.isfinite(fitted.log_likelihood)


WIN_EACH: list[Vote] = [("x", "y", "a"), ("x", "y", "b")]


@pytest.mark.parametrize(
    ("name", "votes_", "also", "match"),
    [
        ("rao-kupper", [], (), "no votes"),
        ("davidson", [], ("x",), "no votes"),
        ("rao-kupper", [("x", "y", "a"), ("x", "y", "a")], (), "one scale: 'y'"),
        ("davidson", [*WIN_EACH, ("v", "w", "a"), ("v", "w", "b")], (), "one scale: 'x', 'y'"),
        ("davidson", WIN_EACH, ("n",), "one scale"),
        ("davidson", [("x", "y", "tie")], (), "threshold of a tie"),
        ("rao-kupper", [("x", "y", "a"), ("x", "y", "tie")], (), "threshold of a tie"),
        ("grounded", [*WIN_EACH, ("x", "y", "tie")], (), "nothing says where bad begins"),
        ("grounded", [*WIN_EACH, ("x", "y", "both_bad")], (), "No vote is a tie"),
        ("grounded", [("x", "y", "a"), ("x", "y", "tie"), ("x", "y", "both_bad")], (), "threshold of a tie"),
        ("grounded", [("x", "y", "a"), ("w", "z", "tie"), ("w", "y", "both_bad")], (), "bar of what is good"),
        ("other", WIN_EACH, (), "no model of ties"),
    ],
)
def test_votes_that_bound_no_fit_are_refused(
    name: TieModelName, votes_: list[Vote], also: tuple[str, ...], match: str
) -> None:
    with pytest.raises(RankingError, match=match):
        fit_ties(cells(votes_, also=also), name)


def test_votes_without_weight_are_no_votes() -> None:
    with pytest.raises(RankingError, match="one scale"):
        fit_ties(cells([*WIN_EACH, ("x", "z", "a"), ("x", "z", "b")], [1, 1, 1, 0]))


def test_probabilities_of_a_stranger_or_of_one_against_itself_are_an_error(votes: Cells) -> None:
    fitted = fit_ties(votes)
    with pytest.raises(RankingError, match="'v' is not among"):
        fitted.probabilities("v", "w")
    with pytest.raises(RankingError, match="with itself"):
        fitted.probabilities("w", "w")


@st.composite
def few_votes(draw: st.DrawFn) -> list[Vote]:
    pair = st.sampled_from([("x", "y"), ("y", "z"), ("x", "z")])
    vote = st.tuples(pair, st.sampled_from(OUTCOMES)).map(lambda v: (v[0][0], v[0][1], v[1]))
    return draw(st.lists(vote, min_size=2, max_size=9))


@cache
def likely_far_out(name: TieModelName) -> NDArray[np.bool_]:
    """Go far out in every direction of a grid, and say of each pair of x, y, z which outcomes stay likely.

    The shape is (directions, pairs, outcomes).
    """
    # What differs by 2 log ν is as likely tied as not.
    steps = (-0.5, 0.0, 0.5) if name == "davidson" else (-1.0, 0.0, 1.0)
    grid = np.array(list(itertools.product(*[np.arange(-4.0, 5.0)] * 3)))
    # Where all shift together the ground notices, and nobody else.
    grid = grid if name == "grounded" else grid[grid[:, 0] == 0]
    likely = []
    for t in steps:
        moved = grid[(grid != 0).any(axis=1)] if t == 0 else grid
        pairs = (
            TIE_MODELS[name].log_probabilities(300 * moved[:, i], 300 * moved[:, j], 300 * t)
            for i, j in ((0, 1), (0, 2), (1, 2))
        )
        likely.append(np.stack(list(pairs), axis=1) > -20)
    return np.concatenate(likely)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None)
@given(drawn=few_votes())
def test_votes_are_refused_just_where_parameters_may_run_off_for_free(
    name: TieModelName, drawn: list[Vote]
) -> None:
    counts = np.zeros((3, 4))
    for a, b, outcome in drawn:
        counts["xyz".index(a) + "xyz".index(b) - 1, OUTCOMES.index(outcome)] += 1
    seen = observed(name, counts) > 0
    free = bool((likely_far_out(name) | ~seen).all(axis=(1, 2)).any())
    try:
        fitted = fit_ties(cells(drawn, also=("x", "y", "z")), name)
    except RankingError:
        assert free
    else:
        assert free == fitted.at_limit
        assert np.isfinite(fitted.covariance).all()


def test_where_the_likelihood_is_not_concave_the_step_leads_uphill_all_the_same() -> None:
    # Hardly anything but ties.
    tied = [(a, b, "tie", 20, 20, 20) for a, b in itertools.combinations("xyz", 2)]
    rest = [("x", "y", outcome, 1, 1, 1) for outcome in ("a", "b", "both_bad")]
    likelihood = _Likelihood(GROUNDED, Cells.from_sums([*tied, *rest]))
    u = np.array([5.0, -3.0, 1.0, 4.0])
    derivatives = likelihood.derivatives(u)
    curvature, score = likelihood.curvature(derivatives), likelihood.score(derivatives)
    assert np.linalg.solve(curvature, score) @ score < 0  # Newton's would lead down
    step = likelihood.step(u)
    assert step @ score > 0
    assert likelihood.height(u + step / 64) > likelihood.height(u)


def test_from_wherever_the_steps_start_they_end_at_the_same_top() -> None:
    # Lopsided, so that far out the likelihood is flat and a whole step would leap out of all bounds.
    counts = (("y", "x", 19, 1, 1), ("z", "x", 20, 1, 1), ("z", "y", 13, 0, 2))
    lopsided = Cells.from_sums(
        (a, b, outcome, n, n, n)
        for a, b, *each in counts
        for outcome, n in zip(("a", "tie", "both_bad"), each, strict=True)
        if n
    )
    fitted, likelihood = fit_ties(lopsided, "grounded"), _Likelihood(GROUNDED, lopsided)
    for start in np.random.default_rng(4).normal(0, 3, (40, 4)):
        end = climb(likelihood.step, likelihood.height, start)
        assert end == pytest.approx(np.append(fitted.theta, fitted.parameter), abs=1e-6)


def test_a_fit_that_stops_short_of_the_top_is_an_error(votes: Cells, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.ranking.ties.climb", lambda step, height, start: start)
    with pytest.raises(RankingError, match="does not settle"):
        fit_ties(votes)


def test_davidson_ranks_the_real_board_as_bradley_terry_does_and_rao_kupper_nearly() -> None:
    real = read_pair_counts(carried())
    by_half = [row.contestant for row in rank(real).rows]

    def order(name: TieModelName) -> list[str]:
        fitted = fit_ties(real, name)
        return [fitted.contestants[i] for i in np.argsort(-fitted.theta)]

    assert order("davidson") == by_half
    moved = [abs(by_half.index(one) - place) for place, one in enumerate(order("rao-kupper"))]
    assert max(moved) <= 6
