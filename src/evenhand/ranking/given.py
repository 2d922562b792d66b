"""What the entry points are given: votes that were read, cells that were counted, or votes one by one."""

from evenhand.ranking.cells import Cells
from evenhand.ranking.errors import RankingError
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.votes import Votes

Given = Votes | Cells | VoteRows


def cells_of(votes: Given) -> Cells:
    """Return the sums of the votes that count.

    Raises:
        RankingError: they are no votes.
    """
    if isinstance(votes, Cells):
        return votes
    if isinstance(votes, Votes):
        return votes.cells
    if isinstance(votes, VoteRows):
        return votes.cells()
    kind = type(votes).__name__
    raise RankingError(
        f"Votes are what read_votes returns, Cells, or VoteRows; this is {kind}: read it with read_votes."
    )
