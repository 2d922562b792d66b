"""What the votes behind a board can and cannot bear: one report, question by question."""

from evenhand.ranking.audit.finding import Finding, Unanswered
from evenhand.ranking.audit.report import Audit, audit

__all__ = ["Audit", "Finding", "Unanswered", "audit"]
