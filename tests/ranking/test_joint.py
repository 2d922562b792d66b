"""The joint fit, its passes and its clusters against the same things written out vote by vote."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.ranking import RankingError, joint, leverage
from evenhand.ranking.bradley_terry import PairSums
from evenhand.ranking.clusters import clustered_covariance
from evenhand.ranking.joint import climb, fit_joint
from evenhand.ranking.passes import Passes, scattered
from evenhand.ranking.rows import SCORES, VoteRows

SIZE = 8
Matrix = NDArray[np.float64]


def simulated(
    votes: int,
    effects: Sequence[float],
    *,
    seed: int = 0,
    clusters: int | None = None,
    weighted: bool = False,
) -> tuple[Matrix, VoteRows]:
    """Votes from known ratings and effects; half of those that could be lost are ties."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(0, 0.6, SIZE)
    theta -= theta.mean()
    first = rng.integers(0, SIZE, votes)
    second = (first + rng.integers(1, SIZE, votes)) % SIZE
    pairs, pair = np.unique(first * SIZE + second, return_inverse=True)
    features = rng.normal(0, 1, (len(effects), votes)).astype(np.float32)
    p = 1 / (1 + np.exp(theta[second] - theta[first] - np.asarray(effects) @ features))
    return theta, VoteRows(
        SIZE,
        pairs // SIZE,
        pairs % SIZE,
        pair.astype(np.int32),
        (rng.random(votes) > p).astype(np.uint8),
        features,
        rng.uniform(0.5, 2, votes) if weighted else None,
        None if clusters is None else rng.integers(0, clusters, votes).astype(np.int32),
    )


def written_out(rows: VoteRows, theta: Matrix, beta: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """The design, one row a vote; r = w (y - p); h = w p (1 - p)."""
    design = np.zeros((len(rows), SIZE + len(beta)))
    votes = np.arange(len(rows))
    design[votes, rows.first[rows.pair]] = 1
    design[votes, rows.second[rows.pair]] = -1
    design[:, SIZE:] = rows.features.T
    p = 1 / (1 + np.exp(-design @ np.concatenate([theta, beta])))
    weight = np.ones(len(rows)) if rows.weight is None else rows.weight
    return design, weight * (SCORES[rows.outcome] - p), weight * p * (1 - p)


def test_the_fit_is_where_the_score_is_nothing_and_its_covariance_is_the_sandwich() -> None:
    _, rows = simulated(20_000, [0.3, 0.1], weighted=True)
    fit = fit_joint(rows)
    design, r, h = written_out(rows, fit.theta, fit.beta)
    assert np.abs(design.T @ r).max() < 1e-4
    bread = np.linalg.pinv(design.T @ (h[:, None] * design))
    sandwich = bread @ (design.T @ ((r * r)[:, None] * design)) @ bread
    np.testing.assert_allclose(fit.covariance, sandwich, rtol=1e-4, atol=1e-8)


def test_known_ratings_and_effects_are_found() -> None:
    theta, rows = simulated(200_000, [0.25, 0.05, 0.03])
    fit = fit_joint(rows)
    deviations = np.sqrt(np.diag(fit.covariance))
    off = np.concatenate([fit.theta - theta, fit.beta - [0.25, 0.05, 0.03]])
    assert (np.abs(off) < 4 * deviations).all()


def test_many_votes_are_approached_from_their_sums_and_come_to_the_same() -> None:
    _, rows = simulated(500_000, [0.2, 0.05], weighted=True)
    fit = fit_joint(rows, PairSums.of(rows.cells("abcdefgh")))
    whole = climb(Passes(rows), rows.first, rows.second, (np.zeros(SIZE), np.zeros(2)), tolerance=1e-9)
    np.testing.assert_allclose(fit.theta, whole.theta, atol=1e-7)
    np.testing.assert_allclose(fit.beta, whole.beta, atol=1e-7)
    np.testing.assert_allclose(fit.covariance, whole.covariance, rtol=1e-3, atol=1e-10)


@pytest.mark.parametrize("of_the_share", [0.0, 0.01], ids=["none", "next to nothing"])
def test_a_share_that_misleads_about_a_covariate_does_no_harm(
    of_the_share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joint, "MANY", 1_000)
    _, rows = simulated(20_000, [0.2, 0.05])
    rows.features[:, :: joint.SUBSAMPLE] *= of_the_share
    fit = fit_joint(rows, PairSums.of(rows.cells("abcdefgh")))
    whole = climb(Passes(rows), rows.first, rows.second, (np.zeros(SIZE), np.zeros(2)), tolerance=1e-9)
    np.testing.assert_allclose(fit.theta, whole.theta, atol=1e-6)
    np.testing.assert_allclose(fit.beta, whole.beta, atol=1e-6)


def test_the_score_alone_is_the_score_of_a_whole_pass() -> None:
    theta, rows = simulated(20_000, [0.3, 0.1], weighted=True)
    sums = Passes(rows)(theta, np.array([0.2, 0.2]))
    alone = Passes(rows).score(theta, np.array([0.2, 0.2]))
    np.testing.assert_allclose(alone[SIZE:], sums.slope, rtol=1e-4)
    np.testing.assert_allclose(
        alone[:SIZE], scattered(SIZE, rows.first, rows.second, sums.residual), rtol=1e-4
    )


def test_without_covariates_it_is_the_plain_fit() -> None:
    _, rows = simulated(5_000, [])
    design, r, _ = written_out(rows, *(lambda fit: (fit.theta, fit.beta))(fit_joint(rows)))
    assert np.abs(design.T @ r).max() < 1e-6


def test_a_covariate_that_never_differs_is_refused() -> None:
    _, rows = simulated(1_000, [0.1])
    rows.features[:] = 0
    with pytest.raises(RankingError, match="the same for both answers in every vote"):
        fit_joint(rows)


def test_covariates_that_say_the_same_are_refused() -> None:
    _, rows = simulated(1_000, [0.1, 0.1])
    rows.features[1] = 2 * rows.features[0]
    with pytest.raises(RankingError, match="do not tell the covariates apart"):
        fit_joint(rows)


@pytest.mark.parametrize("votes", [20, 200, 5_000])
def test_votes_that_a_covariate_tells_for_certain_leave_the_ratings_undetermined(votes: int) -> None:
    _, rows = simulated(votes, [0.1, 0.1])
    rows.outcome[:] = rows.features[0] < 0
    with pytest.raises(RankingError, match="leave the ratings undetermined"):
        fit_joint(rows)


def test_votes_of_many_clusters_are_summed_before_they_are_squared() -> None:
    _, rows = simulated(20_000, [0.3, 0.1], clusters=3_000)
    fit = fit_joint(rows)
    design, r, _ = written_out(rows, fit.theta, fit.beta)
    assert rows.cluster is not None
    scores = np.zeros((3_000, design.shape[1]))
    np.add.at(scores, rows.cluster, r[:, None] * design)
    covariance, freedom = clustered_covariance(rows, fit.theta, fit.beta, fit.bread)
    count = len(np.unique(rows.cluster))
    meat = scores.T @ scores * count / (count - 1)
    np.testing.assert_allclose(covariance, fit.bread @ meat @ fit.bread, rtol=1e-9, atol=1e-12)
    assert freedom is None


SMALL_AND_LARGE = pytest.mark.parametrize(("votes", "clusters"), [(3_000, 20), (400, 40), (200, 30)])
"""Clusters of about 150 votes, of about ten, which are as many as there are parameters, and of fewer."""


@SMALL_AND_LARGE
def test_few_clusters_are_corrected_for_their_leverage(votes: int, clusters: int) -> None:
    _, rows = simulated(votes, [0.3, 0.1], clusters=clusters, weighted=True)
    fit = fit_joint(rows)
    design, r, h = written_out(rows, fit.theta, fit.beta)
    bread = np.linalg.pinv(design.T @ (h[:, None] * design))
    meat = np.zeros_like(bread)
    for number in range(clusters):
        of = rows.cluster == number
        leaning = np.sqrt(h[of])[:, None] * design[of]
        values, vectors = np.linalg.eigh(np.eye(of.sum()) - leaning @ bread @ leaning.T)
        corrected = vectors @ ((vectors.T @ (r[of] / np.sqrt(h[of]))) / np.sqrt(values))
        score = leaning.T @ corrected
        meat += np.outer(score, score)
    ours, _ = clustered_covariance(rows, fit.theta, fit.beta, fit.bread)
    np.testing.assert_allclose(ours, bread @ meat @ bread, rtol=1e-4, atol=1e-8)


@SMALL_AND_LARGE
def test_degrees_of_freedom_are_those_of_bell_and_mccaffrey_written_out_vote_by_vote(
    votes: int, clusters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leverage, "AT_ONCE", 3 * (SIZE + 2) * clusters)
    _, rows = simulated(votes, [0.3, 0.1], clusters=clusters, weighted=True)
    fit = fit_joint(rows)
    design, _, h = written_out(rows, fit.theta, fit.beta)
    bread = np.linalg.pinv(design.T @ (h[:, None] * design))
    leaning = np.sqrt(h)[:, None] * design
    left = np.eye(len(rows)) - leaning @ bread @ leaning.T
    _, freedom = clustered_covariance(rows, fit.theta, fit.beta, fit.bread)
    assert freedom is not None
    for estimate in (0, SIZE - 1, SIZE, SIZE + 1):
        columns = []
        for number in range(clusters):
            of = np.flatnonzero(rows.cluster == number)
            values, vectors = np.linalg.eigh(left[np.ix_(of, of)])
            corrected = vectors @ ((vectors.T @ leaning[of] @ bread[:, estimate]) / np.sqrt(values))
            columns.append(left[:, of] @ corrected)
        spread = np.array(columns) @ np.transpose(columns)
        assert freedom[estimate] == pytest.approx(np.trace(spread) ** 2 / np.square(spread).sum(), rel=1e-4)


def test_two_contestants_judged_by_a_dozen_people_alike_have_eleven_degrees_of_freedom() -> None:
    number = np.arange(240)
    rows = VoteRows(
        2,
        np.array([0]),
        np.array([1]),
        np.zeros(240, dtype=np.int32),
        (number // 12 % 2).astype(np.uint8),
        np.empty((0, 240), dtype=np.float32),
        cluster=(number % 12).astype(np.int32),
    )
    fit = fit_joint(rows)
    _, freedom = clustered_covariance(rows, fit.theta, fit.beta, fit.bread)
    assert freedom == pytest.approx([11.0, 11.0])


def test_of_a_hundred_clusters_the_normal_distribution_is_taken() -> None:
    _, rows = simulated(5_000, [], clusters=100)
    fit = fit_joint(rows)
    assert clustered_covariance(rows, fit.theta, fit.beta, fit.bread)[1] is None
