"""From cells to a leaderboard."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.blas import one_blas_thread
from evenhand.ranking.board import Board, Row, Status
from evenhand.ranking.bradley_terry import PairSums, Vector
from evenhand.ranking.cells import Cells
from evenhand.ranking.connectivity import islands
from evenhand.ranking.errors import RankingError
from evenhand.ranking.intervals import EQUAL, critical_values, rank_bounds, z_scores
from evenhand.ranking.island import Island, fit_island

SCALE = 400.0 / math.log(10.0)
"""Points per unit of θ: 400 points are odds of ten to one."""

Anchor = float | tuple[str, float]


@one_blas_thread()
def rank(votes: Cells, *, anchor: Anchor = 1000.0, alpha: float = 0.05, seed: int = 0) -> Board:
    """Rank contestants by the Bradley-Terry model, a tie being half a win for each.

    Args:
        votes: the cells; contestants without votes stand on the board without a rating
        anchor: the mean rating in points, or a contestant and its rating: then contestants that no chain
            of comparisons joins with it have no rating
        alpha: 1 - confidence of all intervals
        seed: of the simulation behind the critical values of the ranks

    Raises:
        RankingError: the anchor is no contestant or has no votes, or a number makes no sense.
    """
    if not 0 < alpha < 1:
        raise RankingError(f"alpha is {alpha}; it must lie between 0 and 1.")
    name, level = anchor if isinstance(anchor, tuple) else (None, anchor)
    weighed = votes.weights.sum(axis=1) > 0
    groups = islands(votes.pairs[weighed], len(votes.contestants))
    joined = [group for group in groups if len(group) > 1]
    _check_anchor(name, level, votes, joined)

    bare = _bare_rows(votes, groups)
    rows: list[Row] = []
    fitted = [fit_island(_sums(votes, group)) for group in joined]
    for group, island in zip(joined, fitted, strict=True):
        members = [
            replace(bare[i], reason=None, preliminary=bool(y))
            for i, y in zip(group, island.young, strict=True)
        ]
        names = [row.contestant for row in members]
        if name is None or name in names:
            members = _with_ratings(
                members, island, level, None if name is None else names.index(name), alpha
            )
        places = _places(island.theta)
        order = np.argsort(places, kind="stable")
        if len(joined) == 1:
            members = _with_ranks(members, island, places, order, alpha, seed)
        else:
            members = [replace(row, reason="not_connected") for row in members]
        rows += [members[i] for i in order]
    rows += [bare[group[0]] for group in groups[len(joined) :]]

    young = any(island.fit == "firth" for island in fitted)
    status: Status = "empty" if not joined else "preliminary" if young or len(joined) > 1 else "established"
    return Board(
        rows=tuple(rows),
        status=status,
        connected=len(joined) <= 1,
        fit="firth" if young else "newton",
        votes=int(votes.votes.sum()),
        anchor=float(level),
        anchored_at=name,
        alpha=alpha,
        seed=seed,
    )


def _check_anchor(name: str | None, level: float, votes: Cells, joined: Sequence[list[int]]) -> None:
    if not math.isfinite(level):
        raise RankingError(f"The anchor's rating is {level}; it must be a number.")
    if name is None:
        return
    if name not in votes.contestants:
        raise RankingError(f"The anchor {name!r} is not among the contestants.")
    if not any(votes.contestants.index(name) in group for group in joined):
        raise RankingError(f"The anchor {name!r} has no votes, so nothing can be measured from it.")


def _bare_rows(votes: Cells, groups: Sequence[list[int]]) -> list[Row]:
    """Return what is known of each contestant without a fit."""
    component = {i: number for number, group in enumerate(groups) for i in group}
    return [
        Row(
            contestant=name,
            votes=wins + losses + ties,
            wins=wins,
            losses=losses,
            ties=ties,
            component=component[i],
            reason="no_votes",
        )
        for i, (name, (wins, losses, ties)) in enumerate(
            zip(votes.contestants, votes.tally().tolist(), strict=True)
        )
    ]


def _sums(votes: Cells, group: list[int]) -> PairSums:
    """Return the pair sums within a group, whose members are numbered in its order."""
    place = np.full(len(votes.contestants), -1)
    place[group] = np.arange(len(group))
    inside = (place[votes.pairs[:, 0]] >= 0) & (votes.weights.sum(axis=1) > 0)
    return PairSums.from_outcomes(
        len(group), place[votes.pairs[inside]], votes.weights[inside], votes.squares[inside]
    )


def _with_ratings(
    rows: list[Row], island: Island, level: float, anchor: int | None, alpha: float
) -> list[Row]:
    zero = 0.0 if anchor is None else float(island.theta[anchor])
    rated = []
    for i, row in enumerate(rows):
        lower, upper, kind = island.interval(i, anchor, alpha)
        rated.append(
            replace(
                row,
                rating=level + SCALE * (float(island.theta[i]) - zero),
                lower=level + SCALE * lower,
                upper=level + SCALE * upper,
                interval=kind,
            )
        )
    return rated


def _places(theta: Vector) -> NDArray[np.int64]:
    """Return the rank of each θ, from 1; equal ones share the best of their places."""
    order = np.argsort(-theta, kind="stable")
    starts = np.append(True, np.diff(-theta[order]) > EQUAL)
    places = np.empty(len(theta), dtype=np.int64)
    places[order] = np.maximum.accumulate(np.where(starts, np.arange(1, len(theta) + 1), 0))
    return places


def _with_ranks(
    rows: list[Row],
    island: Island,
    places: NDArray[np.int64],
    order: NDArray[np.int64],
    alpha: float,
    seed: int,
) -> list[Row]:
    z = z_scores(island.theta, island.covariance)
    critical = critical_values(island.covariance, alpha, seed)
    best, worst = rank_bounds(z, critical.rows)
    separated = np.zeros(len(rows), dtype=np.bool_)
    separated[order[:-1]] = z[order[:-1], order[1:]] > critical.joint
    return [
        replace(
            row,
            rank=int(places[i]),
            rank_best=int(best[i]),
            rank_worst=int(worst[i]),
            separated_from_next=bool(separated[i]),
        )
        for i, row in enumerate(rows)
    ]
