"""Who comes back: computed in SQL from the votes and battles that are there; nothing else is kept for it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any, Literal, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.core.clock import day_of
from evenhand.operations.schemas import (
    SMALLEST,
    CameBack,
    Cohort,
    Funnel,
    Retention,
    Voters,
    VotersUpTo,
    VotesOf,
    VotesPerVoter,
)
from evenhand.operations.wilson import wilson

DAYS = 90
"""Over how many days, unless it is said."""
MOST_DAYS = 1000

AFTER: tuple[Literal[1, 7, 30], ...] = (1, 7, 30)
"""After how many days it is asked whether somebody came back."""

BINS: tuple[tuple[int, int | None], ...] = ((1, 1), (2, 4), (5, 9), (10, 24), (25, 99), (100, None))
"""How many votes of a person go together."""


def _sql(name: str) -> str:
    return (resources.files("evenhand.operations") / f"{name}.sql").read_text("utf-8")


_VOTES, _FUNNEL = text(_sql("retention")), text(_sql("funnel"))
# For statements that read millions of rows to find a few numbers, until the transaction ends: memory instead
# of files, no compiling that takes longer than running, and plans for the days that are asked for.
_AT_LENGTH = text("""
SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
    set_config('plan_cache_mode', 'force_custom_plan', true)""")


class Window(NamedTuple):
    """Whole UTC days: the first, the last, and how many."""

    since: date
    until: date
    days: int


def window(now: datetime, days: int) -> Window:
    """So many days up to the last that is over."""
    until = day_of(now) - timedelta(days=1)
    return Window(until - timedelta(days=days - 1), until, days)


async def retention(session: AsyncSession, now: datetime, days: int = DAYS) -> Retention:
    """Who voted and came back within the last days."""
    since, until, _ = window(now, days)
    within = {"since": since, "after": until + timedelta(days=1)}
    await session.execute(_AT_LENGTH)
    votes = (await session.execute(_VOTES, within | {"from_votes": [low for low, _ in BINS]})).one()
    funnel = (await session.execute(_FUNNEL, within)).one()
    return Retention(
        since=since,
        until=until,
        days=days,
        smallest=SMALLEST,
        voters=[_voters_up_to(row) for row in votes.series],
        cohorts=[_cohort(row) for row in votes.cohorts],
        funnel=_funnel(*funnel),
        votes=_votes_per_voter(votes.votes, votes.spread or []),
    )


def _voters_up_to(row: Mapping[str, Any]) -> VotersUpTo:
    return VotersUpTo(
        day=row["day"],
        **{span: _voters(row[span], row[f"{span}_new"]) for span in ("daily", "weekly", "monthly")},
    )


def _voters(people: int, new: int) -> Voters:
    if people < SMALLEST:
        return Voters(people=people, new=None, returning=None)
    return Voters(people=people, new=new, returning=people - new)


def _cohort(row: Mapping[str, Any]) -> Cohort:
    return Cohort(
        week=row["week"],
        people=row["people"],
        came_back=[_came_back(n, row["people"], row[f"of_{n}"], row[f"back_{n}"]) for n in AFTER],
    )


def _came_back(days: Literal[1, 7, 30], cohort: int, of: int, people: int) -> CameBack:
    if cohort < SMALLEST:
        return CameBack(days=days, state="few")
    if of < SMALLEST:
        return CameBack(days=days, state="not_yet")
    lower, upper = wilson(people, of)
    return CameBack(
        days=days, state="known", of=of, people=people, share=people / of, lower=lower, upper=upper
    )


def _funnel(asked: int, *later: int) -> Funnel:
    """Each step is told while those of the step before are enough."""
    told: list[int | None] = []
    before: int | None = asked
    for people in later:
        before = people if before is not None and before >= SMALLEST else None
        told.append(before)
    answered, voted, again = told
    return Funnel(asked=asked, answered=answered, voted=voted, again=again)


def _votes_per_voter(whole: Mapping[str, Any], spread: Sequence[Mapping[str, Any]]) -> VotesPerVoter:
    if whole["people"] < SMALLEST:
        return VotesPerVoter(people=whole["people"], votes=None, median=None, spread=None)
    people = {row["bin"]: row["people"] for row in spread}
    return VotesPerVoter(
        people=whole["people"],
        votes=whole["votes"],
        median=whole["median"],
        spread=[
            VotesOf(at_least=low, at_most=high, people=people.get(number, 0))
            for number, (low, high) in enumerate(BINS, start=1)
        ],
    )
