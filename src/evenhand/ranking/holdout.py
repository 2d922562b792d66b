"""Which model of a vote describes the votes best: by what it says of votes that it has not seen.

Every vote belongs to one of K folds, by chance. A model is fitted to all other folds and pays -log P(event)
for each vote in the fold. The events are those that all models can tell: a wins, b wins, neither (a tie, or
both bad; the grounded model's probabilities of the two are added).

Two of the models have no ties of their own, and are given one more number for them, the best for the votes
they are fitted to:

- half: Bradley-Terry with a tie as half a win each. What it predicts is the expected score,
  p = P(a) + ½ P(neither), and that is kept: P(neither) = ν √(P(a) P(b)), as in Davidson's model, on top of
  the ratings that everybody ranks by. (A share of ties that is the same for all pairs would contradict those
  ratings, and make this model look worse than it is.)
- drop: Bradley-Terry without the ties. What it predicts is who wins if anybody does, and that is kept with a
  share of ties τ that is the same for all pairs: P(a) = (1 - τ) s(θ_a - θ_b). It is the model in which ties
  tell nothing of strength.

The grounded model is fitted to four outcomes and scored on three events: that it tells ties from both bad
earns it nothing here. Differences between models that rank alike are about the shape of the share of ties,
not about who is better.

The standard errors take votes as independent and the fits as given [1].

[1] Bates, Hastie & Tibshirani, Cross-validation: what does it estimate and how well does it do it?, 2024,
tells when that is too narrow: where parameters are many for the votes.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.blas import one_blas_thread
from evenhand.ranking.bradley_terry import Matrix, PairSums, Vector, fit
from evenhand.ranking.cells import Cells
from evenhand.ranking.connectivity import strong_components, win_edges
from evenhand.ranking.errors import RankingError
from evenhand.ranking.given import Given, cells_of
from evenhand.ranking.ties import fit_ties

VoteModel = Literal["half", "drop", "rao-kupper", "davidson", "grounded"]

VOTE_MODELS: tuple[VoteModel, ...] = ("half", "drop", "rao-kupper", "davidson", "grounded")

EVENTS = ("a", "b", "neither")

NU_RANGE = (-30.0, 30.0)
"""Where log ν is sought."""


@dataclass(frozen=True)
class HeldOutLoss:
    """How a model does on votes that it has not seen.

    loss: the mean of -log P(event) per vote, in nats; loss_se: its standard error; behind: by how much that
    is more than the best model's; behind_se: the standard error of this difference, vote by vote.
    """

    model: VoteModel
    loss: float
    loss_se: float
    behind: float
    behind_se: float


@dataclass(frozen=True)
class Comparison:
    """Models by held-out loss, the best first.

    votes: how many votes were held out and scored; left_out: how many were not, because they are of
    contestants that the votes of the other folds do not put on one scale; folds and seed: as given.
    """

    models: tuple[HeldOutLoss, ...]
    votes: int
    left_out: int
    folds: int
    seed: int

    @property
    def best(self) -> VoteModel:
        """The model with the least loss."""
        return self.models[0].model


@one_blas_thread()
def compare_models(
    votes: Given, models: Sequence[VoteModel] = VOTE_MODELS, *, folds: int = 5, seed: int = 0
) -> Comparison:
    """Compare models of a vote by held-out log loss; the same for the same seed.

    In each fold the models are fitted to, and scored on, the largest group of contestants each of whom has,
    in the other folds and over some chain, both won and lost (ties apart): there all of them have a fit, and
    all are scored on the same votes. Weights weigh votes in the fits and in the mean of the losses.

    Raises:
        RankingError: a model is not known, or named twice; fewer than two folds; the votes are too few; a
            model cannot be fitted, or says that what was seen cannot be (no tie in all the other folds).
    """
    _check(models, folds)
    cells = cells_of(votes)
    losses, weights, squares, count = [], [], [], 0
    for number, held_out in enumerate(split(cells, folds, seed), start=1):
        others = cells - held_out
        group = _decided(others)
        if len(group) < 2:
            raise RankingError(
                f"The votes are too few: without fold {number} of {folds} no two contestants have both won "
                "and lost against each other over some chain."
            )
        others, scored = others.among(group), held_out.among(group)
        count += int(scored.votes.sum())
        seen = _events(scored.weights) > 0
        weights.append(_events(scored.weights)[seen])
        squares.append(_events(scored.squares)[seen])
        losses.append(np.stack([-_predicted(model, others, scored, number)[seen] for model in models]))
    return _compared(
        models,
        np.concatenate(losses, axis=1),
        np.concatenate(weights),
        np.concatenate(squares),
        count,
        int(cells.votes.sum()) - count,
        folds,
        seed,
    )


def split(cells: Cells, folds: int, seed: int) -> list[Cells]:
    """Put every vote into one of the folds, with equal chances; return their cells, which add up to `cells`.

    Of a cell only sums are known, so each of its votes takes the mean of its Σw and Σw² along. That is exact
    where the votes of a cell weigh the same; else it is what a fold's sums are expected to be, given how
    many votes it has.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    counts = rng.multinomial(cells.votes, np.full(folds, 1.0 / folds))
    share = np.divide(1.0, cells.votes, out=np.zeros(cells.votes.shape), where=cells.votes > 0)
    first, second = cells.pairs.T
    return [
        Cells(
            cells.contestants,
            first,
            second,
            np.stack([taken, taken * (cells.weights * share), taken * (cells.squares * share)]),
        )
        for taken in np.moveaxis(counts, -1, 0).astype(np.float64)
    ]


def _check(models: Sequence[VoteModel], folds: int) -> None:
    for model in models:
        if model not in VOTE_MODELS:
            raise RankingError(f"{model!r} is no model of a vote; known are {', '.join(VOTE_MODELS)}.")
    if not models or len(set(models)) < len(models):
        raise RankingError("Name the models to compare, each once.")
    if folds < 2:
        raise RankingError(f"folds is {folds}; there must be 2 or more.")


def _decided(cells: Cells) -> list[int]:
    """Return the largest group that is strongly connected by wins alone."""
    won = cells.weights > 0
    edges = win_edges(cells.pairs, won[:, 0], won[:, 1])
    components = strong_components(edges, len(cells.contestants))
    return components[0] if components else []


def _events(table: NDArray[np.float64]) -> Matrix:
    """Return sums per event, (P, 3), from those per outcome, (P, 4)."""
    return np.stack([table[:, 0], table[:, 1], table[:, 2] + table[:, 3]], axis=1)


def _predicted(model: VoteModel, others: Cells, scored: Cells, fold: int) -> Matrix:
    """Return log P of each event in the pairs that are scored, (P, 3), by the model fitted to others."""
    first, second = scored.pairs.T
    try:
        if model == "half":
            values = _half(others, scored)
        elif model == "drop":
            values = _drop(others, scored)
        else:
            fitted = fit_ties(others, model)
            values = fitted.log_probabilities(first, second)
            values = np.concatenate([values[:, :2], np.logaddexp.reduce(values[:, 2:], axis=1)[:, None]], 1)
    except RankingError as error:
        raise RankingError(f"The model {model!r} cannot be fitted without fold {fold}: {error}") from error
    if np.isneginf(values[_events(scored.weights) > 0]).any():
        raise RankingError(
            f"Fold {fold} has a tie and the others have none, so {model!r} holds it to be impossible: "
            "take fewer folds."
        )
    return values


def _half(others: Cells, scored: Cells) -> Matrix:
    sums = PairSums.of(others)
    theta = fit(sums)
    seen = _events(others.weights)

    def height(x: float) -> float:
        values = _with_ties(*sums.expected(theta), np.exp(x))
        return float((seen * np.where(seen > 0, values, 0.0)).sum())

    nu = float(np.exp(_highest(height, *NU_RANGE))) if (seen[:, 2] > 0).any() else 0.0
    pairs = PairSums.of(scored)
    return _with_ties(*pairs.expected(theta), nu)


def _with_ties(p: Vector, q: Vector, nu: float) -> Matrix:
    """Return log P of each event, (P, 3), for expected scores p of a and q = 1 - p of b.

    From P(a) - P(b) = p - q and T = ν r, r = √(P(a) P(b)), follows a quadratic equation for r.
    """
    r = 4.0 * p * q / (nu + np.sqrt((nu * (p - q)) ** 2 + 16.0 * p * q))
    gap = np.abs(p - q)
    larger = 0.5 * (gap + np.sqrt(gap**2 + 4.0 * r**2))
    smaller = r**2 / larger
    with np.errstate(divide="ignore"):
        events = [np.where(p > q, larger, smaller), np.where(p > q, smaller, larger), nu * r]
        return np.asarray(np.log(np.stack(events, axis=1)))


def _highest(height: Callable[[float], float], lower: float, upper: float) -> float:
    """Return where a function with one top has it, by golden section, to 1e-7 of its place."""
    golden = (math.sqrt(5.0) - 1.0) / 2.0
    left, right = upper - golden * (upper - lower), lower + golden * (upper - lower)
    of_left, of_right = height(left), height(right)
    while upper - lower > 1e-7:
        if of_left > of_right:
            upper, right, of_right = right, left, of_left
            left = upper - golden * (upper - lower)
            of_left = height(left)
        else:
            lower, left, of_left = left, right, of_right
            right = lower + golden * (upper - lower)
            of_right = height(right)
    return (lower + upper) / 2.0


def _drop(others: Cells, scored: Cells) -> Matrix:
    decided = np.array([1.0, 1.0, 0.0, 0.0])
    share = others.weights[:, 2:].sum() / others.weights.sum()
    theta = fit(
        PairSums.from_outcomes(
            len(others.contestants), others.pairs, others.weights * decided, others.squares * decided
        )
    )
    first, second = scored.pairs.T
    gap = theta[first] - theta[second]
    with np.errstate(divide="ignore"):
        decisive, tied = np.log1p(-share), np.log(share)
    return np.stack(
        [decisive - np.logaddexp(0.0, -gap), decisive - np.logaddexp(0.0, gap), np.full(len(gap), tied)], 1
    )


def _compared(
    models: Sequence[VoteModel],
    losses: Matrix,
    weights: Vector,
    squares: Vector,
    votes: int,
    left_out: int,
    folds: int,
    seed: int,
) -> Comparison:
    """Return the means of losses (models, cells) and of their differences."""
    if not weights.size:
        raise RankingError("No vote that was held out could be scored; the votes are too few.")

    def mean(values: Vector) -> tuple[float, float]:
        centre = float(values @ weights / weights.sum())
        return centre, float(np.sqrt(squares @ (values - centre) ** 2) / weights.sum())

    best = int(np.argmin(losses @ weights))
    compared = [
        HeldOutLoss(model, *mean(loss), *mean(loss - losses[best]))
        for model, loss in zip(models, losses, strict=True)
    ]
    ordered = sorted(compared, key=lambda one: one.behind)
    return Comparison(tuple(ordered), votes, left_out, folds, seed)
