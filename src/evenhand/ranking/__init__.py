"""Votes in, ratings out: pure statistics, usable without the rest of Evenhand."""

from evenhand.ranking.board import Board, Coefficient, Row
from evenhand.ranking.cells import OUTCOMES, Cells, CellSum
from evenhand.ranking.errors import RankingError
from evenhand.ranking.standings import rank, rank_slices
from evenhand.ranking.votes import Votes, read_votes

__all__ = [
    "OUTCOMES",
    "Board",
    "CellSum",
    "Cells",
    "Coefficient",
    "RankingError",
    "Row",
    "Votes",
    "rank",
    "rank_slices",
    "read_votes",
]
