"""Votes in, ratings out: pure statistics, usable without the rest of Evenhand."""

from evenhand.ranking.board import Board, Row
from evenhand.ranking.cells import OUTCOMES, Cells, CellSum
from evenhand.ranking.errors import RankingError
from evenhand.ranking.standings import rank
from evenhand.ranking.votes import read_votes

__all__ = ["OUTCOMES", "Board", "CellSum", "Cells", "RankingError", "Row", "rank", "read_votes"]
