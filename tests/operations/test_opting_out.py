"""Not being counted: by one's own word, or the browser's, as a guest and in the account that it becomes."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from evenhand.operations.retention import retention
from tests.belongings.acts import delete, unpacked
from tests.support.arena import Arena, Voter, settled
from tests.support.signing_in import Town
from tests.support.watch import NOON, Watch


async def counted(arena: Arena) -> tuple[int, int]:
    """How many people are told to have voted, and to have asked, until today is over."""
    async with arena.database.unit_of_work() as work:
        told = await retention(work.session, NOON.replace(day=NOON.day + 1), 7)
    return told.votes.people, told.funnel.asked


async def vote(voter: Voter) -> str:
    conversation, asked = await voter.battle()
    assert (await voter.vote(asked["battle_id"])).status == 200
    return conversation


async def change(voter: Voter, *, out: bool) -> Any:
    return await voter.call("PATCH", "/consent", {"opted_out_of_statistics": out})


async def consent(voter: Voter) -> tuple[bool, bool]:
    body = (await voter.call("GET", "/consent")).body
    return body["opted_out_of_statistics"], body["browser_opts_out"]


async def test_who_does_not_want_to_be_counted_is_not_from_then_on_and_before(timed: Arena) -> None:
    voter, other = timed.voter(), timed.voter()
    for one in (voter, other):
        await vote(one)
    assert await counted(timed) == (2, 2)
    assert (await change(voter, out=True)).status == 204
    assert await consent(voter) == (True, False)
    await vote(voter)
    assert await counted(timed) == (1, 1)
    assert (await change(voter, out=False)).status == 204
    assert await consent(voter) == (False, False)
    assert await counted(timed) == (2, 2)


async def test_a_stranger_can_say_so_before_the_first_question(timed: Arena) -> None:
    voter = timed.voter()
    assert (await change(voter, out=True)).status == 204
    await vote(voter)
    assert await consent(voter) == (True, False)
    assert await counted(timed) == (0, 0)


@pytest.mark.parametrize("signal", ["Sec-GPC", "DNT"])
async def test_a_browser_that_asks_not_to_be_tracked_is_heeded(timed: Arena, signal: str) -> None:
    voter = timed.voter()
    voter.http.headers[signal] = "1"  # type: ignore[index]
    assert await consent(voter) == (True, True)
    conversation = await vote(voter)
    assert await counted(timed) == (0, 0)
    refused = await change(voter, out=False)
    assert (refused.status, refused.body["code"]) == (409, "browser_opts_out")
    # And is one no more: then one can choose again. What was noted stays until one does.
    voter.http.headers[signal] = "0"  # type: ignore[index]
    assert await consent(voter) == (True, False)
    await voter.ask(conversation, "And at night?")
    await voter.hear(conversation, settled)
    assert await counted(timed) == (0, 0)
    await change(voter, out=False)
    assert await counted(timed) == (1, 1)


async def test_a_vote_alone_is_enough_for_a_browser_to_be_heeded(timed: Arena) -> None:
    voter = timed.voter()
    conversation, asked = await voter.battle()
    assert await counted(timed) == (0, 1)
    headers = {"Sec-GPC": "1"}
    await voter.call("POST", f"/battles/{asked['battle_id']}/vote", {"choice": "a"}, headers=headers)
    await voter.ask(conversation, "And at night?", new_pair=True)
    await voter.hear(conversation, settled)
    assert await counted(timed) == (0, 0)


async def test_one_says_one_thing_without_changing_the_other(timed: Arena) -> None:
    voter = timed.voter()
    await voter.call("PATCH", "/consent", {"left_out": True})
    await change(voter, out=True)
    body = (await voter.call("GET", "/consent")).body
    assert (body["left_out"], body["opted_out_of_statistics"]) == (True, True)
    await change(voter, out=False)
    assert (await voter.call("GET", "/consent")).body["left_out"] is True
    assert (await voter.call("PATCH", "/consent", {})).status == 422


async def test_a_guests_opting_out_comes_to_the_account_and_holds_for_all_that_is_in_it(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    await vote(desk)
    await town.sign_in(desk)
    await vote(phone)
    assert await counted(town.arena) == (2, 2)
    await change(phone, out=True)
    await town.sign_in(phone)
    assert await consent(desk) == (True, False)
    assert await counted(town.arena) == (0, 0)
    await change(desk, out=False)
    assert await counted(town.arena) == (1, 1)


async def test_it_is_taken_along_and_goes_with_the_account(town: Town, watch: Watch) -> None:
    voter = town.voter()
    await vote(voter)
    await change(voter, out=True)
    await town.sign_in(voter)
    exported = json.loads((await unpacked(voter, "json"))["consent.json"])
    assert exported["opted_out_of_statistics"] is True
    assert await delete(voter, "/me") == 204
    async with town.arena.database.unit_of_work() as work:
        assert (await work.session.execute(text("SELECT * FROM statistics_opt_out"))).all() == []
    # Nobody is left who could be counted, opted out or not.
    assert await counted(town.arena) == (0, 0)
