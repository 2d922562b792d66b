"""Which pair next, and what an uneven draw means for the votes that it brings.

Pairs are drawn by declared weights: two distinct contestants one after the other, each with a probability
proportional to its weight among those that are left. The probability of a pair, in either order, is

    P{i, j} = w_i w_j / W · (1 / (W - w_i) + 1 / (W - w_j)),  W = Σ w.

The adaptive rule [1, eq. 9] prefers the pairs whose entry in the win matrix would gain the most from one
more vote: P(a) ∝ √(Σ_aa / n_a) - √(Σ_aa / (n_a + 1)). Here Σ_aa is the variance of a single score of pair a,
so that √(Σ_aa / n_a) is the standard error of its mean. (The paper's own Σ, eq. 5, is that of scores divided
by the probabilities of their pairs. It is another when the two contestants of a pair change places, and
divided by n_a it is no squared standard error.)

Bradley-Terry ratings under an uneven draw answer for the pairs as they were drawn. Votes weighted by one over
the probability of their pair answer for all pairs alike, whether or not the model holds [1, eq. 7; 2].

[1] Chiang et al., Chatbot Arena: an open platform for evaluating LLMs by human preference, 2024.
[2] Horvitz & Thompson, A generalization of sampling without replacement from a finite universe, 1952.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evenhand.ranking.bradley_terry import Vector
from evenhand.ranking.cells import Cells
from evenhand.ranking.errors import RankingError
from evenhand.ranking.given import Given, cells_of
from evenhand.ranking.rows import SCORES

FLOOR = 0.2
"""The part of all battles that the adaptive rule leaves to the declared weights."""
LEAST = 50
"""A pair with fewer votes than this has none of them made heavier."""


@dataclass(frozen=True)
class PairDraw:
    """How likely each pair is to be drawn next.

    contestants: (M) names, sorted; pairs: (K, 2) indices of those that can be drawn, first < second, sorted;
    probability: (K), sums to 1.
    """

    contestants: tuple[str, ...]
    pairs: NDArray[np.int64]
    probability: Vector

    @property
    def exposure(self) -> Vector:
        """The probability that a battle includes each contestant (M); sums to 2."""
        both = np.concatenate([self.probability, self.probability])
        return np.bincount(self.pairs.T.ravel(), both, len(self.contestants)).astype(np.float64)


def draw_by_weight(weights: Mapping[str, int]) -> PairDraw:
    """Return the draw by declared weights; a contestant of weight 0 is never drawn.

    Raises:
        RankingError: a weight is no whole number ≥ 0, or fewer than two contestants have one above 0.
    """
    for name, weight in weights.items():
        if isinstance(weight, bool) or not isinstance(weight, int) or weight < 0:
            raise RankingError(f"The weight of {name!r} is {weight!r}; it must be a whole number, 0 or more.")
    names = tuple(sorted(weights))
    drawable = np.array([i for i, name in enumerate(names) if weights[name] > 0], dtype=np.int64)
    if len(drawable) < 2:
        raise RankingError("Fewer than two contestants have a weight above 0: there is no pair to draw.")
    total = sum(weights.values())
    share = np.array([weights[names[i]] / total for i in drawable])
    # The others' share is summed up, not what is missing to 1: next to a giant that would be rounding.
    others = np.array([(total - weights[names[i]]) / total for i in drawable])
    i, j = np.triu_indices(len(drawable), 1)
    probability = share[i] * share[j] * (1.0 / others[i] + 1.0 / others[j])
    return PairDraw(names, np.stack([drawable[i], drawable[j]], axis=1), probability)


def draw_adaptively(votes: Given, declared: PairDraw, floor: float = FLOOR) -> PairDraw:
    """Return the adaptive draw among the pairs of the declared one, mixed with it.

    P = (1 - floor) · rule + floor · declared, so that no pair's chance falls below `floor` times the declared
    one. While some pairs have never met, the rule, which values their first vote infinitely, is even among
    those and nothing elsewhere. Who draws by it must record P with every battle: votes from an adaptive draw
    cannot be analysed without.

    Raises:
        RankingError: the floor is not above 0, or above 1.
    """
    if not 0 < floor <= 1:
        raise RankingError(f"floor is {floor}; it must lie above 0, and be 1 at most.")
    number, variance = _of_pairs(cells_of(votes), declared)
    gain = standard_error_reduction(variance, number)
    new = np.isinf(gain)
    rule = new / new.sum() if new.any() else gain / gain.sum()
    return replace(declared, probability=(1.0 - floor) * rule + floor * declared.probability)


def standard_error_reduction(variance: ArrayLike, votes: ArrayLike) -> Vector:
    """Return √(Σ_aa / n_a) - √(Σ_aa / (n_a + 1)) of pairs (K); infinite where there are no votes yet."""
    n = np.asarray(votes, dtype=np.float64)
    spread = np.sqrt(np.asarray(variance, dtype=np.float64))
    # 1/√n - 1/√(n + 1) without the difference of nearly equal numbers.
    root, following = np.sqrt(n), np.sqrt(n + 1.0)
    below = root * following * (root + following)
    gain: Vector = np.divide(spread, below, out=np.full(n.shape, np.inf), where=n > 0)
    return gain


def score_variance(cells: Cells) -> Vector:
    """Return the variance of a single score (1, 0, or ½) within each pair of cells (P).

    One more vote is taken to be there, half won and half lost: the few votes of a pair that agree do not say
    that all will.
    """
    number = cells.votes.sum(axis=1) + 1.0
    mean = (cells.votes @ SCORES + 0.5) / number
    square = (cells.votes @ SCORES**2 + 0.5) / number
    variance: Vector = square - mean**2
    return variance


def _of_pairs(cells: Cells, draw: PairDraw) -> tuple[Vector, Vector]:
    """Return the votes and the variance of each pair of a draw; 0 and ¼ for one without votes."""
    place = {name: i for i, name in enumerate(draw.contestants)}
    index = np.array([place.get(name, -1) for name in cells.contestants], dtype=np.int64)
    met = index[cells.pairs].reshape(-1, 2)  # both lists of names are sorted, so first < second still
    known = (met >= 0).all(axis=1)
    size = len(draw.contestants)
    keys, wanted = met[known] @ [size, 1], draw.pairs @ [size, 1]
    at = np.searchsorted(wanted, keys)
    there = at < len(wanted)
    there[there] = wanted[at[there]] == keys[there]
    votes, variance = np.zeros(len(wanted)), np.full(len(wanted), 0.25)
    votes[at[there]] = cells.votes.sum(axis=1)[known][there]
    variance[at[there]] = score_variance(cells)[known][there]
    return votes, variance


@dataclass(frozen=True)
class Exposure:
    """How evenly votes are spread.

    votes: (M) votes that each contestant took part in; pairs_possible, pairs_met: how many pairs there are,
    and how many of them have votes; effective_contestants, effective_pairs: (Σn)² / Σn², as many as would, if
    they all had the same number of votes, be spread as evenly.
    """

    contestants: tuple[str, ...]
    votes: NDArray[np.int64]
    pairs_possible: int
    pairs_met: int
    effective_contestants: float
    effective_pairs: float

    @property
    def evenness(self) -> float:
        """Effective pairs as a part of the possible: 1 where all met equally often, 0 without votes."""
        return self.effective_pairs / self.pairs_possible if self.pairs_possible else 0.0


def exposure(votes: Given) -> Exposure:
    """Return how evenly the votes are spread over contestants and pairs; weights play no part."""
    cells = cells_of(votes)
    size = len(cells.contestants)
    number = cells.votes.sum(axis=1)
    of_each = cells.tally().sum(axis=1)
    return Exposure(
        cells.contestants,
        of_each,
        size * (size - 1) // 2,
        int((number > 0).sum()),
        _effective(of_each.astype(np.float64)),
        _effective(number.astype(np.float64)),
    )


def _effective(values: Vector) -> float:
    """Return (Σv)² / Σv² [Kish, Survey sampling, 1965]; 0 for nothing."""
    squares = float(values @ values)
    return float(values.sum()) ** 2 / squares if squares > 0 else 0.0


@dataclass(frozen=True)
class InverseWeights:
    """Weights of votes (N), of mean 1.

    clipped: how many stand at the bound; effective_votes: (Σw)² / Σw², the number of equally weighted votes
    that would say as much.
    """

    weight: Vector
    clipped: int
    effective_votes: float


def inverse_probability_weights(
    probability: Sequence[float] | NDArray[np.float64], *, clip: float | None = None
) -> InverseWeights:
    """Return weights 1 / P for votes whose pairs were drawn with probabilities P (N).

    With them as `VoteRows.weight` a fit answers for all pairs that could be drawn, in equal parts, whatever
    the draw preferred. P is that of the pair in either order, as it was when the pair was drawn; the
    probability of a redraw, in which one side stayed, is another thing, so such votes are to be left out.

    Args:
        probability: as logged
        clip: no weight may exceed so many times the mean of 1 / P. Less noise for some bias towards the pairs
            that were preferred; None for neither.

    Raises:
        RankingError: a probability is not above 0 and at most 1, or the bound not above 1.
    """
    p = np.asarray(probability, dtype=np.float64)
    wrong = ~((p > 0) & (p <= 1))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise RankingError(
            f"The probability of vote {row + 1} is {p[row]}; it must be above 0 and 1 at most."
        )
    if clip is not None and not 1 < clip < math.inf:
        raise RankingError(f"clip is {clip}; it must be a number above 1, or None.")
    if not len(p):
        return InverseWeights(np.empty(0), 0, 0.0)
    weight = 1.0 / p
    clipped = 0
    if clip is not None:
        bound = clip * weight.mean()
        clipped = int((weight > bound).sum())
        weight = np.minimum(weight, bound)
    weight /= weight.mean()
    return InverseWeights(weight, clipped, _effective(weight))


def reweight_pairs(votes: Given, least: int = LEAST) -> Cells:
    """Return cells in which every vote weighs 1 / max(n, least) of what it did, n being its pair's votes.

    So pairs of many votes count alike, and those of few count for no more than their votes are worth. Numbers
    of votes stay as they are.

    Raises:
        RankingError: `least` is below 1.
    """
    if least < 1:
        raise RankingError(f"least is {least}; it must be 1 or more.")
    cells = cells_of(votes)
    factor = 1.0 / np.maximum(cells.votes.sum(axis=1), least)[:, None]
    sums = np.stack([cells.votes.astype(np.float64), cells.weights * factor, cells.squares * factor**2])
    return Cells(cells.contestants, cells.pairs[:, 0], cells.pairs[:, 1], sums)
