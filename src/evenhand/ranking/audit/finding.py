"""What an audit says of one question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evenhand.ranking.audit.charts import Chart


class CannotTell(Exception):
    """Votes do not answer a question; the text is the reason, one sentence."""


@dataclass(frozen=True)
class Table:
    """Figures in rows; what stands in a cell is written already. Columns of numbers are aligned right."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[bool]


@dataclass(frozen=True)
class Finding:
    """The answer to a question.

    p_value: where the question is a test, the chance of at least so much where nothing is the matter; alarm:
    whether it stays below the audit's alpha after Holm's correction for all the tests of the audit.
    """

    key: str
    question: str
    answer: str
    """One sentence for anybody."""
    figures: Mapping[str, object]
    """All numbers, in terms that JSON can hold."""
    details: Sequence[str] = ()
    """Further sentences."""
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = field(default=(), repr=False)
    p_value: float | None = None
    alarm: bool = False


@dataclass(frozen=True)
class Unanswered:
    """A question that these votes leave open, and why."""

    key: str
    question: str
    reason: str
