import itertools

import numpy as np
import pytest

from evenhand.ranking import OUTCOMES, Cells, RankingError
from evenhand.ranking.bradley_terry import fit
from evenhand.ranking.holdout import (
    VOTE_MODELS,
    _events,
    _half,
    _with_ties,
    compare_models,
    split,
)
from evenhand.ranking.ties import fit_ties
from tests.ranking.test_ties import shares, world
from tests.ranking.worlds import cells, pair_sums


def test_the_folds_add_up_to_the_votes_and_are_the_same_for_the_same_seed() -> None:
    votes = world("grounded", 5, 5, 800, 0.0)
    parts = split(votes, 4, seed=3)
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    assert whole == votes
    assert split(votes, 4, seed=3) == parts
    assert split(votes, 4, seed=4) != parts


def test_every_vote_has_the_same_chance_of_every_fold() -> None:
    one = Cells.from_sums([("x", "y", "a", 40_000, 40_000, 40_000)])
    sizes = np.array([part.votes.sum() for part in split(one, 4, seed=0)])
    assert sizes.sum() == 40_000
    # The standard deviation of each is 87.
    assert np.abs(sizes - 10_000).max() < 350
    assert len(set(sizes)) > 1


def test_weights_go_along_with_their_votes() -> None:
    one = cells([("x", "y", "a")] * 6 + [("x", "y", "b")] * 3, [0.5] * 6 + [2.0] * 3)
    for part in split(one, 3, seed=1):
        for line in part.sums():
            weight = 0.5 if line.outcome == "a" else 2.0
            assert line.weight == pytest.approx(weight * line.votes)
            assert line.square == pytest.approx(weight**2 * line.votes)


def test_the_loss_is_that_of_each_vote_under_a_model_that_has_not_seen_it() -> None:
    votes = world("rao-kupper", 6, 4, 600, 0.6)
    compared = compare_models(votes, ["rao-kupper", "drop"], folds=3, seed=2)
    losses: dict[str, list[float]] = {"rao-kupper": [], "drop": []}
    for part in split(votes, 3, seed=2):
        others = votes - part
        fitted = fit_ties(others)
        decided = Cells.from_sums([s for s in others.sums() if s.outcome in "ab"])
        theta = fit(pair_sums(decided))
        ties = others.votes[:, 2:].sum() / others.votes.sum()
        for s in part.sums():
            i, j = (votes.contestants.index(name) for name in (s.a, s.b))
            won = 1 / (1 + np.exp(theta[j] - theta[i]))
            event = s.outcome if s.outcome in "ab" else "tie"
            flat = {"a": (1 - ties) * won, "b": (1 - ties) * (1 - won), "tie": ties}
            losses["rao-kupper"] += s.votes * [-np.log(fitted.probabilities(s.a, s.b)[event])]
            losses["drop"] += s.votes * [-np.log(flat[event])]
    assert compared.votes == len(losses["drop"]) == 600
    for one in compared.models:
        own = np.array(losses[one.model])
        behind = own - np.array(losses[compared.best])
        assert one.loss == pytest.approx(own.mean(), abs=1e-9)
        assert one.loss_se == pytest.approx(own.std() / np.sqrt(600), abs=1e-9)
        assert one.behind == pytest.approx(behind.mean(), abs=1e-9)
        assert one.behind_se == pytest.approx(behind.std() / np.sqrt(600), abs=1e-9)


def round_robin(name: str, parameter: float, each: int) -> Cells:
    """Simulate as many votes for each pair of eight contestants, whose strengths differ much.

    Among equals all models of ties are alike.
    """
    rng, theta = np.random.default_rng(9), np.linspace(-3, 3, 8)
    lines = []
    for i, j in itertools.combinations(range(8), 2):
        counts = rng.multinomial(each, shares(name, theta[[i]], theta[[j]], parameter)[0])
        lines += [(f"{i}", f"{j}", o, n, n, n) for o, n in zip(OUTCOMES, counts, strict=False) if n]
    return Cells.from_sums(lines)


@pytest.mark.parametrize(("name", "parameter"), [("rao-kupper", 1.2), ("davidson", 3.0)])
def test_the_model_that_the_votes_come_from_is_chosen(name: str, parameter: float) -> None:
    compared = compare_models(
        round_robin(name, parameter, 2000), ["half", "drop", "rao-kupper", "davidson"], seed=1
    )
    assert compared.best == name
    assert (compared.models[0].behind, compared.models[0].behind_se) == (0.0, 0.0)
    by_name = {one.model: one for one in compared.models}
    assert by_name["drop"].behind > 5 * by_name["drop"].behind_se
    other = by_name["davidson" if name == "rao-kupper" else "rao-kupper"]
    assert other.behind > 3 * other.behind_se


def test_the_grounded_model_is_chosen_where_the_weak_draw_both_bad() -> None:
    compared = compare_models(round_robin("grounded", 0.0, 1000))
    assert compared.best == "grounded"
    assert {one.model for one in compared.models} == set(VOTE_MODELS)
    assert all(one.behind > 5 * one.behind_se for one in compared.models[1:])


def test_bradley_terry_keeps_its_expected_score_when_it_is_given_ties() -> None:
    p = np.array([1e-6, 0.2, 0.5, 0.9, 1 - 1e-9])
    for nu in (0.0, 0.3, 2.0, 7.0, 1e9):
        a, b, neither = np.exp(_with_ties(p, 1 - p, nu)).T
        assert a + b + neither == pytest.approx(np.ones(5), abs=1e-12)
        assert a + neither / 2 == pytest.approx(p, abs=1e-12)
        assert neither**2 == pytest.approx(nu**2 * a * b, rel=1e-6, abs=1e-12)


def test_bradley_terry_is_given_the_ties_that_fit_best() -> None:
    votes = world("rao-kupper", 8, 4, 500, 0.6)
    sums = pair_sums(votes)
    expected, seen = sums.expected(fit(sums)), _events(votes.weights)
    found = float((seen * _half(votes, votes)).sum())
    tried = [float((seen * _with_ties(*expected, nu)).sum()) for nu in np.linspace(0.1, 4, 400)]
    assert max(tried) <= found
    assert found == pytest.approx(max(tried), abs=0.01)


def test_a_common_factor_of_the_weights_changes_nothing() -> None:
    votes = world("rao-kupper", 6, 4, 400, 0.6)
    heavy = Cells.from_sums(s._replace(weight=4 * s.weight, square=16 * s.square) for s in votes.sums())
    models = ["half", "drop", "rao-kupper", "davidson"]
    one, other = (compare_models(v, models) for v in (votes, heavy))  # type: ignore[arg-type]
    for left, right in zip(one.models, other.models, strict=True):
        assert (right.loss, right.loss_se) == pytest.approx((left.loss, left.loss_se), abs=1e-9)


def test_contestants_whom_the_other_folds_do_not_place_are_left_out_and_counted() -> None:
    votes = world("rao-kupper", 6, 4, 600, 0.6) + cells([("00", "new", "a"), ("00", "new", "tie")])
    compared = compare_models(votes, ["rao-kupper", "half"])
    assert (compared.votes, compared.left_out) == (600, 2)


def test_what_cannot_be_compared_is_refused() -> None:
    votes = world("rao-kupper", 6, 4, 400, 0.6)
    with pytest.raises(RankingError, match="no model of a vote"):
        compare_models(votes, ["elo"])  # type: ignore[list-item]
    for named in ([], ["half", "half"]):
        with pytest.raises(RankingError, match="each once"):
            compare_models(votes, named)  # type: ignore[arg-type]
    with pytest.raises(RankingError, match="2 or more"):
        compare_models(votes, folds=1)
    with pytest.raises(RankingError, match="'grounded' cannot be fitted without fold 1: No vote says"):
        compare_models(votes)
    for none in (Cells.from_sums([]), cells([("x", "y", "tie")] * 20), cells([("x", "y", "a")])):
        with pytest.raises(RankingError, match="too few"):
            compare_models(none)


@pytest.mark.parametrize("model", ["half", "drop", "rao-kupper", "davidson"])
def test_a_tie_that_the_other_folds_never_saw_is_an_error_not_an_infinite_loss(model: str) -> None:
    votes = cells([("x", "y", "a")] * 30 + [("x", "y", "b")] * 30 + [("x", "y", "tie")])
    with pytest.raises(RankingError, match="has a tie and the others have none"):
        compare_models(votes, [model])  # type: ignore[list-item]


def test_votes_without_any_tie_are_compared_all_the_same() -> None:
    votes = cells([("x", "y", "a")] * 40 + [("x", "y", "b")] * 20)
    compared = compare_models(votes, ["half", "drop", "rao-kupper", "davidson"])
    assert [one.behind for one in compared.models] == pytest.approx([0.0] * 4, abs=1e-9)
