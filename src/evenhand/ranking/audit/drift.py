"""Whether contestants stay as strong as they were."""

from collections.abc import Mapping, Sequence

from evenhand.ranking.audit.charts import Line, Panels, Point
from evenhand.ranking.audit.chi_squared import holm
from evenhand.ranking.audit.finding import CannotTell, Finding, Table
from evenhand.ranking.audit.periods import Periods, on, periods_of
from evenhand.ranking.audit.strength import (
    LEAST_VOTES,
    Change,
    PeriodSums,
    Strength,
    change_point,
    period_sums,
    ratings,
    strength,
)
from evenhand.ranking.audit.subject import Subject
from evenhand.ranking.audit.words import chance, name, of, points
from evenhand.ranking.board import SCALE
from evenhand.ranking.intervals import normal_quantile

DRAWN = 5


def drift(subject: Subject, alpha: float, seed: int) -> Finding:
    """Test for each contestant whether its strength is the same in all periods (`strength`).

    Periods are whole days, at most twelve, with about as many votes each; periods of a contestant with fewer
    than 30 votes are joined. The p values are corrected by Holm over contestants. Votes are taken for
    independent.

    Raises:
        CannotTell: days are not known, or too few votes have any.
    """
    subject.single("when they were given is not known")
    periods = periods_of(subject)
    sums = period_sums(subject, periods)
    strengths = {i: one for i in range(subject.size) if (one := strength(subject, sums, i)) is not None}
    if not strengths:
        raise CannotTell(f"No contestant has {LEAST_VOTES} votes in each of two periods.")
    tests = {i: one.test() for i, one in strengths.items()}
    adjusted = dict(zip(tests, (float(p) for p in holm([p for _, _, p in tests.values()])), strict=True))

    def clearness(i: int) -> tuple[float, float]:
        statistic, df, _ = tests[i]
        return adjusted[i], (df - statistic) / df**0.5

    moved = sorted((i for i in tests if adjusted[i] < alpha), key=clearness)
    changes = {i: change_point(subject, i) for i in moved}
    some = [*moved[:2], *(i for i in subject.order if i in strengths and i not in moved[:2])][:DRAWN]
    lines = {
        i: _points(subject, periods, sums, strengths[i], i, normal_quantile(alpha))
        for i in sorted(some, key=subject.order.index)
    }
    return Finding(
        key="drift",
        question="Do contestants stay as strong as they were?",
        answer=_answer(subject, moved, changes, len(tests)),
        figures={
            "periods": [
                {"days": periods.words(t), "votes": int(periods.votes[t])} for t in range(len(periods))
            ],
            "votes_without_day": periods.unknown,
            "contestants": [
                {
                    "contestant": subject.names[i],
                    "chi_squared": tests[i][0],
                    "degrees_of_freedom": tests[i][1],
                    "p_value": adjusted[i],
                    "drifts": i in changes,
                    "change_day": None if (change := changes.get(i)) is None else on(change.day),
                    "change": None if change is None else SCALE * change.step,
                }
                for i in tests
            ],
        },
        details=_details(subject, periods, len(tests)),
        tables=[_table(subject, moved, changes, adjusted)] if moved else [],
        charts=[
            Panels(
                "Ratings over time: "
                + ("the clearest changes, and the first places" if moved else "the first places"),
                "points from the mean; dashed: overall; bars: intervals",
                [
                    Line(name(subject.names[i]), line, SCALE * float(subject.theta[i]))
                    for i, line in lines.items()
                ],
            )
        ],
        p_value=min(adjusted.values()),
    )


def _points(
    subject: Subject, periods: Periods, sums: PeriodSums, one: Strength, i: int, quantile: float
) -> list[Point]:
    """Return the ratings of a contestant, in points from the mean, with pointwise intervals."""
    theta, sd = ratings(subject, sums, one, i)
    result = []
    for (first, last), value, error in zip(one.spans, theta, sd, strict=True):
        votes = periods.votes[first : last + 1]
        day = float(votes @ periods.middles[first : last + 1] / votes.sum())
        low, high = (SCALE * float(value + sign * quantile * error) for sign in (-1, 1))
        result.append(Point(day, SCALE * float(value), low, high))
    return result


def _answer(subject: Subject, moved: Sequence[int], changes: Mapping[int, Change | None], tested: int) -> str:
    if not moved:
        return f"None of {of(tested, 'contestant')} looked at gets better or worse over time beyond chance."
    first, change = moved[0], changes[moved[0]]
    how = "changed beyond chance"
    if change is not None:
        what = "better" if change.step > 0 else "worse"
        by = points(SCALE * abs(change.step))
        how = f"became {what} by about {by} points, most likely on {on(change.day)}"
    if len(moved) == 1:
        return (
            f"Of {of(tested, 'contestant')} looked at, one did not stay as it was: "
            f"{name(subject.names[first])} {how}."
        )
    return (
        f"Of {of(tested, 'contestant')} looked at, {len(moved):,} did not stay as they were; "
        f"{name(subject.names[first])} {how}."
    )


def _details(subject: Subject, periods: Periods, tested: int) -> list[str]:
    details = [
        f"The votes from {on(int(periods.starts[0]))} to {on(periods.last)} are cut into "
        f"{len(periods)} periods with "
        "about as many votes each; bars show the interval of each rating by itself."
    ]
    if tested < subject.size:
        few = of(subject.size - tested, "contestant")
        has = "has" if subject.size - tested == 1 else "have"
        details.append(f"{few} {has} too few votes for this, or votes in one period only.")
    if periods.unknown:
        details.append(f"Left out: {of(periods.unknown, 'vote')} without a day.")
    return details


def _table(
    subject: Subject,
    moved: Sequence[int],
    changes: Mapping[int, Change | None],
    adjusted: Mapping[int, float],
) -> Table:
    rows = []
    for i in moved[:10]:
        change = changes[i]
        rows.append(
            (
                name(subject.names[i]),
                "–" if change is None else on(change.day),
                "–" if change is None else points(SCALE * change.step, sign=True),
                chance(adjusted[i]),
            )
        )
    columns = ("Contestant", "Most likely day", "Points since", "Chance alone")
    return Table("Who changed", columns, rows, (False, True, True, True))
