"""The rows of a board: what is known of each contestant, its rating, its rank."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.board import SCALE, Ranks
from evenhand.ranking.cells import Cells
from evenhand.ranking.fitted import Fitted
from evenhand.ranking.intervals import critical_values, rank_bounds
from evenhand.ranking.island import Island
from evenhand.ranking.ranks import Places
from evenhand.ranking.stepdown import rank_bounds_of, separations

Draft = dict[str, Any]
"""The fields of a `board.Row` that are known so far."""


def drafts(votes: Cells, groups: Sequence[list[int]]) -> list[Draft]:
    """Return what is known of each contestant without a fit; `groups` are those that comparisons join."""
    component = {i: number for number, group in enumerate(groups) for i in group}
    met = np.zeros(len(votes.contestants), dtype=np.bool_)
    met[votes.compared] = True
    return [
        {
            "contestant": name,
            "votes": wins + losses + ties,
            "wins": wins,
            "losses": losses,
            "ties": ties,
            "component": component[i],
            "reason": "not_connected" if met[i] else "no_votes",
        }
        for i, (name, (wins, losses, ties)) in enumerate(
            zip(votes.contestants, votes.tally().tolist(), strict=True)
        )
    ]


def add_ratings(
    members: Sequence[Draft], island: Island, level: float, anchor: int | None, alpha: float
) -> None:
    """Rate the members of an island in points: `level` is the rating of `anchor`, or of the mean for None."""
    zero = 0.0 if anchor is None else island.theta[anchor]
    lower, upper, kinds = island.intervals(anchor, alpha)
    in_points = [(level + SCALE * one).tolist() for one in (island.theta - zero, lower, upper)]
    for draft, rating, low, high, kind in zip(members, *in_points, kinds, strict=True):
        draft.update(rating=rating, lower=low, upper=high, interval=kind)


def add_ranks(
    members: Sequence[Draft],
    fitted: Fitted,
    place: Places,
    order: NDArray[np.int64],
    *,
    ranks: Ranks,
    alpha: float,
    seed: int,
) -> None:
    """Rank the members of the only island. `place`: the rank of each; `order`: the members from the first."""
    z = fitted.z_scores()
    critical = critical_values(fitted.covariance, alpha, seed)
    above = separations(z, critical, alpha)
    best, worst = rank_bounds(z, critical.rows) if ranks == "row" else rank_bounds_of(above)
    separated = np.zeros(len(members), dtype=np.bool_)
    separated[order[:-1]] = above[order[:-1], order[1:]]
    for i, draft in enumerate(members):
        draft.update(
            rank=int(place[i]),
            rank_best=int(best[i]),
            rank_worst=int(worst[i]),
            separated_from_next=bool(separated[i]),
        )
