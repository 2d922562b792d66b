"""Votes in, ratings out: pure statistics, usable without the rest of Evenhand."""

from evenhand.ranking.audit import Audit, audit
from evenhand.ranking.board import Board, Coefficient, Row
from evenhand.ranking.bootstrap import Bootstrap, bootstrap
from evenhand.ranking.cells import OUTCOMES, Cells, CellSum
from evenhand.ranking.composite import composite
from evenhand.ranking.counting import read_votes
from evenhand.ranking.elo import elo, elo_average
from evenhand.ranking.errors import RankingError
from evenhand.ranking.glicko import glicko2
from evenhand.ranking.holdout import compare_models
from evenhand.ranking.pairwise import difference, expected_scores, meetings
from evenhand.ranking.planner import Plan, plan
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.sampling import (
    PairDraw,
    draw_adaptively,
    draw_by_weight,
    exposure,
    inverse_probability_weights,
    reweight_pairs,
)
from evenhand.ranking.sliced import SlicedCells, count_slices
from evenhand.ranking.standings import rank, rank_slices
from evenhand.ranking.ties import TieFit, fit_ties
from evenhand.ranking.votes import Votes

__all__ = [
    "OUTCOMES",
    "Audit",
    "Board",
    "Bootstrap",
    "CellSum",
    "Cells",
    "Coefficient",
    "PairDraw",
    "Plan",
    "RankingError",
    "Row",
    "SlicedCells",
    "TieFit",
    "VoteRows",
    "Votes",
    "audit",
    "bootstrap",
    "compare_models",
    "composite",
    "count_slices",
    "difference",
    "draw_adaptively",
    "draw_by_weight",
    "elo",
    "elo_average",
    "expected_scores",
    "exposure",
    "fit_ties",
    "glicko2",
    "inverse_probability_weights",
    "meetings",
    "plan",
    "rank",
    "rank_slices",
    "read_votes",
    "reweight_pairs",
]
