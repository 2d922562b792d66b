"""A vote that is held: durable, taken back, final by itself; who answers stays hidden meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.arena import Arena, Voter, running_arena, settled
from tests.support.watch import NOON, Watch


async def hold(voter: Voter, battle: str, choice: str = "a", seconds: float = 5) -> dict[str, Any]:
    answered = await voter.call("POST", f"/battles/{battle}/vote", {"choice": choice, "hold": seconds})
    assert answered.status == 200, answered
    return answered.body


async def test_a_held_vote_reveals_nothing_and_says_when_it_is_final(timed: Arena) -> None:
    voter = timed.voter()
    conversation, asked = await voter.battle()
    answer = await hold(voter, asked["battle_id"])
    assert answer["reveal"] is None
    assert datetime.fromisoformat(answer["final_at"]) == NOON + timedelta(seconds=5)
    assert (await voter.call("GET", f"/battles/{asked['battle_id']}/reveal")).status == 409
    [battle] = (await voter.read(conversation))["battles"]
    assert (battle["status"], battle["vote"]["choice"], battle["reveal"]) == ("ready", "a", None)
    assert battle["final_at"] == answer["final_at"]


async def test_a_vote_that_was_taken_back_leaves_room_for_another(timed: Arena) -> None:
    voter = timed.voter()
    _, asked = await voter.battle()
    await hold(voter, asked["battle_id"], "a")
    assert (await voter.call("DELETE", f"/battles/{asked['battle_id']}/vote")).status == 204
    assert (await voter.call("DELETE", f"/battles/{asked['battle_id']}/vote")).status == 404
    answered = await voter.vote(asked["battle_id"], "b")
    assert answered.body["vote"]["choice"] == "b"
    assert (await voter.call("DELETE", f"/battles/{asked['battle_id']}/vote")).status == 409


async def test_a_held_vote_becomes_final_although_its_voter_is_gone(timed: Arena, watch: Watch) -> None:
    voter = timed.voter()
    conversation, asked = await voter.battle()
    answer = await hold(voter, asked["battle_id"])
    async with voter.follow(conversation) as listener:
        await listener.until(settled)
        watch.time += timedelta(seconds=5)
        await listener.until(lambda event: event.data.get("status") == "revealed")
    reveal = (await voter.call("GET", f"/battles/{asked['battle_id']}/reveal")).body
    assert reveal["vote"]["id"] == answer["vote"]["id"]
    assert {reveal["reveal"][side]["slug"] for side in "ab"} == {"swift", "calm"}


async def test_a_held_vote_does_not_wait_for_a_clock_that_was_set_back(timed: Arena, watch: Watch) -> None:
    voter = timed.voter()
    conversation, asked = await voter.battle()
    await hold(voter, asked["battle_id"])
    async with voter.follow(conversation) as listener:
        await listener.until(settled)
        watch.time -= timedelta(hours=1)
        await listener.until(lambda event: event.data.get("status") == "revealed")
    assert (await voter.call("DELETE", f"/battles/{asked['battle_id']}/vote")).status == 409


async def test_a_held_vote_outlives_the_process(database_url: str, watch: Watch) -> None:
    async with running_arena(database_url, clock=watch) as arena:
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        voter = arena.voter()
        _, asked = await voter.battle()
        await hold(voter, asked["battle_id"])
        cookie = voter.cookie
    watch.time += timedelta(seconds=5)
    async with running_arena(database_url, clock=watch) as again:
        voter = again.voter()
        voter.cookie = cookie
        assert (await voter.call("GET", f"/battles/{asked['battle_id']}/reveal")).status == 200


async def test_a_second_vote_during_the_hold_gets_the_first_ones_answer(timed: Arena) -> None:
    voter = timed.voter()
    _, asked = await voter.battle()
    first = await hold(voter, asked["battle_id"], "a")
    assert await hold(voter, asked["battle_id"], "b", 0) == first


async def test_the_same_vote_without_a_hold_makes_it_final_at_once(timed: Arena) -> None:
    voter = timed.voter()
    _, asked = await voter.battle()
    first = await hold(voter, asked["battle_id"], "a")
    final = await hold(voter, asked["battle_id"], "a", 0)
    assert final["vote"]["id"] == first["vote"]["id"]
    assert final["reveal"] is not None
    assert final["final_at"] is None


async def test_asking_on_makes_a_held_vote_final(timed: Arena) -> None:
    voter = timed.voter()
    conversation, asked = await voter.battle()
    await hold(voter, asked["battle_id"])
    again = await voter.ask(conversation, "And why is it red in the evening?")
    assert again["battle_id"] != asked["battle_id"]
    battles = {one["id"]: one["status"] for one in (await voter.read(conversation))["battles"]}
    assert battles[asked["battle_id"]] == "revealed"


async def test_nobody_takes_back_another_persons_vote(timed: Arena) -> None:
    voter = timed.voter()
    _, asked = await voter.battle()
    await hold(voter, asked["battle_id"])
    stranger = timed.voter()
    await stranger.begin()
    assert (await stranger.call("DELETE", f"/battles/{asked['battle_id']}/vote")).status == 404


@pytest.mark.parametrize("seconds", [-1, 11, "long"])
async def test_a_hold_that_is_no_number_of_seconds_up_to_ten_is_refused(timed: Arena, seconds: Any) -> None:
    voter = timed.voter()
    _, asked = await voter.battle()
    answered = await voter.call(
        "POST", f"/battles/{asked['battle_id']}/vote", {"choice": "a", "hold": seconds}
    )
    assert (answered.status, answered.body["field"]) == (422, "hold")
    async with timed.database.unit_of_work() as work:
        assert await work.session.scalar(text("SELECT count(*) FROM held_vote")) == 0
