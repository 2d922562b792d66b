"""The arena's own board: a vote is on it within moments, and only a vote that counts."""

import asyncio
from typing import Any

from tests.support.arena import Arena, Voter
from tests.support.fake_provider import Scenario


async def board_with(voter: Voter, votes: int, excluded: int = 0) -> dict[str, Any]:
    """The board once it shows so many votes."""
    async with asyncio.timeout(5):
        while True:
            board = (await voter.call("GET", "/boards/text")).body
            if (board["votes"], board["excluded"]) == (votes, excluded):
                return board
            await asyncio.sleep(0.05)


def row(board: dict[str, Any], slug: str) -> dict[str, Any]:
    return next(one for one in board["rows"] if one["contestant"] == slug)


async def vote_for(voter: Voter, slug: str) -> None:
    """A battle of the two contestants, who answer with their slugs, won by the one."""
    conversation, asked = await voter.battle()
    [turn] = (await voter.read(conversation))["turns"]
    side = next(one["side"] for one in turn["responses"] if one["parts"][0]["text"] == slug)
    assert (await voter.vote(asked["battle_id"], side)).status == 200


async def test_an_empty_board_lists_who_competes_without_a_rating(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    arena.app.state.boards.refresh_soon()
    async with asyncio.timeout(5):
        while True:
            board = (await arena.voter().call("GET", "/boards/text")).body
            if board["rows"]:
                break
            await asyncio.sleep(0.05)
    assert board["status"] == "empty"
    assert [(one["rating"], one["reason"]) for one in board["rows"]] == [(None, "no_votes")] * 2


async def test_votes_reach_the_board_by_themselves_and_the_winner_leads(arena: Arena) -> None:
    await arena.enter(
        arena.entry("swift", Scenario(text="swift")), arena.entry("calm", Scenario(text="calm"))
    )
    voter = arena.voter()
    for _ in range(3):
        await vote_for(voter, "calm")
    board = await board_with(voter, 3)
    assert board["status"] == "preliminary"
    assert [one["contestant"] for one in board["rows"]] == ["calm", "swift"]
    calm = row(board, "calm")
    assert (calm["wins"], calm["losses"], calm["votes"]) == (3, 0, 3)
    assert calm["lower"] < calm["rating"] < calm["upper"]
    assert (calm["rank_best"], calm["rank_worst"]) == (1, 2)


async def test_a_vote_that_does_not_count_is_not_on_the_board(arena: Arena) -> None:
    stalls = Scenario(stall_after=1, text="one two three")
    await arena.enter(arena.entry("swift", stalls), arena.entry("calm", Scenario(text="calm")))
    voter = arena.voter()
    conversation = await voter.begin()
    asked = await voter.ask(conversation)
    await voter.hear(conversation, lambda event: event.kind == "response" and event.data["status"] == "done")
    await voter.call("POST", f"/turns/{asked['id']}/stop")
    await voter.vote(asked["battle_id"], "a")
    board = await board_with(voter, 0, excluded=1)
    assert board["status"] == "empty"


async def test_contestants_that_never_met_have_no_joint_order(arena: Arena) -> None:
    voter = arena.voter()
    for pair in (("one", "two"), ("three", "four")):
        await arena.enter(*(arena.entry(slug, Scenario(text=slug)) for slug in pair))
        await vote_for(voter, pair[0])
    board = await board_with(voter, 2)
    assert board["connected"] is False
    assert {one["reason"] for one in board["rows"]} == {"not_connected"}
    assert {one["rank"] for one in board["rows"]} == {None}
    assert len({one["component"] for one in board["rows"]}) == 2


async def test_a_contestant_that_left_stays_on_the_board_by_its_name(arena: Arena) -> None:
    await arena.enter(
        arena.entry("gone", Scenario(text="gone"), name="Gone 1"), arena.entry("calm", Scenario(text="calm"))
    )
    voter = arena.voter()
    await vote_for(voter, "gone")
    await arena.enter(arena.entry("calm"))
    board = await board_with(voter, 1)
    assert row(board, "gone")["name"] == "Gone 1"
