"""From cells to a leaderboard."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from evenhand.ranking.blas import one_blas_thread
from evenhand.ranking.board import Board, Coefficient, Ranks, Row, Status, Ties
from evenhand.ranking.board_rows import add_ranks, add_ratings, drafts
from evenhand.ranking.bradley_terry import PairSums
from evenhand.ranking.cells import Cells
from evenhand.ranking.connectivity import islands
from evenhand.ranking.errors import RankingError
from evenhand.ranking.fitted import Fitted
from evenhand.ranking.given import Given
from evenhand.ranking.how import Anchor, How, asked, checked_slices
from evenhand.ranking.island import Island, core, fit_island, fit_styled, fit_tied
from evenhand.ranking.memory import keep_freed_memory
from evenhand.ranking.ranks import places
from evenhand.ranking.readings import Progress, silent
from evenhand.ranking.sample import Sample, samples
from evenhand.ranking.slices import OVERALL
from evenhand.ranking.style import Scaling
from evenhand.ranking.threads import THREADS

FEW = 1000
"""Of more contestants each board is computed alone: it takes gigabytes."""


@one_blas_thread()
def rank(
    votes: Given,
    *,
    style: bool | str | Iterable[str] = False,
    slice: str = OVERALL,  # noqa: A002 - what the boards call it
    cluster: str | bool = True,
    scaling: Scaling = "rms",
    ties: Ties = "half",
    anchor: Anchor = 1000.0,
    alpha: float = 0.05,
    ranks: Ranks = "row",
    seed: int = 0,
    start: Board | None = None,
) -> Board:
    """Rank contestants by the Bradley-Terry model, or by one that knows of ties.

    Args:
        votes: what was read, cells, or votes one by one (`Votes.rows`) with the covariates and clusters that
            they have; contestants without votes stand on the board without a rating
        style: the covariates to hold fixed: True for the usual ones (`style.STYLE`), or their names
        slice: the votes to rank by (`slices.NAMES`)
        cluster: the column whose values say which votes depend on each other; True for the voters where
            they are known, False for none. With fewer of them than `clusters.FEWEST`, and where the penalised
            fit is taken, votes count as independent: `Board.clusters` says whether they do
        scaling: how covariates are brought to their scale, where votes are read
        ties: what a tie, and a vote that both are bad, is: half a win for each, nothing ("drop"), or an
            outcome of its own in the model of Rao and Kupper or Davidson, without style and clusters
        anchor: the mean rating in points, or a contestant and its rating: then contestants that no chain
            of comparisons joins with it have no rating
        alpha: 1 - confidence of all intervals
        ranks: what the bounds of a rank are sure of: "row", each row's own, or "joint", those of all rows at
            once (`stepdown`); the latter are wider
        seed: of the simulation behind the critical values of the ranks
        start: an earlier board of much the same votes. The fit begins where that one ended and is done
            sooner; the result is the same, to the tolerance of the fit. Fits with style and models of ties
            make no use of it

    Raises:
        RankingError: the anchor is no contestant or has no votes, an argument makes no sense, a column is
            missing, the votes do not tell of the slice, or a model that knows of ties has no finite fit.
    """
    return rank_slices(
        votes,
        [slice],
        style=style,
        cluster=cluster,
        scaling=scaling,
        ties=ties,
        anchor=anchor,
        alpha=alpha,
        ranks=ranks,
        seed=seed,
        start=None if start is None else {slice: start},
    )[slice]


@one_blas_thread()
def rank_slices(
    votes: Given,
    slices: Sequence[str] | None = None,
    *,
    style: bool | str | Iterable[str] = False,
    cluster: str | bool = True,
    scaling: Scaling = "rms",
    ties: Ties = "half",
    anchor: Anchor = 1000.0,
    alpha: float = 0.05,
    ranks: Ranks = "row",
    seed: int = 0,
    start: Mapping[str, Board] | None = None,
    progress: Progress = silent,
) -> dict[str, Board]:
    """Rank several slices of the same votes, read once; None for all that the votes tell of: of counts per
    pair that is the overall one. See `rank`.

    `start` are earlier boards by slice, such as this function returned. A slice without one starts from the
    overall board, where that comes before it. `progress` is told how many votes are read, of how many, where
    they are read once more.
    """
    how = asked(
        style=style,
        cluster=cluster,
        scaling=scaling,
        ties=ties,
        anchor=anchor,
        alpha=alpha,
        ranks=ranks,
        seed=seed,
    )
    earlier = {} if start is None else start
    if not isinstance(earlier, Mapping) or not all(isinstance(one, Board) for one in earlier.values()):
        raise RankingError(
            "start must be an earlier board, or for several slices their earlier boards by name; "
            f"this is {type(start).__name__}."
        )
    keep_freed_memory()
    boards: dict[str, Future[Board]] = {}
    with ThreadPoolExecutor(THREADS) as threads:
        for sample in samples(votes, checked_slices(slices), how, progress):
            together = THREADS if len(sample.cells.contestants) <= FEW else 1
            if len(boards) >= together:  # so that no more votes are held than are worked on
                [*boards.values()][-together].result()
            near = earlier.get(sample.slice)
            if near is None and OVERALL in boards:
                near = boards[OVERALL].result()
            boards[sample.slice] = threads.submit(_board, sample, how, near)
        return {name: board.result() for name, board in boards.items()}


def _board(sample: Sample, how: How, start: Board | None) -> Board:
    cells, alpha = sample.cells, how.alpha
    name, level = how.anchored_at, how.level
    groups = islands(cells.compared, len(cells.contestants))
    if how.style:
        groups = _cores(cells, groups)
    joined = [group for group in groups if len(group) > 1]
    check_anchor(name, cells, joined)

    known = drafts(cells, groups)
    fitted = [_fitted(sample, group, how, start) for group in joined]
    fits = tuple(_kept(cells, group, island) for group, island in zip(joined, fitted, strict=True))
    ordered: list[int] = []
    for group, island, kept in zip(joined, fitted, fits, strict=True):
        members = [known[i] for i in group]
        for draft, young in zip(members, island.young.tolist(), strict=True):
            draft.update(reason=None if len(joined) == 1 else "not_connected", preliminary=young)
        if name is None or name in kept:
            anchor = None if name is None else int(kept.places([name])[0])
            add_ratings(members, island, level, anchor, alpha)
        place = places(island.theta)
        order = np.argsort(place, kind="stable")
        if len(joined) == 1:
            add_ranks(members, kept, place, order, ranks=how.ranks, alpha=alpha, seed=how.seed)
        ordered += [group[i] for i in order]
    ordered += [group[0] for group in groups if len(group) == 1]

    settled = len(joined) == 1 and not fitted[0].young.any()
    status: Status = "empty" if not joined else "established" if settled else "preliminary"
    return Board(
        rows=tuple(Row(**known[i]) for i in ordered),
        status=status,
        connected=len(joined) <= 1,
        fit="firth" if any(island.fit == "firth" for island in fitted) else "newton",
        votes=int(cells.votes.sum()),
        anchor=level,
        anchored_at=name,
        alpha=alpha,
        seed=how.seed,
        coefficients=_coefficients(fitted, how.style, alpha),
        slice=sample.slice,
        clusters=sample.clusters if any(island.clustered for island in fitted) else None,
        ties=how.ties,
        tie_parameter=fitted[0].tie_parameter if fitted else None,
        ranks=how.ranks,
        fitted=fits,
    )


def _fitted(sample: Sample, group: list[int], how: How, start: Board | None) -> Island:
    cells = sample.cells.among(group)
    sums = PairSums.of(cells)
    if how.ties == "rao-kupper" or how.ties == "davidson":
        return fit_tied(sums, cells, how.ties)
    rows = None if sample.rows is None else sample.rows.among(group)
    if how.style and rows is not None:
        return fit_styled(sums, rows)
    return fit_island(sums, rows, None if start is None else start.theta_of(cells.contestants))


def _kept(cells: Cells, group: Sequence[int], island: Island) -> Fitted:
    names = tuple(cells.contestants[i] for i in group)
    freedom = None if island.freedom is None else island.freedom[: len(group)]
    return Fitted(names, island.theta, (island.covariance + island.covariance.T) / 2, freedom)


def _cores(cells: Cells, groups: Sequence[list[int]]) -> list[list[int]]:
    """Return the groups, and apart from them those who always won, or lost: with covariates no fit exists."""
    cores = []
    for group in groups:
        inside = core(PairSums.of(cells.among(group))) if len(group) > 1 else np.ones(1, dtype=np.bool_)
        cores += [[one for one, kept in zip(group, inside, strict=True) if kept]]
        cores += [[one] for one, kept in zip(group, inside, strict=True) if not kept]
    return [group for group in cores if group]


def _coefficients(fitted: Sequence[Island], style: Sequence[str], alpha: float) -> tuple[Coefficient, ...]:
    """Return the effects of the covariates, as the largest group has them."""
    if not style or not fitted:
        return ()
    island = fitted[0]
    return tuple(
        Coefficient(name, float(value), float(value - reach), float(value + reach))
        for name, value, reach in zip(style, island.beta, island.beta_reach(alpha), strict=True)
    )


def check_anchor(name: str | None, votes: Cells, joined: Sequence[list[int]]) -> None:
    """Raise `RankingError` unless `name` (None: the mean) has votes in a group."""
    if name is None:
        return
    if name not in votes.contestants:
        raise RankingError(f"The anchor {name!r} is not among the contestants.")
    if not any(votes.contestants.index(name) in group for group in joined):
        raise RankingError(f"The anchor {name!r} has no votes, so nothing can be measured from it.")
