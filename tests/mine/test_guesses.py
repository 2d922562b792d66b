"""Guessing who answered: after the vote and before the names, once, for oneself alone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.mine.acts import enter, guess, hold, my_board
from tests.support.arena import Arena
from tests.support.watch import NOON, Watch


@pytest.fixture
async def three(timed: Arena) -> Arena:
    await enter(timed, "swift", "calm", "grave")
    return timed


async def test_a_guess_makes_the_vote_final_and_the_reveal_says_whether_it_was_right(three: Arena) -> None:
    voter = three.voter()
    battle, who = await hold(voter)
    other = ({"swift", "calm", "grave"} - set(who.values())).pop()
    answered = await guess(voter, battle, a=who["a"], b=other)
    assert answered.status == 200, answered
    assert answered.body["reveal"]["a"]["slug"] == who["a"]
    assert answered.body["final_at"] is None
    told = answered.body["guess"]
    assert (told["right_a"], told["right_b"], told["among"]) == (True, False, 3)
    assert (await voter.call("GET", f"/battles/{battle}/guess")).body == told


async def test_a_guess_is_taken_once_and_never_changes(three: Arena) -> None:
    voter = three.voter()
    battle, who = await hold(voter)
    assert (await guess(voter, battle, b=who["a"])).status == 200
    assert (await guess(voter, battle, b=who["b"])).body["code"] == "nothing_to_guess"
    assert (await voter.call("GET", f"/battles/{battle}/guess")).body["right_b"] is False
    for change in ("UPDATE guess SET among = 9", "UPDATE guess SET contestant_b = contestant_a"):
        with pytest.raises(DBAPIError):
            async with three.database.unit_of_work() as work:
                await work.session.execute(text(change))


async def test_there_is_no_guess_before_the_vote_nor_after_the_names(three: Arena) -> None:
    voter = three.voter()
    conversation, asked = await voter.battle()
    battle = asked["battle_id"]
    assert (await guess(voter, battle, a="swift")).body["code"] == "nothing_to_guess"
    assert (await voter.call("POST", f"/battles/{battle}/guess/time")).status == 409
    assert (await voter.call("GET", f"/battles/{battle}/guess")).body is None
    await voter.vote(battle)
    assert (await guess(voter, battle, a="swift")).status == 409
    assert (await voter.call("POST", f"/battles/{battle}/guess/time")).status == 409
    assert (await voter.read(conversation))["battles"][0]["vote"]["choice"] == "a"


async def test_the_same_names_may_be_said_whoever_is_in_the_battle(three: Arena) -> None:
    voter = three.voter()
    for slug in ("swift", "calm", "grave"):
        battle, _ = await hold(voter)
        assert (await guess(voter, battle, a=slug)).status == 200
    battle, _ = await hold(voter)
    refused = [await guess(voter, battle, **named) for named in ({"a": "nobody"}, {}, {"a": "x", "b": "x"})]
    assert [one.status for one in refused] == [422, 422, 422]
    assert (await voter.call("GET", f"/battles/{battle}/reveal")).status == 409


async def test_nobody_else_guesses_on_a_battle_nor_sees_what_was_guessed(three: Arena) -> None:
    voter, other = three.voter(), three.voter()
    battle, who = await hold(voter)
    await other.begin()
    assert (await guess(other, battle, a="swift")).status == 404
    assert (await other.call("POST", f"/battles/{battle}/guess/time")).status == 404
    await guess(voter, battle, a=who["a"])
    assert (await other.call("GET", f"/battles/{battle}/guess")).status == 404


async def test_time_to_guess_is_taken_once_and_ends_the_taking_back(three: Arena, watch: Watch) -> None:
    voter = three.voter()
    battle, who = await hold(voter)
    watch.time += timedelta(seconds=4)
    for _ in range(2):
        taken = await voter.call("POST", f"/battles/{battle}/guess/time")
        assert datetime.fromisoformat(taken.body["final_at"]) == NOON + timedelta(minutes=2)
    assert (await voter.call("DELETE", f"/battles/{battle}/vote")).body["code"] == "vote_is_final"
    watch.time += timedelta(seconds=100)
    assert (await voter.call("GET", f"/battles/{battle}/reveal")).status == 409
    assert (await guess(voter, battle, a=who["a"])).status == 200


async def test_whoever_takes_time_and_does_not_guess_sees_the_names_then(three: Arena, watch: Watch) -> None:
    voter = three.voter()
    battle, _ = await hold(voter)
    await voter.call("POST", f"/battles/{battle}/guess/time")
    watch.time += timedelta(minutes=2)
    assert (await voter.call("GET", f"/battles/{battle}/reveal")).status == 200
    assert (await guess(voter, battle, a="swift")).status == 409


async def test_a_battle_by_name_has_nothing_to_guess(three: Arena) -> None:
    voter = three.voter()
    conversation = await voter.begin("side_by_side", "swift", "calm")
    asked = await voter.ask(conversation)
    await voter.hear(conversation, lambda event: event.data.get("status") == "ready")
    await voter.call("POST", f"/battles/{asked['battle_id']}/vote", {"choice": "a", "hold": 5})
    assert (await guess(voter, asked["battle_id"], a="swift")).body["code"] == "nothing_to_guess"


async def test_how_often_one_was_right_stands_beside_what_chance_would_do(three: Arena) -> None:
    voter = three.voter()
    for right in (True, True, False):
        battle, who = await hold(voter)
        named = who["a"] if right else who["b"]
        assert (await guess(voter, battle, a=named)).status == 200
    battle, who = await hold(voter)
    assert (await guess(voter, battle, **who)).status == 200
    guesses = (await my_board(voter))["guesses"]
    assert (guesses["sides"], guesses["right"]) == (5, 4)
    assert guesses["by_chance"] == pytest.approx(5 / 3)
    assert (await my_board(three.voter()))["guesses"]["sides"] == 0


async def test_a_guess_that_is_sent_twice_gets_the_first_ones_answer(three: Arena) -> None:
    voter = three.voter()
    battle, who = await hold(voter)
    sent = [
        await voter.call(
            "POST", f"/battles/{battle}/guess", {"a": who["a"]}, headers={"Idempotency-Key": "once"}
        )
        for _ in range(2)
    ]
    assert [one.status for one in sent] == [200, 200]
    assert sent[0].body == sent[1].body
