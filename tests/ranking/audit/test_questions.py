"""Position, voters, ties, pairs, circles and coverage: against the same written out, and planted ones."""

import math
from dataclasses import replace
from itertools import combinations, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.ranking import Cells, Votes, fit_ties
from evenhand.ranking.audit import agreement as agreement_module
from evenhand.ranking.audit import cycles as cycles_module
from evenhand.ranking.audit.agreement import agreement, degrees_of_freedom, pair_table
from evenhand.ranking.audit.bridges import bridges
from evenhand.ranking.audit.coverage import coverage
from evenhand.ranking.audit.cycles import cycles
from evenhand.ranking.audit.finding import CannotTell, Finding
from evenhand.ranking.audit.position import position
from evenhand.ranking.audit.subject import Subject, subject_of
from evenhand.ranking.audit.ties import ties
from evenhand.ranking.audit.voters import gini, lorenz, voters
from evenhand.ranking.connectivity import islands
from evenhand.ranking.rows import SCORES
from tests.ranking.audit.worlds import Simulated, spread, world
from tests.ranking.worlds import cells, tournament


def audited(votes: Votes | Cells, style: tuple[str, ...] = ()) -> Subject:
    return subject_of(Votes(votes) if isinstance(votes, Cells) else votes, style)


def figures(finding: Finding) -> Any:
    return finding.figures


# Position


def test_between_two_contestants_the_effect_of_the_side_is_half_the_difference_of_their_logits() -> None:
    simulated = world(4_000, np.array([0.3, -0.3]), position=0.4, ties=0.2, seed=1)
    rows = simulated.rows()
    score = [float(SCORES[rows.outcome[rows.pair == pair]].mean()) for pair in (0, 1)]
    logits = [math.log(one / (1 - one)) for one in score]  # of x as A against y, and of y as A against x
    found = figures(position(audited(simulated), 0.05, 0))
    assert found["points"] == pytest.approx((logits[0] + logits[1]) / 2 * 400 / math.log(10), abs=1e-3)


def test_a_planted_bias_lies_in_its_interval_and_raises_the_alarm() -> None:
    inside = 0
    for seed in range(20):
        finding = position(audited(world(4_000, spread(6), position=0.15, seed=seed)), 0.05, 0)
        found = figures(finding)
        inside += found["points_lower"] < 0.15 * 400 / math.log(10) < found["points_upper"]
        share = 1 / (1 + math.exp(-found["points"] * math.log(10) / 400))
        assert found["share_of_a"] == pytest.approx(share)
    assert inside >= 17
    assert finding.p_value is not None
    assert finding.p_value < 0.01


def test_the_bias_is_found_beside_style_too() -> None:
    found = figures(position(audited(world(20_000, spread(5), position=0.2, style=0.5), ("x",)), 0.05, 0))
    assert found["points_lower"] < 0.2 * 400 / math.log(10) < found["points_upper"]


def test_where_a_few_voters_always_click_on_the_left_its_interval_knows_that_they_are_few() -> None:
    simulated = world(3_000, spread(4), voters=40, seed=2)
    rows = simulated.rows()
    assert rows.cluster is not None
    rows.outcome[rows.cluster < 4] = 0
    clustered, alone = (
        figures(position(audited(Simulated(one, "abcd")), 0.05, 0))
        for one in (rows, replace(rows, cluster=None))
    )
    assert clustered["points"] == pytest.approx(alone["points"])
    width = clustered["points_upper"] - clustered["points_lower"]
    assert width > 1.5 * (alone["points_upper"] - alone["points_lower"])


def test_counts_have_no_sides() -> None:
    with pytest.raises(CannotTell, match="which answer was shown as A is not known"):
        position(audited(world(500, spread(3)).cells), 0.05, 0)


# Voters


@given(st.lists(st.integers(1, 50), min_size=1, max_size=30))
def test_gini_is_the_mean_difference_over_twice_the_mean(numbers: list[int]) -> None:
    number = np.sort(np.array(numbers))[::-1]
    differences = np.abs(number[:, None] - number[None, :]).mean()
    assert gini(number) == pytest.approx(differences / (2 * number.mean()), abs=1e-12)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=300))
def test_the_lorenz_curve_rises_from_nothing_to_all_above_the_diagonal(numbers: list[int]) -> None:
    curve = lorenz(np.sort(np.array(numbers))[::-1])
    assert curve[0] == (0.0, 0.0)
    assert curve[-1] == (1.0, 1.0)
    assert all(y >= x - 1e-12 for x, y in curve)


def test_a_heavy_voter_is_seen() -> None:
    simulated = world(5_000, spread(5), voters=400, heavy=0.2)
    number = np.bincount(simulated.rows().cluster)  # type: ignore[arg-type]
    found = figures(voters(audited(simulated), 0.05, 0))
    assert found["shares"]["top_1"] == pytest.approx(number.max() / 5_000)
    assert found["shares"]["top_10"] == pytest.approx(np.sort(number)[-10:].sum() / 5_000)
    assert found["shares"]["top_1_percent"] == pytest.approx(np.sort(number)[-4:].sum() / 5_000)
    assert found["effective_voters"] == pytest.approx(5_000**2 / (number**2).sum())
    assert found["voters"] == (number > 0).sum()


def test_tastes_widen_the_intervals_and_independent_votes_do_not() -> None:
    own = figures(voters(audited(world(6_000, spread(5), voters=200, taste=1.0)), 0.05, 0))
    none = figures(voters(audited(world(6_000, spread(5), voters=200)), 0.05, 0))
    assert own["interval_widening"] > 1.3
    assert none["interval_widening"] == pytest.approx(1.0, abs=0.12)


def test_a_single_voter_has_no_widening() -> None:
    found = figures(voters(audited(world(500, spread(3), voters=1)), 0.05, 0))
    assert (found["voters"], found["gini"], found["interval_widening"]) == (1, 0.0, None)


def test_votes_without_voters_say_so() -> None:
    with pytest.raises(CannotTell, match="No column says who voted"):
        voters(audited(world(500, spread(3))), 0.05, 0)


# Ties


def test_without_ties_the_order_is_that_of_wins_alone() -> None:
    votes = tournament(("x", "y", 6, 4, 0), ("y", "z", 6, 4, 0), ("x", "z", 1, 2, 40))
    found = figures(ties(audited(votes), 0.05, 0))
    before = audited(votes)
    after = audited(tournament(("x", "y", 6, 4, 0), ("y", "z", 6, 4, 0), ("x", "z", 1, 2, 0)))
    change = (after.theta - after.theta.mean() - before.theta + before.theta.mean()) * 400 / math.log(10)
    assert found["dropped"]["largest_rating_change"] == pytest.approx(change[np.argmax(np.abs(change))])
    assert found["share_of_ties"] == pytest.approx(40 / 63)


def test_a_change_of_places_is_counted_and_named() -> None:
    # x never loses much but ties a lot: among decisive votes it is ahead, with ties it is not.
    votes = tournament(("x", "z", 9, 1, 90), ("y", "z", 80, 20, 0), ("x", "y", 5, 5, 0))
    finding = ties(audited(votes), 0.05, 0)
    dropped = figures(finding)["dropped"]
    assert (dropped["first_before"], dropped["first_after"], dropped["moved"]) == ("y", "x", 2)
    assert "x is first" in finding.answer


def test_both_bad_is_dropped_by_itself_too() -> None:
    votes = [("x", "y", "a"), ("y", "x", "a"), ("x", "y", "tie"), ("x", "y", "both_bad"), ("x", "y", "a")] * 3
    assert set(figures(ties(audited(cells(votes)), 0.05, 0))) >= {"dropped", "both_bad_dropped"}


def test_ties_are_read_by_a_model_of_them_too_but_not_under_style_control() -> None:
    votes = tournament(("x", "y", 12, 8, 10), ("y", "z", 12, 8, 5), ("x", "z", 10, 9, 20))
    found = figures(ties(audited(votes), 0.05, 0))["rao_kupper"]
    before, after = audited(votes).theta, fit_ties(votes, "rao-kupper").theta
    change = (after - before + before.mean()) * 400 / math.log(10)
    assert found["largest_rating_change"] == pytest.approx(change[np.argmax(np.abs(change))])
    simulated = world(4_000, spread(4), style=0.5)
    assert "rao_kupper" not in ties(audited(simulated, ("x",)), 0.05, 0).figures


def test_where_all_are_ties_nothing_is_left_without_them() -> None:
    with pytest.raises(CannotTell, match="Without ties no two contestants"):
        ties(audited(tournament(("x", "y", 0, 0, 9))), 0.05, 0)


def test_where_nobody_ties_the_question_is_open() -> None:
    with pytest.raises(CannotTell, match="There is no tie"):
        ties(audited(tournament(("x", "y", 2, 3, 0))), 0.05, 0)


def test_dropping_ties_under_style_control_is_the_styled_fit_of_the_rest() -> None:
    simulated = world(4_000, spread(4), style=0.5)
    assert "dropped" in ties(audited(simulated, ("x",)), 0.05, 0).figures


# Pairs


def test_without_ties_the_statistic_is_pearsons_on_pairs_less_contestants_plus_one() -> None:
    subject = audited(world(20_000, spread(6), ties=0.0).cells)
    found = figures(agreement(subject, 0.05, 0))
    statistic = 0.0
    for (i, j), (won, lost, *_) in zip(subject.cells.pairs, subject.cells.votes, strict=True):
        n, p = won + lost, 1 / (1 + math.exp(subject.theta[j] - subject.theta[i]))
        statistic += (won - n * p) ** 2 / (n * p) + (lost - n * (1 - p)) ** 2 / (n * (1 - p))
    assert found["chi_squared"] == pytest.approx(statistic)
    assert found["degrees_of_freedom"] == pytest.approx(15 - 5)


def test_with_ties_the_degrees_of_freedom_are_what_the_statistic_is_expected_to_be() -> None:
    subject = audited(
        tournament(
            ("x", "y", 30, 20, 0), ("y", "z", 20, 20, 80), ("x", "z", 30, 15, 5), ("z", "w", 40, 30, 2)
        )
    )
    table = pair_table(subject)
    first, second = subject.cells.pairs.T
    d = np.zeros((4, 4))
    d[np.arange(4), first], d[np.arange(4), second] = 1, -1
    left = (
        np.eye(4)
        - (table.curvature[:, None] * d) @ np.linalg.pinv(d.T @ (table.curvature[:, None] * d)) @ d.T
    )
    expected = np.diag((left * table.variance) @ left.T) / table.variance
    used = np.array([True, True, True, False])
    assert degrees_of_freedom(subject, table, used) == pytest.approx(expected[used].sum())
    assert abs(degrees_of_freedom(subject, table, np.ones(4, dtype=bool)) - 1) > 0.01  # the textbook's


def test_vote_by_vote_the_pairs_come_out_as_from_their_sums() -> None:
    simulated = world(3_000, spread(5), style=0.0, weights=True)
    styled, plain = audited(simulated, ("x",)), audited(simulated.cells)
    # At the same fit, with no effect of style.
    same = Subject(
        styled.names,
        styled.cells,
        plain.theta,
        np.zeros(1),
        styled.bread,
        styled.covariance,
        styled.rows,
        ("x",),
    )
    for one, other in zip(vars(pair_table(same)).values(), vars(pair_table(plain)).values(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9)


def test_a_pair_with_a_result_of_its_own_is_found() -> None:
    finding = agreement(audited(world(20_000, spread(8), extra={(1, 4): 0.8}).cells), 0.05, 0)
    assert finding.p_value is not None
    assert finding.p_value < 1e-4
    assert finding.tables[0].rows[0][:2] == ("b", "e")


def test_the_misfit_is_about_what_was_planted() -> None:
    rng = np.random.default_rng(0)
    extra = {pair: float(rng.normal(0, 0.3)) for pair in combinations(range(12), 2)}
    found = figures(agreement(audited(world(100_000, np.zeros(12), extra=extra).cells), 0.05, 0))
    # A logit of .3 is .075 of the score; the ratings take up a part of what was planted.
    assert found["misfit"] == pytest.approx(0.075 * math.sqrt(found["degrees_of_freedom"] / 66), rel=0.25)


def test_few_votes_say_nothing_of_pairs() -> None:
    with pytest.raises(CannotTell, match="too few pairs"):
        agreement(audited(tournament(("x", "y", 5, 5, 0))), 0.05, 0)


def test_two_contestants_agree_with_themselves() -> None:
    with pytest.raises(CannotTell, match="too few pairs"):
        agreement(audited(tournament(("x", "y", 50, 50, 0))), 0.05, 0)


# Circles


def test_circles_are_those_that_a_look_at_all_triples_finds() -> None:
    subject = audited(world(3_600, spread(12, 0.15), seed=3).cells)
    beats, well, strength = set(), set(), {}
    for (i, j), (won, lost, tied, bad) in zip(
        subject.cells.pairs.tolist(), subject.cells.votes.tolist(), strict=True
    ):
        if won + lost + tied + bad >= 50:
            well.add((i, j))
            if won != lost:
                winner = (i, j) if won > lost else (j, i)
                beats.add(winner)
                strength[winner] = abs(won - lost) / math.sqrt(won + lost)
    triples = [t for t in combinations(range(12), 3) if all(pair in well for pair in combinations(t, 2))]
    rounds = [
        [(i, j), (j, k), (k, i)]
        for t in triples
        for i, j, k in permutations(t)
        if i == min(t) and {(i, j), (j, k), (k, i)} <= beats
    ]
    found = figures(cycles(subject, 0.05, 0))
    assert (found["triples"], found["cycles"]) == (len(triples), len(rounds))
    assert 0 < len(triples) < 220  # some pairs are not well measured
    best = max(min(strength[leg] for leg in legs) for legs in rounds)
    assert found["strongest_z"] == pytest.approx(best, rel=1e-6)
    assert found["clearest"][0]["z"] == pytest.approx(best, rel=1e-6)


def test_a_planted_circle_is_found_and_named() -> None:
    extra = {(0, 1): 0.9, (1, 2): 0.9, (0, 2): -0.9}
    simulated = world(12_000, np.zeros(8), extra=extra, seed=1)
    finding = cycles(audited(simulated.cells), 0.05, 0)
    assert finding.p_value is not None
    assert finding.p_value <= 0.0051
    assert set(figures(finding)["clearest"][0]["cycle"]) == {"a", "b", "c"}


def test_the_worlds_are_the_same_for_the_same_seed() -> None:
    subject = audited(world(4_000, spread(8, 0.2)).cells)
    assert cycles(subject, 0.05, 1).figures == cycles(subject, 0.05, 1).figures
    assert cycles(subject, 0.05, 1).figures != cycles(subject, 0.05, 2).figures


@pytest.fixture(autouse=True)
def few_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speed only: p values stay exact, on a coarser grid."""
    monkeypatch.setattr(cycles_module, "WORLDS", 399)


def test_where_all_are_equal_and_every_pair_is_a_coin_a_quarter_of_the_triples_go_round() -> None:
    found = figures(cycles(audited(world(20_000, np.zeros(10), ties=0.0).cells), 0.05, 0))
    assert found["expected"] == pytest.approx(120 / 4, rel=0.1)


def test_the_worlds_are_no_wider_apart_than_the_truth() -> None:
    # Of equals, a quarter would go round. Fitted ratings lie apart by error, and worlds drawn from them as
    # they are would have .62 of that.
    subjects = [audited(world(900, np.zeros(6), ties=0.0, seed=seed).cells) for seed in range(20)]
    found = [figures(cycles(subject, 0.05, 0)) for subject in subjects]
    assert sum(one["expected"] for one in found) > 0.72 * sum(one["triples"] for one in found) / 4


def test_without_well_measured_triples_the_question_is_open() -> None:
    with pytest.raises(CannotTell, match="No three contestants have 50 votes"):
        cycles(audited(tournament(("x", "y", 60, 60, 0), ("y", "z", 60, 60, 0))), 0.05, 0)


# Coverage


@settings(deadline=None)
@given(
    st.integers(2, 9).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.sampled_from(list(combinations(range(n), 2)))))
    )
)
def test_a_bridge_is_a_pair_without_which_a_group_falls_in_two(
    graph: tuple[int, set[tuple[int, int]]],
) -> None:
    size, edges = graph
    pairs = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2)
    groups = islands(pairs, size)
    expected = []
    for number in range(len(pairs)):
        apart = islands(np.delete(pairs, number, axis=0), size)
        if len(apart) > len(groups):
            ends = [next(len(group) for group in apart if end in group) for end in pairs[number]]
            expected.append((number, min(ends)))
    assert bridges(pairs, size) == expected


def test_coverage_counts_what_is_there_and_names_who_stands_apart() -> None:
    votes = tournament(("a", "b", 3, 2, 0), ("b", "c", 4, 4, 1), ("c", "d", 5, 0, 0), ("e", "f", 1, 1, 0))
    votes = votes + cells([], also=("g",))
    finding = coverage(votes)
    found = figures(finding)
    assert found["components"] == [["a", "b", "c", "d"], ["e", "f"]]
    assert (found["pairs"], found["pairs_possible"]) == (4, 21)
    assert found["winless"] == ["d"]
    assert found["undefeated"] == []
    assert found["without_votes"] == ["g"]
    assert set(found["outside_the_core"]) == {"d", "e", "f"}
    assert found["fewest_votes_of_a_contestant"] == 2
    assert [(one["pair"], one["contestants_behind_it"]) for one in found["bridges"]] == [
        (["a", "b"], 1),
        (["b", "c"], 2),
        (["c", "d"], 1),
        (["e", "f"], 1),
    ]
    assert "fall into 2 groups" in finding.answer


def test_no_votes_have_a_coverage_too() -> None:
    assert coverage(cells([])).answer == "There are no votes."


def test_votes_that_weigh_nothing_join_nobody() -> None:
    found = figures(coverage(cells([("x", "y", "a"), ("y", "z", "a")], [1.0, 0.0])))
    assert found["components"] == [["x", "y"]]
    assert found["without_votes"] == ["z"]


def test_the_least_a_pair_needs_is_what_the_words_say() -> None:
    assert (agreement_module.LEAST_VOTES, cycles_module.LEAST_VOTES) == (30, 50)
