"""Whether votes bound the fit of a model that knows of ties.

Let all parameters run off along a direction, θ = λ u and x = λ t. Each log-probability is then, up to what
stays bounded, λ times a number ≤ 0, and where that number is 0 for every vote seen, nothing holds the
parameters back. With t > 0, in units in which ties become likely between all that differ by 1 or less, the
numbers are 0 just where

    u_winner - u_loser ≥ 1,  |u_a - u_b| ≤ 1 in a tie

(with t = 0 the 1 is a 0), and for the grounded model also

    u_winner ≥ 0,  max(u_a, u_b) ≥ 0 in a tie,  u_a ≤ 0 and u_b ≤ 0 where both are bad.

So votes bound the fit if no u fits them. For t = 0 that is strong connectivity [1]; for t > 0 the votes must
hold a cycle along which more steps are wins than ties. A direction with t < 0 is open only where there is no
tie at all.

[1] Ford, Solution of a ranking problem from binary comparisons, 1957.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Vector
from evenhand.ranking.cells import Cells
from evenhand.ranking.connectivity import strong_components
from evenhand.ranking.errors import RankingError

Edges = NDArray[np.int64]


def check_bounded(cells: Cells, *, grounded: bool) -> None:
    """Make sure that the likelihood has a finite maximum, but for where no vote is a tie.

    For the grounded model, whose likelihood is not concave, a maximum may exist where this fails: it is
    refused, because a higher one, or one as high, may lie at infinity.

    Raises:
        RankingError: there is none; with what is missing.
    """
    size, seen = len(cells.contestants), cells.weights > 0
    if size < 2 or not seen.any():
        raise RankingError("There are no votes between two contestants to fit a model to.")
    first, second = cells.pairs.T
    wins = np.concatenate([cells.pairs[seen[:, 0]], cells.pairs[seen[:, 1]][:, ::-1]])
    undecided = seen[:, 2] if grounded else seen[:, 2] | seen[:, 3]
    ties = cells.pairs[undecided]
    edges = [wins, ties, ties[:, ::-1]]
    ground = np.empty((0, 2), dtype=np.int64)
    if grounded:
        if not seen[:, 3].any():
            raise RankingError(
                "No vote says that both are bad, so nothing says where bad begins: "
                "fit Rao-Kupper, which does not need to know."
            )
        if not len(ties):
            raise RankingError(
                "No vote is a tie, so the grounded model's threshold has no finite value: "
                "rank by Bradley-Terry, which needs none."
            )
        bad = np.unique(cells.pairs[seen[:, 3]])
        good = np.unique(np.concatenate([wins[:, 0], first[undecided], second[undecided]]))
        ground = np.concatenate([_between(good, size), _between(bad, size)[:, ::-1]])
    components = strong_components(np.concatenate([*edges, ground]), size + grounded)
    if len(components) > 1:
        raise RankingError(_apart(cells.contestants, components, grounded=grounded))
    if len(ties) and _may_widen(size, wins, ties, cells.pairs[seen[:, 3]] if grounded else None):
        raise RankingError(
            "Along no circle of votes are there more wins than ties, so the threshold of a tie has no "
            "finite value: the votes are too few for a model of ties, rank by Bradley-Terry."
        )


def _between(contestants: NDArray[np.int64], ground: int) -> Edges:
    """Return edges from contestants to the ground."""
    return np.stack([contestants, np.full_like(contestants, ground)], axis=1)


def _apart(names: Sequence[str], components: Sequence[list[int]], *, grounded: bool) -> str:
    outside = sorted(i for component in components[1:] for i in component if i < len(names))
    named = ", ".join(repr(names[i]) for i in outside[:3])
    others = f" and {len(outside) - 3} others" if len(outside) > 3 else ""
    bar = ", the bar of what is good among them," if grounded else ""
    return (
        f"Not all are on one scale: {named}{others} and the rest{bar} have not, over some chain, each won "
        "against (or tied with) the other. Leave them out, or rank by Bradley-Terry."
    )


def _may_widen(size: int, wins: Edges, ties: Edges, bad: Edges | None) -> bool:
    """Return whether a u fits votes that are strongly connected, for t > 0."""
    if len(strong_components(wins, size)) < size:
        return False  # a circle of nothing but wins
    # An edge i → j of length c says u_j ≤ u_i + c.
    ones = np.ones(len(ties))
    edges, lengths = [wins, ties, ties[:, ::-1]], [-np.ones(len(wins)), ones, ones]
    start = np.zeros(size)
    if bad is not None:
        winners, losers = np.unique(wins[:, 0]), np.unique(bad)
        edges += [_between(winners, size), _between(losers, size)[:, ::-1]]
        lengths += [np.zeros(len(winners)), np.zeros(len(losers))]
        start = np.append(np.full(size, np.inf), 0.0)
    highest = _highest(start, np.concatenate(edges), np.concatenate(lengths))
    if highest is None:
        return False
    # Ties want one of two to be high. The highest u that fits the rest is the best for all of them at once.
    return bad is None or bool((np.maximum(highest[ties[:, 0]], highest[ties[:, 1]]) >= 0).all())


def _highest(start: Vector, edges: Edges, lengths: Vector) -> Vector | None:
    """Return the highest u ≤ start with u_j ≤ u_i + length on all edges, by Bellman and Ford; None if there
    is none.
    """
    u = start
    for _ in range(len(start) + 1):
        lower = u.copy()
        np.minimum.at(lower, edges[:, 1], u[edges[:, 0]] + lengths)
        if np.array_equal(lower, u):
            return u
        u = lower
    return None
