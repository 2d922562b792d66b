"""Since you left: true sentences about what happened, and none where nothing did."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from evenhand.app.housekeeping import Housekeeping
from evenhand.boards.places import KEPT
from tests.accounts.conftest import mail, town  # noqa: F401
from tests.mine.acts import at_odds, enter, my_board, vote_for
from tests.support.arena import Arena, Voter
from tests.support.signing_in import ANN, Town
from tests.support.watch import NOON, Watch


async def since(voter: Voter) -> dict[str, Any]:
    answered = await voter.call("GET", "/since-you-left")
    assert answered.status == 200, answered
    return answered.body


async def left_at(voter: Voter) -> str | None:
    found: str | None = (await voter.call("GET", "/me")).body["left_at"]
    return found


async def test_nothing_is_told_on_a_first_visit_nor_within_one(timed: Arena, watch: Watch) -> None:
    voter = timed.voter()
    assert await left_at(voter) is None
    await enter(timed, "swift", "calm")
    await vote_for(voter, "calm")
    watch.time += timedelta(hours=3)
    assert await left_at(voter) is None
    assert await since(voter) == {"left_at": None, "boards": [], "new": []}


async def test_a_visit_begins_after_four_hours_and_keeps_when_one_left(timed: Arena, watch: Watch) -> None:
    await enter(timed, "swift", "calm")
    voter = timed.voter()
    watch.time += timedelta(minutes=40)
    await vote_for(voter, "calm")
    for hours in (4, 1, 2):
        watch.time += timedelta(hours=hours)
        assert await left_at(voter) == NOON.isoformat().replace("+00:00", "Z")
    watch.time += timedelta(hours=5)
    assert await left_at(voter) == (NOON + timedelta(hours=7)).isoformat().replace("+00:00", "Z")


async def has_met_all(voter: Voter, contestants: int) -> bool:
    """Whether somebody's own board has so many contestants with votes, and one of them has won."""
    rows = (await voter.call("GET", "/boards/text/mine")).body["board"]["rows"]
    met = [row for row in rows if row["wins"] + row["losses"] + row["ties"] > 0]
    return len(met) == contestants and any(row["wins"] for row in met)


async def test_it_tells_what_became_of_the_board_and_of_ones_vote(timed: Arena, watch: Watch) -> None:
    await enter(timed, "swift", "calm", "grave")
    keeper = timed.app.state.boards
    voter, other = timed.voter(), timed.voter()
    await vote_for(voter, "swift")
    # Whom the draw brings is chance: until all three have a place, and swift a win.
    while not (await has_met_all(voter, 3)):
        await vote_for(voter, "swift")
    await keeper.refresh()
    watch.time += timedelta(days=1)
    await keeper.refresh()  # the first look of the day keeps the places
    before = (await voter.call("GET", "/boards/text")).body["votes"]
    for _ in range(30):
        await vote_for(other, "grave")
    await keeper.refresh()
    watch.time += timedelta(hours=6)
    told = await since(voter)
    assert told["left_at"] == NOON.isoformat().replace("+00:00", "Z")
    [board] = told["boards"]
    public = {row["contestant"]: row for row in (await voter.call("GET", "/boards/text")).body["rows"]}
    assert (board["slug"], board["since"], board["votes"]) == ("text", "2026-11-26", 30)
    assert before + 30 == (await voter.call("GET", "/boards/text")).body["votes"]
    assert board["part"]["contestant"] == "swift"
    assert board["part"]["all"] == public["swift"]["wins"]
    assert 1 <= board["part"]["mine"] <= board["part"]["all"]
    moved = {one["contestant"]: one for one in board["moved"]}
    assert moved["grave"]["now"] == {"best": 1, "worst": 1}
    assert all(
        one["now"] == {"best": public[slug]["rank_best"], "worst": public[slug]["rank_worst"]}
        and one["before"] != one["now"]
        for slug, one in moved.items()
    )


async def test_within_a_day_it_does_not_say_what_moved(timed: Arena, watch: Watch) -> None:
    await enter(timed, "swift", "calm")
    voter = timed.voter()
    await vote_for(voter, "calm")
    await timed.app.state.boards.refresh()
    watch.time += timedelta(hours=5)
    [board] = (await since(voter))["boards"]
    assert (board["since"], board["votes"], board["moved"]) == (None, 0, [])


async def test_it_tells_where_one_disagrees_with_the_board_as_ones_own_board_does(
    timed: Arena, watch: Watch, database_url: str
) -> None:
    voter, other = await at_odds(timed, database_url)
    watch.time += timedelta(days=1)
    [board] = (await since(voter))["boards"]
    higher = {one["name"]: one["mine"] > one["board"] for one in board["disagreements"]}
    assert higher == {"Grave": True, "Swift": False}
    assert board["disagreements"] == (await my_board(voter))["disagreements"]
    [board] = (await since(other))["boards"]
    assert board["disagreements"] == []


async def test_who_is_new_in_the_draw_is_named_and_who_was_there_is_not(timed: Arena, watch: Watch) -> None:
    await enter(timed, "swift", "calm")
    voter = timed.voter()
    await voter.begin()
    watch.time += timedelta(days=2)
    await enter(timed, "swift", "calm", "grave")
    told = await since(voter)
    assert told["new"] == [{"slug": "grave", "name": "Grave", "organization": "Acme"}]
    assert told["boards"] == []


async def test_whoever_was_here_in_another_browser_has_left_that_one(town: Town, watch: Watch) -> None:  # noqa: F811
    desk, phone = await town.sign_in(town.voter(), ANN), await town.sign_in(town.voter(), ANN)
    watch.time += timedelta(days=1)
    await phone.call("GET", "/me")
    watch.time += timedelta(hours=2)
    assert (await since(desk))["left_at"] is None
    watch.time += timedelta(hours=6)
    told = await since(phone)
    assert told["left_at"] == (NOON + timedelta(days=1, hours=2)).isoformat().replace("+00:00", "Z")


async def test_places_are_kept_a_row_a_day_for_as_long_as_somebody_can_come_back(
    timed: Arena, watch: Watch
) -> None:
    async def days() -> int:
        async with timed.database.unit_of_work() as work:
            return int(await work.session.scalar(text("SELECT count(DISTINCT day) FROM board_place")) or 0)

    await enter(timed, "swift", "calm")
    await vote_for(timed.voter(), "calm")
    for hours in (0, 1, 24, 1):
        watch.time += timedelta(hours=hours)
        await timed.app.state.boards.refresh()
        await timed.app.state.boards.refresh()
    kept = await days()
    assert 1 <= kept <= 2
    watch.time += KEPT + timedelta(days=3)
    await Housekeeping(timed.database, watch).tidy()
    assert await days() == 0
