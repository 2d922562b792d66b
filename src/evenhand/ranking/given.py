"""What the entry points are given: votes that were read, or cells that were counted."""

from evenhand.ranking.cells import Cells
from evenhand.ranking.votes import Votes


def cells_of(votes: Votes | Cells) -> Cells:
    """Return the sums of the votes that count."""
    return votes.cells if isinstance(votes, Votes) else votes
