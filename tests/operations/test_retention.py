"""Who comes back, held against histories whose figures were found by hand."""

import math
from datetime import date, timedelta

import pytest

from evenhand.operations.schemas import CameBack, Cohort, Voters
from evenhand.operations.wilson import wilson
from tests.operations.conftest import Tell
from tests.operations.histories import TODAY, History, ago, at

NOBODY = Voters(people=0, new=None, returning=None)


def voters(new: int, returning: int) -> Voters:
    return Voters(people=new + returning, new=new, returning=returning)


def few(people: int) -> Voters:
    return Voters(people=people, new=None, returning=None)


def known(days: int, people: int, of: int) -> tuple[int, str, int | None, int | None]:
    return days, "known", people, of


def without(days: int, state: str) -> tuple[int, str, int | None, int | None]:
    return days, state, None, None


def figures(cohort: Cohort) -> list[tuple[int, str, int | None, int | None]]:
    return [(one.days, one.state, one.people, one.of) for one in cohort.came_back]


async def test_an_arena_without_votes_has_nothing_to_tell_and_says_so(tell: Tell) -> None:
    told = await tell(3)
    assert (told.since, told.until, told.days) == (ago(3), ago(1), 3)
    assert [one.day for one in told.voters] == [ago(3), ago(2), ago(1)]
    assert all(one.daily == one.weekly == one.monthly == NOBODY for one in told.voters)
    assert [(one.week, one.people) for one in told.cohorts] == [(None, 0)]
    assert told.funnel.asked == 0
    assert (told.votes.people, told.votes.spread) == (0, None)


async def test_voters_of_a_day_a_week_and_a_month_are_people_and_new_only_once(
    past: History, tell: Tell
) -> None:
    past.people(5, ago(3), ago(1))
    past.people(6, ago(40), ago(5))
    past.people(2, ago(10))
    told = await tell(7)
    assert [one.daily for one in told.voters] == [
        NOBODY,  # 7 days ago
        NOBODY,
        voters(new=0, returning=6),
        NOBODY,
        voters(new=5, returning=0),
        NOBODY,
        voters(new=0, returning=5),
    ]
    assert [one.weekly for one in told.voters] == [
        few(2),
        few(2),
        voters(new=2, returning=6),
        voters(new=2, returning=6),
        voters(new=5, returning=6),
        voters(new=5, returning=6),
        voters(new=5, returning=6),
    ]
    assert [one.monthly for one in told.voters] == [
        few(2),
        few(2),
        voters(new=2, returning=6),
        voters(new=2, returning=6),
        voters(new=7, returning=6),
        voters(new=7, returning=6),
        voters(new=7, returning=6),
    ]


async def test_who_votes_again_within_a_week_and_long_after_it_leaves_and_comes_back(
    past: History, tell: Tell
) -> None:
    past.people(5, ago(60), ago(58), ago(20))
    told = {one.day: one for one in (await tell(60)).voters}
    assert [told[ago(days)].weekly.people for days in (60, 54, 53, 52, 51, 20, 14, 13)] == [
        *(5, 5, 5, 5),  # 52 days ago the second vote is still within 7 days
        *(0, 5, 5, 0),
    ]
    assert [told[ago(days)].monthly.people for days in (30, 29, 28, 21, 20, 1)] == [5, 5, 0, 0, 5, 5]


async def test_a_vote_of_today_counts_from_tomorrow_and_a_day_is_one_of_utc(
    past: History, tell: Tell
) -> None:
    people = past.people(5)
    past.vote(people, TODAY)
    for person in people:
        past.ask(person, at(ago(2), 22), "revealed", voted=at(ago(2), 23))
        past.ask(person, at(ago(1), 0), "revealed", voted=at(ago(1), 0))
    assert [one.daily for one in (await tell(2)).voters] == [voters(5, 0), voters(0, 5)]


async def test_a_cohort_says_who_came_back_on_the_very_day_and_of_how_many(past: History, tell: Tell) -> None:
    first = date(2026, 10, 12)  # a Monday
    people = past.people(10, first)
    past.vote(people[:4], first + timedelta(days=1))
    past.vote(people[4:7], first + timedelta(days=2))
    past.vote(people[:2], first + timedelta(days=7), times=3)
    past.vote(people[5:6], first + timedelta(days=30))
    [cohort, everyone] = (await tell(60)).cohorts
    assert (cohort.week, cohort.people) == (first, 10)
    assert figures(cohort) == [known(1, 4, 10), known(7, 2, 10), known(30, 1, 10)]
    one = cohort.came_back[0]
    assert one.share == 0.4
    # Wilson's interval of 4 in 10, as textbooks have it.
    assert (one.lower, one.upper) == pytest.approx((0.16818, 0.68733), abs=1e-5)
    assert (everyone.week, everyone.people, everyone.came_back) == (None, 10, cohort.came_back)


async def test_what_is_not_known_yet_and_who_are_too_few_is_said_and_not_guessed(
    past: History, tell: Tell
) -> None:
    past.people(6, ago(1))  # Tuesday: the day after is today
    tuesday = past.people(5, date(2026, 11, 17))
    past.people(3, date(2026, 11, 20))
    past.vote(tuesday[:2], date(2026, 11, 24))
    past.people(3, date(2026, 11, 3))
    found = {cohort.week: cohort for cohort in (await tell(30)).cohorts}
    assert figures(found[date(2026, 11, 23)]) == [without(n, "not_yet") for n in (1, 7, 30)]
    # Of those of the Friday the seventh day is still to come.
    assert figures(found[date(2026, 11, 16)]) == [known(1, 0, 8), known(7, 2, 5), without(30, "not_yet")]
    assert figures(found[date(2026, 11, 2)]) == [without(n, "few") for n in (1, 7, 30)]
    assert found[None].people == 17
    assert figures(found[None]) == [known(1, 0, 11), known(7, 2, 8), without(30, "not_yet")]


async def test_cohorts_begin_with_the_whole_week_of_the_first_day(past: History, tell: Tell) -> None:
    past.people(5, date(2026, 11, 9))
    past.people(7, date(2026, 11, 8))
    told = await tell(13)
    assert told.since == date(2026, 11, 12)
    assert [(one.week, one.people) for one in told.cohorts] == [(date(2026, 11, 9), 5), (None, 5)]


async def test_the_funnel_counts_people_and_each_step_those_of_the_one_before(
    past: History, tell: Tell
) -> None:
    people = [past.person() for _ in range(12)]
    day = ago(2)
    # Two who got no answers, and one whose first answers had ended before a further question failed.
    past.ask(people[0], at(day), "running")
    past.answer(past.ask(people[1], at(day), "failed"), "done", "failed")
    further = past.ask(people[2], at(day), "failed")
    past.answer(further, "done", "stopped")
    past.answer(further, "failed", "done")
    # Three who did not vote.
    for person, status in zip(people[3:6], ("ready", "skipped", "abandoned"), strict=True):
        past.ask(person, at(day), status)
    # Six who voted; one of them had asked twice before, and five asked on.
    past.ask(people[6], at(day, 10), "skipped")
    for person in people[6:]:
        past.ask(person, at(day, 11), "revealed", voted=at(day, 12))
    for person in people[7:]:
        past.ask(person, at(day, 13), "running")
    # Nobody's any more, no blind battle, too early, and too late.
    past.ask(None, at(day), "revealed", voted=at(day), voter=past.person())
    past.ask(past.person(), at(day), "revealed", mode="side_by_side", voted=at(day))
    past.ask(past.person(), at(ago(8), 23))
    past.ask(past.person(), at(TODAY, 0))
    told = (await tell(7)).funnel
    assert (told.asked, told.answered, told.voted, told.again) == (12, 10, 6, 5)


async def test_no_step_of_the_funnel_tells_too_few_people_apart(past: History, tell: Tell) -> None:
    for number in range(6):
        asked = at(ago(1))
        voted = {"status": "revealed", "voted": at(ago(1), 13)} if number < 4 else {"status": "ready"}
        past.ask(past.person(), asked, **voted)  # type: ignore[arg-type]
    told = (await tell(7)).funnel
    assert (told.asked, told.answered, told.voted, told.again) == (6, 6, 4, None)


async def test_votes_of_a_voter_are_those_of_the_days_that_are_asked_for(past: History, tell: Tell) -> None:
    for times in (1, 1, 3, 5, 12, 30, 100):
        past.vote([past.person()], ago(2), times)
    past.people(9, ago(10))
    told = (await tell(7)).votes
    assert (told.people, told.votes, told.median) == (7, 152, 5)
    assert [(one.at_least, one.at_most, one.people) for one in told.spread or []] == [
        (1, 1, 2),
        (2, 4, 1),
        (5, 9, 1),
        (10, 24, 1),
        (25, 99, 1),
        (100, None, 1),
    ]


async def test_of_four_voters_it_is_not_told_how_much_they_voted(past: History, tell: Tell) -> None:
    past.people(4, ago(2), ago(1))
    told = (await tell(7)).votes
    assert (told.people, told.votes, told.median, told.spread) == (4, None, None, None)


async def test_a_guest_who_signed_in_is_one_person_with_the_account(past: History, tell: Tell) -> None:
    voter = past.person("voter")
    guests = [past.person(merged_into=voter) for _ in range(2)]
    past.vote([voter, *guests], ago(2))
    past.vote(guests, ago(1))
    told = await tell(7)
    assert [one.daily.people for one in told.voters[-2:]] == [1, 1]
    assert (told.votes.people, told.funnel.asked) == (1, 1)


@pytest.mark.parametrize("gone", [History.erase, History.opt_out], ids=["deleted", "opted out"])
async def test_who_opted_out_or_deleted_their_account_is_in_no_figure(
    past: History, tell: Tell, gone: object
) -> None:
    past.people(6, ago(9), ago(8), ago(2))
    before = await tell(10)
    voter = past.person("voter")
    past.vote([voter, past.person(merged_into=voter)], ago(9), times=3)
    past.vote([voter], ago(8))
    past.ask(voter, at(ago(1)))
    assert await tell(10) != before
    gone(past, voter)  # type: ignore[operator]
    told = await tell(10)
    if gone is History.erase:  # an account's conversations are nobody's then
        told.funnel = before.funnel
    assert told == before


@pytest.mark.parametrize(
    ("successes", "trials", "bounds"),
    [
        (0, 10, (0.0, 0.27753)),
        (1, 10, (0.01788, 0.40415)),
        (5, 10, (0.23659, 0.76341)),
        (10, 10, (0.72247, 1.0)),
        (1, 1, (0.20655, 1.0)),
    ],
)
def test_an_interval_is_wilsons(successes: int, trials: int, bounds: tuple[float, float]) -> None:
    assert wilson(successes, trials) == pytest.approx(bounds, abs=1e-5)


def test_an_interval_holds_its_share_and_lies_between_0_and_1() -> None:
    for trials in (1, 2, 7, 40, 1000):
        for successes in range(trials + 1):
            lower, upper = wilson(successes, trials)
            assert 0.0 <= lower <= successes / trials <= upper <= 1.0
            assert not math.isclose(lower, upper)


def test_a_figure_that_is_not_known_has_no_numbers() -> None:
    assert CameBack(days=7, state="few").model_dump(exclude={"days", "state"}) == dict.fromkeys(
        ("of", "people", "share", "lower", "upper")
    )
