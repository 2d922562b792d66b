"""Periods, drift and the mix of prompts: against tests written out vote by vote, and planted changes."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from evenhand.ranking.audit.chi_squared import survival
from evenhand.ranking.audit.drift import drift
from evenhand.ranking.audit.finding import CannotTell, Finding
from evenhand.ranking.audit.mix import mix
from evenhand.ranking.audit.periods import Periods, on, periods_of
from evenhand.ranking.audit.strength import change_point, period_sums, ratings, strength
from evenhand.ranking.audit.subject import Subject, subject_of
from evenhand.ranking.rows import SCORES, VoteRows
from tests.ranking.audit.worlds import START, Simulated, spread, world

SCALE = 400 / math.log(10)


def figures(finding: Finding) -> Any:
    return finding.figures


def rows_of(subject: Subject) -> VoteRows:
    assert subject.rows is not None
    return subject.rows


def dated(days: list[int]) -> Periods:
    rows = world(len(days), spread(2), days=9, ties=1.0).rows()
    return periods_of(subject_of(Simulated(replace(rows, day=np.array(days, dtype=np.int32)), "ab"), ()))


# Periods


def test_periods_have_about_as_many_votes_each_and_hold_whole_days() -> None:
    periods = periods_of(subject_of(world(6_000, spread(4), days=200), ()))
    assert len(periods) == 12
    assert periods.votes.sum() == 6_000
    assert periods.votes.min() > 400
    assert periods.votes.max() < 600


def test_a_day_with_most_of_the_votes_is_a_period() -> None:
    periods = dated([10] * 150 + [11] * 1_000 + [12] * 150)
    assert [on(int(day)) for day in periods.starts] == ["1970-01-11", "1970-01-12", "1970-01-13"]
    assert periods.votes.tolist() == [150, 1_000, 150]
    assert periods.words(1) == "1970-01-12"


def test_days_that_are_not_known_are_in_no_period() -> None:
    periods = dated([-1] * 50 + [3] * 200 + [5] * 200)
    assert (periods.unknown, periods.votes.tolist()) == (50, [200, 200])
    assert periods.of(np.array([-1, 3, 4, 5, 9], dtype=np.int32)).tolist() == [-1, 0, 0, 1, 1]
    assert periods.words(0) == "1970-01-04 to 1970-01-05"


@pytest.mark.parametrize(
    ("days", "says"),
    [([-1] * 300, "no time that can be understood"), ([4] * 300, "two days or more"), ([4, 5], "200")],
)
def test_too_few_days_or_votes_say_so(days: list[int], says: str) -> None:
    with pytest.raises(CannotTell, match=says):
        dated(days)


def test_votes_without_days_say_so() -> None:
    with pytest.raises(CannotTell, match="No column says when"):
        drift(subject_of(world(500, spread(3)), ()), 0.05, 0)


# Drift


@pytest.mark.parametrize("style", [(), ("x",)])
@pytest.mark.parametrize("unknown", [False, True])
def test_the_score_of_a_period_and_its_covariance_are_those_written_out_vote_by_vote(
    style: tuple[str, ...], unknown: bool
) -> None:
    simulated = world(2_000, spread(4), days=40, style=0.5, weights=unknown, seed=2)
    rows = simulated.rows(style=("x",))
    if unknown:
        assert rows.day is not None
        rows.day[::7] = -1
    subject = subject_of(Simulated(rows, "abcd"), style)
    rows, periods = rows_of(subject), periods_of(subject)
    assert rows.day is not None
    design = np.zeros((len(rows), 4 + len(style)))
    votes = np.arange(len(rows))
    design[votes, rows.first[rows.pair]] = 1
    design[votes, rows.second[rows.pair]] = -1
    if style:
        design[:, 4] = rows.features[0]
    p = 1 / (1 + np.exp(-design @ np.concatenate([subject.theta, subject.beta])))
    w = np.ones(len(rows)) if rows.weight is None else rows.weight
    tied = np.array(
        [
            subject.tie_share[
                [tuple(pair) for pair in subject.cells.pairs.tolist()].index((min(i, j), max(i, j)))
            ]
            for i, j in zip(rows.first[rows.pair], rows.second[rows.pair], strict=True)
        ]
    )
    r, h, v = w * (SCORES[rows.outcome] - p), w * p * (1 - p), w**2 * (p * (1 - p) - tied / 4)
    bread = np.linalg.pinv(design.T @ (h[:, None] * design))
    which = periods.of(rows.day)
    sums = period_sums(subject, periods)
    for i in range(4):
        found = strength(subject, sums, i)
        assert found is not None
        own = np.zeros((len(found.spans), len(rows)))
        for span, (first, last) in enumerate(found.spans):
            own[span] = design[:, i] * ((which >= first) & (which <= last))
        np.testing.assert_allclose(found.score, own @ r, atol=1e-4)
        u = own @ (h[:, None] * design)
        along = own - u @ bread @ design.T
        np.testing.assert_allclose(found.covariance, (along * v) @ along.T, rtol=1e-4, atol=1e-4)
        statistic, df, p_value = found.test()
        expected = found.score @ np.linalg.pinv(found.covariance, rcond=1e-8) @ found.score
        assert statistic == pytest.approx(expected, rel=1e-6)
        assert df == len(found.spans) - (not unknown)
        assert p_value == survival(statistic, df)


def test_a_periods_rating_is_where_its_own_votes_are_as_expected() -> None:
    subject = subject_of(world(5_000, spread(5), days=60, drift={0: (30, -1.0)}), ())
    rows, periods = rows_of(subject), periods_of(subject)
    assert rows.day is not None
    sums = period_sums(subject, periods)
    one = strength(subject, sums, 0)
    assert one is not None
    theta, sd = ratings(subject, sums, one, 0)
    which = periods.of(rows.day)
    for span, (first, last) in enumerate(one.spans):
        score = 0.0
        for i, j, y in zip(
            *(
                part[(which >= first) & (which <= last)]
                for part in (rows.first[rows.pair], rows.second[rows.pair])
            ),
            SCORES[rows.outcome][(which >= first) & (which <= last)],
            strict=True,
        ):
            if 0 in (i, j):
                mine, other = (y, j) if i == 0 else (1 - y, i)
                score += mine - 1 / (1 + math.exp(subject.theta[other] - theta[span]))
        assert score == pytest.approx(0, abs=1e-6)
    assert (sd > 0).all()
    assert theta[0] - theta[-1] == pytest.approx(1.0, abs=4 * math.hypot(sd[0], sd[-1]))


def test_a_planted_drift_is_found_with_its_day_and_size() -> None:
    finding = drift(subject_of(world(20_000, spread(6), days=100, drift={2: (60, 0.5)}, seed=1), ()), 0.05, 0)
    found = {one["contestant"]: one for one in figures(finding)["contestants"]}
    assert found["c"]["drifts"]
    assert found["c"]["p_value"] < 1e-6
    assert min(found, key=lambda name: found[name]["p_value"]) == "c"
    day = next(day for day in range(START, START + 100) if on(day) == found["c"]["change_day"])
    assert abs(day - (START + 60)) <= 5
    assert found["c"]["change"] == pytest.approx(0.5 * SCALE, abs=25)
    assert "c became better by about" in finding.answer
    assert finding.p_value is not None
    assert finding.p_value < 1e-6


def test_the_day_of_a_change_is_the_one_that_a_search_over_all_days_finds() -> None:
    subject = subject_of(world(3_000, spread(4), days=30, drift={1: (12, 0.8)}, ties=0.0, seed=3), ())
    rows = rows_of(subject)
    assert rows.day is not None
    sign = (rows.first[rows.pair] == 1).astype(float) - (rows.second[rows.pair] == 1)
    p = 1 / (1 + np.exp(subject.theta[rows.second[rows.pair]] - subject.theta[rows.first[rows.pair]]))
    score, h = sign * (SCORES[rows.outcome] - p), sign**2 * p * (1 - p)
    best: tuple[float, int] = (0.0, 0)
    for day in range(START + 1, START + 30):
        before = rows.day < day
        if min((sign != 0)[before].sum(), (sign != 0)[~before].sum()) >= 30:
            # Without ties v = h nearly, and the variance of the sum is h_before h_after / h.
            z = abs(score[before].sum()) / math.sqrt(h[before].sum() * h[~before].sum() / h.sum())
            best = max(best, (z, day))
    change = change_point(subject, 1)
    assert change is not None
    assert change.day == best[1]


def test_one_who_was_there_in_one_period_only_is_not_tested() -> None:
    simulated = world(6_000, spread(4), days=100)
    rows = simulated.rows()
    assert rows.day is not None
    late = (rows.first[rows.pair] == 0) | (rows.second[rows.pair] == 0)
    subject = subject_of(Simulated(rows.take(~late | (rows.day >= START + 98)), "abcd"), ())
    finding = drift(subject, 0.05, 0)
    assert [one["contestant"] for one in figures(finding)["contestants"]] == ["b", "c", "d"]
    assert "1 contestant has too few votes for this" in " ".join(finding.details)


# Mix of prompts


def test_the_share_of_a_slice_is_tested_as_a_table_is() -> None:
    rows = world(2_000, spread(3), days=2).rows()
    subject = subject_of(Simulated(rows, "abc"), ())
    found = figures(mix(subject, 0.05, 0))["slices"]
    assert rows.day is not None
    table = np.array(
        [
            [((rows.day == START + t) & (rows.slices["coding"] == inside)).sum() for inside in (0, 1)]
            for t in (0, 1)
        ]
    )
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    statistic = ((table - expected) ** 2 / expected).sum()
    other = found["english"]["p_value"]
    assert found["coding"]["p_value"] in (
        pytest.approx(min(1.0, 2 * survival(statistic, 1))),
        pytest.approx(max(survival(statistic, 1), other)),
    )
    assert found["coding"]["shares"] == pytest.approx((table[:, 1] / table.sum(axis=1)).tolist())


def test_a_mix_that_changes_is_found_and_named() -> None:
    rows = world(6_000, spread(3), days=100).rows()
    assert rows.day is not None
    rows.slices["english"][rows.day > START + 70] = True
    finding = mix(subject_of(Simulated(rows, "abc"), ()), 0.05, 0)
    assert "English most" in finding.answer
    assert figures(finding)["slices"]["english"]["p_value"] < 1e-6


def test_slices_that_are_hardly_there_or_tell_of_answers_are_left_out() -> None:
    rows = world(2_000, spread(3), days=10).rows()
    few = np.arange(len(rows)) < 20
    rows = replace(
        rows, slices={"coding": rows.slices["coding"], "math": few, "exclude_ties": rows.outcome < 2}
    )
    assert set(figures(mix(subject_of(Simulated(rows, "abc"), ()), 0.05, 0))["slices"]) == {"coding"}


def test_without_kinds_of_prompts_the_question_is_open() -> None:
    rows = replace(world(2_000, spread(3), days=10).rows(), slices={})
    with pytest.raises(CannotTell, match="No column says the language"):
        mix(subject_of(Simulated(rows, "abc"), ()), 0.05, 0)
