"""The audit of a board: what the votes behind it can and cannot bear."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from evenhand.ranking.audit.agreement import agreement
from evenhand.ranking.audit.chi_squared import holm
from evenhand.ranking.audit.coverage import coverage
from evenhand.ranking.audit.cycles import cycles
from evenhand.ranking.audit.drift import drift
from evenhand.ranking.audit.dropping import dropping
from evenhand.ranking.audit.finding import CannotTell, Finding, Unanswered
from evenhand.ranking.audit.mix import mix
from evenhand.ranking.audit.page import page
from evenhand.ranking.audit.position import position
from evenhand.ranking.audit.subject import Subject, subject_of
from evenhand.ranking.audit.text import text
from evenhand.ranking.audit.ties import ties
from evenhand.ranking.audit.voters import voters
from evenhand.ranking.audit.words import NARROW, of
from evenhand.ranking.blas import one_blas_thread
from evenhand.ranking.cells import Cells
from evenhand.ranking.errors import RankingError
from evenhand.ranking.given import cells_of
from evenhand.ranking.island import MIN_VOTES
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.style import covariates
from evenhand.ranking.votes import Votes

Question = Callable[[Subject, float, int], Finding]

QUESTIONS: tuple[tuple[str, str, Question], ...] = (
    ("dropping_votes", "How few votes hold up the order?", dropping),
    ("voters", "Who gave the votes?", voters),
    ("position_bias", "Does it help to be shown as A?", position),
    ("ties", "Does the order hang on how ties count?", ties),
    ("drift", "Do contestants stay as strong as they were?", drift),
    ("prompt_mix", "Do the prompts stay of the same kind?", mix),
    ("agreement", "Do the pairs agree with the ratings?", agreement),
    ("cycles", "Do preferences go round in circles?", cycles),
)
"""What is asked, the most important first; after these comes coverage, which every set of votes answers."""


@dataclass(frozen=True)
class Audit:
    """The answers, and the questions that these votes leave open.

    findings: those that raise an alarm first, otherwise the most important first. An alarm is a test whose p
    value, corrected by Holm for all tests of the audit, is below alpha: where nothing is the matter, an audit
    raises any with a chance of at most alpha.
    """

    findings: tuple[Finding, ...]
    unanswered: tuple[Unanswered, ...]
    votes: int
    contestants: int
    excluded: Mapping[str, int]
    """How many votes do not count, by reason (`Votes.excluded` and `Votes.skipped`)."""
    young: bool
    """Whether the board itself is a young one, whose ratings a penalty draws together."""
    style: tuple[str, ...]
    alpha: float
    seed: int

    def __getitem__(self, key: str) -> Finding:
        """Return the finding for a question. Raises `KeyError` where it is open or none."""
        return next((one for one in self.findings if one.key == key), None) or _none(key)

    @property
    def alarms(self) -> tuple[str, ...]:
        """The keys of the questions that raise one."""
        return tuple(one.key for one in self.findings if one.alarm)

    def as_dict(self) -> dict[str, object]:
        """Return the audit in terms that JSON can hold; no number in it is infinite or undefined."""
        return {
            "votes": self.votes,
            "contestants": self.contestants,
            "excluded": dict(self.excluded),
            "young": self.young,
            "style": list(self.style),
            "alpha": self.alpha,
            "seed": self.seed,
            "alarms": list(self.alarms),
            "findings": [
                {
                    "key": one.key,
                    "question": one.question,
                    "answer": one.answer,
                    "details": list(one.details),
                    "p_value": one.p_value,
                    "alarm": one.alarm,
                    "figures": dict(one.figures),
                }
                for one in self.findings
            ],
            "unanswered": [asdict(one) for one in self.unanswered],
        }

    def to_text(self) -> str:
        """Return the report as plain text."""
        return text(self._title, self._lead, self._summary, self.findings, self.unanswered, self._foot)

    def to_html(self) -> str:
        """Return the report as a page of HTML that needs nothing else."""
        return page(self._title, self._lead, self._summary, self.findings, self.unanswered, self._foot)

    @property
    def _title(self) -> str:
        return "Audit of a board"

    @property
    def _lead(self) -> list[str]:
        held = f", with {', '.join(self.style)} held fixed" if self.style else ""
        lead = [
            f"{of(self.votes, 'vote')} on {of(self.contestants, 'contestant')}, rated by "
            f"Bradley-Terry{held}; "
            "a tie counts as half a win for each."
        ]
        if self.excluded:
            left = [f"{number:,} ({reason.replace('_', ' ')})" for reason, number in self.excluded.items()]
            lead.append(f"Votes that do not count: {', '.join(left)}.")
        if self.young:
            lead.append(
                f"Some contestants have fewer than {MIN_VOTES} votes: their board draws all ratings together "
                "a little, and this audit does not, so that close neighbours may stand the other way round."
            )
        return lead

    @property
    def _summary(self) -> list[str]:
        tests = sum(one.p_value is not None for one in self.findings)
        quiet = [f"Of {of(tests, 'test')} none finds anything beyond chance."] if tests else []
        alarms = [one.answer for one in self.findings if one.alarm]
        first = [one.answer for one in self.findings if one.key in ("dropping_votes", "coverage")]
        return [*(alarms or quiet), *first[:1]]

    @property
    def _foot(self) -> str:
        return (
            f"Intervals hold at {100 * (1 - self.alpha):g}{NARROW}%, each by itself. A test "
            "counts as beyond chance where its "
            f"p value, corrected for all tests of this report, is below {self.alpha:g}. Tests take votes for "
            f"independent unless they say else. Seed {self.seed}."
        )


def _none(key: str) -> Finding:
    raise KeyError(key)


@one_blas_thread()
def audit(
    votes: Votes | Cells,
    *,
    style: bool | str | Iterable[str] = False,
    alpha: float = 0.05,
    seed: int = 0,
) -> Audit:
    """Put the board of these votes to the test.

    Args:
        votes: read with who voted and when, they answer more: what cannot be answered is said, with the
            reason
        style: the covariates to hold fixed: True for the usual ones (`style.STYLE`), or their names
        alpha: 1 - confidence of all intervals, and the chance of a false alarm of the whole audit
        seed: of the simulated worlds behind the cycles

    Raises:
        RankingError: alpha makes no sense, the votes do not tell of the covariates, or they are rows.
    """
    if not 0 < alpha < 1:
        raise RankingError(f"alpha is {alpha}; it must lie between 0 and 1.")
    names = covariates(style)
    if isinstance(votes, VoteRows):
        raise RankingError("Rows lack part of what an audit asks for: give it what read_votes returned.")
    if not isinstance(votes, Votes):
        votes = Votes(cells_of(votes))
    findings: list[Finding] = []
    unanswered: list[Unanswered] = []
    try:
        subject = subject_of(votes, names)
    except CannotTell as reason:
        unanswered = [Unanswered(key, question, str(reason)) for key, question, _ in QUESTIONS]
        young = len(votes) > 0
    else:
        young = subject.young
        for key, question, ask in QUESTIONS:
            try:
                findings.append(ask(subject, alpha, seed))
            except (CannotTell, RankingError) as reason:
                unanswered.append(Unanswered(key, question, str(reason)))
    findings.append(coverage(votes.cells))
    return Audit(
        _with_alarms(findings, alpha),
        tuple(unanswered),
        len(votes),
        len(votes.contestants),
        votes.excluded | votes.skipped,
        young,
        names,
        alpha,
        seed,
    )


def _with_alarms(findings: list[Finding], alpha: float) -> tuple[Finding, ...]:
    tests = [one for one in findings if one.p_value is not None]
    adjusted = holm([one.p_value for one in tests if one.p_value is not None])
    loud = {one.key for one, p in zip(tests, adjusted, strict=True) if p < alpha}
    marked = [replace(one, alarm=one.key in loud) for one in findings]
    return tuple(sorted(marked, key=lambda one: not one.alarm))
