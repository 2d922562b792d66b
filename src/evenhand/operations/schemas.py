"""What goes over the wire about who comes back.

A group of fewer than `SMALLEST` people is not broken down: what would tell it apart further is null.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel

SMALLEST = 5
"""The fewest people who are told apart further."""


class Voters(BaseModel):
    """How many people voted; for how many of them it was the first time, and who had voted before."""

    people: int
    new: int | None
    returning: int | None


class VotersUpTo(BaseModel):
    """Who voted on a UTC day, and within the 7 and 30 days that it ends."""

    day: date
    daily: Voters
    weekly: Voters
    monthly: Voters


class CameBack(BaseModel):
    """How many of some people voted again on exactly the n-th day after their first vote.

    `of` are those whose n-th day is over; the share has a Wilson 95 % interval. `not_yet`: that day is still
    to come for too many of them. `few`: they are too few to be told apart.
    """

    days: Literal[1, 7, 30]
    state: Literal["known", "not_yet", "few"]
    of: int | None = None
    people: int | None = None
    share: float | None = None
    lower: float | None = None
    upper: float | None = None


class Cohort(BaseModel):
    """Those who first voted within a week, by its Monday; `week` is null for all of the weeks together."""

    week: date | None
    people: int
    came_back: list[CameBack]


class Funnel(BaseModel):
    """How far people came who asked in a blind battle: each step is of those of the step before.

    `answered`: both answers to one of their questions ended; `voted` on one; `again`: asked for another
    battle once their first vote was final.
    """

    asked: int
    answered: int | None
    voted: int | None
    again: int | None


class VotesOf(BaseModel):
    """How many people cast so many votes; `at_most` is null where there is no such bound."""

    at_least: int
    at_most: int | None
    people: int


class VotesPerVoter(BaseModel):
    """How many votes each of those who voted cast."""

    people: int
    votes: int | None
    median: float | None
    spread: list[VotesOf] | None


class Retention(BaseModel):
    """Who comes back, over whole UTC days from `since` to `until`, the last that is over.

    Whoever opted out, and who deleted their account, is in none of it.
    """

    since: date
    until: date
    days: int
    smallest: int
    voters: list[VotersUpTo]
    cohorts: list[Cohort]
    funnel: Funnel
    votes: VotesPerVoter
