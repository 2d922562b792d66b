"""One's own board: by one's own final votes alone, with what they can bear."""

from datetime import timedelta

from tests.accounts.conftest import mail, town  # noqa: F401
from tests.mine.acts import at_odds, enter, hold, my_board, vote_for
from tests.support.arena import Arena, settled
from tests.support.signing_in import ANN, Town
from tests.support.watch import Watch


async def test_the_own_board_has_ones_own_votes_alone_and_says_how_unsure_it_is(arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    voter, other = arena.voter(), arena.voter()
    for _ in range(3):
        await vote_for(voter, "calm")
        await vote_for(other, "swift")
    mine = await my_board(voter)
    calm, swift = mine["board"]["rows"]
    assert [calm["contestant"], swift["contestant"]] == ["calm", "swift"]
    assert (calm["wins"], calm["losses"], mine["board"]["votes"], mine["counted"]) == (3, 0, 3, 3)
    assert mine["board"]["status"] == "preliminary"
    assert calm["preliminary"]
    assert calm["lower"] < swift["upper"]
    assert (calm["rank_best"], calm["rank_worst"]) == (1, 2)


async def test_votes_by_name_are_on_the_own_board_and_it_says_that_they_do_not_count(arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    voter = arena.voter()
    await vote_for(voter, "calm")
    conversation = await voter.begin("side_by_side", "swift", "calm")
    asked = await voter.ask(conversation)
    await voter.hear(conversation, settled)
    await voter.vote(asked["battle_id"], "b")
    mine = await my_board(voter)
    assert (mine["board"]["votes"], mine["counted"]) == (2, 1)


async def test_a_vote_is_on_the_own_board_once_it_is_final(timed: Arena, watch: Watch) -> None:
    await enter(timed, "swift", "calm")
    voter = timed.voter()
    battle, _ = await hold(voter)
    assert (await my_board(voter))["board"]["rows"] == []
    watch.time += timedelta(seconds=5)
    await voter.call("GET", f"/battles/{battle}/reveal")
    assert len((await my_board(voter))["board"]["rows"]) == 2


async def test_a_stranger_has_an_empty_board_and_an_unknown_arena_none(arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    mine = await my_board(arena.voter())
    assert (mine["board"]["status"], mine["board"]["rows"], mine["disagreements"]) == ("empty", [], [])
    assert (await arena.voter().call("GET", "/boards/nowhere/mine")).status == 404


async def test_those_who_never_met_are_islands(arena: Arena) -> None:
    voter = arena.voter()
    for pair in (("one", "two"), ("three", "four")):
        await enter(arena, *pair)
        await vote_for(voter, pair[0])
    board = (await my_board(voter))["board"]
    assert board["connected"] is False
    assert {row["reason"] for row in board["rows"]} == {"not_connected"}
    assert {row["rank"] for row in board["rows"]} == {None}


async def test_what_the_guest_voted_is_on_the_board_of_the_voter(town: Town) -> None:  # noqa: F811
    await enter(town.arena, "swift", "calm")
    first = await town.sign_in(town.voter(), ANN)
    await vote_for(first, "calm")
    guest = town.voter()
    await vote_for(guest, "calm")
    again = await town.sign_in(guest, ANN)
    assert (await my_board(again))["board"]["votes"] == 2
    assert (await my_board(first))["board"]["votes"] == 2


async def test_the_place_on_the_arenas_board_stands_beside(arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    voter = arena.voter()
    await vote_for(voter, "calm")
    await arena.app.state.boards.refresh()
    public = (await voter.call("GET", "/boards/text")).body
    places = {one["contestant"]: one for one in (await my_board(voter))["places"]}
    for row in public["rows"]:
        named = ("contestant", "rating", "rank_best", "rank_worst")
        assert places[row["contestant"]] == {name: row[name] for name in named}


async def test_a_second_look_fits_nothing_until_there_is_another_vote(arena: Arena) -> None:
    await enter(arena, "swift", "calm")
    voter = arena.voter()
    await vote_for(voter, "calm")
    kept = arena.app.state.own_rankings
    await my_board(voter)
    [first] = kept._kept.values()
    await my_board(voter)
    [second] = kept._kept.values()
    assert second.board is first.board
    await vote_for(voter, "calm")
    assert (await my_board(voter))["board"]["votes"] == 2


async def test_whom_ones_votes_place_elsewhere_than_those_of_all_is_named_with_the_direction(
    arena: Arena, database_url: str
) -> None:
    voter, other = await at_odds(arena, database_url)
    mine = (await my_board(voter))["disagreements"]
    assert {one["name"]: (one["mine"] > 50, one["board"] < -50) for one in mine} == {
        "Grave": (True, True),
        "Swift": (False, False),
    }
    for one in mine:
        apart = one["mine"] - one["board"]
        assert one["lower"] < apart < one["upper"]
        assert (one["lower"] > 0) == (one["upper"] > 0) == (one["contestant"] == "grave")
    assert (await my_board(other))["disagreements"] == []
