"""Whether the prompts are the same kind of prompts over time."""

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.audit.charts import Line, Point, Timeline
from evenhand.ranking.audit.chi_squared import holm, survival
from evenhand.ranking.audit.finding import CannotTell, Finding, Table
from evenhand.ranking.audit.periods import Periods, periods_of
from evenhand.ranking.audit.subject import Subject
from evenhand.ranking.audit.words import chance, of, percent

OF_ANSWERS = ("exclude_ties", "exclude_refusal")
"""Slices that do not tell of prompts."""
LEAST_EXPECTED = 5.0
DRAWN = 5


def mix(subject: Subject, alpha: float, seed: int) -> Finding:
    """Test for each slice whether its share of the votes is the same in all periods.

    χ² = Σ (n_t - N_t s)² / (N_t s (1 - s)) on T - 1 degrees of freedom, s being the share over all periods,
    corrected by Holm over the slices. A slice with fewer than five votes expected in or outside of it in some
    period is left out. Votes are taken for independent.

    Raises:
        CannotTell: days, or kinds of prompts, are not known.
    """
    rows = subject.single("when they were given, and on which prompts, is not known")
    periods = periods_of(subject)
    assert rows.day is not None, "there are periods"
    if not set(rows.slices) - set(OF_ANSWERS):
        raise CannotTell("No column says the language or the kind of a prompt.")
    which = periods.of(rows.day)
    known = which >= 0
    shares: dict[str, NDArray[np.float64]] = {}
    overall: dict[str, float] = {}
    p_values: list[float] = []
    for key, inside in rows.slices.items():
        if key in OF_ANSWERS:
            continue
        number = np.bincount(which[known & inside], minlength=len(periods))
        share = float(number.sum() / periods.votes.sum())
        if periods.votes.min() * min(share, 1.0 - share) < LEAST_EXPECTED:
            continue
        off = number - periods.votes * share
        statistic = float((off**2 / (periods.votes * share * (1.0 - share))).sum())
        shares[key], overall[key] = number / periods.votes, share
        p_values.append(survival(statistic, len(periods) - 1))
    if not shares:
        raise CannotTell(
            "No kind of prompt has enough votes in every period to see whether its share changes."
        )
    adjusted = dict(zip(shares, holm(p_values), strict=True))
    ranked = sorted(shares, key=lambda one: (-float(np.ptp(shares[one])), one))
    changed = [one for one in ranked if adjusted[one] < alpha]
    return Finding(
        key="prompt_mix",
        question="Do the prompts stay of the same kind?",
        answer=_answer(changed, shares, periods),
        figures={
            "periods": [periods.words(one) for one in range(len(periods))],
            "slices": {
                one: {
                    "share": overall[one],
                    "shares": [float(share) for share in shares[one]],
                    "p_value": float(adjusted[one]),
                }
                for one in ranked
            },
        },
        details=[
            "A board is an average over its prompts: where the mix changes, ratings can move "
            "though no contestant "
            "has changed."
        ],
        tables=[
            Table(
                "Share of the votes by kind of prompt",
                ("Prompts", "Overall", "First", "Last", "Least", "Most", "Changes?"),
                [
                    (
                        title(one),
                        *(
                            percent(float(value))
                            for value in (
                                overall[one],
                                shares[one][0],
                                shares[one][-1],
                                shares[one].min(),
                                shares[one].max(),
                            )
                        ),
                        chance(float(adjusted[one])),
                    )
                    for one in ranked
                ],
                (False, True, True, True, True, True, True),
            )
        ],
        charts=[
            Timeline(
                "Share of the votes over time, the kinds of prompts that change most",
                "per cent",
                [Line(title(one), _points(shares[one], periods)) for one in ranked[:DRAWN]],
            )
        ],
        p_value=float(min(adjusted.values())),
    )


def title(key: str) -> str:
    """Return a slice's name for people."""
    return key.replace("_", " ").capitalize()


def _points(share: NDArray[np.float64], periods: Periods) -> list[Point]:
    return [Point(float(day), 100.0 * float(one)) for day, one in zip(periods.middles, share, strict=True)]


def _answer(changed: list[str], shares: dict[str, NDArray[np.float64]], periods: Periods) -> str:
    if not changed:
        return (
            f"Of {of(len(shares), 'kind')} of prompts looked at, none changes its share of "
            "the votes beyond chance."
        )
    most = changed[0]
    return (
        f"{len(changed)} of {of(len(shares), 'kind')} of prompts looked at "
        f"{'changes' if len(changed) == 1 else 'change'} "
        f"their share of the votes over time; {title(most)} most, between "
        f"{percent(float(shares[most].min()))} and "
        f"{percent(float(shares[most].max()))}."
    )
