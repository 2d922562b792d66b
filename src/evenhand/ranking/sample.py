"""The votes behind one board."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evenhand.ranking.cells import Cells
from evenhand.ranking.errors import RankingError
from evenhand.ranking.given import Given, cells_of
from evenhand.ranking.how import MODELLED, How
from evenhand.ranking.readings import Progress
from evenhand.ranking.rows import SCORES, VoteRows
from evenhand.ranking.slice_counts import AT_ONCE, cells_of_slices, countable
from evenhand.ranking.slices import NAMES, OVERALL
from evenhand.ranking.votes import Votes


@dataclass(frozen=True)
class Sample:
    """Votes as their cells, and one by one where that is needed.

    clusters: what says which of them depend on each other, or None.
    """

    cells: Cells
    rows: VoteRows | None
    slice: str
    clusters: str | None

    def decisive(self) -> "Sample":
        """The same without ties."""
        rows = None if self.rows is None else self.rows.take(SCORES[self.rows.outcome] != 0.5)
        return replace(self, cells=self.cells.decisive(), rows=rows)


def samples(votes: Given, slices: Sequence[str] | None, how: How, progress: Progress) -> Iterator[Sample]:
    """Give the votes of each slice, read once; None for all slices that the votes tell of.

    Raises:
        RankingError: the votes do not tell of a slice that was named, of a covariate or of clusters.
    """
    cells = cells_of(votes)
    counted = isinstance(votes, Cells) or (isinstance(votes, Votes) and not votes.one_by_one)
    all_of_them = (OVERALL,) if counted else NAMES
    wanted = all_of_them if slices is None else slices
    column = None if how.ties in MODELLED else clusters_of(votes, how.cluster)
    sliced = [name for name in wanted if name != OVERALL]
    told, rows, sums = _told(votes, sliced) if sliced else [], None, None
    for name in sliced:
        if slices is not None and name not in told:
            raise RankingError(f"The votes do not tell which of them belong to the slice {name!r}.")
    if how.style or column is not None or (told and not _counted_together(votes, told)):
        rows = _rows(votes, how, column, told, progress)
    elif told:
        sums = cells_of_slices(cells, _parts(votes, told, progress), told)
    for name in wanted:
        if name == OVERALL:
            yield _ties(Sample(cells, rows, name, column), how)
        elif name in told and sums is not None:
            yield _ties(Sample(next(sums), None, name, None), how)
        elif name in told and rows is not None:
            within = rows.within(name)
            yield _ties(Sample(within.cells(cells.contestants), within, name, column), how)


def _ties(sample: Sample, how: How) -> Sample:
    return sample.decisive() if how.ties == "drop" else sample


def clusters_of(votes: Given, cluster: str | bool) -> str | None:
    """Return the name of what says which votes depend on each other: see `rank` for what is asked.

    Raises:
        RankingError: votes one by one have other clusters.
    """
    if cluster is False:
        return None
    if isinstance(votes, VoteRows):
        own = None if votes.cluster is None else votes.clustered_by
        if isinstance(cluster, str) and cluster != own:
            raise RankingError(
                f"cluster is {cluster!r}, and the rows have {'no clusters' if own is None else repr(own)}: "
                "name it where they are made, Votes.rows(cluster=...)."
            )
        return own
    if isinstance(cluster, str):
        return cluster
    return votes.voters if isinstance(votes, Votes) else None


def rows_by(votes: Given, column: str) -> VoteRows:
    """Return the votes one by one, with the clusters that `clusters_of` names."""
    return votes if isinstance(votes, VoteRows) else _single(votes).rows(cluster=column)


def _single(votes: Votes | Cells) -> Votes:
    return votes if isinstance(votes, Votes) else Votes(votes)


def _rows(votes: Given, how: How, column: str | None, slices: Sequence[str], progress: Progress) -> VoteRows:
    if isinstance(votes, VoteRows):
        if how.scaling != "rms":
            raise RankingError("scaling is for votes that are read; the covariates of rows have their scale.")
        return votes.chosen(how.style, clustered=column is not None)
    return _single(votes).rows(
        style=how.style, scaling=how.scaling, cluster=column, slices=slices, progress=progress
    )


def _told(votes: Given, slices: Sequence[str]) -> list[str]:
    """Return those of the slices that the votes tell of."""
    if isinstance(votes, VoteRows):
        return [name for name in slices if name in votes.slices]
    return _single(votes).tells_of(slices)


def _counted_together(votes: Given, slices: Sequence[str]) -> bool:
    weighted = votes.weight is not None if isinstance(votes, VoteRows) else _single(votes).weighted
    pairs = len(votes.first) if isinstance(votes, VoteRows) else 2 * len(cells_of(votes).pairs)
    return not weighted and countable(pairs, len(slices))


def _parts(votes: Given, slices: Sequence[str], progress: Progress) -> Iterator[VoteRows]:
    if isinstance(votes, VoteRows):
        return votes.chosen((), clustered=False).chunks(AT_ONCE)
    return _single(votes).parts(slices, at_once=AT_ONCE, progress=progress)
